"""A step opens: at its announced time by the clock, or by hand where none was announced; a ballot only when all it rests on is final."""

from ledger.aggregates.lottery import check_committed
from ledger.aggregates.lottery_dates import WRONG_DATES, check_drawn_after
from ledger.aggregates.selection import selection_of
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import StepState, check_not_opened, planned_step
from ledger.errors import (
    CandidatesNotSealed,
    ExclusiveUnknown,
    FieldMissing,
    LotteryUncommitted,
    NotDue,
    OpensByTheClock,
    RollNotSealed,
    RulesMissing,
    StepAlreadyOpen,
    StepClosed,
    StepUnknown,
)
from ledger.events import Event
from ledger.events.step import StepOpened


def _admit_opened(event: Event, data: StepOpened, state: StepState, states: States) -> None:
    check_not_opened(planned_step(states, data.step))
    if event.role == "system":
        if state.opens_at is None or event.at < state.opens_at:
            raise NotDue(data.step, event.at, state.opens_at)
    elif state.opens_at is not None:
        raise OpensByTheClock(data.step, state.opens_at)
    if state.kind == "ballot":
        _check_ready_for_ballots(state, states, event.at)
    if data.step_key is None:
        raise FieldMissing(event.type, "step_key")


def _check_ready_for_ballots(step: StepState, states: States, now: str) -> None:
    if step.rules is None:
        raise RulesMissing(step.ref)
    selection = selection_of(states, step.ref)
    if selection.digest is None:
        raise CandidatesNotSealed(step.ref)
    for exclusive in step.rules.exclusive_sets:
        for ref in exclusive.members:
            if ref not in selection.positions:
                raise ExclusiveUnknown(step.ref, ref)
    if step.has_roll and step.roll_count is None:
        raise RollNotSealed(step.ref)
    check_committed(step, states)
    check_drawn_after(step.ref, step.rules, step.closes_at, now)


def _open(event: Event, data: StepOpened, state: StepState, states: States) -> None:
    state.status = "open"
    state.opened_seq = event.seq
    state.announced = state.rules


LAWS: tuple[Law, ...] = (
    law(
        StepOpened,
        _admit_opened,
        _open,
        StepUnknown,
        StepAlreadyOpen,
        StepClosed,
        NotDue,
        OpensByTheClock,
        RulesMissing,
        CandidatesNotSealed,
        ExclusiveUnknown,
        RollNotSealed,
        LotteryUncommitted,
        *WRONG_DATES,
        FieldMissing,
    ),
)
