"""`ledger keys rotate`, `retire` and `compromised` beside a running service, and a service started on a database that was put back."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import orjson
import psycopg
import pytest

from ledger.store.embedded import EmbeddedPostgres
from ledger.store.keystore import FileKeyStore
from ledger.tlog.note import parse_note, verified_by
from ledger.tlog.vkey import parse_vkey
from tests.cli.test_operating import Operator, ended
from tests.posting import ballot, opening, organizer, vote_opened


class Holder(Operator):
    """Somebody who exchanges keys while a service runs."""

    key: str

    def send(self, *documents: dict[str, Any], project: str = "town") -> httpx2.Response:
        return httpx2.post(
            f"http://127.0.0.1:{self.port}/v1/projects/{project}/events",
            content=b"\n".join(map(orjson.dumps, documents)),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/x-ndjson"},
        )

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}")

    def exported(self, name: str) -> str:
        path = str(self.folder / name)
        self.told("export", "town", "--out", path)
        return path

    def verifies(self, package: str, vkey: str) -> bool:
        done = self.call("verify", package, "--key", vkey, "--json")
        assert done.exit_code in {0, 1}, done.output
        return done.exit_code == 0

    @contextmanager
    def serving(self) -> Iterator[None]:
        service = self.serve()
        try:
            yield
        finally:
            assert ended(service) == 0


@pytest.fixture(scope="module")
def holder() -> Iterator[Holder]:
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        made = Holder(Path(folder))
        with EmbeddedPostgres(made.folder / "data"):
            scopes = ["--scope", "projects:create", "--scope", "events:write"]
            made.key = made.json("keys", "create", "town-hall", *scopes)["key"]
            yield made


def test_a_key_is_exchanged_while_the_service_runs_and_packages_follow(holder: Holder) -> None:
    with holder.serving():
        assert holder.send(*vote_opened(), *(ballot(f"resident {number}", number % 2) for number in range(5))).status_code == 201
        first = holder.exported("first.zip")
        old = holder.told("keys", "show", "town").strip()
        rotated = holder.json("keys", "rotate", "town")
        new = rotated["vkey"]
        assert rotated["older"] == [old]
        assert holder.told("keys", "show", "town").split() == [new, old]
        receipt = parse_note(holder.send(ballot("late", 0)).json()["receipt"].encode())
        assert len(verified_by(receipt, [parse_vkey(new), parse_vkey(old)])) == 2
        during = holder.exported("during.zip")
        assert holder.verifies(first, old) and not holder.verifies(first, new)
        assert holder.verifies(during, old) and holder.verifies(during, new)

        old_id = parse_vkey(old).key_id.hex()
        asked = holder.call("keys", "retire", "town", old_id)
        assert asked.exit_code == 1, "nobody said yes"
        assert holder.told("keys", "show", "town").split() == [new, old]
        assert holder.json("keys", "retire", "town", old_id, "--yes") == {"origin": rotated["origin"], "retired": old, "code": "rotated"}
        after = holder.exported("after.zip")
        assert holder.verifies(after, new) and not holder.verifies(after, old)
        assert holder.verifies(during, old), "what was verified before still is"
        holder.told("verify", after, "--key", new, "--older", during)
        receipt = parse_note(holder.send(ballot("later", 0)).json()["receipt"].encode())
        assert [signature.key_id for signature in receipt.signatures] == [parse_vkey(new).key_id]


def test_the_ledger_logs_key_is_exchanged(holder: Holder) -> None:
    with holder.serving():
        old = holder.told("keys", "show", "--ledger").strip()
        new = holder.told("keys", "rotate", "--ledger").strip()
        package = holder.exported("ledger-rotated.zip")
        for vkey in (old, new):
            holder.told("verify", package, "--ledger-key", vkey)
        holder.told("keys", "retire", parse_vkey(old).key_id.hex(), "--ledger", "--yes")
        assert holder.told("keys", "show", "--ledger").strip() == new
        holder.told("verify", holder.exported("ledger-retired.zip"), "--ledger-key", new)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("rotate",), 2, "name a project, or say --ledger"),
        (("rotate", "town", "--ledger"), 2, "name a project, or say --ledger"),
        (("rotate", "no/ref"), 2, "is not a reference"),
        (("rotate", "nowhere"), 1, "project-unknown"),
        (("retire", "town", "xyz", "--yes"), 2, "is not the id of a key"),
        (("retire", "town", "00000000", "--yes"), 1, "signing-key-unknown"),
        (("retire", "town", "00000000", "--code", "No!", "--yes"), 2, "is not a code"),
        (("compromised", "nowhere", "--yes"), 1, "project-unknown"),
        (("compromised", "town", "--successor", "a b", "--yes"), 2, "neither a reference nor an origin"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(holder: Holder, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = holder.call("keys", *arguments)
    assert (done.exit_code, words in done.stderr.replace("\n", " ")) == (code, True), done.output


def test_a_log_whose_key_was_stolen_ends_and_its_successor_says_so(holder: Holder) -> None:
    with holder.serving():
        assert holder.send(ballot("last", 1)).status_code == 201
        vkey = holder.told("keys", "show", "town").strip()
        ended_as = holder.json("keys", "compromised", "town", "--successor", "town-2", "--yes")
        size = ended_as["size"]
        refused = holder.send(ballot("too late", 1))
        assert (refused.status_code, refused.json()["code"], refused.json()["successor"]) == (409, "log-closed", ended_as["successor"])
        assert holder.get("/v1/projects/town").json()["size"] == size, "it is still read"
        package = holder.exported("ended.zip")
        assert holder.verifies(package, vkey)
        assert list((holder.folder / "data" / "keys" / "project.town").glob("signing*")) == []
        assert holder.call("keys", "rotate", "town").exit_code == 1

        assert holder.send(opening(), ended_as["to_post"], project="town-2").status_code == 201
        project: dict[str, Any] = {}
        deadline = monotonic() + 30
        while "continues" not in project:
            assert monotonic() < deadline, "the views did not follow"
            project = holder.get("/v1/projects/town-2").json()
        assert project["continues"] == ended_as["to_post"]["data"]
        assert project["continues"]["checkpoint"].split("\n")[:2] == [f"127.0.0.1:{holder.port}/p/town", str(size)]


def test_a_service_on_a_database_that_was_put_back_says_so_and_is_read_only_there(holder: Holder) -> None:
    with holder.serving():
        for project in ("behind", "beside"):
            assert holder.send(*vote_opened(), project=project).status_code == 201
        holder.told("export", "behind", "--out", str(holder.folder / "behind.zip"))
    keys = FileKeyStore(holder.folder / "data" / "keys")
    assert keys.signed("behind") is not None
    with EmbeddedPostgres(holder.folder / "data") as postgres, psycopg.connect(postgres.url, autocommit=True) as connection:
        for sql in (
            "DELETE FROM events WHERE project_id = {} AND seq >= 5",
            "DELETE FROM checkpoints WHERE project_id = {}",
            "UPDATE heads SET size = 5, shared_size = 5 WHERE project_id = {}",
        ):
            connection.execute(sql.format("(SELECT project_id FROM projects WHERE ref = 'behind')").encode())
    service = holder.serve()
    try:
        refused = holder.send(organizer("step.closed", step="vote"), project="behind")
        assert (refused.status_code, refused.json()["code"], refused.json()["size"]) == (503, "log-rolled-back", 5)
        assert holder.get("/v1/projects/behind").status_code == 200
        assert holder.get("/readyz").status_code == 200
        assert holder.send(organizer("step.closed", step="vote"), project="beside").status_code == 201
    finally:
        assert ended(service) == 0
    told = "".join(holder.said)
    assert "put back to an older or another state of the project 'behind': it has 5 entries, and 12 were signed" in told
    assert "ledger keys compromised behind --code lost --successor REF" in told
    assert "beside" not in told
    lost = holder.json("keys", "compromised", "behind", "--code", "lost", "--yes")
    assert (lost["size"], lost["successor"]) == (12, None)
