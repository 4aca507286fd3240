"""Stances: one row per person and target, the same from columns as from the plain fold."""

import tracemalloc
from collections.abc import Mapping

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.stance import StanceEvent, StanceExplained, StanceTaken
from ledger.projections.stance_columns import StanceColumns
from ledger.projections.stances import Stances, row_of, stance_of
from tests.projections.debating import Debate, debates
from tests.projections.folded import folded


def slow_rows(events: list[tuple[Event, Mapping[str, JsonValue]]]) -> dict[str, dict[str, JsonValue]]:
    """The rows, found by looking through all events of each person and target."""
    acts: dict[str, list[tuple[Event, Mapping[str, JsonValue]]]] = {}
    for event, disclosed in events:
        if isinstance(event.data, StanceEvent):
            acts.setdefault(f"{event.data.target}/{event.actor}", []).append((event, disclosed))
    rows: dict[str, dict[str, JsonValue]] = {}
    for key, own in acts.items():
        said = [event for event, _ in own if not isinstance(event.data, StanceExplained)][-1]
        taken = said.data if isinstance(said.data, StanceTaken) else None
        row: dict[str, JsonValue] = {
            "seq": own[0][0].seq,
            "changed_seq": own[-1][0].seq,
            "step": "debate",
            "value": None if taken is None else taken.value,
            "target_version": None if taken is None else taken.target_version,
            "channel": said.channel,
            "hour": said.at[:13] + ":00:00Z",
            "revision": len(own),
        }
        if said.claimed_at is not None:
            row["claimed_hour"] = said.claimed_at[:13] + ":00:00Z"
        code = getattr(said.data, "code", None)
        if code is not None:
            row["code"] = code
        words = [disclosed.get("how") for event, disclosed in own if isinstance(event.data, StanceExplained)]
        if words:
            row["explained"] = words[-1]
        rows[key] = row
    return rows


@given(debates(), st.data())
def test_rows_are_those_of_a_recount_at_every_size_and_stand_by_key(debate: Debate, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(debate.events)))
    found = list(debate.source(size).rows("stances"))
    assert [key for key, _ in found] == sorted(key for key, _ in found)
    assert {key: dict(row) for key, row in found} == slow_rows(debate.events[:size])


@given(debates())
def test_the_columns_say_what_the_plain_fold_says(debate: Debate) -> None:
    plain, source = folded(Stances(), debate), debate.source()
    assert [(key, dict(row)) for key, row in source.rows("stances")] == [(key, dict(row)) for key, row in plain.items()]
    kept = [stance_of(key, row) for key, row in plain.items()]
    assert list(source.stances()) == kept
    assert list(source.stances("debate")) == kept
    assert list(source.stances("elsewhere")) == []
    for key, row in plain.items():
        words = row.get("explained")
        assert row_of(stance_of(key, row), words) == {name: told for name, told in row.items() if name != "explained" or told is not None}


def test_a_changed_stance_keeps_its_words_and_the_seq_of_its_first_event() -> None:
    debate = Debate().begun()
    debate.contribute("a")
    first = debate.say("ann", "contribution/a", "agree")
    debate.explain("ann", "contribution/a", "It is cheap")
    debate.revise("contribution/a")
    debate.say("ann", "contribution/a", "mixed", 2)
    [(key, row)] = debate.source().rows("stances")
    assert key == f"contribution/a/{debate.person('ann')}"
    assert (row["seq"], row["value"], row["target_version"], row["revision"]) == (first.seq, "mixed", 2, 3)
    assert row["explained"] == {"en": "It is cheap"}


def test_a_stance_taken_back_says_so_and_can_be_taken_again() -> None:
    debate = Debate().begun()
    debate.contribute("a")
    debate.say("ann", "contribution/a", "agree")
    debate.unsay("ann", "contribution/a", "second_thoughts")
    [(_, row)] = debate.source().rows("stances")
    assert (row["value"], row["target_version"], row["code"]) == (None, None, "second_thoughts")
    debate.say("ann", "contribution/a", "disagree")
    [(_, row)] = debate.source().rows("stances")
    assert (row["value"], row["revision"]) == ("disagree", 3)
    assert "code" not in row


def test_what_nobody_said_cannot_be_taken_back_or_explained() -> None:
    debate = Debate().begun()
    debate.last["ann", "contribution/a"] = "agree", 1
    debate.unsay("ann", "contribution/a")
    debate.explain("bob", "contribution/a", "Why not")
    debate.add("stance.cast", {"step": "debate", "target": "contribution/a", "value": "agree", "target_version": 1})
    assert list(debate.source().rows("stances")) == []
    assert debate.plain_rows()["stances"] == {}


def test_a_stance_takes_some_sixty_bytes() -> None:
    debate = Debate().begun()
    debate.contribute("a")
    event = debate.say("ann", "contribution/a", "agree")
    assert isinstance(event.data, StanceEvent)
    columns = StanceColumns()
    tracemalloc.start()
    for number in range(20_000):
        event.seq, event.actor = number, f"{number:022d}"
        columns.add(event, event.data, {})
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(columns) == 20_000
    assert taken < 20_000 * 64
    assert [stance.actor for stance in columns.stances()] == [f"{number:022d}" for number in range(20_000)]


def test_rows_of_stances_are_small() -> None:
    debate = Debate().begun()
    debate.contribute("a")
    debate.say("ann", "contribution/a", "agree")
    [(_, row)] = debate.source().rows("stances")
    assert len(orjson.dumps(dict(row))) < 180
