"""What stands in place of redacted entries, read from where it is kept beside the log."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.events.redacted import Redacted, read_redacted

REDACTION_SIZE: Final = "SELECT coalesce(max(redacted_by) + 1, 0) FROM redactions WHERE project_id = %s"
_BETWEEN: Final = "SELECT seq, line FROM redactions WHERE project_id = %s AND seq >= %s AND seq < %s"
_ANY_SEQ: Final = 2**53


def redaction_size(connection: Connection[Any], project_id: int) -> int:
    """1 + seq of the newest redaction; 0 before the first."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(REDACTION_SIZE, (project_id,)).fetchone()
    return 0 if row is None else int(row[0])


def redacted_lines(connection: Connection[Any], project_id: int, start: int, stop: int) -> dict[int, bytes]:
    """Seq → what stands in place of the entry, for the redacted entries with start ≤ seq < stop."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        return dict(cursor.execute(_BETWEEN, (project_id, start, stop), prepare=False).fetchall())


def redacted_entries(connection: Connection[Any], project_id: int) -> list[Redacted]:
    """Every redacted entry of a project, ascending."""
    return [read_redacted(line) for _, line in sorted(redacted_lines(connection, project_id, 0, _ANY_SEQ).items())]
