"""Rows refer to texts; whoever reads them is shown what may be shown now, looked up for many rows together."""

from collections.abc import Sequence
from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.events import COMMITTED, EVENTS, Event
from ledger.projections.folding import FoldedSource
from ledger.projections.references import ROWS_AT_ONCE, Place, Shown, places, references, replaced, resolved
from tests.projections.history import History

Json = dict[str, JsonValue]

NAMES = st.sampled_from(["title", "body"])
REFERENCES: st.SearchStrategy[JsonValue] = st.builds(lambda seq, name: {"text": [seq, name]}, st.integers(0, 9), NAMES)
PLAIN: st.SearchStrategy[JsonValue] = st.sampled_from([None, 0, 1, 2, "text", "a"])
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(PLAIN, REFERENCES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "a", "b"]), inner, max_size=3),
    max_leaves=12,
)


def test_public_fields_are_referred_to_and_no_other() -> None:
    history = History().opened()
    revised = history.add("contribution.revised", {"ref": "lamp", "step": "ideas"}, who="ann")
    assert references(revised) == {name: {"text": [1, name]} for name in ("title", "body", "location", "fields")}
    described = history.add("participant.described", {"step": "vote"}, who="ann")
    assert references(described) == {}
    assert references(history.vote("ann", None)) == {}


def test_a_former_schema_refers_to_the_fields_that_it_committed_to() -> None:
    event = History().add("contribution.submitted", {"ref": "lamp", "step": "ideas", "kind": "idea"}, who="ann")
    assert "collective_name" in references(event)
    event.type = "contribution.submitted/1"
    assert list(references(event)) == list(COMMITTED["contribution.submitted/1"]) == ["title", "body", "location", "fields"]


def test_every_kind_of_event_can_be_referred_to() -> None:
    for data in EVENTS:
        event = Event(data.wire_type(), data.model_construct(), "", "", "", "", "", "", seq=7)
        expected = [name for name, visibility in data.COMMITTED.items() if visibility == "public"]
        assert references(event) == {name: {"text": [7, name]} for name in expected}


@given(VALUES)
def test_each_reference_that_is_found_is_replaced_and_nothing_else(value: JsonValue) -> None:
    before = deepcopy(value)
    found = set(places(value))
    # In a list, so that no text becomes the name of a field in something that looks like a reference around it.
    shown: dict[Place, JsonValue] = {place: [f"text of {place}"] for place in found}
    told = replaced(value, shown)
    assert value == before
    assert set(places(told)) == set()
    assert [str(told).count(str(text)) for text in shown.values()] == [str(value).count(str({"text": [*place]})) for place in shown]
    assert replaced(told, {}) == told


def test_a_text_that_may_not_be_shown_is_null() -> None:
    row: Json = {"title": {"text": [3, "title"]}, "answers": [{"seq": 4, "body": {"text": [4, "body"]}}]}
    [(_, told)] = resolved([("a", row)], lambda seqs: {(4, "body"): {"en": "Yes"}})
    assert told == {"title": None, "answers": [{"seq": 4, "body": {"en": "Yes"}}]}


def test_a_shown_text_is_not_searched_for_references() -> None:
    [(_, told)] = resolved([("a", {"fields": {"text": [3, "fields"]}})], lambda seqs: {(3, "fields"): {"text": [9, "title"]}})
    assert told == {"fields": {"text": [9, "title"]}}


def test_texts_are_looked_up_for_many_rows_together_and_only_when_they_are_read() -> None:
    asked: list[list[int]] = []

    def lookup(seqs: Sequence[int]) -> Shown:
        asked.append([*seqs])
        return {(seq, "title"): f"title {seq}" for seq in seqs}

    rows: list[tuple[str, Json]] = [(f"{number:04d}", {"title": {"text": [number // 2, "title"]}}) for number in range(2 * ROWS_AT_ONCE)]
    told = resolved(rows, lookup)
    assert asked == []
    assert next(told) == ("0000", {"title": "title 0"})
    assert asked == [[*range(ROWS_AT_ONCE // 2)]]
    assert [row["title"] for _, row in told] == [f"title {number // 2}" for number in range(1, 2 * ROWS_AT_ONCE)]
    assert len(asked) == 2


def test_rows_without_references_are_passed_on_as_they_are() -> None:
    rows: list[tuple[str, Json]] = [("a", {"seq": 1}), ("b", {"list": [{"seq": 2}]})]
    told = list(resolved(rows, lambda seqs: {}))
    assert [row for _, row in told] == [row for _, row in rows]
    assert all(new is old for (_, new), (_, old) in zip(told, rows, strict=True))


def test_what_is_not_disclosed_in_a_log_is_null_in_its_rows() -> None:
    history = History().opened()
    said: Json = {"ref": "lamp", "step": "ideas", "kind": "idea"}
    event = history.add("contribution.submitted", said, who="ann", disclosed={"title": {"en": "Lamp"}})
    texts: Json = {"title": {"en": "Lamp"}}
    for disclosed, title in (texts, texts["title"]), ({}, None):
        source = FoldedSource(history.origin)
        source.feed(event, disclosed)
        [(_, row)] = source.rows("timeline")
        assert row["reason"] is None
        assert dict(source.rows("contributions"))["lamp"]["title"] == title
