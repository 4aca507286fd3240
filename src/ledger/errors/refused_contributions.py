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
    """No argument of this name was submitted."""

    code: ClassVar[str] = "argument-unknown"
    message: ClassVar[str] = "There is no argument {argument!r} in this project; submit it first."
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
