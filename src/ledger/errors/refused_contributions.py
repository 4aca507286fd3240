"""No to an event for what a contribution, an argument or a text is about, or for what became of it."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class ContributionMerged(Refused):
    """The contribution is part of another."""

    code: ClassVar[str] = "contribution-merged"
    message: ClassVar[str] = "The contribution {ref!r} was merged into {into!r}; address that one."
    ref: str
    into: str


@dataclass
class ContributionSplit(Refused):
    """The contribution goes on as several others."""

    code: ClassVar[str] = "contribution-split"
    message: ClassVar[str] = "The contribution {ref!r} was split; address one of its parts."
    ref: str


@dataclass
class ArgumentUnknown(Refused):
    """No argument of this name was submitted, or its submission is redacted."""

    code: ClassVar[str] = "argument-unknown"
    message: ClassVar[str] = "No argument {argument!r} is known in this project; submit it first. What was redacted is known no more."
    argument: str


@dataclass
class ArgumentWithdrawn(Refused):
    """The argument was withdrawn."""

    code: ClassVar[str] = "argument-withdrawn"
    message: ClassVar[str] = "The argument {argument!r} was withdrawn; submit a new one."
    argument: str


@dataclass
class TargetModerated(Refused):
    """A moderator's decision against the content is in force."""

    code: ClassVar[str] = "target-moderated"
    message: ClassVar[str] = "{target!r} is {decision} by a decision of moderation; it cannot be addressed until it is restored."
    target: str
    decision: str


@dataclass
class TargetOfOtherStep(Refused):
    """The event names another step than that of its target."""

    code: ClassVar[str] = "target-of-other-step"
    message: ClassVar[str] = "{target!r} belongs to the step {own!r}, not to {step!r}; name the step of the target."
    target: str
    own: str
    step: str


@dataclass
class AuthorSuspended(Refused):
    """The author may not contribute for a time."""

    code: ClassVar[str] = "author-suspended"
    message: ClassVar[str] = "The author is suspended until {until}; until then they can neither contribute nor argue."
    until: str


@dataclass
class AmendmentUnclear(Refused):
    """An amendment does not say which wording it would replace, or says two."""

    code: ClassVar[str] = "amendment-unclear"
    message: ClassVar[str] = "The amendment {ref!r} is another wording of one thing: send text and section, or target, and not both."
    ref: str


@dataclass
class TargetMissing(Refused):
    """A contribution of this kind is about another, and names none."""

    code: ClassVar[str] = "target-missing"
    message: ClassVar[str] = "{ref!r} is of the kind {kind!r}, which is about another contribution: send target."
    ref: str
    kind: str


@dataclass
class ReplyUnfit(Refused):
    """What answers and what is answered are not a comment or answer on the same target."""

    code: ClassVar[str] = "reply-unfit"
    message: ClassVar[str] = "{ref!r} cannot reply to {reply_to!r}: both have to be comments or answers on the same target."
    ref: str
    reply_to: str


@dataclass
class TextMissing(Refused):
    """A section is named without the text that it is of."""

    code: ClassVar[str] = "text-missing"
    message: ClassVar[str] = "{ref!r} names the section {section!r} and not its text: send text."
    ref: str
    section: str


@dataclass
class TextUnknown(Refused):
    """No text of this name was published."""

    code: ClassVar[str] = "text-unknown"
    message: ClassVar[str] = "There is no text {text!r} in this project; publish it with text.published first."
    text: str


@dataclass
class SectionUnknown(Refused):
    """The text has no section of this name."""

    code: ClassVar[str] = "section-unknown"
    message: ClassVar[str] = "The text {text!r} has no section {section!r}; add it with section.added first."
    text: str
    section: str


@dataclass
class TextAdopted(Refused):
    """The text is adopted and changes no more."""

    code: ClassVar[str] = "text-adopted"
    message: ClassVar[str] = "The text {text!r} is adopted; it changes no more, and nothing is proposed for it."
    text: str


@dataclass
class NotArguable(Refused):
    """The step takes no arguments about contributions of this kind."""

    code: ClassVar[str] = "not-arguable"
    message: ClassVar[str] = (
        "The step {step!r} takes no arguments about contributions of the kind {kind!r}; "
        "that is said before it opens (step.stances_set, arguments_on)."
    )
    step: str
    kind: str


@dataclass
class ParentUnrelated(Refused):
    """An argument answers one that is about another contribution."""

    code: ClassVar[str] = "parent-unrelated"
    message: ClassVar[str] = "The argument {parent!r} is not about the contribution {contribution!r}, so no argument about it can answer."
    parent: str
    contribution: str


@dataclass
class MergedIntoItself(Refused):
    """A contribution cannot become part of itself."""

    code: ClassVar[str] = "merged-into-itself"
    message: ClassVar[str] = "{ref!r} cannot be merged into itself; name another contribution in `into`."
    ref: str


@dataclass
class MergeNotProposed(Refused):
    """Nobody proposed to merge the one contribution into the other, or it was refused."""

    code: ClassVar[str] = "merge-not-proposed"
    message: ClassVar[str] = "Nobody proposes to merge {ref!r} into {into!r}; post contribution.merge_proposed first."
    ref: str
    into: str


@dataclass
class MergeNotAccepted(Refused):
    """The author has not agreed to the merging."""

    code: ClassVar[str] = "merge-not-accepted"
    message: ClassVar[str] = "The author of {ref!r} has not agreed that it goes into {into!r}; they post contribution.merge_accepted."
    ref: str
    into: str


@dataclass
class PartUnrelated(Refused):
    """A contribution was not derived from the one that is said to be split into it."""

    code: ClassVar[str] = "part-unrelated"
    message: ClassVar[str] = "{part!r} was not derived from {ref!r}; submit each part with derived_from first."
    part: str
    ref: str


@dataclass
class PartTwice(Refused):
    """A contribution stands twice among the parts of another."""

    code: ClassVar[str] = "part-twice"
    message: ClassVar[str] = "{part!r} stands twice among the parts of {ref!r}; name each part once."
    part: str
    ref: str
