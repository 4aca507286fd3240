"""One person's ballot in one step: cast once, replaced or withdrawn until the closing (stream `ballot/<step>/<actor>`)."""

from dataclasses import dataclass

from ledger.aggregates.choices import check_choices
from ledger.aggregates.roll import roll_of
from ledger.aggregates.selection import selection_of
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import StepState, ballot_step, check_casting, step_of
from ledger.errors import (
    AgentMayNotReplace,
    AlreadyVoted,
    AttendedOnPaper,
    BallotWithdrawn,
    CandidatesDiffer,
    ChoicesCommitted,
    ChoicesInClear,
    ChoicesMissing,
    ChoicesRefused,
    NotOnRoll,
    NotVoted,
    PaperClosed,
    PaperNotTaken,
    ParticipantMissing,
    RulesDiffer,
    StepClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepSuspended,
    StepUnknown,
    TimeClaimed,
)
from ledger.events import Event
from ledger.events import ballot as facts


@dataclass(slots=True)
class BallotState(State):
    """What is known of a ballot; it fits a small number, as an audit holds a million of them."""

    withdrawn: bool = False
    by_agent: bool = False
    """The newest event of the ballot was posted by somebody else than the person, for them."""

    def pack(self) -> int:
        """The state as a number below 2^34 for up to 2^32 versions."""
        return self.version << 2 | self.withdrawn << 1 | self.by_agent

    @classmethod
    def unpack(cls, packed: int) -> "BallotState":
        """The state that `pack` made the number of."""
        return cls(packed >> 2, bool(packed & 2), bool(packed & 1))


def _is_by_agent(event: Event) -> bool:
    return event.by is not None or event.role != "participant"


def _accepting_step(event: Event, data: facts.BallotEvent, states: States) -> StepState:
    """The state of the step, which accepts a ballot event of this person through this channel now."""
    if event.actor is None:
        raise ParticipantMissing(event.type)
    if event.claimed_at is not None:
        raise TimeClaimed(event.type)
    step = step_of(states, data.step)
    # An open ballot step and any channel but paper: every other case is looked at in order.
    if step.status != "open" or step.kind != "ballot" or event.channel == "paper":
        check_casting(ballot_step(states, data.step), event.channel)
        if step.status == "closed" and not _is_by_agent(event):  # what is keyed after the closing was cast before it, on paper
            raise StepClosed(data.step)
    if step.has_roll:
        roll = roll_of(states, data.step)
        if event.actor not in roll.members:
            raise NotOnRoll(data.step)
        if event.channel != "paper" and roll.attended.get(event.actor) == "paper":
            raise AttendedOnPaper(data.step)
    return step


def _check_paper(data: facts.BallotChoices, step: StepState, states: States) -> None:
    """The ballot cites what it was cast on, and its choices stand in the form that the step's secrecy asks for."""
    if data.rules != step.rules_digest:
        raise RulesDiffer(data.step, step.rules_digest, data.rules)
    selection = selection_of(states, data.step)
    if data.candidates != selection.digest:
        raise CandidatesDiffer(data.step, selection.digest, data.candidates)
    entries = data.entries
    if step.secrecy == "sealed":
        if entries is not None:
            raise ChoicesInClear(data.step)
        if data.sd is None:
            raise ChoicesMissing(data.step)
        return
    if data.sd is not None:
        raise ChoicesCommitted(data.step)
    if entries is None:
        raise ChoicesMissing(data.step)
    check_choices(entries, step, selection)


def _admit_cast(event: Event, data: facts.BallotCast, state: BallotState, states: States) -> None:
    step = _accepting_step(event, data, states)
    if state.version:
        raise AlreadyVoted(data.step)
    _check_paper(data, step, states)


def _cast(event: Event, data: facts.BallotChoices, state: BallotState, states: States) -> None:
    state.withdrawn = False
    state.by_agent = event.by is not None or event.role != "participant"


def _check_may_change(event: Event, step: StepState, state: BallotState) -> None:
    if not state.version:
        raise NotVoted(step.ref)
    if _is_by_agent(event) and not state.by_agent and not step.agent_may_replace:
        raise AgentMayNotReplace(step.ref)


def _admit_replaced(event: Event, data: facts.BallotReplaced, state: BallotState, states: States) -> None:
    """Also after a withdrawal: the person votes again."""
    step = _accepting_step(event, data, states)
    _check_may_change(event, step, state)
    _check_paper(data, step, states)


def _admit_withdrawn(event: Event, data: facts.BallotWithdrawn, state: BallotState, states: States) -> None:
    step = _accepting_step(event, data, states)
    _check_may_change(event, step, state)
    if state.withdrawn:
        raise BallotWithdrawn(data.step)


def _withdraw(event: Event, data: facts.BallotWithdrawn, state: BallotState, states: States) -> None:
    state.withdrawn = True
    state.by_agent = _is_by_agent(event)


_ACCEPTED = (
    ParticipantMissing,
    TimeClaimed,
    StepUnknown,
    StepOfOtherKind,
    StepNotOpen,
    StepSuspended,
    StepClosed,
    PaperNotTaken,
    PaperClosed,
    NotOnRoll,
    AttendedOnPaper,
)
_PAPER = (RulesDiffer, CandidatesDiffer, ChoicesInClear, ChoicesCommitted, ChoicesMissing, ChoicesRefused)

LAWS: tuple[Law, ...] = (
    law(facts.BallotCast, _admit_cast, _cast, *_ACCEPTED, AlreadyVoted, *_PAPER),
    law(facts.BallotReplaced, _admit_replaced, _cast, *_ACCEPTED, NotVoted, AgentMayNotReplace, *_PAPER),
    law(facts.BallotWithdrawn, _admit_withdrawn, _withdraw, *_ACCEPTED, NotVoted, AgentMayNotReplace, BallotWithdrawn),
)
