"""Rows of projections at any size of the log, from the generation that is served.

A row true at a size stays so: what is read in pages is what it would have been in one go. A generation is kept for some time after another
has taken its place, so that whoever is reading it reads to the end.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import orjson
from psycopg.rows import tuple_row

from ledger.errors import ViewsRebuilding
from ledger.ports import Row
from ledger.store.datastore import LedgerDatastore

ROWS_AT_ONCE: Final = 2000

_SERVED: Final = """
SELECT generation, redaction_size >= coalesce((SELECT max(redacted_by) + 1 FROM redactions AS r WHERE r.project_id = g.project_id), 0)
FROM view_generations AS g WHERE g.project_id = %s AND g.projection = %s AND g.serving"""
ROWS: Final = """
SELECT key, row FROM view_rows
WHERE project_id = %s AND projection = %s AND generation = %s AND from_seq < %s AND (to_seq IS NULL OR to_seq >= %s)
AND key > %s ORDER BY key LIMIT %s"""
LATEST: Final = """
SELECT from_seq, key, row FROM view_rows
WHERE project_id = %s AND projection = %s AND generation = %s AND from_seq < %s AND (to_seq IS NULL OR to_seq >= %s)
AND from_seq >= 0 AND (from_seq, key) > (%s, %s) ORDER BY from_seq, key LIMIT %s"""
ROW: Final = """
SELECT row FROM (
    SELECT to_seq, row FROM view_rows
    WHERE project_id = %s AND projection = %s AND generation = %s AND key = %s AND from_seq < %s ORDER BY from_seq DESC LIMIT 1
) AS newest
WHERE to_seq IS NULL OR to_seq >= %s"""
_POSITIONS: Final = """
SELECT coalesce(min(t.notification_id), 0), count(t.notification_id) FROM view_generations AS g
LEFT JOIN tracking AS t ON t.project_id = g.project_id AND t.application_name = 'p/' || g.projection || '/' || g.generation
WHERE g.project_id = %s AND g.projection = ANY(%s) AND g.serving"""


class PostgresViews:
    """See `ports.Views`, for one project."""

    def __init__(self, datastore: LedgerDatastore, project_id: int, projections: Sequence[str]) -> None:
        """`projections` are the names of all there are: `reflected` waits for each of them."""
        self._datastore = datastore
        self._project_id = project_id
        self._projections = list(projections)

    def rows(self, projection: str, size: int) -> Iterator[tuple[str, Row]]:
        """See `Views.rows`."""
        generation, after = self._served(projection), ""
        while page := self._query(ROWS, (self._project_id, projection, generation, size, size, after, ROWS_AT_ONCE)):
            for key, row in page:
                yield key, cast("Row", orjson.loads(row))
            after = page[-1][0]

    def latest(self, projection: str, size: int, after: int = -1) -> Iterator[tuple[str, Row]]:
        """See `Views.latest`; rows changed by the same event ascend by key, and no key is empty."""
        generation, seq, last = self._served(projection), after + 1, ""
        while page := self._query(LATEST, (self._project_id, projection, generation, size, size, seq, last, ROWS_AT_ONCE)):
            for _, key, row in page:
                yield key, cast("Row", orjson.loads(row))
            seq, last, _ = page[-1]

    def row(self, projection: str, key: str, size: int) -> Row | None:
        """See `Views.row`."""
        found = self._query(ROW, (self._project_id, projection, self._served(projection), key, size, size))
        return cast("Row", orjson.loads(found[0][0])) if found else None

    def reflected(self) -> int:
        """See `Views.reflected`."""
        least, begun = self._query(_POSITIONS, (self._project_id, self._projections))[0]
        return int(least) if begun == len(self._projections) else 0

    def _served(self, projection: str) -> int:
        """The generation that is served, or 0, which has no rows, before anything was folded.

        Raises `ViewsRebuilding` where its rows may have been made of an entry that was redacted since.
        """
        found = self._query(_SERVED, (self._project_id, projection))
        if found and not found[0][1]:
            raise ViewsRebuilding
        return int(found[0][0]) if found else 0

    def _query(self, query: str, parameters: tuple[Any, ...]) -> list[Any]:
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            return cursor.execute(query.encode(), parameters).fetchall()
