"""Erasure over HTTP: who may order it, what is answered, and that nobody's reference is left anywhere."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx2
import orjson
import pytest
import structlog

from ledger.audit import Trust, verify
from ledger.package.disclosure_lines import read_disclosure_line
from ledger.submit import CREATE, ERASE, WRITE
from ledger.tlog.vkey import parse_vkey
from tests.posting import Document, organizer
from tests.serving import Service
from tests.store.talking import BENCH, LAMP, consultation, contributed, written

ADA = "ada of Mill Lane 7"


class Talk:
    """A consultation on a service; `key` may do everything in it."""

    def __init__(self, service: Service, project: str) -> None:
        self.service, self.project = service, project
        self.key = service.key(f"{project}-hall", namespace="people")
        self.post(*consultation(), contributed("bench", ADA), contributed("lamp", "bo"))
        self.post(written("stance.explained", ADA, step="talk", target=LAMP, how={"fr": "nuance"}), may_fail=True)

    def post(self, *documents: Document, may_fail: bool = False) -> None:
        lines = b"\n".join(map(orjson.dumps, documents))
        answer = self.service.post(self.project, lines, self.key, Content_Type="application/x-ndjson")
        assert may_fail or answer.status_code == 201, answer.text

    def erase(self, order: Any, key: str | None = None, query: str = "", **headers: str) -> httpx2.Response:
        content = order if isinstance(order, bytes) else orjson.dumps(order)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        authorization = {"Authorization": f"Bearer {self.key if key is None else key}"}
        path = f"/v1/projects/{self.project}/erasures{query}"
        return self.service.http.post(path, content=content, headers={"Content-Type": "application/json", **authorization, **named})


@pytest.fixture(scope="module")
def talk(service: Service) -> Talk:
    return Talk(service, "talk")


def code(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_person_is_erased_and_the_answer_says_of_what(service: Service) -> None:
    talk = Talk(service, "person")
    answer = talk.erase({"participant": ADA, "ground": "consent_withdrawn"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    told = answer.json()
    assert [entry["entry"] for entry in told["entries"]] == [5]
    assert (told["project"], told["private"], told["epoch"], told["scopes_without_key"]) == ("person", 0, 2, [])
    entries = service.get("/v1/projects/person/events?format=ndjson&disclosures=true").text
    assert "corps de bench" not in entries
    lines = [orjson.loads(line) for line in entries.splitlines()]
    assert [line["entry"]["type"] for line in lines][-2:] == ["erasure.requested/1", "content.erased/1"]
    assert lines[5]["disclosures"] == {}
    assert len(lines[6]["disclosures"]) == 5
    assert code(talk.erase({"participant": ADA, "ground": "consent_withdrawn"})) == (409, "nothing-to-erase")


def test_a_package_made_after_an_erasure_verifies_and_tells_of_it(service: Service, tmp_path: Path) -> None:
    talk = Talk(service, "packed")
    service.settle("packed")
    talk.erase({"participant": ADA, "ground": "consent_withdrawn"})
    service.settle("packed")
    package = tmp_path / "packed.zip"
    package.write_bytes(service.get("/v1/projects/packed/export").content)
    report = verify(package, trust=Trust((parse_vkey(str(service.keeper.keys.signer("packed").vkey)),)))
    assert (report.verdict, report.findings, report.commitments["erased"]) == ("verified", (), 5)
    with ZipFile(package) as opened:
        lines = [read_disclosure_line(line) for line in opened.read("disclosures.jsonl").splitlines()]
        tables = b"".join(opened.read(name) for name in opened.namelist() if name.endswith(".csv"))
    assert {line.seq for line in lines} == {6}
    assert b"titre de lamp" in tables
    assert b"titre de bench" not in tables


def test_a_content_and_a_field_are_erased(service: Service) -> None:
    talk = Talk(service, "content")
    assert talk.erase({"entry": 6, "fields": ["body"], "ground": "too_much", "authority": "order-1"}).json()["entries"] == [
        {"entry": 6, "fields": ["body"]}
    ]
    told = talk.erase({"target": BENCH, "ground": "unlawful"}).json()
    assert [entry["entry"] for entry in told["entries"]] == [5]
    assert len(told["requests"]) == 1
    assert told["epoch"] == 3


BAD: list[tuple[object, str]] = [
    (b"", "not-json"),
    (b"{", "not-json"),
    (b"[]", "invalid-field"),
    (b'"all"', "invalid-field"),
    (b"\xff", "not-json"),
    (b'{"ground": "a", "ground": "b", "entry": 5}', "duplicate-key"),
    ({}, "invalid-field"),
    ({"entry": 5}, "invalid-field"),
    ({"ground": "asked"}, "invalid-field"),
    ({"ground": "asked", "entry": 5, "target": BENCH}, "invalid-field"),
    ({"ground": "asked", "entry": -1}, "invalid-field"),
    ({"ground": "asked", "entry": "5"}, "invalid-field"),
    ({"ground": "asked", "entry": 5.0}, "not-canonical"),
    ({"ground": "asked", "entry": True}, "invalid-field"),
    ({"ground": "asked", "entry": 2**53}, "not-canonical"),
    ({"ground": "Because I say so", "entry": 5}, "invalid-field"),
    ({"ground": "asked", "entry": 5, "fields": []}, "invalid-field"),
    ({"ground": "asked", "entry": 5, "fields": "body"}, "invalid-field"),
    ({"ground": "asked", "target": BENCH, "fields": ["body"]}, "invalid-field"),
    ({"ground": "asked", "target": "ballot/vote"}, "invalid-field"),
    ({"ground": "asked", "participant": ""}, "invalid-field"),
    ({"ground": "asked", "participant": "x" * 257}, "invalid-field"),
    ({"ground": "asked", "participants": []}, "invalid-field"),
    ({"ground": "asked", "participants": ["a"] * 1001}, "invalid-field"),
    ({"ground": "asked", "entry": 5, "request": "r", "authority": "a"}, "invalid-field"),
    ({"ground": "asked", "entry": 5, "reason": "because"}, "invalid-field"),
]


@pytest.mark.parametrize("order, expected", BAD, ids=[repr(order)[:60] for order, _ in BAD])
def test_a_malformed_order_is_answered_with_what_is_wrong_and_erases_nothing(talk: Talk, order: object, expected: str) -> None:
    size = talk.service.size("talk")
    status, found = code(talk.erase(order))
    assert (status, found) == (422, expected)
    assert talk.service.size("talk") == size


def test_what_is_wrong_is_said_without_repeating_whose_it_is(talk: Talk) -> None:
    for order in ({"participant": ADA}, {"participant": ADA, "ground": "Ada wants"}, {"participant": ADA * 99, "ground": "asked"}):
        assert ADA not in talk.erase(order).text


def test_refusals_are_conflicts_with_a_code(talk: Talk) -> None:
    for order, expected in (
        ({"entry": 0}, "nothing-committed"),
        ({"entry": 900}, "entry-unknown"),
        ({"entry": 5, "fields": ["reason"]}, "field-not-committed"),
        ({"target": "contribution/nowhere"}, "nothing-to-erase"),
        ({"participant": "nobody"}, "nothing-to-erase"),
        ({"entry": 5, "request": "letter"}, "request-unknown"),
    ):
        assert code(talk.erase({"ground": "asked", **order})) == (409, expected)
    talk.post(organizer("legal_hold.placed", ref="court", code="proceedings"))
    assert code(talk.erase({"ground": "asked", "participant": ADA})) == (409, "legal-hold-stands")
    talk.post(organizer("legal_hold.lifted", ref="court", code="judged"))


def test_who_may_not_is_told_so(talk: Talk) -> None:
    order = {"ground": "asked", "participant": ADA}
    service = talk.service
    assert code(service.http.post("/v1/projects/talk/erasures", content=orjson.dumps(order))) == (401, "api-key-missing")
    assert code(talk.erase(order, key="nobody")) == (401, "api-key-unknown")
    writer = service.key("writer", scopes=frozenset({WRITE, CREATE}))
    assert code(talk.erase(order, key=writer)) == (403, "scope-missing")
    elsewhere = service.key("elsewhere", projects=frozenset({"other"}))
    assert code(talk.erase(order, key=elsewhere)) == (403, "scope-missing")
    moderator = service.key("moderator", roles=frozenset({"moderator"}))
    assert code(talk.erase(order, key=moderator)) == (403, "role-beyond-key")
    stranger = service.key("stranger")
    assert code(talk.erase(order, key=stranger)) == (409, "role-not-held")
    posting = service.post("talk", orjson.dumps(organizer("content.erased", entry=5, ground="asked", authority="a")), writer)
    assert code(posting) == (403, "scope-missing")


def test_a_key_that_may_only_erase_erases(service: Service) -> None:
    talk = Talk(service, "eraser")
    key = service.key("data-protection", scopes=frozenset({ERASE}), roles=frozenset({"organizer"}), namespace="people")
    talk.post(organizer("role.granted", granted="organizer", client="data-protection"))
    assert talk.erase({"ground": "asked", "participant": ADA}, key=key).status_code == 200


def test_what_is_no_order_is_not_read_as_one(talk: Talk) -> None:
    order = {"ground": "asked", "participant": ADA}
    assert code(talk.erase(order, query="?dry=true")) == (422, "parameter-invalid")
    assert code(talk.erase(order, Content_Type="application/x-ndjson")) == (415, "media-type-unknown")
    assert code(talk.erase(order, Content_Encoding="gzip")) == (415, "encoding-unknown")
    assert code(talk.erase(b" " * (17 << 20))) == (413, "body-too-large")
    answer = talk.service.http.put("/v1/projects/talk/erasures", content=orjson.dumps(order))
    assert code(answer) == (405, "method-not-allowed")
    assert "POST" in answer.headers["allow"]
    for project, expected in (("nowhere", (404, "project-unknown")), ("no%20name", (422, "parameter-invalid"))):
        answer = talk.service.http.post(
            f"/v1/projects/{project}/erasures", content=orjson.dumps(order), headers={"Authorization": f"Bearer {talk.key}"}
        )
        assert code(answer) == expected


def test_nobodys_reference_is_in_a_log_or_a_table(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    talk = Talk(service, "traceless")
    with structlog.testing.capture_logs() as logs:
        talk.erase({"participant": ADA, "ground": "asked"})
        talk.erase({"participant": ADA, "ground": "asked"})
        talk.erase({"participant": ADA, "ground": "Not a code"})
    assert ADA not in str(logs) + caplog.text
    with service.keeper.datastore.connection() as connection:
        tables = [row["tablename"] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        stored = "".join(repr(connection.execute(f"SELECT * FROM {table}".encode()).fetchall()) for table in tables)
    assert "disclosures" in tables
    assert ADA not in stored
    assert "Mill Lane" not in stored
