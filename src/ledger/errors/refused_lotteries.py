"""No to an event about a lottery: what it is drawn from, and when."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class LotteryUndeclared(Refused):
    """The rules of the step have no lottery that is drawn after the vote."""

    code: ClassVar[str] = "lottery-undeclared"
    message: ClassVar[str] = "The rules of the step {step!r} name no lottery that is drawn; nothing is committed to or revealed for it."
    step: str


@dataclass
class LotteryUndated(Refused):
    """A lottery is drawn after the closing, and no closing is announced."""

    code: ClassVar[str] = "lottery-undated"
    message: ClassVar[str] = (
        "The lottery of the step {step!r} is drawn at a time, and the step has no announced closing; announce one (step.rescheduled) first."
    )
    step: str


@dataclass
class LotteryTooEarly(Refused):
    """What a lottery is drawn from could be known while people vote."""

    code: ClassVar[str] = "lottery-too-early"
    message: ClassVar[str] = (
        "The lottery of the step {step!r} could be known from {known_from} on; it has to be later than {not_before}, by more than a minute."
    )
    step: str
    known_from: str
    not_before: str


@dataclass
class LotteryChanged(Refused):
    """A new date is to change more of the lottery than when it is drawn."""

    code: ClassVar[str] = "lottery-changed"
    message: ClassVar[str] = (
        "With its dates the lottery of the step {step!r} may move, but it stays of the same kinds and between the same parties."
    )
    step: str


@dataclass
class LotteryUncommitted(Refused):
    """Parties of the lottery have not committed to their secrets."""

    code: ClassVar[str] = "lottery-uncommitted"
    message: ClassVar[str] = "These parties have not committed to their secrets for the step {step!r}: {parties}; post lottery.committed."
    step: str
    parties: tuple[str, ...]

    def __str__(self) -> str:
        return self.message.format(step=self.step, parties=", ".join(self.parties))


@dataclass
class PartyUnknown(Refused):
    """The rules name no such party."""

    code: ClassVar[str] = "party-unknown"
    message: ClassVar[str] = "The rules of the step {step!r} name no party {party!r} to its lottery."
    step: str
    party: str


@dataclass
class AlreadyCommitted(Refused):
    """A party commits once."""

    code: ClassVar[str] = "already-committed"
    message: ClassVar[str] = "The party {party!r} has committed to its secret for the step {step!r}, and cannot take another."
    step: str
    party: str


@dataclass
class AlreadyRevealed(Refused):
    """A party reveals its secret once."""

    code: ClassVar[str] = "already-revealed"
    message: ClassVar[str] = "The party {party!r} has revealed its secret for the step {step!r} already."
    step: str
    party: str


@dataclass
class CommitmentDiffers(Refused):
    """A secret is not the one that was committed to."""

    code: ClassVar[str] = "commitment-differs"
    message: ClassVar[str] = "This is not the secret that the party {party!r} committed to for the step {step!r}."
    step: str
    party: str


@dataclass
class RevealUnclear(Refused):
    """It is not clear what is revealed."""

    code: ClassVar[str] = "reveal-unclear"
    message: ClassVar[str] = "A reveal has exactly one of beacon, secret and numbers."


@dataclass
class LotteryDiffers(Refused):
    """Something else is revealed than what the rules draw the lot from."""

    code: ClassVar[str] = "lottery-differs"
    message: ClassVar[str] = "The rules of the step {step!r} draw the lot from {expected}, not from {found}."
    step: str
    expected: str
    found: str


@dataclass
class LotteryNotDue(Refused):
    """What is revealed cannot be known yet, or not count yet."""

    code: ClassVar[str] = "lottery-not-due"
    message: ClassVar[str] = "It is {now}; this cannot be revealed for the step {step!r} before {due_at}."
    step: str
    now: str
    due_at: str


@dataclass
class LotteryOverdue(Refused):
    """The deadline is over, and the fallback holds."""

    code: ClassVar[str] = "lottery-overdue"
    message: ClassVar[str] = "The lottery of the step {step!r} was not drawn by {fallback_after}; from then on its fallback holds."
    step: str
    fallback_after: str


@dataclass
class LotteryDrawn(Refused):
    """The lot is drawn, and stays so."""

    code: ClassVar[str] = "lottery-drawn"
    message: ClassVar[str] = "The lottery of the step {step!r} is drawn already; what was revealed stands."
    step: str


@dataclass
class LotteryNotDrawn(Refused):
    """The rules have ties broken by a lot that is not drawn yet."""

    code: ClassVar[str] = "lottery-not-drawn"
    message: ClassVar[str] = "The lottery of the step {step!r} is not drawn; post lottery.revealed first."
    step: str
