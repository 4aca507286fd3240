"""`ledger erase`: what it does, what it prints, and what it says when it cannot."""

from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from typer.testing import CliRunner, Result

from ledger.cli.erase import app
from ledger.store.clients import create_client
from ledger.store.keystore import FileKeyStore
from tests.posting import HOST, TOWN, ledger, organizer
from tests.store.talking import BENCH, LAMP, OF_ADA, OF_BO, opened, told


class Operator:
    """Somebody with a terminal beside the database, and a project in it."""

    def __init__(self, database: str, folder: Path, ref: str) -> None:
        self.database, self.ref = database, ref
        self.keys = FileKeyStore(folder / "keys")
        self._environment = {"LEDGER_DATABASE_URL": database, "LEDGER_DATA_DIR": str(folder), "LEDGER_ORIGIN": HOST, "COLUMNS": "200"}
        with ledger(database, keys=self.keys) as town:
            told(town, ref)

    def erase(self, *arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, [self.ref, *arguments], env=self._environment, input=typed, prog_name="ledger erase")

    def erased(self, *arguments: str, typed: str | None = None) -> Any:
        done = self.erase(*arguments, "--json", typed=typed)
        assert done.exit_code == 0, done.output
        return orjson.loads(done.stdout)

    def left(self) -> set[tuple[int, str]]:
        with ledger(self.database, keys=self.keys) as town:
            return set(opened(town, self.ref))


@pytest.fixture(scope="module")
def operator(database: str, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """One for all who change nothing."""
    return Operator(database, tmp_path_factory.mktemp("operator"), "unchanged")


ASKED = ("--ground", "asked")
NAMED = (*ASKED, "--namespace", TOWN.namespace)


def test_people_are_erased_by_options_by_a_file_and_by_what_is_typed(database: str, tmp_path: Path) -> None:
    operator = Operator(database, tmp_path, "people")
    told = operator.erased("--participant", "ada", *NAMED)
    assert {(entry["entry"], name) for entry in told["entries"] for name in entry["fields"]} | {(10, "details")} == OF_ADA
    assert (told["project"], told["private"], told["epoch"]) == ("people", 1, 2)
    assert operator.left() == OF_BO
    listed = tmp_path / "people.txt"
    listed.write_text("nobody\n\nbo\n", encoding="utf-8")
    assert operator.erased("--participants-from", str(listed), *NAMED)["epoch"] == 3
    assert operator.left() == set()
    done = operator.erase("--participants-from", "-", *NAMED, typed="bo\n")
    assert (done.exit_code, "nothing-to-erase" in done.stderr) == (1, True)


def test_more_people_than_fit_in_one_order_are_erased(database: str, tmp_path: Path) -> None:
    operator = Operator(database, tmp_path, "crowd")
    typed = "\n".join(["ada", *(f"nobody {number}" for number in range(1500)), "bo"])
    assert operator.erased("--participants-from", "-", *NAMED, typed=typed)["private"] == 1
    assert operator.left() == set()


def test_a_content_and_a_field_are_erased_and_told_in_words(database: str, tmp_path: Path) -> None:
    operator = Operator(database, tmp_path, "words")
    done = operator.erase("--target", BENCH, *ASKED)
    assert done.exit_code == 0, done.output
    assert "entry 12: reason" in done.stdout and "epoch 2" in done.stdout and "erasure-" in done.stdout
    told = operator.erased("--entry", "6", "--field", "body", "--field", "title", "--authority", "court-9", *ASKED)
    assert (told["entries"], told["requests"]) == ([{"entry": 6, "fields": ["body", "title"]}], [])
    assert operator.erased("--entry", "9", *ASKED)["entries"] == [{"entry": 9, "fields": None}]


def test_the_people_are_those_of_the_clients_platform(database: str, tmp_path: Path) -> None:
    operator = Operator(database, tmp_path, "namespaces")
    with psycopg.connect(database) as connection:
        create_client(connection, TOWN)
    with ledger(database, keys=operator.keys) as town:
        town.post("namespaces", organizer("role.granted", granted="organizer", client="desk"))
    refused = operator.erase("--participant", "ada", *ASKED)
    assert (refused.exit_code, "desk, town-hall" in refused.stderr) == (2, True)
    refused = operator.erase("--participant", "ada", *ASKED, "--as", "desk")
    assert (refused.exit_code, "nothing-to-erase" in refused.stderr) == (1, True)
    operator.erased("--participant", "ada", *ASKED, "--as", "town-hall")
    assert operator.left() == OF_BO
    with ledger(database, keys=operator.keys) as town:
        [via] = {orjson.loads(entry)["via"] for entry in town.entries("namespaces") if b"content.erased" in entry}
    assert via == "town-hall"


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        ((), 2, "--ground"),
        (ASKED, 2, "name one of participant"),
        (("--ground", "Because!", "--entry", "5"), 2, "ground"),
        ((*ASKED, "--entry", "five"), 2, "--entry"),
        ((*ASKED, "--entry", "5", "--target", LAMP), 2, "name one of"),
        ((*ASKED, "--target", LAMP, "--field", "body"), 2, "fields go with an entry"),
        ((*ASKED, "--target", "bench"), 2, "target"),
        ((*ASKED, "--entry", "5", "--request", "a", "--authority", "b"), 2, "not from both"),
        ((*ASKED, "--participants-from", "/nowhere/at/all"), 2, "cannot be read"),
        ((*ASKED, "--participants-from", "-"), 2, "names nobody"),
        ((*ASKED, "--entry", "0"), 1, "nothing-committed"),
        ((*ASKED, "--entry", "900"), 1, "entry-unknown"),
        ((*ASKED, "--entry", "5", "--as", "stranger"), 1, "role-not-held"),
        ((*ASKED, "--entry", "5", "--request", "letter"), 1, "request-unknown"),
    ],
)
def test_what_cannot_be_erased_is_said_in_a_sentence(operator: Operator, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = operator.erase(*arguments, typed="")
    assert done.exit_code == code, done.output
    assert words in " ".join(done.stderr.split())
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_an_unknown_project_is_said_so_and_help_warns(operator: Operator) -> None:
    operator.ref, kept = "atlantis", operator.ref
    done = operator.erase("--entry", "5", *ASKED)
    operator.ref = kept
    assert (done.exit_code, "project-unknown" in done.stderr) == (1, True)
    assert "cannot be undone" in operator.erase("--help").stdout
    assert operator.left() == OF_ADA | OF_BO
