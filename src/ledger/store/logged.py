"""What the ledger log tells, read from the database and folded as far as it has come.

Of a log only the newest checkpoint and what made it what it is still matter for the state of today: where much is to be read, the
checkpoints in between are passed over, so that a ledger of many years starts at once.
"""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates.ledger_log import LoggedLogs, evolve_logged
from ledger.events.ledger_log import read_ledger_event
from ledger.store.projects import Project

_MOST_IN_ORDER: Final = 2048
"""Entries behind which all are read; with more, those between are passed over."""

_FOLLOWING: Final = "SELECT entry FROM events WHERE project_id = %s AND seq >= %s AND seq < %s ORDER BY seq"

# The conditions of the index `ledger_log_turns`, letter for letter: only a query that states them can use it.
_TURNS: Final = """
SELECT seq, entry FROM events WHERE project_id = %s AND seq < %s
AND stream >= 'log/' AND stream < 'log0' AND type <> 'log.checkpointed/1'"""

_NEWEST: Final = """
SELECT found.seq, found.entry FROM projects AS p CROSS JOIN LATERAL (
    SELECT seq, entry FROM events
    WHERE project_id = %s AND stream = ('log/' || p.ref) COLLATE "C" AND type = 'log.checkpointed/1' AND seq < %s
    ORDER BY version DESC LIMIT 1 OFFSET 0
) AS found"""

_OF_ONE: Final = """
SELECT seq, entry FROM events WHERE project_id = %s AND stream = %s COLLATE "C"
AND stream >= 'log/' AND stream < 'log0' AND type <> 'log.checkpointed/1' ORDER BY version"""


class LoggedFold:
    """The ledger log, folded up to `size`. Of one thread at a time."""

    def __init__(self, log: Project) -> None:
        """`log` is the row of the ledger log."""
        self.log = log
        self.forget()

    def forget(self) -> None:
        """Nothing is known any more; the next `catch_up` reads it again."""
        self.size = 0
        self.logs = LoggedLogs(self.log.origin)

    def catch_up(self, connection: Connection[Any], size: int) -> None:
        """Nothing committed below `size` is missing. Raises `Malformed` where an entry is none of a ledger log."""
        if size < self.size or size - self.size > _MOST_IN_ORDER:
            self.forget()  # the database was put back to an older state, or to pass over most is faster
        try:
            for entry in self._missing(connection, size):
                evolve_logged(self.logs, read_ledger_event(entry))
        except BaseException:
            self.forget()
            raise
        self.size = size

    def catch_up_unlocked(self, connection: Connection[Any]) -> None:
        """The same up to what is committed now; it may have grown again when this returns."""
        with connection.cursor(row_factory=tuple_row) as cursor:
            found = cursor.execute("SELECT size FROM heads WHERE project_id = %s", (self.log.project_id,)).fetchone()
        self.catch_up(connection, 0 if found is None else int(found[0]))

    def _missing(self, connection: Connection[Any], size: int) -> list[bytes]:
        if size == self.size:
            return []
        with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            if size - self.size <= _MOST_IN_ORDER:
                return [entry for (entry,) in cursor.execute(_FOLLOWING, (self.log.project_id, self.size, size))]
            turns = cursor.execute(_TURNS, (self.log.project_id, size), prepare=False).fetchall()
            newest = cursor.execute(_NEWEST, (self.log.project_id, size), prepare=False).fetchall()
        return [entry for _, entry in sorted(turns + newest)]


def entries_about(connection: Connection[Any], log: Project, ref: str) -> list[tuple[int, bytes]]:
    """(index, entry) of the opening, the keys and the closing of the log of `ref`, ascending; its checkpoints are not among it."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        return cursor.execute(_OF_ONE, (log.project_id, f"log/{ref}"), prepare=False).fetchall()
