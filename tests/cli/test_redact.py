"""`ledger redact`: it shows what would go, and with --yes nothing is left of it, also on the disk."""

from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from typer.testing import CliRunner, Result

from ledger.audit import Trust, verify
from ledger.cli.redact import app
from ledger.settings import Settings
from ledger.store.keystore import FileKeyStore
from ledger.wiring import Ledger, open_ledger, sign_what_grew, write_package
from tests.importers.searching import files_in, members_of, tables_of
from tests.posting import HOST, TOWN, ballot, ledger, posted, vote_opened
from tests.store.talking import LAMP, consultation, contributed, told, written

ORDER = ("--authority", "court-7", "--code", "defamation")


class Operator:
    """Somebody with a terminal beside the database, and a project in it."""

    def __init__(self, environment: dict[str, str], ref: str) -> None:
        self.ref = ref
        self._environment = {**environment, "COLUMNS": "200"}

    def redact(self, seq: int, *arguments: str) -> Result:
        return CliRunner().invoke(app, [self.ref, str(seq), *ORDER, *arguments], env=self._environment, prog_name="ledger redact")

    def answered(self, seq: int, *arguments: str) -> Any:
        done = self.redact(seq, *arguments, "--json")
        assert done.exit_code == 0, done.output
        return orjson.loads(done.stdout)


def beside(database: str, folder: Path, ref: str) -> Operator:
    return Operator({"LEDGER_DATABASE_URL": database, "LEDGER_DATA_DIR": str(folder), "LEDGER_ORIGIN": HOST}, ref)


def test_without_yes_it_shows_what_would_go_and_nothing_goes(database: str, tmp_path: Path) -> None:
    with ledger(database, keys=FileKeyStore(tmp_path / "keys")) as town:
        told(town, "shown")
        entries = town.entries("shown")
        operator = beside(database, tmp_path, "shown")
        plan = operator.answered(5)
        assert (plan["type"], plan["stream"], plan["version"]) == ("contribution.submitted/2", "contribution/bench", 1)
        assert plan["texts"] == ["body", "collective_name", "fields", "location", "title"]
        assert (plan["later"], plan["unjudged"], plan["results"], plan["redacted"]) == ([11], True, [], None)
        done = operator.redact(5)
        assert done.exit_code == 0
        assert "contribution.submitted/2, version 1 of contribution/bench" in done.stdout
        assert "Nothing was changed" in done.stderr
        assert town.entries("shown") == entries


def test_a_result_that_rests_on_it_is_named(database: str, tmp_path: Path) -> None:
    with ledger(database, keys=FileKeyStore(tmp_path / "keys")) as town:
        town.post("voted", *vote_opened(), ballot("ada", 0))
        seq = len(town.entries("voted")) - 1
    assert beside(database, tmp_path, "voted").answered(seq)["results"] == ["vote"]
    assert "can no longer be counted again as they were: vote" in beside(database, tmp_path, "voted").redact(seq).stdout


@pytest.mark.parametrize("seq, expected", [(0, "entry-not-redactable"), (4000, "entry-unknown")])
def test_what_cannot_be_redacted_is_said_with_its_code(database: str, tmp_path: Path, seq: int, expected: str) -> None:
    with ledger(database, keys=FileKeyStore(tmp_path / "keys")) as town:
        told(town, f"refused-{seq}")
    done = beside(database, tmp_path, f"refused-{seq}").redact(seq, "--yes")
    assert (done.exit_code, f"[{expected}]" in done.stderr) == (1, True)


def test_what_is_typed_wrong_is_a_usage_error(database: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["nowhere", "1", "--authority", "court 7", "--code", "x"], env={"LEDGER_DATABASE_URL": database})
    assert done.exit_code in {1, 2}
    assert CliRunner().invoke(app, ["nowhere", "1"]).exit_code == 2


SLANDER = "The mayor of the riverside took the money of the library"
WHOSE_STANCE = "argument/the-mayor-is-a-thief"


def test_after_a_scrub_nothing_of_it_is_left_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    settings = Settings(data_dir=folder, origin=HOST)
    told_in = [
        *consultation(),
        contributed("lamp", "bo"),
        written(
            "argument.submitted", "ada", ref="the-mayor-is-a-thief", step="talk", contribution="lamp", side="against", body={"fr": SLANDER}
        ),
        written("stance.cast", "cy", step="talk", target=LAMP, value="agree", target_version=1),
    ]
    with open_ledger(settings) as town, town.writing() as intake:
        intake.submit_now("riverside", TOWN, posted(*told_in))
        town.runner.catch_up("riverside")
        before = exported(town, tmp_path / "before.zip")
        assert named_in(kept(town, folder)), "what is looked for is there to be found"
        assert named_in(members_of(before))
        with psycopg.connect(town.conninfo, autocommit=True) as connection:
            connection.execute("ANALYZE")
    operator = Operator({"LEDGER_DATA_DIR": str(folder), "LEDGER_ORIGIN": HOST}, "riverside")
    outcome = operator.answered(6, "--yes", "--scrub")
    assert (outcome["redacted"]["event"], outcome["redacted"]["epoch"], outcome["not_scrubbed"]) == (8, 2, [])
    with open_ledger(settings) as town:
        after = exported(town, tmp_path / "after.zip")
        report = verify(after, trust=Trust((town.keys.signer("riverside").vkey,)), older=before)
        assert report.verdict == "verified", report.findings
        # What is left of the entry names its stream; its bytes, its text and every row made of it are gone.
        assert {name for name, content in (*kept(town, folder), *members_of(after)) if SLANDER.encode() in content} == set()
        assert [name for name, content in kept(town, folder) if WRITTEN in content] == []
        assert [name for name, content in members_of(after) if WRITTEN in content] == []


WRITTEN = b'"side":"against","step":"talk"},"log"'
"""How a part of the entry is written, and of no other."""


def named_in(places: Any) -> list[str]:
    return [name for name, content in places if WRITTEN in content]


def kept(town: Ledger, folder: Path) -> list[tuple[str, bytes]]:
    """All that the machine keeps: every file of the database and of the keys, and the tables unpacked."""
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return [*files_in(folder), *tables_of(town.conninfo)]


def exported(town: Ledger, path: Path) -> Path:
    sign_what_grew(town, "riverside")
    with path.open("wb") as file:
        write_package(town, "riverside", file)
    return path
