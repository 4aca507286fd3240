"""Every event type with every field spoilt in turn: what is refused says which field and why, and leaves no trace."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
import pytest

from ledger.api.examples import STORY, example
from ledger.events import BY_TYPE
from tests.api.conftest import PROJECT, Town

EVENTS = f"/v1/projects/{PROJECT}/events?atomic=false"
TYPES = sorted({str(submitted["type"]) for submitted in STORY})


class Spoilt(NamedTuple):
    """A submission with something wrong at a place."""

    what: str
    place: str
    document: dict[str, Any]


def spoilt(event_type: str) -> Iterator[Spoilt]:
    """The example of the type, spoilt in every way that a client might."""
    good = example(event_type)
    data: dict[str, Any] = {**good["data"]}  # type: ignore[dict-item]  # an example has data
    for name, value in data.items():
        yield Spoilt("a value of another form", f"$.data.{name}", {**good, "data": {**data, name: _of_other_form(value)}})
        if isinstance(value, str):
            yield Spoilt("a NUL", f"$.data.{name}", {**good, "data": {**data, name: "\x00"}})
            yield Spoilt("a text without end", f"$.data.{name}", {**good, "data": {**data, name: "x" * 70_000}})
        elif isinstance(value, int) and not isinstance(value, bool):
            yield Spoilt("a number below zero", f"$.data.{name}", {**good, "data": {**data, name: -1}})
            yield Spoilt("a fraction", f"$.data.{name}", {**good, "data": {**data, name: 1.5}})
        elif isinstance(value, dict):
            yield Spoilt("something unknown inside", f"$.data.{name}", {**good, "data": {**data, name: {**value, "\x00": {}}}})
        if BY_TYPE[event_type].model_fields[name].is_required():
            yield Spoilt("a field that is absent", f"$.data.{name}", {**good, "data": {key: data[key] for key in data if key != name}})
    yield Spoilt("an unknown field", "$.data.colour", {**good, "data": {**data, "colour": "red"}})
    yield Spoilt("a commitment from outside", "$.data._sd", {**good, "data": {**data, "_sd": ["A" * 43]}})
    yield Spoilt("data that is a list", "$.data", {**good, "data": [data]})
    yield Spoilt("an unknown role", "$.role", {**good, "role": "king"})
    yield Spoilt("an unknown channel", "$.channel", {**good, "channel": "pigeon"})
    yield Spoilt("an empty person", "$.participant", {**good, "participant": ""})
    yield Spoilt("a time of day", "$.claimed_at", {**good, "claimed_at": "noon"})
    yield Spoilt("an unknown key", "$.colour", {**good, "colour": "red"})


def _of_other_form(value: object) -> object:
    """What can never stand where this value stands."""
    return 7.25 if isinstance(value, (str, bool, dict, list)) else {"of": "no form"}


@pytest.mark.parametrize("event_type", TYPES)
def test_what_is_wrong_with_an_event_is_said_with_its_field_and_nothing_is_recorded(town: Town, event_type: str) -> None:
    before = town.size
    cases = list(spoilt(event_type))
    body = b"\n".join(orjson.dumps(case.document) for case in cases)
    answer = town.service.http.post(
        EVENTS, content=body, headers={"Authorization": f"Bearer {town.key}", "Content-Type": "application/x-ndjson"}
    )
    problems = [line["problem"] for line in answer.json()["events"]]
    assert len(problems) == len(cases)
    for line, (case, problem) in enumerate(zip(cases, problems, strict=True), 1):
        assert (problem["status"], problem["code"]) == (422, "invalid-field"), f"{event_type}, {case.what} at {case.place}: {problem}"
        assert problem["place"].startswith(f"line {line}: {case.place}"), f"{event_type}, {case.what} at {case.place}: {problem}"
        assert problem["why"]
    assert town.size == before
