"""Entries read by stream, for the folds that admit. Both queries hold to the unique index of (project_id, stream, version).

They are planned anew each time, with the values at hand (`prepare=False`): a plan that was made while the table was empty walks the whole
project. `OFFSET 0` keeps the inner query apart, so that it is carried out once per stream and not turned round into a scan of the log.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

OWN_STREAMS = """
SELECT wanted.stream, found.version, found.entry
FROM unnest(%s::text[]) AS wanted (stream)
CROSS JOIN LATERAL (
    SELECT entry, version FROM events WHERE project_id = %s AND stream = wanted.stream COLLATE "C" ORDER BY version OFFSET 0
) AS found"""

# `seq + 0`, because the primary key would lead through everybody's ballots since then.
SHARED_STREAMS = """
SELECT found.seq, found.stream, found.version, found.entry
FROM unnest(%s::text[]) AS kind (prefix)
CROSS JOIN LATERAL (
    SELECT seq, stream, version, entry FROM events
    WHERE project_id = %s AND stream >= kind.prefix COLLATE "C" AND stream < (kind.prefix || '0') COLLATE "C" AND seq + 0 >= %s OFFSET 0
) AS found
ORDER BY found.seq"""


class Recorded(NamedTuple):
    """An entry of a stream; None where its bytes are redacted."""

    stream: str
    version: int
    entry: bytes | None


def load_streams(connection: Connection[Any], project_id: int, streams: Iterable[str]) -> list[Recorded]:
    """The entries of these streams, those of each ascending by version; none of a stream of which nothing happened."""
    wanted = list(streams)
    if not wanted:
        return []
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        return [Recorded(*columns) for columns in cursor.execute(OWN_STREAMS, (wanted, project_id), prepare=False)]


def load_shared_streams(
    connection: Connection[Any], project_id: int, prefixes: Sequence[str], since: int = 0
) -> list[tuple[int, Recorded]]:
    """(seq, entry) of the entries from seq `since` on whose stream is a prefix, or begins with one and a slash; ascending by seq."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        # '0' follows '/' in code point order, so a stream `step/x` lies between `step` and `step0`.
        found = cursor.execute(SHARED_STREAMS, (list(prefixes), project_id, since), prepare=False)
        return [(seq, Recorded(*columns)) for seq, *columns in found]
