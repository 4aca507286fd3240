"""The OpenAPI document is valid, describes every event type and every error, and what it says of answers is so."""

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from ledger.api.examples import STORY
from ledger.api.openapi import leaves
from ledger.api.problems import status_of
from ledger.errors import LedgerError
from ledger.events import EVENTS
from tests.api.conftest import PROJECT, Town
from tests.posting import ballot

Document = dict[str, Any]
POST = ("/v1/projects/{project}/events", "post")


@pytest.fixture(scope="module")
def document(town: Town) -> Document:
    answer = town.service.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    found: Document = orjson.loads(answer.content)
    return found


def check(document: Document, schema: Document, value: object) -> None:
    """The value is as the schema, which may refer to the document's components, says."""
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def test_the_document_is_valid(document: Document) -> None:
    validate(document)


def test_answers_in_lines_are_described_without_what_validators_refuse(document: Document) -> None:
    assert b"itemSchema" not in orjson.dumps(document)
    assert "application/x-ndjson" in document["paths"][POST[0]]["get"]["responses"]["200"]["content"]


def test_every_event_type_can_be_posted_as_its_example_shows(document: Document) -> None:
    content = document["paths"][POST[0]]["post"]["requestBody"]["content"]["application/json"]
    assert set(content["examples"]) == {event.wire_type() for event in EVENTS}
    for name, shown in content["examples"].items():
        assert shown["value"]["type"] == name
        check(document, content["schema"], shown["value"])
    mapping = document["components"]["schemas"]["Submission"]["discriminator"]["mapping"]
    assert set(mapping) == {wire_type for event in EVENTS for wire_type in event.wire_types()}


def test_the_story_is_as_the_schemas_say(document: Document) -> None:
    for submitted in STORY:
        check(document, {"$ref": "#/components/schemas/Submission"}, submitted)


def test_fields_that_only_the_ledger_writes_are_not_offered(document: Document) -> None:
    for name in ("BallotCastPosted", "RollListedPosted", "RoleGrantedPosted"):
        assert not {"_sd", "sd", "members", "holder"} & set(document["components"]["schemas"][name]["properties"])


@pytest.mark.parametrize("leaf", list(leaves()), ids=lambda leaf: leaf.code)
def test_every_error_is_described_under_its_status(document: Document, leaf: type[LedgerError]) -> None:
    response = document["components"]["responses"][f"Problem{status_of(leaf)[0]}"]
    [content] = response["content"].values()
    assert leaf.code in content["schema"]["allOf"][1]["properties"]["code"]["enum"]
    assert f"`{leaf.code}`" in response["description"]


def test_no_two_errors_share_a_code() -> None:
    codes = [leaf.code for leaf in leaves()]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects",
        "/v1/projects/{project}",
        "/v1/projects/{project}/events",
        "/v1/projects/{project}/proposals",
        "/v1/projects/{project}/results",
        "/v1/projects/{project}/results/{step}",
        "/v1/projects/{project}/timeline",
    ],
)
def test_answers_are_as_described(document: Document, town: Town, path: str) -> None:
    town.service.settle(PROJECT)
    answer = town.service.get(path.format(project=PROJECT, step="vote"))
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    check(document, schema, answer.json())


def test_receipts_and_problems_are_as_described(document: Document, town: Town) -> None:
    receipts = document["paths"][POST[0]]["post"]["responses"]["201"]["content"]["application/json"]["schema"]
    body = b'{"type": "category.defined/1", "role": "organizer", "data": {"ref": "c", "name": {"en": "C"}}}'
    lines = body + b"\n" + body
    answer = town.service.http.post(
        f"/v1/projects/{PROJECT}/events?atomic=false",
        content=lines,
        headers={"Authorization": f"Bearer {town.key}", "Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 201
    check(document, receipts, answer.json())
    refused = town.service.post(PROJECT, body, town.key)
    assert refused.status_code == 409
    check(document, document["components"]["responses"]["Problem409"]["content"]["application/problem+json"]["schema"], refused.json())


def test_what_is_refused_and_what_was_waited_for_is_as_described(document: Document, town: Town) -> None:
    receipts = document["paths"][POST[0]]["post"]["responses"]["201"]["content"]["application/json"]["schema"]
    body = b'{"type": "category.defined/1", "role": "organizer", "data": {"ref": "waited", "name": {"en": "W"}}}'
    headers = {"Authorization": f"Bearer {town.key}"}
    waited = town.service.http.post(f"/v1/projects/{PROJECT}/events?wait=checkpoint", content=body, headers=headers)
    assert len(waited.json()["proofs"]) == 1
    check(document, receipts, waited.json())
    refused = town.service.post(PROJECT, body, town.key)
    assert refused.json()["refusal"].startswith("ledger-refusal/v1\n")
    check(document, document["components"]["responses"]["Problem409"]["content"]["application/problem+json"]["schema"], refused.json())


def test_what_belongs_to_one_person_is_answered_as_described(document: Document, town: Town) -> None:
    town.post(ballot("described", 0))
    order = {"scope": "step/vote", "participants": ["described"]}
    keys = "/v1/projects/{project}/participant-keys"
    handed = town.service.http.post(keys.format(project=PROJECT), json=order, headers={"Authorization": f"Bearer {town.key}"})
    check(document, document["paths"][keys]["post"]["responses"]["200"]["content"]["application/json"]["schema"], handed.json())
    town.service.settle(PROJECT)
    mine = "/v1/projects/{project}/steps/{step}/my-ballot"
    question = {"k": handed.json()["keys"][0]["k"]}
    found = town.service.http.post(mine.format(project=PROJECT, step="vote"), json=question)
    assert found.json()["status"] == "not_yet_counted"
    check(document, document["paths"][mine]["post"]["responses"]["200"]["content"]["application/json"]["schema"], found.json())
    for path, answer in ((keys, order), (mine, question)):
        check(document, document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"], answer)
