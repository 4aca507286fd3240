"""No to an event for where its step stands: its kind, its dates, its rules, whether it is open."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class StepUnknown(Refused):
    """No step of this name was planned."""

    code: ClassVar[str] = "step-unknown"
    message: ClassVar[str] = "There is no step {step!r} in this project; plan it with step.planned first."
    step: str


@dataclass
class StepAlreadyPlanned(Refused):
    """A step of this name was planned before."""

    code: ClassVar[str] = "step-already-planned"
    message: ClassVar[str] = "The step {step!r} is planned already; choose another reference, or use step.rescheduled for its dates."
    step: str


@dataclass
class StepOfOtherKind(Refused):
    """What the event does is not done in steps of this kind."""

    code: ClassVar[str] = "step-of-other-kind"
    message: ClassVar[str] = "The step {step!r} is of the kind {kind!r}; this event needs one of the kind {needed!r}."
    step: str
    kind: str
    needed: str


@dataclass
class OptionUnfit(Refused):
    """A step is planned with an option that its kind cannot have."""

    code: ClassVar[str] = "option-unfit"
    message: ClassVar[str] = "A step of the kind {kind!r} cannot have {option}; leave it out, or plan a step of another kind."
    kind: str
    option: str


@dataclass
class DatesOutOfOrder(Refused):
    """A step would close before it opens."""

    code: ClassVar[str] = "dates-out-of-order"
    message: ClassVar[str] = "A step that opens at {opens_at} cannot close at {closes_at}; the closing comes after the opening."
    opens_at: str
    closes_at: str


@dataclass
class DateNotAhead(Refused):
    """A closing is announced for a time that is past."""

    code: ClassVar[str] = "date-not-ahead"
    message: ClassVar[str] = "{field} is {date}, and it is {now} already; announce a time that lies ahead."
    field: str
    date: str
    now: str


@dataclass
class StepNotOpen(Refused):
    """The step is not open yet, or was closed without ever opening."""

    code: ClassVar[str] = "step-not-open"
    message: ClassVar[str] = "The step {step!r} has not opened; post this once it is open."
    step: str


@dataclass
class StepAlreadyOpen(Refused):
    """The step has opened, and what the event does is done before."""

    code: ClassVar[str] = "step-already-open"
    message: ClassVar[str] = "The step {step!r} has opened already; this can only be done before."
    step: str


@dataclass
class StepSuspended(Refused):
    """The step is suspended and accepts nothing."""

    code: ClassVar[str] = "step-suspended"
    message: ClassVar[str] = "The step {step!r} is suspended; it accepts nothing until an organizer posts step.resumed."
    step: str


@dataclass
class StepNotSuspended(Refused):
    """Only a suspended step can be resumed."""

    code: ClassVar[str] = "step-not-suspended"
    message: ClassVar[str] = "The step {step!r} is not suspended, so there is nothing to resume."
    step: str


@dataclass
class StepClosed(Refused):
    """The step is closed and accepts nothing more."""

    code: ClassVar[str] = "step-closed"
    message: ClassVar[str] = "The step {step!r} is closed and accepts nothing more."
    step: str


@dataclass
class StepNotClosed(Refused):
    """The step is not closed, and nothing of its outcome can be recorded before."""

    code: ClassVar[str] = "step-not-closed"
    message: ClassVar[str] = "The step {step!r} is not closed; nothing of its outcome is recorded before."
    step: str


@dataclass
class OpensByTheClock(Refused):
    """The step has an announced opening, which the ledger's clock keeps."""

    code: ClassVar[str] = "opens-by-the-clock"
    message: ClassVar[str] = "The step {step!r} opens by itself at {opens_at}; use step.rescheduled to announce another time."
    step: str
    opens_at: str


@dataclass
class ClosesByTheClock(Refused):
    """The step has an announced closing, which the ledger's clock keeps."""

    code: ClassVar[str] = "closes-by-the-clock"
    message: ClassVar[str] = "The step {step!r} closes by itself at {closes_at}; step.closed_early closes it before, with a reason."
    step: str
    closes_at: str


@dataclass
class NotDue(Refused):
    """The clock opens and closes a step at its announced time only."""

    code: ClassVar[str] = "not-due"
    message: ClassVar[str] = "It is {now}; the clock has nothing to do for the step {step!r} before {due_at}."
    step: str
    now: str
    due_at: str | None


@dataclass
class NotEarly(Refused):
    """A closing cannot be early where no later closing was announced."""

    code: ClassVar[str] = "not-early"
    message: ClassVar[str] = "No later closing of the step {step!r} is announced; close it with step.closed."
    step: str


@dataclass
class RulesMissing(Refused):
    """It was not said how the ballots of the step are counted."""

    code: ClassVar[str] = "rules-missing"
    message: ClassVar[str] = "The step {step!r} has no rules; set them with step.rules_set first."
    step: str


@dataclass
class RulesFrozen(Refused):
    """The step has opened; from then on its rules stand."""

    code: ClassVar[str] = "rules-frozen"
    message: ClassVar[str] = (
        "The step {step!r} has opened, so its rules stand; step.rules_amended can change amounts of money, with a reason."
    )
    step: str


@dataclass
class AmendmentTooWide(Refused):
    """An amendment changes more than amounts of money."""

    code: ClassVar[str] = "amendment-too-wide"
    message: ClassVar[str] = (
        "After the opening of the step {step!r} only the budget and the amounts of envelopes may be amended, not {options}."
    )
    step: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return self.message.format(step=self.step, options=", ".join(self.options))


@dataclass
class PaperNotTaken(Refused):
    """The step takes no paper ballots."""

    code: ClassVar[str] = "paper-not-taken"
    message: ClassVar[str] = "The step {step!r} takes no paper ballots; that is said when it is planned (takes_paper)."
    step: str


@dataclass
class PaperClosed(Refused):
    """No paper ballot of the step is keyed any more."""

    code: ClassVar[str] = "paper-closed"
    message: ClassVar[str] = "The keying of paper ballots is closed in the step {step!r}."
    step: str


@dataclass
class PaperNotClosed(Refused):
    """Paper ballots of the step may still be keyed."""

    code: ClassVar[str] = "paper-not-closed"
    message: ClassVar[str] = "Paper ballots of the step {step!r} may still be keyed; post paper.closed first."
    step: str


@dataclass
class BallotsNotSealed(Refused):
    """The ballots of the step are open, so there is nothing to disclose or to hold back."""

    code: ClassVar[str] = "ballots-not-sealed"
    message: ClassVar[str] = "The choices of the step {step!r} are public; only sealed ballots can be disclosed or put under an embargo."
    step: str


@dataclass
class EmbargoLasts(Refused):
    """The sealed choices are under an embargo."""

    code: ClassVar[str] = "embargo-lasts"
    message: ClassVar[str] = "The choices of the step {step!r} are under embargo until {until}; disclose them then."
    step: str
    until: str


@dataclass
class AlreadyDisclosed(Refused):
    """The sealed choices were disclosed."""

    code: ClassVar[str] = "already-disclosed"
    message: ClassVar[str] = "The choices of the step {step!r} are disclosed already."
    step: str


@dataclass
class BallotsUndisclosed(Refused):
    """The sealed choices are not disclosed, and nothing of the outcome can be recorded before."""

    code: ClassVar[str] = "ballots-undisclosed"
    message: ClassVar[str] = "The sealed choices of the step {step!r} are not disclosed; post ballots.disclosed first."
    step: str
