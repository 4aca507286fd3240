"""Sealed choices: held back under an embargo, disclosed for all together after the cut-off (stream `step/<step>`)."""

from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import StepState, ballot_step
from ledger.errors import (
    AlreadyDisclosed,
    BallotsNotSealed,
    BallotsUndisclosed,
    EmbargoLasts,
    FieldMissing,
    PaperNotClosed,
    RulesMissing,
    StepNotClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events import Event
from ledger.events.step import BallotsDisclosed, ResultsEmbargoed

BEFORE_THE_OUTCOME = (StepUnknown, StepOfOtherKind, StepNotOpen, StepNotClosed, PaperNotClosed, BallotsUndisclosed)
"""What `countable_step` refuses with."""


def cast_step(states: States, ref: str) -> StepState:
    """The state of a ballot step in which the casting is over; raises `StepUnknown` … `StepNotOpen`, `StepNotClosed`, `PaperNotClosed`."""
    step = ballot_step(states, ref)
    if step.opened_seq is None:
        raise StepNotOpen(ref)
    if step.status != "closed":
        raise StepNotClosed(ref)
    if not step.over:
        raise PaperNotClosed(ref)
    return step


def countable_step(states: States, ref: str) -> StepState:
    """The state of a ballot step whose outcome may be known: cast, and disclosed where sealed; raises also `BallotsUndisclosed`."""
    step = cast_step(states, ref)
    if step.secrecy == "sealed" and not step.disclosed:
        raise BallotsUndisclosed(ref)
    return step


def _check_sealed(step: StepState) -> None:
    if step.secrecy is None:
        raise RulesMissing(step.ref)
    if step.secrecy != "sealed":
        raise BallotsNotSealed(step.ref)
    if step.disclosed:
        raise AlreadyDisclosed(step.ref)


def _admit_embargoed(event: Event, data: ResultsEmbargoed, state: StepState, states: States) -> None:
    """A later embargo replaces an earlier one, also a longer one: both stay on record."""
    _check_sealed(ballot_step(states, data.step))


def _embargo(event: Event, data: ResultsEmbargoed, state: StepState, states: States) -> None:
    state.embargo_until = data.until


def _admit_disclosed(event: Event, data: BallotsDisclosed, state: StepState, states: States) -> None:
    """Count and root follow from all ballots, which no state holds: whoever has the log fills and checks them."""
    _check_sealed(cast_step(states, data.step))
    if state.embargo_until is not None and event.at < state.embargo_until:
        raise EmbargoLasts(data.step, state.embargo_until)
    for name in ("count", "root"):
        if getattr(data, name) is None:
            raise FieldMissing(event.type, name)


def _disclose(event: Event, data: BallotsDisclosed, state: StepState, states: States) -> None:
    state.disclosed = True


LAWS: tuple[Law, ...] = (
    law(ResultsEmbargoed, _admit_embargoed, _embargo, StepUnknown, StepOfOtherKind, RulesMissing, BallotsNotSealed, AlreadyDisclosed),
    law(
        BallotsDisclosed,
        _admit_disclosed,
        _disclose,
        StepUnknown,
        StepOfOtherKind,
        StepNotOpen,
        StepNotClosed,
        PaperNotClosed,
        BallotsNotSealed,
        AlreadyDisclosed,
        EmbargoLasts,
        FieldMissing,
    ),
)
