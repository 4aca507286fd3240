"""A project's log, read: entries, hashes, checkpoints, and what may be shown of its commitments.

Entries never change, so they are read in ranges of seq, each in a query of its own: whoever reads slowly holds neither a connection nor
an old snapshot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.canonical import JsonValue
from ledger.errors import LogIncomplete, MalformedTile
from ledger.sealing import read_disclosure
from ledger.store.datastore import LedgerDatastore
from ledger.store.projects import Project
from ledger.store.redacted_lines import REDACTION_SIZE, redacted_lines
from ledger.tlog.tile import FULL_WIDTH, Tile
from ledger.tlog.tree import HASH_SIZE

_SECOND: Final = itemgetter(1)
ENTRIES_AT_ONCE: Final = 2048
"""Rows per query: at the size of a ballot about 1 MB."""


class DisclosureReader(Protocol):
    """Reads what may be shown now, as (seq, field name, disclosure text)."""

    def between(self, connection: Connection[Any], project: Project, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """Of a range of seqs, choices too, ascending by seq, then name; through a connection with an open transaction."""
        ...

    def of(self, connection: Connection[Any], project: Project, seqs: Sequence[int]) -> Iterable[tuple[int, str, str]]:
        """Of these entries the public fields, in any order."""
        ...


class NothingShown:
    """See `DisclosureReader`; for whoever reads a log and needs no texts, and so no keys."""

    def between(self, connection: Connection[Any], project: Project, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """See `DisclosureReader.between`."""
        return iter(())

    def of(self, connection: Connection[Any], project: Project, seqs: Sequence[int]) -> Iterable[tuple[int, str, str]]:
        """See `DisclosureReader.of`."""
        return ()


# A note ends in its signature lines, so cosignatures are further lines of it.
_CHECKPOINTS: Final = """
SELECT size, root, note || coalesce((SELECT string_agg(line || E'\\n', '' ORDER BY vkey) FROM cosignatures AS co
    WHERE co.project_id = ch.project_id AND co.size = ch.size), '')
FROM checkpoints AS ch WHERE project_id = %s"""
_NEWEST_CHECKPOINT: Final = f"{_CHECKPOINTS} ORDER BY size DESC LIMIT 1"
_CHECKPOINT_AT: Final = f"{_CHECKPOINTS} AND size = %s"

# One row per tile asked for, in that order; null where nothing of it is stored.
_TILES: Final = """
SELECT CASE WHEN tile.level = 0
    THEN (SELECT string_agg(leaf_hash, ''::bytea ORDER BY seq) FROM events
          WHERE project_id = %s AND seq >= tile.first AND seq < tile.stop)
    ELSE (SELECT string_agg(hash, ''::bytea ORDER BY index) FROM subtrees
          WHERE project_id = %s AND level = tile.level AND index >= tile.first AND index < tile.stop)
    END
FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[]) WITH ORDINALITY AS tile (level, first, stop, place)
ORDER BY tile.place"""


_LEAVES: Final = "SELECT string_agg(leaf_hash, ''::bytea ORDER BY seq) FROM events WHERE project_id = %s AND seq >= %s AND seq < %s"
_MISSING: Final = """
SELECT seq FROM generate_series(%s::bigint, %s::bigint - 1) AS wanted (seq)
WHERE NOT EXISTS (SELECT FROM events WHERE project_id = %s AND events.seq = wanted.seq) ORDER BY seq LIMIT 1"""


class StoredCheckpoint(NamedTuple):
    """A checkpoint that was signed: its size and root, and the whole note, with the cosignatures that there are by now."""

    size: int
    root: bytes
    note: str


class PostgresLog:
    """See `ports.ProjectLog`; also what proofs and tiles of the log are made from."""

    def __init__(self, datastore: LedgerDatastore, project: Project, disclosures: DisclosureReader) -> None:
        self.project = project
        self._datastore = datastore
        self._disclosures = disclosures

    def size(self) -> int:
        """See `ProjectLog.size`."""
        rows = self._query("SELECT size FROM heads WHERE project_id = %s", (self.project.project_id,))
        return int(rows[0][0])

    def visibility_size(self) -> int:
        """See `ProjectLog.visibility_size`."""
        rows = self._query("SELECT visibility_size FROM heads WHERE project_id = %s", (self.project.project_id,))
        return int(rows[0][0])

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `ProjectLog.entries`; ends at the size of the log. Raises `LogIncomplete` where the database has lost an entry."""
        for rows in self._runs("SELECT seq, entry FROM events WHERE project_id = %s AND seq >= %s AND seq < %s ORDER BY seq", start, stop):
            # Without redactions, which is nearly always, this is all that they cost.
            yield from self._with_lines(rows) if None in map(_SECOND, rows) else rows

    def leaf_hashes(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(seq, leaf hash) in the manner of `entries`."""
        query = "SELECT seq, leaf_hash FROM events WHERE project_id = %s AND seq >= %s AND seq < %s ORDER BY seq"
        for rows in self._runs(query, start, stop):
            yield from rows

    def redaction_size(self) -> int:
        """See `ProjectLog.redaction_size`."""
        return int(self._query(REDACTION_SIZE, (self.project.project_id,))[0][0])

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """See `ProjectLog.disclosures`. All of it is true at one moment, so a connection is held until the last is read."""
        with self._datastore.connection() as connection, connection.transaction():
            yield from self._disclosures.between(connection, self.project, start, stop)

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        """See `ProjectLog.texts`."""
        with self._datastore.connection() as connection:
            return {(seq, name): read_disclosure(text).value for seq, name, text in self._disclosures.of(connection, self.project, seqs)}

    def stream(self, name: str) -> list[int]:
        """The seqs of the entries of one stream, ascending."""
        rows = self._query("SELECT seq FROM events WHERE project_id = %s AND stream = %s ORDER BY version", (self.project.project_id, name))
        return [seq for (seq,) in rows]

    def tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        """See `tlog.reader.TileReader`. Raises `MalformedTile` for a tile that is not stored: nothing was signed that needs it."""
        with self._datastore.connection() as connection:
            return read_tiles(connection, self.project, tiles)

    def newest_checkpoint(self) -> StoredCheckpoint | None:
        """The checkpoint of the greatest size that was signed, or None before the first."""
        rows = self._query(_NEWEST_CHECKPOINT, (self.project.project_id,))
        return StoredCheckpoint(*rows[0]) if rows else None

    def checkpoint_at(self, size: int) -> StoredCheckpoint | None:
        """The checkpoint of exactly this size, or None where none was signed."""
        rows = self._query(_CHECKPOINT_AT, (self.project.project_id, size))
        return StoredCheckpoint(*rows[0]) if rows else None

    def _runs(self, query: str, start: int, stop: int) -> Iterator[list[tuple[int, bytes]]]:
        end = min(stop, self.size())
        for first in range(max(start, 0), end, ENTRIES_AT_ONCE):
            beyond = min(first + ENTRIES_AT_ONCE, end)
            rows: list[tuple[int, bytes]] = self._query(query, (self.project.project_id, first, beyond))
            if len(rows) != beyond - first:
                there = {seq for seq, _ in rows}
                raise LogIncomplete(self.project.ref, next(seq for seq in range(first, beyond) if seq not in there))
            yield rows

    def _with_lines(self, rows: list[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """The rows, with what stands in place of redacted entries. The lines are read later than the rows, so they are there."""
        with self._datastore.connection() as connection:
            lines = redacted_lines(connection, self.project.project_id, rows[0][0], rows[-1][0] + 1)
        for seq, entry in rows:
            found = entry or lines.get(seq)  # no entry is empty
            if found is None:
                raise LogIncomplete(self.project.ref, seq)
            yield seq, found

    def _query(self, query: str, parameters: tuple[Any, ...]) -> list[Any]:
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            return cursor.execute(query.encode(), parameters, prepare=True).fetchall()


def read_tiles(connection: Connection[Any], project: Project, tiles: Sequence[Tile], /) -> list[bytes]:
    """See `PostgresLog.tiles`."""
    levels = [tile.level for tile in tiles]
    firsts = [tile.index * FULL_WIDTH for tile in tiles]
    stops = [tile.index * FULL_WIDTH + tile.width for tile in tiles]
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        rows = cursor.execute(_TILES, (project.project_id, project.project_id, levels, firsts, stops)).fetchall()
    contents = [content or b"" for (content,) in rows]
    for tile, content in zip(tiles, contents, strict=True):
        if len(content) != tile.width * HASH_SIZE:
            raise MalformedTile(place=tile.path, why=f"the log of {project.ref} has no such tile yet")
    return contents


def read_leaf_hashes(connection: Connection[Any], project: Project, start: int, stop: int) -> list[bytes]:
    """The leaf hashes for start ≤ seq < stop, all of which are committed. Raises `LogIncomplete` where the database has lost one."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        (hashes,) = cursor.execute(_LEAVES, (project.project_id, start, stop)).fetchone() or (b"",)
        if len(hashes or b"") != (stop - start) * HASH_SIZE:
            (missing,) = cursor.execute(_MISSING, (start, stop, project.project_id)).fetchone() or (start,)
            raise LogIncomplete(project.ref, missing)
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]
