"""The lottery that breaks ties: parties commit before the step opens, and what the lot is drawn from is revealed when nothing more can be
cast (stream `result/<step>`). Whether a beacon's signature is genuine is found outside: before the turn, and by every audit.
"""

from typing import Final

from ledger.aggregates.disclosure import cast_step
from ledger.aggregates.result import ResultState, is_drawn
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import StepState, ballot_step, check_not_opened
from ledger.errors import (
    AlreadyCommitted,
    AlreadyRevealed,
    CommitmentDiffers,
    LotteryDiffers,
    LotteryDrawn,
    LotteryNotDue,
    LotteryOverdue,
    LotteryUncommitted,
    LotteryUndeclared,
    PaperNotClosed,
    PartyUnknown,
    RevealUnclear,
    RulesMissing,
    StepAlreadyOpen,
    StepClosed,
    StepNotClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events import Event
from ledger.events.lottery import LotteryCommitted, LotteryRevealed, RevealedSecret
from ledger.rules.lot import Revealed, commitment_of, is_drawn_later, known_from, parties_of
from ledger.rules.spec import Drawing, DrawingKind, Lottery


def result_of(states: States, step: str) -> ResultState:
    """What was said of the outcome of a step, and of the lottery in it."""
    return states.state(f"result/{step}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def check_committed(step: StepState, states: States) -> None:
    """Returns when every party to the lottery of the step has committed to its secret; raises `LotteryUncommitted`."""
    if step.rules is None:
        return
    commitments = result_of(states, step.ref).commitments
    missing = tuple(party for party in parties_of(step.rules.lottery) if party not in commitments)
    if missing:
        raise LotteryUncommitted(step.ref, missing)


def _declared(step: StepState) -> Lottery:
    lottery = None if step.rules is None else step.rules.lottery
    if lottery is None or not is_drawn_later(lottery):
        raise LotteryUndeclared(step.ref)
    return lottery


def _admit_committed(event: Event, data: LotteryCommitted, state: ResultState, states: States) -> None:
    """Before the opening, so that nobody's secret can be chosen for what ballots say; a party commits once."""
    step = ballot_step(states, data.step)
    check_not_opened(step)
    if step.rules is None:
        raise RulesMissing(data.step)
    if data.party not in parties_of(_declared(step)):
        raise PartyUnknown(data.step, data.party)
    if data.party in state.commitments:
        raise AlreadyCommitted(data.step, data.party)


def _commit(event: Event, data: LotteryCommitted, state: ResultState, states: States) -> None:
    state.commitments = {**state.commitments, data.party: data.commitment}


def _admit_revealed(event: Event, data: LotteryRevealed, state: ResultState, states: States) -> None:
    """Once nothing more can be cast, also before sealed choices are disclosed: then the lot is drawn before anyone knows of a tie."""
    step = cast_step(states, data.step)
    lottery = _declared(step)
    if is_drawn(lottery, state):
        raise LotteryDrawn(data.step)
    drawing = _drawing_in_turn(data, lottery, event.at)
    if data.secret is not None:
        _check_secret(data.step, data.secret, drawing, state)
        return
    expected, found = _named(drawing), _revealed(data)
    if found != expected:
        raise LotteryDiffers(data.step, expected, found)
    due_at = known_from(drawing)[-1]
    if event.at < due_at:
        raise LotteryNotDue(data.step, event.at, due_at)


def _drawing_in_turn(data: LotteryRevealed, lottery: Lottery, at: str) -> Drawing:
    """What the lot is drawn from at this time: up to the deadline what the rules name first, from then on the fallback, never a choice."""
    kind = _kind(data)
    in_turn: Drawing = lottery
    other = lottery.fallback
    deadline = lottery.fallback_after
    if other is not None and deadline is not None and at >= deadline:
        in_turn, other = other, lottery
    if kind in in_turn.kinds:
        return in_turn
    if other is None or deadline is None or kind not in other.kinds:
        raise LotteryDiffers(data.step, ", ".join(in_turn.kinds), kind)
    raise LotteryOverdue(data.step, deadline) if other is lottery else LotteryNotDue(data.step, at, deadline)


def _kind(data: LotteryRevealed) -> DrawingKind:
    parts: dict[DrawingKind, object] = {"beacon": data.beacon, "parties": data.secret, "numbers": data.numbers}
    kinds = [kind for kind, part in parts.items() if part is not None]
    if len(kinds) != 1:
        raise RevealUnclear
    return kinds[0]


def _check_secret(step: str, told: RevealedSecret, drawing: Drawing, state: ResultState) -> None:
    if told.party not in (drawing.parties or ()):
        raise PartyUnknown(step, told.party)
    if told.party in state.revealed.secrets:
        raise AlreadyRevealed(step, told.party)
    if commitment_of(step, told.party, told.secret) != state.commitments.get(told.party):
        raise CommitmentDiffers(step, told.party)


def _named(drawing: Drawing) -> str:
    """What the rules name, in words."""
    if drawing.beacon is not None:
        return f"round {drawing.beacon.round}"
    return ", ".join(f"{draw.name} of {draw.date}" for draw in drawing.numbers or ())


def _revealed(data: LotteryRevealed) -> str:
    """What is revealed, in the same words."""
    if data.beacon is not None:
        return f"round {data.beacon.round}"
    return ", ".join(f"{draw.name} of {draw.date}" for draw in data.numbers or ())


def _reveal(event: Event, data: LotteryRevealed, state: ResultState, states: States) -> None:
    before = state.revealed
    state.revealed = Revealed(
        before.beacon if data.beacon is None else (data.beacon.round, data.beacon.signature),
        before.secrets if data.secret is None else {**before.secrets, data.secret.party: data.secret.secret},
        before.numbers if data.numbers is None else tuple(draw.numbers for draw in data.numbers),
    )


LAWS: Final[tuple[Law, ...]] = (
    law(
        LotteryCommitted,
        _admit_committed,
        _commit,
        StepUnknown,
        StepOfOtherKind,
        StepClosed,
        StepAlreadyOpen,
        RulesMissing,
        LotteryUndeclared,
        PartyUnknown,
        AlreadyCommitted,
    ),
    law(
        LotteryRevealed,
        _admit_revealed,
        _reveal,
        StepUnknown,
        StepOfOtherKind,
        StepNotOpen,
        StepNotClosed,
        PaperNotClosed,
        LotteryUndeclared,
        LotteryDrawn,
        RevealUnclear,
        LotteryNotDue,
        LotteryOverdue,
        LotteryDiffers,
        PartyUnknown,
        AlreadyRevealed,
        CommitmentDiffers,
    ),
)
