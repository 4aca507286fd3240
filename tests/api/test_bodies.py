"""Whatever form a body has, it comes down to documents with their places; what has no form is refused with the place of the fault."""

from collections.abc import Mapping

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.api.bodies import CLOUDEVENT, CLOUDEVENTS, JSON, NDJSON, Body, read_body
from ledger.canonical import JsonValue, canonical
from ledger.errors import DuplicateKey, InvalidField, LedgerError, MediaTypeUnknown, NotCanonical, NotJson, TooManySubmissions
from ledger.submit import MOST_SUBMISSIONS

ONE = b'{"type": "step.opened/1", "role": "organizer", "data": {"step": "vote"}}'
EVENT: dict[str, JsonValue] = {
    "specversion": "1.0",
    "id": "a-1",
    "source": "/platform/lyon",
    "type": "contribution.withdrawn/1",
    "role": "organizer",
    "onbehalfof": "resident-1",
    "mandateref": "m-7",
    "time": "2026-03-01T11:00:00.123456+01:00",
    "subject": "not ours",
    "data": {"ref": "helipad", "step": "ideas", "code": "second_thoughts"},
}


def read(body: bytes, content_type: str = JSON, headers: Mapping[bytes, bytes] | None = None) -> Body:
    return read_body(body, content_type, headers or {})


def refusal(body: bytes, content_type: str = JSON, headers: Mapping[bytes, bytes] | None = None) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        read(body, content_type, headers)
    return caught.value


def test_one_document_is_handed_on_as_it_came() -> None:
    assert read(ONE) == Body((ONE,), ("$",))


def test_a_body_without_a_media_type_is_json() -> None:
    assert read(ONE, "") == read(ONE)


def test_an_array_falls_apart_into_its_members() -> None:
    read_one = orjson.loads(ONE)
    found = read(b" \n[" + ONE + b"," + ONE + b"]")
    assert [orjson.loads(document) for document in found.documents] == [read_one, read_one]
    assert found.places == ["$[0]", "$[1]"]


def test_lines_keep_their_numbers_when_empty_lines_stand_between() -> None:
    found = read(ONE + b"\r\n\r\n  \n" + ONE, NDJSON)
    assert found.places == ["line 1", "line 4"]
    assert [orjson.loads(document) for document in found.documents] == [orjson.loads(ONE)] * 2


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(-5, 5) | st.text(alphabet="aé\n\u2028", max_size=3)), min_size=1))
def test_an_array_and_lines_of_the_same_documents_are_the_same_documents(members: list[dict[str, JsonValue]]) -> None:
    lines = b"\n".join(canonical(member) for member in members)
    assert list(read(canonical(members)).documents) == list(read(lines, NDJSON).documents)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"'])
def test_json_may_say_that_it_is_utf8(content_type: str) -> None:
    assert read(ONE, content_type) == read(ONE)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/json; charset=latin-1", "application/x-www-form-urlencoded"]
)
def test_another_media_type_or_character_set_is_refused(content_type: str) -> None:
    assert isinstance(refusal(ONE, content_type), MediaTypeUnknown)


@pytest.mark.parametrize("body, content_type", [(b"[]", JSON), (b"\n \n", NDJSON), (b"", NDJSON), (b"[]", CLOUDEVENTS)])
def test_a_body_without_any_submission_is_refused(body: bytes, content_type: str) -> None:
    assert refusal(body, content_type) == InvalidField("$", "the body holds no submission")


@pytest.mark.parametrize("body, content_type", [(b"[" + b"1," * 999_999 + b"1]", JSON), (b"1\n" * 1_000_000, NDJSON)])
def test_a_million_submissions_are_too_many(body: bytes, content_type: str) -> None:
    assert refusal(body, content_type) == TooManySubmissions(1_000_000, MOST_SUBMISSIONS)


