"""One import from elsewhere (stream `import/<ref>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.addressed import existing
from ledger.aggregates.state import Law, State, States, law, nothing_follows
from ledger.errors import (
    AggregateAlreadyRecorded,
    ArgumentUnknown,
    ContributionUnknown,
    ImportAlreadyStarted,
    ImportFinished,
    ImportNotStarted,
)
from ledger.events import Event
from ledger.events import imported as facts


@dataclass(slots=True)
class ImportState(State):
    """Whether the import runs, and what was stated of which target."""

    finished: bool = False
    stated: set[tuple[str, str]] = field(default_factory=set)
    """(target, basis)."""

    def copy(self) -> "ImportState":
        """See `State.copy`."""
        return ImportState(self.version, self.finished, set(self.stated))


def _admit_started(event: Event, data: facts.ImportStarted, state: ImportState, states: States) -> None:
    if state.version:
        raise ImportAlreadyStarted(data.ref)


def _check_running(data: facts.ImportEvent, state: ImportState) -> None:
    if not state.version:
        raise ImportNotStarted(data.ref)
    if state.finished:
        raise ImportFinished(data.ref)


def _admit_recorded(event: Event, data: facts.AggregateRecorded, state: ImportState, states: States) -> None:
    _check_running(data, state)
    existing(states, data.target)
    if (data.target, data.basis) in state.stated:
        raise AggregateAlreadyRecorded(data.ref, data.target, data.basis)


def _record(event: Event, data: facts.AggregateRecorded, state: ImportState, states: States) -> None:
    state.stated.add((data.target, data.basis))


def _admit_finished(event: Event, data: facts.ImportFinished, state: ImportState, states: States) -> None:
    _check_running(data, state)


def _finish(event: Event, data: facts.ImportFinished, state: ImportState, states: States) -> None:
    state.finished = True


_RUNNING = (ImportNotStarted, ImportFinished)

LAWS: tuple[Law, ...] = (
    law(facts.ImportStarted, _admit_started, nothing_follows, ImportAlreadyStarted),
    law(facts.AggregateRecorded, _admit_recorded, _record, *_RUNNING, ContributionUnknown, ArgumentUnknown, AggregateAlreadyRecorded),
    law(facts.ImportFinished, _admit_finished, _finish, *_RUNNING),
)
