"""The roll of a step: who may vote, and who came (stream `roll/<step>`). Its sealing is an event of the step."""

from dataclasses import dataclass, field

from ledger.aggregates.digests import roll_root
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import StepState, ballot_step, check_casting, check_not_opened
from ledger.errors import (
    AlreadyAttended,
    AlreadyOnRoll,
    FieldDiffers,
    FieldMissing,
    MembersUnordered,
    NotOnRoll,
    PaperClosed,
    PaperNotTaken,
    ParticipantMissing,
    RollEmpty,
    RollSealed,
    StepAlreadyOpen,
    StepClosed,
    StepHasNoRoll,
    StepNotOpen,
    StepOfOtherKind,
    StepSuspended,
    StepUnknown,
)
from ledger.events import Event
from ledger.events import roll as facts
from ledger.events import step as step_facts


@dataclass(slots=True)
class RollState(State):
    """Who is on a roll, and through which channel those who voted otherwise than here were marked."""

    members: set[str] = field(default_factory=set)
    attended: dict[str, str] = field(default_factory=dict)
    root: str | None = field(default=None, compare=False)
    """The root over the members, once computed; None when members were added since."""

    def copy(self) -> "RollState":
        """See `State.copy`."""
        return RollState(self.version, set(self.members), dict(self.attended), self.root)

    def current_root(self) -> str:
        """The RFC 6962 root over the members, computed once for each set of members."""
        if self.root is None:
            self.root = roll_root(self.members)
        return self.root


def roll_of(states: States, step: str) -> RollState:
    """The state of a step's roll; blank where nobody was listed."""
    return states.state(f"roll/{step}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def _check_in_preparation(step: StepState) -> None:
    if not step.has_roll:
        raise StepHasNoRoll(step.ref)
    check_not_opened(step)
    if step.roll_count is not None:
        raise RollSealed(step.ref)


def _admit_listed(event: Event, data: facts.RollListed, state: RollState, states: States) -> None:
    _check_in_preparation(ballot_step(states, data.step))
    if not data.members:
        raise FieldMissing(event.type, "members")
    before = ""
    for member in data.members:
        if member <= before:
            raise MembersUnordered(data.step)
        if member in state.members:
            raise AlreadyOnRoll(data.step, member)
        before = member


def _list(event: Event, data: facts.RollListed, state: RollState, states: States) -> None:
    state.members.update(data.members or ())
    state.root = None


def _admit_attendance(event: Event, data: facts.AttendanceMarked, state: RollState, states: States) -> None:
    if event.actor is None:
        raise ParticipantMissing(event.type)
    step = ballot_step(states, data.step)
    if not step.has_roll:
        raise StepHasNoRoll(data.step)
    check_casting(step, event.channel)
    if event.actor not in state.members:
        raise NotOnRoll(data.step)
    channel = state.attended.get(event.actor)
    if channel is not None:
        raise AlreadyAttended(data.step, channel)


def _mark(event: Event, data: facts.AttendanceMarked, state: RollState, states: States) -> None:
    if event.actor is not None:
        state.attended[event.actor] = event.channel


def _admit_sealed(event: Event, data: step_facts.RollSealed, state: StepState, states: States) -> None:
    _check_in_preparation(ballot_step(states, data.step))
    roll = roll_of(states, data.step)
    if not roll.members:
        raise RollEmpty(data.step)
    if data.count != len(roll.members):
        raise FieldDiffers("count", len(roll.members), data.count)
    if data.root != roll.current_root():
        raise FieldDiffers("root", roll.current_root(), data.root)


def _seal(event: Event, data: step_facts.RollSealed, state: StepState, states: States) -> None:
    state.roll_count = data.count


_PREPARATION = (StepUnknown, StepOfOtherKind, StepHasNoRoll, StepAlreadyOpen, StepClosed, RollSealed)
_CASTING = (StepUnknown, StepOfOtherKind, StepNotOpen, StepSuspended, StepClosed, PaperNotTaken, PaperClosed)

LAWS: tuple[Law, ...] = (
    law(facts.RollListed, _admit_listed, _list, *_PREPARATION, FieldMissing, MembersUnordered, AlreadyOnRoll),
    law(facts.AttendanceMarked, _admit_attendance, _mark, *_CASTING, ParticipantMissing, StepHasNoRoll, NotOnRoll, AlreadyAttended),
    law(step_facts.RollSealed, _admit_sealed, _seal, *_PREPARATION, RollEmpty, FieldDiffers),
)
