"""The checkpoint signer: what it signs is committed, is the log's tree, and is never anything else."""

import logging
from collections.abc import Iterator
from threading import Event
from time import monotonic

import psycopg
import pytest

from ledger.errors import LogForked, LogIncomplete
from ledger.store.checkpoints import CheckpointSigner
from ledger.store.datastore import LedgerDatastore
from ledger.store.log import NothingShown, PostgresLog
from ledger.tlog.checkpoint import signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.proof import inclusion_proof, verify_inclusion
from ledger.tlog.tree import leaf_hash, tree_root
from tests.posting import Ledger, ballot, ledger, vote_opened


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


@pytest.fixture
def datastore(database: str) -> Iterator[LedgerDatastore]:
    with LedgerDatastore(database, pool_size=1) as opened:
        yield opened


def log_of(town: Ledger, datastore: LedgerDatastore, ref: str) -> PostgresLog:
    return PostgresLog(datastore, town.project(ref), NothingShown())


def assert_newest_is_right(town: Ledger, datastore: LedgerDatastore, ref: str) -> int:
    entries = town.entries(ref)
    newest = log_of(town, datastore, ref).newest_checkpoint()
    assert newest is not None
    checkpoint = signed_checkpoint(parse_note(newest.note.encode()), [town.keys.signer(ref).vkey])
    assert checkpoint is not None
    assert (checkpoint.size, checkpoint.root) == (newest.size, newest.root)
    assert checkpoint.root == tree_root([leaf_hash(entry) for entry in entries[: checkpoint.size]])
    return checkpoint.size


def test_the_tree_is_signed_as_it_grows_and_every_entry_has_its_proof(town: Ledger, datastore: LedgerDatastore) -> None:
    signer = CheckpointSigner(datastore, town.keys)
    town.post("growing", *vote_opened())
    assert signer.sign_round() == 1
    assert signer.sign_round() == 0
    for count in (1, 243, 2, 700):
        size = len(town.entries("growing"))
        town.post("growing", *(ballot(f"{size} {number}", 0) for number in range(count)))
        assert signer.sign_round() == 1
        assert assert_newest_is_right(town, datastore, "growing") == size + count
    log = log_of(town, datastore, "growing")
    entries = town.entries("growing")
    root = tree_root([leaf_hash(entry) for entry in entries])
    for index in (0, 255, 256, 511, len(entries) - 1):
        path = inclusion_proof(index, len(entries), log.tiles)
        assert verify_inclusion(leaf_hash(entries[index]), index, len(entries), path, root)


def test_another_process_goes_on_where_the_tree_stood(town: Ledger, datastore: LedgerDatastore) -> None:
    town.post("handed-on", *vote_opened(), *(ballot(f"early {number}", 1) for number in range(600)))
    CheckpointSigner(datastore, town.keys).sign_round()
    town.post("handed-on", *(ballot(f"late {number}", 1) for number in range(300)))
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("UPDATE leases SET until = now() - interval '1 second'")
    assert CheckpointSigner(datastore, town.keys).sign_round() == 1
    assert assert_newest_is_right(town, datastore, "handed-on") == len(town.entries("handed-on"))


def test_one_signs_at_a_time(town: Ledger, datastore: LedgerDatastore) -> None:
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM leases")
    first, second = CheckpointSigner(datastore, town.keys), CheckpointSigner(datastore, town.keys)
    first.sign_round()
    town.post("contested", *vote_opened())
    assert second.sign_round() == 0
    assert first.sign_round() == 1
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM leases")


@pytest.mark.parametrize("harm", ["hash", "entry"])
def test_a_log_changed_beneath_its_checkpoint_is_not_signed_further(
    town: Ledger, datastore: LedgerDatastore, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    ref = f"changed-{harm}"
    town.post(ref, *vote_opened(), *(ballot(f"voter {number}", 1) for number in range(300)))
    assert CheckpointSigner(datastore, town.keys).sign_round() == 1
    project_id = town.project(ref).project_id
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        if harm == "hash":
            connection.execute("UPDATE subtrees SET hash = sha256('other') WHERE project_id = %s AND index = 0", (project_id,))
        else:
            connection.execute("DELETE FROM events WHERE project_id = %s AND seq = 305", (project_id,))
        connection.execute("DELETE FROM leases")
    town.post(ref, ballot("one more", 2))
    with caplog.at_level(logging.ERROR):
        assert CheckpointSigner(datastore, town.keys).sign_round() == 0
    assert f"no checkpoint of {ref}" in caplog.text
    if harm == "hash":
        assert str(LogForked(ref, 312)) in caplog.text
    newest = log_of(town, datastore, ref).newest_checkpoint()
    assert newest is not None
    assert newest.size == 312
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM leases")
        connection.execute("DELETE FROM heads WHERE project_id = %s", (project_id,))


def test_a_lost_entry_beyond_the_checkpoint_is_named(town: Ledger, datastore: LedgerDatastore, caplog: pytest.LogCaptureFixture) -> None:
    town.post("gap", *vote_opened())
    signer = CheckpointSigner(datastore, town.keys)
    assert signer.sign_round() == 1
    town.post("gap", *(ballot(f"voter {number}", 1) for number in range(5)))
    project_id = town.project("gap").project_id
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM events WHERE project_id = %s AND seq = 14", (project_id,))
    with caplog.at_level(logging.ERROR):
        assert signer.sign_round() == 0
    assert str(LogIncomplete("gap", 14)) in caplog.text
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM heads WHERE project_id = %s", (project_id,))
        connection.execute("DELETE FROM leases")


def test_the_thread_signs_by_itself_and_a_last_time_before_it_ends(database: str, datastore: LedgerDatastore, town: Ledger) -> None:
    signer = CheckpointSigner(datastore, town.keys)
    signer.start()
    grown = Event()

    def appended(project: str, size: int) -> None:
        signer.notice()
        grown.set()

    with ledger(database, keys=town.keys, appended=appended) as running:
        running.post("running", *vote_opened())
        assert grown.is_set()
        log = log_of(running, datastore, "running")
        deadline = monotonic() + 30
        while log.newest_checkpoint() is None:
            assert monotonic() < deadline, "nothing was signed"
            Event().wait(0.01)
        running.post("running", ballot("the last", 0))
        signer.stop()
        assert assert_newest_is_right(running, datastore, "running") == len(running.entries("running"))
