"""A fault of the service is answered with an incident and told to the operator; neither says what anybody wrote."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
import orjson
import pytest
import structlog

from ledger.api.app import build_app
from ledger.api.erasing import Erasing
from ledger.api.front import Front
from ledger.api.library import Library, ListedProject, Shelf
from ledger.api.participants import Participants
from ledger.api.security import Doorkeeper, Turnstile
from ledger.api.waiting import Waiting
from ledger.api.writing import Posting
from ledger.errors import DatabaseUnavailable
from ledger.ports import Client
from ledger.submit import WRITE, ErasureOrder, ErasureOutcome, Intake, KeysOrder, Posted, Receipted, Recorded

SECRET = "resident-17 lives in Mill Lane"


class DatabaseFault(Exception):
    """What a driver raises: with a row in its words."""

    sqlstate = "23505"


class BrokenLog:
    """A log that fails after some entries."""

    def size(self) -> int:
        return 100_000

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        for seq in range(start, stop):
            if seq == 50_000:
                raise DatabaseFault(SECRET)
            yield seq, b'{"seq":%d}' % seq


class BrokenLibrary:
    """Everything fails, each thing in its own way."""

    def projects(self) -> list[ListedProject]:
        raise DatabaseFault(SECRET)

    def shelf(self, project: str) -> Shelf:
        return Shelf(project, cast("Any", BrokenLog()), cast("Any", None), lambda: iter(()))

    def check_ready(self) -> None:
        raise DatabaseUnavailable("it is gone")


class BrokenIntake:
    """Nothing is recorded, for a reason that nobody foresaw."""

    async def submit(self, project: str, client: Client, posted: Posted) -> Receipted:
        raise DatabaseFault(SECRET) from ValueError(SECRET)


def broken_erasure(project: str, client: Client, order: ErasureOrder) -> ErasureOutcome:
    raise DatabaseFault(f"{SECRET}: {order}")


def broken_keys(project: str, client: Client, order: KeysOrder) -> list[tuple[str, str]]:
    raise DatabaseFault(f"{SECRET}: {order}")


@asynccontextmanager
async def no_lifespan() -> AsyncIterator[None]:
    yield


@pytest.fixture
def app() -> Front:
    doorkeeper = Doorkeeper(lambda key: Client("anne", "town", frozenset({WRITE}), frozenset({"agent"})))
    posting = Posting(
        cast("Intake", BrokenIntake()), Waiting(cast("Library", BrokenLibrary())), doorkeeper, Turnstile(0), 1000, "https://docs.test"
    )
    erasing = Erasing(broken_erasure, doorkeeper, Turnstile(0), 1000)
    participants = Participants(broken_keys, doorkeeper, Turnstile(0), 1000)
    return build_app(posting, erasing, participants, cast("Library", BrokenLibrary()), "https://docs.test", no_lifespan)


EVENT = b'{"type": "project.archived/1", "data": {}}'


def answered(app: Front, method: str, path: str, body: bytes = EVENT) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=cast("Any", app), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            content = body if method == "POST" else None
            return await client.request(method, path, headers={"Authorization": "Bearer key"}, content=content)

    return asyncio.run(ask())


@pytest.mark.parametrize("method, path", [("GET", "/v1/projects"), ("POST", "/v1/projects/town/events")])
def test_a_fault_is_answered_with_an_incident_that_stands_in_the_log(app: Front, method: str, path: str) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = answered(app, method, path)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (500, "unforeseen")
    [log] = logs
    assert (log["event"], log["incident"], log["doing"]) == ("unforeseen", told["incident"], f"{method} {path}")
    assert log["causes"][0]["kind"].endswith("DatabaseFault")
    assert log["causes"][0]["sqlstate"] == "23505"
    assert any("test_incidents.py" in place for place in log["causes"][0]["places"])
    assert SECRET not in str(logs) and SECRET not in answer.text


def test_a_fault_of_an_erasure_does_not_say_whose(app: Front) -> None:
    order = orjson.dumps({"participant": SECRET, "ground": "asked"})
    with structlog.testing.capture_logs() as logs:
        answer = answered(app, "POST", "/v1/projects/town/erasures", order)
    assert (answer.status_code, answer.json()["code"], len(logs)) == (500, "unforeseen", 1)
    assert SECRET not in str(logs) and SECRET not in answer.text


def test_a_fault_of_what_belongs_to_one_person_does_not_say_whose(app: Front) -> None:
    k = "0E4QbKArJ0VAeOeTGOcwY9Ml8sHbi82UHusCKvB-2-E"
    order = orjson.dumps({"scope": "author", "participants": [SECRET]})
    with structlog.testing.capture_logs() as logs:
        answers = [
            answered(app, "POST", "/v1/projects/town/participant-keys", order),
            answered(app, "POST", "/v1/projects/town/steps/vote/my-ballot", orjson.dumps({"k": k})),
        ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(500, "unforeseen")] * 2
    for answer in answers:
        assert SECRET not in answer.text and k not in answer.text
    assert SECRET not in str(logs) and k not in str(logs) and len(logs) == 2


class RecordingIntake:
    """Everything is recorded."""

    async def submit(self, project: str, client: Client, posted: Posted) -> Receipted:
        return Receipted([Recorded(7, "project", 8, "project.archived/1", b"\1" * 32)], b"receipt", replayed=False, unix_seconds=1)


def test_what_was_recorded_is_answered_so_although_its_proofs_cannot_be_had() -> None:
    doorkeeper = Doorkeeper(lambda key: Client("anne", "town", frozenset({WRITE}), frozenset({"organizer"})))
    waiting = Waiting(cast("Library", BrokenLibrary()))
    posting = Posting(cast("Intake", RecordingIntake()), waiting, doorkeeper, Turnstile(0), 1000, "https://docs.test")
    front = Front(posting, posting, lambda: None)
    with structlog.testing.capture_logs() as logs:
        answer = answered(front, "POST", "/v1/projects/town/events?wait=checkpoint")
    assert answer.status_code == 201
    assert (answer.json()["receipt"], answer.json()["proofs_pending"]) == ("receipt", True)
    assert "proofs" not in answer.json()
    assert [(log["event"], log["doing"]) for log in logs] == [("unforeseen", "wait=checkpoint")]


def test_what_led_to_a_fault_is_told_too(app: Front) -> None:
    with structlog.testing.capture_logs() as logs:
        answered(app, "POST", "/v1/projects/town/events")
    assert [cause["kind"] for cause in logs[0]["causes"]][1] == "builtins.ValueError"


def test_a_fault_in_the_middle_of_an_answer_breaks_it_off_and_is_told_to_the_operator(app: Front) -> None:
    sent: list[dict[str, Any]] = []
    with structlog.testing.capture_logs() as logs:
        asyncio.run(_streamed(app, sent))
    assert sent[0]["status"] == 200
    assert all(message["more_body"] for message in sent[1:]), "the answer was ended as if it were whole"
    content = b"".join(message["body"] for message in sent[1:])
    assert 0 < content.count(b"\n") < 50_001
    [log] = logs
    assert (log["event"], log["doing"]) == ("unforeseen", "GET /v1/projects/town/events")
    assert SECRET not in str(logs) and SECRET.encode() not in content


async def _streamed(app: Front, sent: list[dict[str, Any]]) -> None:
    """Asks for all entries as lines, as a server would, and keeps what is sent."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "headers": [],
    }
    scope |= {"path": "/v1/projects/town/events", "raw_path": b"", "root_path": "", "query_string": b"format=ndjson", "server": None}

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)


def test_what_is_foreseen_is_no_incident(app: Front) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = answered(app, "GET", "/readyz")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "database-unavailable", "1")
    assert logs == []
