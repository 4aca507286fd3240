"""No to an event for what was contributed, for what stands on the ballot paper, or for who is on the roll."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class ContributionUnknown(Refused):
    """No contribution of this name was submitted, or its submission is redacted."""

    code: ClassVar[str] = "contribution-unknown"
    message: ClassVar[str] = "No contribution {ref!r} is known in this project; submit it first. What was redacted is known no more."
    ref: str


@dataclass
class AlreadySubmitted(Refused):
    """A contribution or argument of this name was submitted before."""

    code: ClassVar[str] = "already-submitted"
    message: ClassVar[str] = "{ref!r} is submitted already; revise it, or choose another reference."
    ref: str


@dataclass
class ContributionWithdrawn(Refused):
    """The contribution was withdrawn."""

    code: ClassVar[str] = "contribution-withdrawn"
    message: ClassVar[str] = "The contribution {ref!r} was withdrawn; submit a new one, derived from it if need be."
    ref: str


@dataclass
class KindNotAccepted(Refused):
    """The step does not accept contributions of this kind."""

    code: ClassVar[str] = "kind-not-accepted"
    message: ClassVar[str] = "The step {step!r} does not accept contributions of the kind {kind!r}."
    step: str
    kind: str


@dataclass
class NotTheAuthor(Refused):
    """Only its author, or who has their mandate, may change a contribution or an argument."""

    code: ClassVar[str] = "not-the-author"
    message: ClassVar[str] = "{ref!r} is of somebody else; only its author, or who acts on their behalf, may do this."
    ref: str


@dataclass
class MeetingMissing(Refused):
    """A contribution or argument has no author and does not say at which meeting it was made."""

    code: ClassVar[str] = "meeting-missing"
    message: ClassVar[str] = "{ref!r} has no participant; then name the meeting it was made at."
    ref: str


@dataclass
class StepUnrelated(Refused):
    """The contribution has nothing to do with the step that the event names."""

    code: ClassVar[str] = "step-unrelated"
    message: ClassVar[str] = (
        "The contribution {ref!r} was neither submitted in the step {step!r} nor listed for its ballot; name such a step."
    )
    ref: str
    step: str


@dataclass
class CandidatesNotSealed(Refused):
    """The ballot paper of the step is not final."""

    code: ClassVar[str] = "candidates-not-sealed"
    message: ClassVar[str] = "The candidates of the step {step!r} are not sealed; post candidates.sealed once all are listed."
    step: str


@dataclass
class CandidatesSealed(Refused):
    """The ballot paper of the step is final."""

    code: ClassVar[str] = "candidates-sealed"
    message: ClassVar[str] = "The candidates of the step {step!r} are sealed; a withdrawal is recorded with contribution.withdrawn."
    step: str


@dataclass
class CandidatesMissing(Refused):
    """A ballot paper without lines cannot be sealed."""

    code: ClassVar[str] = "candidates-missing"
    message: ClassVar[str] = "The step {step!r} has no candidates; list them with candidates.listed first."
    step: str


@dataclass
class AlreadyListed(Refused):
    """The candidate stands on the ballot paper."""

    code: ClassVar[str] = "already-listed"
    message: ClassVar[str] = "{ref!r} is listed for the ballot of the step {step!r} already."
    step: str
    ref: str


@dataclass
class AlreadySelected(Refused):
    """The proposal was selected for this ballot before."""

    code: ClassVar[str] = "already-selected"
    message: ClassVar[str] = "{ref!r} is selected for the ballot of the step {step!r} already."
    step: str
    ref: str


@dataclass
class NotSelected(Refused):
    """The proposal is not selected for this ballot."""

    code: ClassVar[str] = "not-selected"
    message: ClassVar[str] = "{ref!r} is not selected for the ballot of the step {step!r}; post proposal.selected first."
    step: str
    ref: str


@dataclass
class ExclusiveUnknown(Refused):
    """The rules exclude a candidate that is not on the ballot paper."""

    code: ClassVar[str] = "exclusive-unknown"
    message: ClassVar[str] = "An exclusive set of the rules names {ref!r}, which is no candidate of the step {step!r}; set the rules again."
    step: str
    ref: str


@dataclass
class StepHasNoRoll(Refused):
    """Anybody may vote in the step; there is no roll to list or mark."""

    code: ClassVar[str] = "step-has-no-roll"
    message: ClassVar[str] = "The step {step!r} has no roll; that is said when it is planned (has_roll)."
    step: str


@dataclass
class RollNotSealed(Refused):
    """The roll of the step is not complete."""

    code: ClassVar[str] = "roll-not-sealed"
    message: ClassVar[str] = "The roll of the step {step!r} is not sealed; post roll.sealed once all members are listed."
    step: str


@dataclass
class RollSealed(Refused):
    """The roll of the step is complete."""

    code: ClassVar[str] = "roll-sealed"
    message: ClassVar[str] = "The roll of the step {step!r} is sealed; nobody can be added."
    step: str


@dataclass
class RollEmpty(Refused):
    """A roll without members cannot be sealed."""

    code: ClassVar[str] = "roll-empty"
    message: ClassVar[str] = "The roll of the step {step!r} has no members; list them with roll.listed first."
    step: str


@dataclass
class MembersUnordered(Refused):
    """The members of a roll are not in ascending order, or one stands twice."""

    code: ClassVar[str] = "members-unordered"
    message: ClassVar[str] = "The members listed for the step {step!r} do not ascend, or one stands twice; send each participant once."
    step: str


@dataclass
class AlreadyOnRoll(Refused):
    """A member is on the roll already."""

    code: ClassVar[str] = "already-on-roll"
    message: ClassVar[str] = "{member!r} is on the roll of the step {step!r} already; send each participant once."
    step: str
    member: str


@dataclass
class NotOnRoll(Refused):
    """The person is not on the roll of the step."""

    code: ClassVar[str] = "not-on-roll"
    message: ClassVar[str] = "The person is not on the roll of the step {step!r}, so they cannot vote in it."
    step: str


@dataclass
class AlreadyAttended(Refused):
    """The person was marked as having voted."""

    code: ClassVar[str] = "already-attended"
    message: ClassVar[str] = "The person is marked as having voted in the step {step!r}, through the channel {channel!r}."
    step: str
    channel: str


@dataclass
class AttendedOnPaper(Refused):
    """The person voted on paper; other channels are closed to them."""

    code: ClassVar[str] = "attended-on-paper"
    message: ClassVar[str] = "The person voted on paper in the step {step!r}; they cannot vote through another channel."
    step: str
