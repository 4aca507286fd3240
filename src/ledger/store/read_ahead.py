"""Events of a log, read and decoded for a fold; the next run is read while the database is busy with the last one's rows."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final, NamedTuple

from psycopg.rows import tuple_row

from ledger.events import Event, read_event
from ledger.store.datastore import LedgerDatastore

_RUN: Final = """
SELECT entry FROM events WHERE project_id = %s AND seq >= %s AND seq < %s AND type = ANY(%s) AND entry IS NOT NULL ORDER BY seq"""


class Run(NamedTuple):
    """Which events: of a project, start ≤ seq < stop, of these types."""

    project_id: int
    start: int
    stop: int
    types: tuple[str, ...]


def run_of(project_id: int, start: int, stop: int, types: Iterable[str]) -> Run:
    """A run; equal ones compare equal in whatever order the types are given."""
    return Run(project_id, start, stop, tuple(sorted(set(types))))


class ReadAhead:
    """Reads runs, one ahead of who folds them. Entries never change, so what was read before its turn is what stands at its turn.

    One may be redacted meanwhile. Then the rows that this is read for are made again from the first run on, which is never read ahead.
    """

    def __init__(self, datastore: LedgerDatastore) -> None:
        self._datastore = datastore
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._begun: tuple[Run, Future[list[Event]]] | None = None

    def events(self, run: Run) -> list[Event]:
        """The events of a run, ascending by seq; redacted entries are passed over. Raises `Malformed` where an entry is none."""
        begun, self._begun = self._begun, None
        if begun is not None and begun[0] == run:
            return begun[1].result()
        return self._read(run)

    def begin(self, run: Run) -> None:
        """Starts reading a run that is likely to be asked for next; all of it is committed."""
        self._begun = run, self._thread.submit(self._read, run)

    def settle(self) -> None:
        """Returns when nothing is being read any more."""
        if self._begun is not None:
            wait([self._begun[1]])
            self._begun = None

    def _read(self, run: Run) -> list[Event]:
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            rows = cursor.execute(_RUN, (run.project_id, run.start, run.stop, list(run.types))).fetchall()
        return [read_event(entry) for (entry,) in rows]
