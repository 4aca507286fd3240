"""The command line as an operator uses it: a service of its own on the embedded database, verbs beside it and without it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from typer.testing import CliRunner, Result

from ledger.cli import VERBS
from ledger.store.embedded import EmbeddedPostgres
from tests.posting import ballot, organizer, vote_opened

LEDGER = [sys.executable, "-c", "from ledger.cli import main; main()"]


class Operator:
    """Somebody with a data folder and a free port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.folder = folder
        self.said: list[str] = []
        """What the service last said before it served."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
        self.environment = {**kept, "LEDGER_DATA_DIR": str(folder / "data"), "COLUMNS": "200", "NO_COLOR": "1"}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([*LEDGER, *arguments], env=self.environment, capture_output=True, text=True, check=False, timeout=60)

    def call(self, verb: str, *arguments: str) -> Result:
        """What a verb does, in this process: a new one takes a second to begin."""
        app = import_module(VERBS[verb].module).app
        return CliRunner().invoke(app, list(arguments), env=self.environment, prog_name=f"ledger {verb}")

    def told(self, verb: str, *arguments: str) -> str:
        """What a verb that works prints."""
        done = self.call(verb, *arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def json(self, verb: str, *arguments: str) -> Any:
        return orjson.loads(self.told(verb, *arguments, "--json"))

    def serve(self, *arguments: str) -> "subprocess.Popen[str]":
        """A service that serves, and has said so."""
        command = [*LEDGER, "serve", "--port", str(self.port), *arguments]
        service = subprocess.Popen(command, env=self.environment, stderr=subprocess.PIPE, text=True)
        assert service.stderr is not None
        line = service.stderr.readline()
        self.said.clear()
        while "serves at" not in line:
            assert line, "the service ended at its start"
            self.said.append(line)
            line = service.stderr.readline()
        assert f"http://127.0.0.1:{self.port}" in line
        return service

    def post(self, key: str, *documents: dict[str, Any]) -> None:
        answer = httpx2.post(
            f"http://127.0.0.1:{self.port}/v1/projects/town/events",
            content=b"\n".join(map(orjson.dumps, documents)),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"},
        )
        assert answer.status_code == 201, answer.text


def ended(service: "subprocess.Popen[str]", number: signal.Signals = signal.SIGTERM) -> int:
    """The exit code of a service that was asked to end."""
    service.send_signal(number)
    _, _ = service.communicate(timeout=60)
    return service.returncode


@pytest.fixture(scope="module")
def operator() -> Iterator[Operator]:
    # Not pytest's own temporary folder: every session of it closes that again to the account that PostgreSQL runs as beside root.
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        yield Operator(Path(folder))


@pytest.fixture(scope="module")
def key(operator: Operator) -> Iterator[str]:
    """Made before any service ever ran: the database is made on the way. Afterwards it is kept running, which saves everybody's time."""
    scopes = ["--scope", "projects:create", "--scope", "events:write"]
    done = operator.run("keys", "create", "town-hall", *scopes, "--namespace", "people", "--json")
    made = orjson.loads(done.stdout)
    assert (made["name"], made["namespace"], made["scopes"]) == ("town-hall", "people", ["events:write", "projects:create"])
    with EmbeddedPostgres(operator.folder / "data"):
        yield str(made["key"])


@pytest.fixture(scope="module")
def voted(operator: Operator, key: str) -> Iterator[Operator]:
    """After a vote; the service has ended again."""
    service = operator.serve("--workers", "2")
    try:
        operator.post(key, *vote_opened(), *(ballot(f"resident {number}", number % 2) for number in range(20)))
        operator.post(key, organizer("step.closed", step="vote"), organizer("outcome.published", step="vote", selected=[0, 1]))
        beside = operator.json("results", "town")
        assert beside["steps"][0]["counted"] == 20
        operator.told("export", "town", "--out", str(operator.folder / "beside.zip"))
    finally:
        assert ended(service, signal.SIGINT) == 0
    yield operator


def test_results_are_the_same_without_the_service(voted: Operator) -> None:
    results = voted.json("results", "town")
    [vote] = results["steps"]
    assert set(results) == {"project", "seq", "steps"}
    assert set(vote) == {"step", "rule", "winners", "published", "agrees", "explained", "counted", "not_counted"}
    assert (results["project"], vote["winners"], vote["agrees"], vote["counted"]) == ("town", ["bench", "orchard"], True, 20)


def test_results_are_told_in_a_table(voted: Operator) -> None:
    table = voted.told("results", "town")
    assert "20 ballots count" in table and "agrees with the count" in table
    assert [line.split()[:2] for line in table.splitlines() if " won " in f" {line} "] == [["won", "bench"], ["won", "orchard"]]


