"""What every project log keeps to."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import pytest
from psycopg import Connection

from ledger.errors import LogIncomplete, MalformedTile
from ledger.ports import ProjectLog
from ledger.sealing import commit
from ledger.store.binary_copy import copy_events
from ledger.store.datastore import LedgerDatastore
from ledger.store.log import PostgresLog, StoredCheckpoint
from ledger.store.projects import Project, create_project, lock_head, write_head
from ledger.tlog.proof import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import Tile, tiles_of
from ledger.tlog.tree import leaf_hash
from tests.contracts.memory_log import MemoryLog

ENTRIES = [f'{{"seq":{seq}}}'.encode() for seq in range(70_000)]
SALT = b"sixteen bytes!!!"
SHOWN = [(seq, name, commit(name, f"{name} of {seq}", SALT).text) for seq, name in ((3, "reason"), (3, "title"), (4097, "title"))]
"""Disclosures as they come out: by seq, then name."""


@pytest.fixture(scope="module")
def datastore(database: str) -> Iterator[LedgerDatastore]:
    with LedgerDatastore(database) as datastore:
        yield datastore


@pytest.fixture(scope="module")
def stored(datastore: LedgerDatastore) -> PostgresLog:
    """A log of 70 000 entries in the database, beside another project's."""
    with datastore.connection() as connection, connection.transaction():
        project, *_ = [fill(connection, ref, count) for ref, count in (("budget", len(ENTRIES)), ("other", 7))]
    return PostgresLog(datastore, project, Reader())


def fill(connection: Connection[Any], ref: str, count: int) -> Project:
    project = create_project(connection, ref, f"example/p/{ref}", "2026-03-01T10:00:00.000Z")
    assert project is not None
    rows = [(f"ballot/{seq}", 1, "ballot.cast/1", leaf_hash(entry), entry) for seq, entry in enumerate(ENTRIES[:count])]
    with connection.cursor() as cursor:
        copy_events(cursor, project.project_id, 0, rows)
    head = lock_head(connection, project.project_id)
    head.size = count
    write_head(connection, project.project_id, head)
    return project


class Reader:
    """See `DisclosureReader`."""

    def between(self, connection: Connection[Any], project: Project, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        assert connection.info.transaction_status.name in {"INTRANS", "ACTIVE"}, "a server-side cursor needs a transaction"
        assert project.ref == "budget"
        return (disclosure for disclosure in SHOWN if start <= disclosure[0] < stop)

    def of(self, connection: Connection[Any], project: Project, seqs: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        assert project.ref == "budget"
        return (disclosure for disclosure in SHOWN if disclosure[0] in seqs)


@pytest.fixture(params=["postgres", "memory"])
def log(request: pytest.FixtureRequest, stored: PostgresLog) -> ProjectLog:
    made: dict[str, Callable[[], ProjectLog]] = {"postgres": lambda: stored, "memory": lambda: MemoryLog(ENTRIES, SHOWN)}
    return made[request.param]()


def test_every_entry_comes_once_in_order_as_it_was_stored(log: ProjectLog) -> None:
    assert log.size() == len(ENTRIES)
    assert list(log.entries(0, log.size())) == list(enumerate(ENTRIES))


@pytest.mark.parametrize(("start", "stop"), [(0, 0), (5, 5), (9, 3), (2047, 2050), (69_990, 80_000), (70_000, 80_000), (-3, 2)])
def test_a_range_is_what_of_it_is_in_the_log(log: ProjectLog, start: int, stop: int) -> None:
    assert list(log.entries(start, stop)) == [(seq, entry) for seq, entry in enumerate(ENTRIES) if start <= seq < stop]


def test_disclosures_of_a_range_come_by_seq_and_name(log: ProjectLog) -> None:
    assert list(log.disclosures(0, log.size())) == SHOWN
    assert list(log.disclosures(4, 4097)) == []


def test_texts_of_some_entries_are_found_by_seq_and_name(log: ProjectLog) -> None:
    told = {(seq, name): f"{name} of {seq}" for seq, name, _ in SHOWN}
    assert log.texts([3, 5, 4097]) == told
    assert log.texts([4097]) == {(4097, "title"): "title of 4097"}
    assert log.texts([4]) == log.texts([]) == {}


def test_tiles_from_the_database_are_those_of_the_tree(stored: PostgresLog, datastore: LedgerDatastore) -> None:
    held = HeldTiles()
    held.extend([leaf_hash(entry) for entry in ENTRIES])
    with pytest.raises(MalformedTile):
        stored.tiles([Tile(0, 0), Tile(1, 0, 10)])
    with datastore.connection() as connection, connection.cursor() as cursor:
        upper = [tile for tile in tiles_of(held.size) if tile.level]
        nodes = [(tile, tile.index * 256 + place, held([tile])[0][32 * place :][:32]) for tile in upper for place in range(tile.width)]
        rows = [(stored.project.project_id, tile.level, index, node) for tile, index, node in nodes]
        cursor.executemany("INSERT INTO subtrees (project_id, level, index, hash) VALUES (%s, %s, %s, %s)", rows)
    tiles = list(tiles_of(held.size))[::37] + list(tiles_of(held.size))[-3:]
    assert stored.tiles(tiles) == held(tiles)
    assert [found for _, found in stored.leaf_hashes(0, len(ENTRIES))] == [leaf_hash(entry) for entry in ENTRIES]
    root = held.root()
    assert verify_inclusion(leaf_hash(ENTRIES[4711]), 4711, held.size, inclusion_proof(4711, held.size, stored.tiles), root)
    old = HeldTiles([leaf_hash(entry) for entry in ENTRIES[:300]]).root()
    assert verify_consistency(300, held.size, consistency_proof(300, held.size, stored.tiles), old, root)
    with pytest.raises(MalformedTile):
        stored.tiles([Tile(0, 300)])


def test_the_newest_checkpoint_and_one_of_a_size_are_found(stored: PostgresLog, datastore: LedgerDatastore) -> None:
    assert stored.newest_checkpoint() is None
    signed = [StoredCheckpoint(size, sha256(b"%d" % size).digest(), f"note {size}") for size in (5, 70, 9)]
    with datastore.connection() as connection, connection.cursor() as cursor:
        rows = [(stored.project.project_id, *checkpoint) for checkpoint in signed]
        cursor.executemany("INSERT INTO checkpoints (project_id, size, root, note) VALUES (%s, %s, %s, %s)", rows)
        connection.execute(
            "INSERT INTO checkpoints (project_id, size, root, note) VALUES (%s, 99, '', '')", (stored.project.project_id + 1,)
        )
    assert stored.newest_checkpoint() == signed[1]
    assert [stored.checkpoint_at(size) for size in (5, 6, 9)] == [signed[0], None, signed[2]]


def test_an_entry_that_the_database_has_lost_is_not_passed_over(stored: PostgresLog, datastore: LedgerDatastore) -> None:
    with datastore.connection() as connection:
        connection.execute("DELETE FROM events WHERE project_id = %s AND seq = 6000", (stored.project.project_id,))
        with pytest.raises(LogIncomplete, match="entry 6000"):
            list(stored.entries(5000, 70_000))
        assert len(list(stored.entries(0, 6000))) == 6000
