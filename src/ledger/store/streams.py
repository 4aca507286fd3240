"""Entries read by stream, for the folds that admit. Both queries hold to the unique index of (project_id, stream, version).

They are planned anew each time, with the values at hand (`prepare=False`): a plan that was made while the table was empty walks the whole
project. `OFFSET 0` keeps the inner query apart, so that it is carried out once per stream and not turned round into a scan of the log.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

OWN_STREAMS = """
SELECT wanted.stream, found.entry
FROM unnest(%s::text[]) AS wanted (stream)
CROSS JOIN LATERAL (
    SELECT entry, version FROM events WHERE project_id = %s AND stream = wanted.stream COLLATE "C" ORDER BY version OFFSET 0
) AS found"""

# `seq + 0`, because the primary key would lead through everybody's ballots since then.
SHARED_STREAMS = """
SELECT found.seq, found.entry
FROM unnest(%s::text[]) AS kind (prefix)
CROSS JOIN LATERAL (
    SELECT seq, entry FROM events
    WHERE project_id = %s AND stream >= kind.prefix COLLATE "C" AND stream < (kind.prefix || '0') COLLATE "C" AND seq + 0 >= %s OFFSET 0
) AS found
ORDER BY found.seq"""


def load_streams(connection: Connection[Any], project_id: int, streams: Iterable[str]) -> dict[str, list[bytes]]:
    """The entries of each stream, ascending by version; an empty list for a stream of which nothing happened."""
    found: dict[str, list[bytes]] = {stream: [] for stream in streams}
    if found:
        with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            for stream, entry in cursor.execute(OWN_STREAMS, (list(found), project_id), prepare=False):
                found[stream].append(entry)
    return found


def load_shared_streams(connection: Connection[Any], project_id: int, prefixes: Sequence[str], since: int = 0) -> list[tuple[int, bytes]]:
    """(seq, entry) of the events from seq `since` on whose stream is a prefix, or begins with one and a slash; ascending by seq."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        # '0' follows '/' in code point order, so a stream `step/x` lies between `step` and `step0`.
        return cursor.execute(SHARED_STREAMS, (list(prefixes), project_id, since), prepare=False).fetchall()