def test_a_package_verifies_against_the_key_that_is_shown(voted: Operator) -> None:
    package = voted.folder / "town.zip"
    voted.told("export", "town", "--out", str(package))
    shown = voted.json("keys", "show", "town")
    assert set(shown) == {"origin", "vkey", "vkeys"}
    assert shown["origin"] == f"127.0.0.1:{voted.port}/p/town"
    assert voted.told("keys", "show", "town") == shown["vkey"] + "\n"
    of_ledger = voted.json("keys", "show", "--ledger")
    assert (of_ledger["origin"], of_ledger["vkeys"]) == (f"127.0.0.1:{voted.port}/ledger", [of_ledger["vkey"]])
    voted.told("verify", str(package), "--key", shown["vkey"], "--older", str(voted.folder / "beside.zip"))


def test_tables_can_be_built_anew(voted: Operator) -> None:
    before = voted.told("results", "town", "--json")
    voted.told("projections", "rebuild", "town")
    assert voted.told("results", "town", "--json") == before


def test_the_time_is_shown_and_after_a_jump_confirmed(voted: Operator) -> None:
    assert voted.told("clock", "show").startswith("20")
    file = voted.folder / "data" / "clock.json"
    kept = orjson.loads(file.read_bytes())
    file.write_bytes(orjson.dumps({**kept, "jumped": -5_000_000_000}))
    refused = voted.call("clock", "show")
    assert (refused.exit_code, "jumped backwards by 5 seconds" in refused.stderr) == (1, True)
    assert "Confirmed" in voted.told("clock", "confirm")
    assert voted.told("clock", "show").startswith("20")


def test_the_database_is_up_to_date_after_any_start(voted: Operator) -> None:
    assert "up to date" in voted.told("migrate")


def test_clients_are_listed_and_revoked(voted: Operator, key: str) -> None:
    voted.told("keys", "create", "leaver", "--role", "participant", "--project", "town")
    listed = {client["name"]: client for client in voted.json("keys", "list")}
    assert (listed["leaver"]["roles"], listed["leaver"]["projects"], listed["leaver"]["revoked_at"]) == (["participant"], ["town"], None)
    assert "secret" not in orjson.dumps(list(listed.values())).decode() and key not in voted.told("keys", "list")
    assert "revoked" in voted.told("keys", "revoke", "leaver")
    assert {client["name"]: client for client in voted.json("keys", "list")}["leaver"]["revoked_at"] is not None


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["results", "atlantis"], 1, "no project 'atlantis'"),
        (["export", "atlantis", "--out", "x.zip"], 1, "no project 'atlantis'"),
        (["export", "town", "--out", "/nowhere/at/all.zip"], 1, "Cannot write /nowhere/at/all.zip"),
        (["projections", "rebuild", "atlantis"], 1, "no project 'atlantis'"),
        (["keys", "show", "atlantis"], 1, "has no key"),
        (["keys", "show", "no reference"], 2, "is not a reference"),
        (["keys", "show"], 2, "name a project, or say --ledger"),
        (["keys", "show", "town", "--ledger"], 2, "name a project, or say --ledger"),
        (["keys", "create", "Town Hall"], 2, "cannot be a client's"),
        (["keys", "create", "ledger"], 2, "cannot be a client's"),
        (["keys", "create", "town-hall"], 1, "town-hall"),
        (["keys", "create", "other", "--scope", "everything"], 2, "none of events:write, projects:create"),
        (["keys", "create", "other", "--role", "system"], 2, "'system' is none of"),
        (["keys", "revoke", "nobody"], 1, "nobody"),
        (["results"], 2, "Missing argument"),
        (["serve", "--port", "high"], 2, "--port"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(voted: Operator, arguments: list[str], code: int, words: str) -> None:
    done = voted.call(*arguments)
    assert done.exit_code == code, done.output
    assert words in done.stderr.replace("\n", " ")
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_verb_that_does_not_exist_is_said_so(operator: Operator) -> None:
    done = operator.run("fly")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no verb 'fly'" in done.stderr


def test_a_port_that_is_taken_is_said_so(voted: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = voted.call("serve", "--port", str(taken.getsockname()[1]))
    assert (done.exit_code, "Cannot listen at" in done.stderr) == (1, True)


def test_a_database_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    operator = Operator(tmp_path)
    operator.environment["LEDGER_DATABASE_URL"] = "postgresql://127.0.0.1:1/none"
    for verb in (["serve"], ["keys", "list"], ["results", "town"], ["migrate"]):
        done = operator.call(*verb)
        assert (done.exit_code, "database-unavailable" in done.stderr) == (1, True), done.output


@pytest.mark.parametrize("verb", ["serve", "keys", "results", "export", "projections", "clock", "migrate"])
def test_every_verb_explains_itself(operator: Operator, verb: str) -> None:
    assert "Usage" in operator.told(verb, "--help")


def test_every_verb_is_listed(operator: Operator) -> None:
    done = operator.run("--help")
    assert all(f" {verb} " in done.stdout for verb in VERBS)
