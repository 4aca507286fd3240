"""A machine that is put back with all its files, the rollback guard too, learns of it from a witness that saw more."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import psycopg
import pytest

from ledger.errors import LedgerBehindWitness
from ledger.events.ledger_log import LEDGER_LOG
from ledger.settings import Settings
from ledger.store.checkpoints import CheckpointSigner
from ledger.submit import Intake, Posted, read_submissions
from ledger.tlog.policy import parse_policy
from ledger.wiring import Ledger, settle_with_witnesses
from ledger.wiring.witnesses import ask_witnesses
from ledger.witness.app import witness_app
from ledger.witness.judging import Witness
from ledger.witness.kept import KeptCheckpoints
from ledger.witness.key import WitnessKey
from tests.posting import TOWN, Document, opening, organizer
from tests.witness.watched import Served, served

ORIGIN = "town.example"
KEY = WitnessKey("witness.example", bytes([3]) * 32)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Iterator[Settings]:
    made = Settings(data_dir=tmp_path, database_url=database, origin=ORIGIN, witness_policy=tmp_path / "policy")
    vkey = Ledger(made, database).keys.make_signer(LEDGER_LOG, f"{ORIGIN}/ledger").vkey
    with served(witness_app(Witness(KEY, {f"{ORIGIN}/ledger": (vkey,)}, KeptCheckpoints(tmp_path / "witness"), lambda: 1))) as address:
        write_policy(tmp_path, address)
        yield made


def write_policy(folder: Path, address: Served) -> None:
    (folder / "policy").write_text(f"witness w {KEY.vkey} {address.url}\nquorum w\n")


def post(intake: Intake, project: str, document: Document) -> None:
    intake.submit_now(project, TOWN, Posted(read_submissions([orjson.dumps(document)], ["$"]), ["$"]))


def go_on(settings: Settings, project: str) -> int:
    """A project is opened, signed, stated and witnessed; the size of the ledger log."""
    ledger = Ledger(settings, str(settings.database_url))
    with ledger.datastore:
        with ledger.writing() as intake:
            post(intake, project, opening())
        signer = CheckpointSigner(ledger.datastore, ledger.keys, ledger.ledger_log_writer.round)
        signer.round()
        signer.retire()
        assert ledger.witness_policy is not None
        ask_witnesses(ledger.datastore, ledger.witness_policy.policy)
        newest = ledger.ledger_log().newest_checkpoint()
        assert newest is not None
        assert KEY.vkey.name in newest.note
        return newest.size


def put_back(settings: Settings, size: int, projects: list[str]) -> None:
    """All is as it was when the ledger log had this size: the database, and the files beside it."""
    with psycopg.connect(str(settings.database_url), autocommit=True) as connection:
        for ref in projects:
            of = "project_id = (SELECT project_id FROM projects WHERE ref = %s)"
            for table in ("events", "heads", "checkpoints", "subtrees"):
                connection.execute(f"DELETE FROM {table} WHERE {of}".encode(), (ref,))
            connection.execute("DELETE FROM projects WHERE ref = %s", (ref,))
        for table in ("checkpoints", "cosignatures"):
            connection.execute(
                f"DELETE FROM {table} WHERE size > %s AND project_id = (SELECT project_id FROM projects WHERE ref = '~ledger')".encode(),
                (size,),
            )
        of_the_ledger = "project_id = (SELECT project_id FROM projects WHERE ref = '~ledger')"
        connection.execute(f"DELETE FROM events WHERE seq >= %s AND {of_the_ledger}".encode(), (size,))
        connection.execute(f"UPDATE heads SET size = %s, shared_size = %s WHERE {of_the_ledger}".encode(), (size, size))
        connection.execute("UPDATE witnesses SET seen_size = %s, cosigned_size = %s", (size, size))
    for ref in (LEDGER_LOG, *projects):
        (settings.keys / f"project.{ref}" / "signed").unlink()


def test_what_was_put_back_signs_and_records_nothing_once_a_witness_was_asked(settings: Settings, database: str) -> None:
    before = go_on(settings, "one")
    after = go_on(settings, "two")
    put_back(settings, before, ["two"])

    ledger = Ledger(settings, database)
    assert ledger.witness_policy is not None
    with ledger.datastore:
        assert ledger.barred() == [], "of itself it cannot know"
        settle_with_witnesses(ledger.datastore, ledger.witness_policy.policy)
        [error] = ledger.barred()
        assert isinstance(error, LedgerBehindWitness)
        assert (error.witness, error.seen, error.size) == (KEY.vkey.name, after, before)
        assert "put the newest backup of the database back" in str(error)
        with ledger.writing() as intake:
            for project, document in (("one", organizer("project.described", description={"fr": "Encore."})), ("three", opening())):
                with pytest.raises(LedgerBehindWitness):
                    post(intake, project, document)

        # An operator who is sure that the witness is wrong takes it out of the policy.
        settle_with_witnesses(ledger.datastore, parse_policy(b"quorum none\n"))
        assert ledger.barred() == []
        settle_with_witnesses(ledger.datastore, ledger.witness_policy.policy)
        assert len(ledger.barred()) == 1
        settle_with_witnesses(ledger.datastore, None)
        assert ledger.barred() == []
