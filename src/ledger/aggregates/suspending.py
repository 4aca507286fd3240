"""An author is suspended until a time, or readmitted before it (stream `suspension/<holder>`)."""

from ledger.aggregates.addressed import existing
from ledger.aggregates.project import check_motive, project_of
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.suspension import SuspensionState
from ledger.errors import ArgumentUnknown, ContributionUnknown, DateNotAhead, FieldMissing, MotiveUnknown, NotSuspended
from ledger.events import Event
from ledger.events import suspension as facts


def _admit_suspended(event: Event, data: facts.ParticipantSuspended, state: SuspensionState, states: States) -> None:
    """Also where a suspension is in force: the last one holds, longer or shorter, and both stay on record."""
    _holder(event, data)
    check_motive(project_of(states), data.motive)
    if data.target is not None:
        existing(states, data.target)
    if data.until <= event.at:
        raise DateNotAhead("until", data.until, event.at)


def _holder(event: Event, data: facts.SuspensionEvent) -> str:
    if data.holder is None:
        raise FieldMissing(event.type, "holder")
    return data.holder


def _suspend(event: Event, data: facts.ParticipantSuspended, state: SuspensionState, states: States) -> None:
    state.until = data.until


def _admit_readmitted(event: Event, data: facts.ParticipantReadmitted, state: SuspensionState, states: States) -> None:
    holder = _holder(event, data)
    if state.until is None or event.at >= state.until:
        raise NotSuspended(holder)


def _readmit(event: Event, data: facts.ParticipantReadmitted, state: SuspensionState, states: States) -> None:
    state.until = None


LAWS: tuple[Law, ...] = (
    law(
        facts.ParticipantSuspended,
        _admit_suspended,
        _suspend,
        FieldMissing,
        MotiveUnknown,
        ContributionUnknown,
        ArgumentUnknown,
        DateNotAhead,
    ),
    law(facts.ParticipantReadmitted, _admit_readmitted, _readmit, FieldMissing, NotSuspended),
)
