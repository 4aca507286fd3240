"""A refused post is answered with what the log signs about it; a recorded one, if somebody waits, with its proofs."""

from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import httpx2
import orjson
import pytest

from ledger.canonical import canonical
from ledger.tlog.note import parse_note
from ledger.tlog.receipt import Refusal, signed_receipt, signed_refusal
from ledger.tlog.tlog_proof import parse_tlog_proof
from tests.api.conftest import PROJECT, Town
from tests.posting import Document, ballot, organizer
from tests.serving import Service

NDJSON = "application/x-ndjson"


def refusal(service: Service, problem: dict[str, Any], project: str = PROJECT) -> Refusal:
    """What the log signed about the problem, verified with its key."""
    vkeys = [signer.vkey for signer in service.keeper.keys.signers(project)]
    found = signed_refusal(parse_note(problem["refusal"].encode()), vkeys)
    assert found is not None, "the log did not sign it"
    assert found.origin == f"127.0.0.1:{service.port}/p/{project}"
    assert found.code == problem["code"]
    return found


def post(town: Town, body: bytes, query: str = "", key: str | None = None, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return town.service.http.post(
        f"/v1/projects/{PROJECT}/events{query}", content=body, headers={"Authorization": f"Bearer {key or town.key}", **named}
    )


TWICE = ballot("twice", 0)


@pytest.mark.parametrize(
    ("body", "headers", "query", "code"),
    [
        (orjson.dumps(TWICE), {}, "", "already-voted"),
        (b"{ not json", {}, "", "not-json"),
        (b"[]", {}, "", "invalid-field"),
        (b'{"type": "nothing.happened/1", "data": {}}', {}, "", "unknown-event-type"),
        (b"x", {"Content_Type": "text/plain"}, "", "media-type-unknown"),
        (b"x", {"Content_Encoding": "gzip"}, "", "encoding-unknown"),
        (orjson.dumps(TWICE), {"If_Match": '"7"'}, "", "version-stale"),
        (orjson.dumps(TWICE), {"If_Match": "seven"}, "", "parameter-invalid"),
        (orjson.dumps(TWICE), {}, "?atomic=maybe", "parameter-invalid"),
        (orjson.dumps(TWICE), {}, "?wait=long", "parameter-invalid"),
        (orjson.dumps(TWICE), {"Content_Type": NDJSON}, "?wait=checkpoint", "already-voted"),
    ],
)
def test_whatever_was_judged_and_refused_is_refused_with_a_signature(
    town: Town, body: bytes, headers: dict[str, str], query: str, code: str
) -> None:
    town.post(TWICE)
    answer = post(town, body, query, **headers)
    assert answer.json()["code"] == code
    found = refusal(town.service, answer.json())
    assert found.body_digest == sha256(body).digest()


def test_what_an_api_key_does_not_allow_is_refused_with_a_signature_too(town: Town) -> None:
    body = orjson.dumps(ballot("anne", 0))
    for key in (
        town.service.key("onlooker", scopes=frozenset({"nothing"})),
        town.service.key("moderators", roles=frozenset({"moderator"})),
        town.service.key("neighbours", projects=frozenset({"another"})),
    ):
        answer = post(town, body, key=key)
        assert answer.status_code == 403
        assert refusal(town.service, answer.json()).body_digest == sha256(body).digest()


def test_nobody_and_a_project_that_does_not_exist_get_no_signature(town: Town) -> None:
    body = orjson.dumps(ballot("anne", 0))
    unknown = town.service.http.post(f"/v1/projects/{PROJECT}/events", content=body)
    elsewhere = town.service.post("nowhere", body, town.key)
    malformed = town.service.post("nowhere", b"{ not json", town.key)
    beyond = town.service.post("nowhere", body, town.service.key("bound", projects=frozenset({"another"})))
    assert [answer.status_code for answer in (unknown, elsewhere, malformed, beyond)] == [401, 404, 422, 403]
    assert not any("refusal" in answer.json() for answer in (unknown, elsewhere, malformed, beyond))


def test_a_body_that_was_not_read_to_its_end_is_refused_without_a_signature(town: Town) -> None:
    answer = post(town, b"x" * (16 * 1024 * 1024 + 1))
    assert answer.json()["code"] == "body-too-large"
    assert "refusal" not in answer.json()


def test_the_time_of_a_refusal_is_the_ledgers(town: Town) -> None:
    town.post(TWICE)
    receipt = town.post(ballot("somebody on time", 0)).json()["receipt"]
    vkeys = [signer.vkey for signer in town.service.keeper.keys.signers(PROJECT)]
    recorded = signed_receipt(parse_note(receipt.encode()), vkeys)
    assert recorded is not None
    assert 0 <= refusal(town.service, town.post(TWICE).json()).unix_seconds - recorded.unix_seconds < 60


def lines_refused(town: Town, answer: httpx2.Response, lines: Sequence[bytes]) -> list[str]:
    """The codes of refused lines, each signed with the digest of these bytes of its line."""
    codes = []
    for event, line in zip(answer.json()["events"], lines, strict=True):
        if "problem" in event:
            assert refusal(town.service, event["problem"]).body_digest == sha256(line).digest()
            codes.append(event["problem"]["code"])
    return codes


LINES: list[Document] = [
    ballot("line by line", 0),
    ballot("line by line", 1),
    {"type": "nothing.happened/1", "data": {}},
    organizer("step.opened", step="nowhere"),
]
CODES = ["already-voted", "unknown-event-type", "step-unknown"]


def test_each_refused_line_has_its_own_over_the_bytes_of_the_line(town: Town) -> None:
    lines = [orjson.dumps(line, option=orjson.OPT_INDENT_2).replace(b"\n", b" ") + b"\r" for line in LINES]
    answer = post(town, b"\n".join(lines), "?atomic=false", Content_Type=NDJSON)
    assert answer.status_code == 201
    assert lines_refused(town, answer, lines) == CODES


def test_of_an_array_the_canonical_json_of_each_member_is_digested(town: Town) -> None:
    members = [*LINES[1:], {**ballot("line by line", 0), "role": "participant"}]
    answer = post(town, orjson.dumps(members, option=orjson.OPT_INDENT_2), "?atomic=false")
    assert answer.status_code == 200
    assert lines_refused(town, answer, [canonical(member) for member in members]) == [*CODES, "already-voted"]


def test_of_cloudevents_the_canonical_json_of_each_event_is_digested(town: Town) -> None:
    common = {"specversion": "1.0", "source": "/town", "role": "organizer"}
    events = [{**common, "id": str(place), "type": line["type"], "data": line["data"]} for place, line in enumerate(LINES[2:])]
    answer = post(town, orjson.dumps(events), "?atomic=false", Content_Type="application/cloudevents-batch+json")
    assert lines_refused(town, answer, [canonical(event) for event in events]) == CODES[1:]


def test_one_submission_alone_is_known_by_the_whole_body_in_whatever_form(town: Town) -> None:
    town.post(TWICE)
    event = {"specversion": "1.0", "source": "/town", "id": "alone", "type": "ballot.cast/1", "participant": "twice", "data": TWICE["data"]}
    for body, headers in (
        (orjson.dumps(TWICE, option=orjson.OPT_INDENT_2), {}),
        (orjson.dumps(event), {"Content_Type": "application/cloudevents+json"}),
        (
            orjson.dumps(TWICE["data"]),
            {"ce_specversion": "1.0", "ce_source": "/t", "ce_id": "b", "ce_type": "ballot.cast/1", "ce_participant": "twice"},
        ),
    ):
        answer = post(town, body, "?atomic=false", **headers)
        assert answer.status_code == 200
        assert lines_refused(town, answer, [body]) == ["already-voted"]


def test_a_request_that_is_sent_again_is_refused_in_the_same_words_line_by_line(town: Town) -> None:
    lines = b"\n".join(orjson.dumps(line) for line in (ballot("again", 0), ballot("again", 1), LINES[2]))
    first, second = (post(town, lines, "?atomic=false", Content_Type=NDJSON, Idempotency_Key="refused-lines") for _ in range(2))
    assert first.content == second.content
    assert "refusal" in first.json()["events"][1]["problem"]
    reused = post(town, lines + b"\n" + lines, "?atomic=false", Content_Type=NDJSON, Idempotency_Key="refused-lines")
    assert refusal(town.service, reused.json()).code == "idempotency-key-reused"


def test_who_waits_for_a_checkpoint_gets_a_proof_of_each_entry(town: Town) -> None:
    lines = b"\n".join(orjson.dumps(line) for line in (ballot("waits", 0), ballot("waits", 1), ballot("waits too", 1)))
    answer = post(town, lines, "?atomic=false&wait=checkpoint", Content_Type=NDJSON)
    assert answer.status_code == 201
    told = answer.json()
    assert "proofs_pending" not in told
    recorded = [event for event in told["events"] if "problem" not in event]
    vkeys = [signer.vkey for signer in town.service.keeper.keys.signers(PROJECT)]
    for event, written in zip(recorded, told["proofs"], strict=True):
        proof = parse_tlog_proof(written.encode())
        assert proof.index == event["seq"]
        assert proof.verifies(b64decode(event["leaf_hash"]), vkeys)
    assert len(recorded) == 2
    nothing = post(town, orjson.dumps(TWICE), "?atomic=false&wait=checkpoint")
    assert (nothing.status_code, nothing.json()["proofs"]) == (200, [])


def test_proofs_of_a_whole_tile_can_be_waited_for_and_no_more(town: Town) -> None:
    lines = [orjson.dumps(ballot(f"one of many {number}", 0)) for number in range(257)]
    size = town.size
    answer = post(town, b"\n".join(lines), "?wait=checkpoint", Content_Type=NDJSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["parameter"]) == (422, "parameter-invalid", "wait")
    assert town.size == size
    answer = post(town, b"\n".join(lines[1:]), "?wait=checkpoint", Content_Type=NDJSON)
    assert (answer.status_code, len(answer.json()["proofs"])) == (201, 256)
    vkeys = [signer.vkey for signer in town.service.keeper.keys.signers(PROJECT)]
    for event, written in zip(answer.json()["events"], answer.json()["proofs"], strict=True):
        assert parse_tlog_proof(written.encode()).verifies(b64decode(event["leaf_hash"]), vkeys)
