"""A run of events folded into one generation of a projection: rows are read in one query, written with one COPY and one UPDATE."""

from collections.abc import Sequence
from typing import Any, Final

import orjson
from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.events import Event
from ledger.projections import Projection, Row
from ledger.projections.references import references
from ledger.store.binary_copy import ViewRow, copy_view_rows
from ledger.store.generations import Generation

# The inner query stands apart: one look into the primary key for each key, whatever the planner believes of the table. What many people
# took a stance on has as many rows, so the newest is taken from the end of them; where that one is no longer true, the key has no row.
CURRENT_ROWS: Final = """
SELECT wanted.key, found.from_seq, found.row
FROM unnest(%s::text[]) AS wanted (key)
CROSS JOIN LATERAL (
    SELECT from_seq, to_seq, row FROM view_rows
    WHERE project_id = %s AND projection = %s AND generation = %s AND key = wanted.key COLLATE "C"
    ORDER BY from_seq DESC LIMIT 1
) AS found
WHERE found.to_seq IS NULL"""
# `OFFSET 0` keeps the inner query apart: as a plain join it walked every row of the generation for each run, and folding was quadratic.
END_ROWS: Final = """
UPDATE view_rows SET to_seq = found.to_seq
FROM (
    SELECT standing.place, ended.to_seq
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS ended (key, from_seq, to_seq)
    CROSS JOIN LATERAL (
        SELECT ctid AS place FROM view_rows
        WHERE project_id = %s AND projection = %s AND generation = %s
        AND key = ended.key COLLATE "C" AND from_seq = ended.from_seq OFFSET 0
    ) AS standing
) AS found
WHERE view_rows.project_id = %s AND view_rows.ctid = found.place"""


class _Held:
    """A row while it is true: since which event, and its place among the new rows (-1 where it stood in the database before)."""

    __slots__ = ("from_seq", "place", "row")

    def __init__(self, row: Row, from_seq: int, place: int) -> None:
        self.row = row
        self.from_seq = from_seq
        self.place = place


class ViewBatch:
    """What a run of events does to one generation's rows. `fold` computes, `write` stores; between the two nothing is changed."""

    def __init__(self, project_id: int, projection: Projection, generation: Generation) -> None:
        self._project_id = project_id
        self._projection = projection
        self._generation = generation
        self._added: list[ViewRow] = []
        self._ended: list[tuple[str, int, int]] = []

    def fold(self, connection: Connection[Any], events: Sequence[Event]) -> None:
        """Folds the events, ascending by seq, that the projection handles; of all others it takes no notice."""
        projection = self._projection
        handles = projection.handles
        keyed = [(event, projection.keys(event)) for event in events if event.type in handles]
        held = self._current(connection, {key for _, keys in keyed for key in keys})
        apply = projection.apply
        for event, keys in keyed:
            texts = references(event)
            for key in keys:
                before = held.get(key)
                old = None if before is None else before.row
                new = apply(key, old, event, texts)
                if new is old or new == old:
                    continue
                if before is not None:
                    self._end(key, before, event.seq)
                if new is None:
                    del held[key]
                else:
                    held[key] = _Held(new, event.seq, len(self._added))
                    self._added.append((key, event.seq, None, orjson.dumps(new)))

    def write(self, connection: Connection[Any]) -> None:
        """Stores what was folded, in the open transaction."""
        name, number = self._projection.name, self._generation.generation
        if self._ended:
            columns = [list(column) for column in zip(*self._ended, strict=True)]
            connection.execute(END_ROWS, (*columns, self._project_id, name, number, self._project_id))
        if self._added:
            with connection.cursor() as cursor:
                copy_view_rows(cursor, self._project_id, name, number, self._added)

    def _end(self, key: str, held: _Held, seq: int) -> None:
        if held.place < 0:
            self._ended.append((key, held.from_seq, seq))
        else:
            _, from_seq, _, row = self._added[held.place]
            self._added[held.place] = (key, from_seq, seq, row)

    def _current(self, connection: Connection[Any], keys: set[str]) -> dict[str, _Held]:
        # In a generation's first run there are none.
        if not keys or self._generation.position == 0:
            return {}
        parameters = (sorted(keys), self._project_id, self._projection.name, self._generation.generation)
        with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            cursor.execute(CURRENT_ROWS, parameters)
            return {key: _Held(orjson.loads(row), from_seq, -1) for key, from_seq, row in cursor}