@pytest.mark.parametrize(
    "body, kind, place",
    [
        (b'[{"a": 1.5}]', NotCanonical, "$[0].a"),
        (b'[{}, {"a": 9007199254740992}]', NotCanonical, "$[1].a"),
        (b'[{"a": 1, "a": 2}]', DuplicateKey, "$[0]"),
        (b'["\\u0000"]', NotCanonical, "$[0]"),
        (b'["\\ud800"]', NotJson, "character"),
        (b'["\xff"]', NotJson, "character"),
        (b"[" * 100_000, NotJson, "character"),
        (b"[1,", NotJson, "character"),
    ],
)
def test_an_array_with_a_fault_is_refused_with_its_place(body: bytes, kind: type[LedgerError], place: str) -> None:
    found = refusal(body)
    assert isinstance(found, kind)
    assert str(found.details()["place"]).startswith(place)


def test_a_structured_cloudevent_is_a_submission() -> None:
    found = read(orjson.dumps(EVENT), CLOUDEVENT)
    assert [orjson.loads(document) for document in found.documents] == [
        {
            "type": "contribution.withdrawn/1",
            "role": "organizer",
            "on_behalf_of": "resident-1",
            "mandate_ref": "m-7",
            "claimed_at": "2026-03-01T10:00:00.123Z",
            "data": EVENT["data"],
        }
    ]


def test_a_cloudevent_says_the_same_in_every_mode() -> None:
    headers = {
        b"content-type": b"application/json",
        b"ce-specversion": b"1.0",
        b"ce-id": b'"a-1"',
        b"ce-source": b"/platform%2Flyon",
        b"ce-type": b"contribution.withdrawn/1",
        b"ce-role": b"organizer",
        b"ce-onbehalfof": b"resident-1",
        b"ce-mandateref": b"m-7",
        b"ce-time": b"2026-03-01T10:00:00.123Z",
    }
    structured = read(orjson.dumps(EVENT), CLOUDEVENT)
    binary = read(orjson.dumps(EVENT["data"]), JSON, headers)
    batch = read(orjson.dumps([EVENT]), CLOUDEVENTS)
    assert structured.documents == binary.documents == batch.documents
    assert structured.key == binary.key == batch.key is not None


def test_the_key_of_a_batch_names_its_events_and_nothing_else() -> None:
    other = {**EVENT, "id": "a-2"}
    key = read(orjson.dumps([EVENT, other]), CLOUDEVENTS).key
    assert key == read(orjson.dumps([{**EVENT, "subject": "elsewhere"}, other]), CLOUDEVENTS).key
    assert key != read(orjson.dumps([other, EVENT]), CLOUDEVENTS).key


def test_the_time_that_libraries_put_on_a_ballot_is_left_out() -> None:
    ballot = {**EVENT, "type": "ballot.cast/1"}
    assert "claimed_at" not in orjson.loads(read(orjson.dumps(ballot), CLOUDEVENT).documents[0])


@pytest.mark.parametrize(
    "change, place",
    [
        ({"specversion": "0.3"}, "$.specversion"),
        ({"id": ""}, "$.id"),
        ({"source": 7}, "$.source"),
        ({"type": None}, "$.type"),
        ({"time": "yesterday"}, "$.time"),
        ({"time": "2026-03-01T10:00:00"}, "$.time"),
        ({"data_base64": "e30="}, "$.data_base64"),
        ({"datacontenttype": "application/xml"}, "$.datacontenttype"),
    ],
)
def test_a_cloudevent_out_of_form_is_refused_with_its_place(change: dict[str, JsonValue], place: str) -> None:
    found = refusal(orjson.dumps({**EVENT, **change}), CLOUDEVENT)
    assert isinstance(found, InvalidField)
    assert found.place == place


def test_a_batch_of_cloudevents_is_an_array_of_objects() -> None:
    assert refusal(b"{}", CLOUDEVENTS) == InvalidField("$", "a batch is a JSON array")
    assert refusal(orjson.dumps([EVENT, 7]), CLOUDEVENTS) == InvalidField("$[1]", "a CloudEvent is a JSON object")


def test_a_header_that_is_not_utf8_under_its_percent_signs_is_refused() -> None:
    headers = {b"ce-specversion": b"1.0", b"ce-id": b"a%FF", b"ce-source": b"/p", b"ce-type": b"step.opened/1"}
    assert isinstance(refusal(b"{}", JSON, headers), InvalidField)
