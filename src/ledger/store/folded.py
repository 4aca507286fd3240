"""What one process knows of a project: the states of its shared streams as of some size, folded from the log and kept.

Own streams (ballots, contributions) are never kept: they are read when an event consults them, each folded from its own events alone.
"""

from typing import Any, Final

from psycopg import Connection

from ledger.aggregates import AGGREGATES, Aggregates, State, evolve, is_shared, pass_over
from ledger.events import Event, read_event
from ledger.events.privacy import EntryRedacted
from ledger.events.project import ProjectOpened
from ledger.events.step import StepOpened
from ledger.store.overlay import Overlay
from ledger.store.projects import Project
from ledger.store.streams import Recorded, load_shared_streams, load_streams

_SHARED: Final = tuple(aggregate.prefix for aggregate in AGGREGATES if aggregate.is_shared)


class Folded(Aggregates):
    """The shared streams of a project up to `shared_size`. Its states are replaced, never changed: any thread may read them at any time."""

    __slots__ = ("committed", "log", "shared_size")

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.log = project
        self.shared_size = 0
        self.committed: dict[str, str] = {}
        """Scope → SHA-256 of its key, as the log commits to it."""

    def catch_up(self, connection: Connection[Any]) -> bool:
        """Folds what others appended to shared streams since; the connection has the head locked, so there is nothing beyond.

        False where an entry that was folded here before is redacted now: the states are to be read anew, by another `Folded`.
        """
        above = Overlay(self)
        before = since = self.shared_size
        whole = True
        for seq, recorded in load_shared_streams(connection, self.log.project_id, _SHARED, since):
            event = fold(above, recorded)
            if event is not None:
                self.note(event)
                if isinstance(event.data, EntryRedacted) and event.data.entry < before:
                    whole = whole and not is_shared(event.data.redacted_stream or "project")
            since = seq + 1
        self.keep(above.written, since)
        return whole

    def note(self, event: Event) -> None:
        """Remembers which keys an event of a shared stream commits to."""
        match event.data:
            case ProjectOpened(scope_keys=keys) if keys is not None:
                self.committed |= {"author": keys.author, "report": keys.report}
            case StepOpened(step=step, step_key=str(digest)):
                self.committed[f"step/{step}"] = digest

    def keep(self, written: dict[str, State], shared_size: int) -> None:
        """These states of shared streams hold from now on, up to this size."""
        self.states.update(written)
        self.shared_size = shared_size


def fold(states: Aggregates, recorded: Recorded) -> Event | None:
    """The event of the entry, which is folded into the states; None where it is redacted, and counts as its version only."""
    if recorded.entry is None:
        pass_over(states, recorded.stream, recorded.version)
        return None
    event = read_event(recorded.entry)
    evolve(states, event)
    return event


def own_states(connection: Connection[Any], project_id: int, streams: set[str]) -> dict[str, State]:
    """The state of each of these own streams; blank where there are none."""
    states = Aggregates()
    for recorded in load_streams(connection, project_id, streams):
        fold(states, recorded)
    return {stream: states.writable(stream) for stream in streams}
