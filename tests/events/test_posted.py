"""Submissions are read strictly: what is malformed is refused with its place, and nothing else is raised."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import parse
from ledger.errors import DuplicateKey, InvalidField, LedgerError, Malformed, NotCanonical, NotJson, SubmissionTooLarge, UnknownEventType
from ledger.events import BY_TYPE, Submission
from ledger.events.posted import read_submission, read_submissions

DIGEST = "A" * 43
CHOICES = {"step": "vote", "candidates": DIGEST, "rules": DIGEST}
BALLOT: dict[str, Any] = {"type": "ballot.cast/1", "participant": "ada", "data": {**CHOICES, "entries": [1, 2]}}
OPENING: dict[str, Any] = {
    "type": "contribution.submitted/2",
    "participant": "ada",
    "data": {"ref": "bench", "step": "ideas", "kind": "proposal", "title": {"fr": "Un banc : au soleil"}},
}

FIELDS = ("type", "data", "role", "participant", "step", "entries", "title", "fr", "_sd", "organizer", "2026-03-01T10:00:00.000Z")
WORDS = st.sampled_from([*BY_TYPE, *FIELDS, DIGEST])
LEAVES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=6) | WORDS
OBJECTS = WORDS | st.text(max_size=4)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(OBJECTS, inner, max_size=6), max_leaves=20)


def refused(document: bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read_submission(document, "line 7")
    assert caught.value.submission == "line 7"
    assert str(caught.value)
    return caught.value


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_posted_is_a_submission_or_malformed(document: bytes) -> None:
    try:
        assert isinstance(read_submission(document), Submission)
    except LedgerError as error:
        assert isinstance(error, Malformed)
        assert str(error)


@given(st.sampled_from([BALLOT, OPENING]), st.data())
def test_with_one_byte_changed_it_is_read_as_strictly_or_refused(document: dict[str, Any], data: st.DataObject) -> None:
    body = bytearray(orjson.dumps(document))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    try:
        read = read_submission(bytes(body))
    except Malformed:
        return
    strict = parse(bytes(body))
    assert isinstance(strict, dict)
    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == strict


@pytest.mark.parametrize(
    ("document", "error", "place"),
    [
        (b'{"type":"ballot.cast/1"', NotJson, "line 7: $"),
        (b'{"type":"ballot.cast/9","data":{}}', UnknownEventType, "line 7: $.type"),
        (b'{"data":{}}', InvalidField, "line 7: $.type"),
        (b"[]", InvalidField, "line 7: $"),
        (b"\xff\xfe", NotJson, "line 7: $"),
        (orjson.dumps({**BALLOT, "vote": 1}), InvalidField, "line 7: $.vote"),
        (orjson.dumps({**BALLOT, "data": {**CHOICES, "entries": [1, 2.0]}}), InvalidField, "line 7: $.data.entries[1]"),
        (orjson.dumps({**BALLOT, "data": {**CHOICES, "entries": [1, 2**60]}}), InvalidField, "line 7: $.data.entries[1]"),
        (orjson.dumps({**BALLOT, "data": {**CHOICES, "_sd": [DIGEST]}}), InvalidField, "line 7: $.data._sd"),
        (orjson.dumps({**BALLOT, "participant": "a\0b"}), InvalidField, "line 7: $.participant"),
        (orjson.dumps(OPENING).replace(b"Un banc", b"\\ud800"), NotJson, "line 7: $"),
    ],
)
def test_a_fault_is_named_with_its_place(document: bytes, error: type[Malformed], place: str) -> None:
    found = refused(document)
    assert type(found) is error
    assert found.details()["place"] == place


@pytest.mark.parametrize(
    ("body", "place", "key"),
    [
        (orjson.dumps(BALLOT).replace(b'"participant"', b'"participant":"bo","participant"'), "line 7: $", "participant"),
        (orjson.dumps(BALLOT).replace(b'"step"', b'"step":"other","step"'), "line 7: $.data", "step"),
        (orjson.dumps(OPENING).replace(b'"fr"', b'"fr":"x","fr"'), "line 7: $.data.title", "fr"),
        (orjson.dumps(OPENING).replace(b'"type"', b'"t\\u0079pe":"x","type"'), "line 7: $", "type"),
    ],
)
def test_a_key_that_stands_twice_is_refused_wherever_it_is(body: bytes, place: str, key: str) -> None:
    found = refused(body)
    assert isinstance(found, DuplicateKey)
    assert (found.place, found.key) == (place, key)


def test_a_key_twice_in_an_array_names_the_member() -> None:
    body = orjson.dumps(OPENING).replace(b'"fr"', b'"fr":"x","fr"')
    with pytest.raises(DuplicateKey) as caught:
        read_submission(body, "$[3]")
    assert (caught.value.place, caught.value.submission) == ("$[3].data.title", "$[3]")


def test_colons_in_texts_cost_nothing_but_time() -> None:
    assert read_submission(orjson.dumps({**BALLOT, "participant": "urn:ada:1"})).participant == "urn:ada:1"


def test_a_list_without_measure_is_refused_before_it_is_looked_into() -> None:
    body = orjson.dumps({**BALLOT, "data": {**CHOICES, "entries": list(range(1_000_000))}})
    assert isinstance(refused(body), SubmissionTooLarge)
    body = orjson.dumps({**BALLOT, "data": {**CHOICES, "entries": list(range(10_000))}})
    assert isinstance(refused(body), InvalidField)
    deep = b"[" * 100_000 + b"]" * 100_000
    assert isinstance(refused(orjson.dumps(BALLOT).replace(b"[1,2]", deep)), NotJson | NotCanonical | InvalidField)


def test_line_by_line_a_fault_stands_in_its_place() -> None:
    good, bad = orjson.dumps(BALLOT), b"{}"
    read = read_submissions([good, bad, good], ["line 1", "line 2", "line 3"], atomic=False)
    assert [type(one) is InvalidField for one in read] == [False, True, False]
    with pytest.raises(InvalidField) as caught:
        read_submissions([good, bad, good], ["line 1", "line 2", "line 3"])
    assert caught.value.submission == "line 2"
