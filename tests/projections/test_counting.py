"""Which ballots count, and the reason of every one that does not."""

from typing import cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.projections.readings.ballot_step import ballot_steps
from ledger.projections.readings.counting import Counted, count_ballots, entries_of, last_ballots
from ledger.rules.profile import Entries
from tests.projections.history import RULES, History


def counted(history: History, size: int | None = None, step: str = "vote") -> Counted:
    source = history.source(size)
    [found] = [one for one in ballot_steps(source) if one.ref == step]
    return count_ballots(source, found)


def reasons(history: History) -> dict[str, str | None]:
    """Person's pseudonym → reason."""
    source = history.source()
    [step] = ballot_steps(source)
    judge = count_ballots(source, step).judge
    return {ballot.actor: judge.reason(ballot) for ballot in last_ballots(source, step)}


def voting(**plan: JsonValue) -> History:
    return History().opened().planned(**plan).open_step()  # type: ignore[arg-type]  # fields of the plan, and `secrecy`


def test_the_last_ballot_counts_and_the_others_were_replaced() -> None:
    history = voting()
    for entries in ([0], [1], [2]):
        history.vote("ann", entries, again=entries != [0])
    found = counted(history)
    assert found.profile.ballots == {(2,): 1}
    assert (found.counted, found.not_counted) == (1, {"replaced": 2})


def test_a_ballot_taken_back_counts_no_more_and_one_cast_after_it_does() -> None:
    history = voting()
    history.vote("ann", [0])
    history.vote("ann", [1], again=True)
    history.unvote("ann")
    assert counted(history).not_counted == {"replaced": 1, "withdrawn": 1}
    assert counted(history).counted == 0
    history.vote("ann", [2], again=True)
    assert counted(history).profile.ballots == {(2,): 1}
    assert counted(history).not_counted == {"replaced": 1, "withdrawn": 1}


@given(st.lists(st.sampled_from(["vote", "unvote"]), max_size=12))
def test_every_ballot_that_was_ever_cast_counts_or_has_a_reason(acts: list[str]) -> None:
    history = voting()
    cast_ballots = standing = 0
    for act in acts:
        if act == "vote":
            history.vote("ann", [0], again=cast_ballots > 0)
            cast_ballots, standing = cast_ballots + 1, 1
        elif standing:
            history.unvote("ann")
            standing = 0
    found = counted(history)
    assert found.counted == standing
    assert found.counted + sum(found.not_counted.values()) == cast_ballots


def test_a_blank_ballot_counts_as_cast() -> None:
    history = voting(rules={**RULES, "ballot": {"form": "approval", "min": 2, "max": 3}})
    history.vote("ann", [])
    history.vote("bob", [0])
    found = counted(history)
    assert found.profile.ballots == {(): 1}
    assert found.not_counted == {"under_minimum": 1}


def test_alike_ballots_are_counted_together_whatever_the_order_of_their_marks() -> None:
    history = voting()
    history.vote("ann", [2, 0])
    history.vote("bob", [0, 2])
    assert counted(history).profile.ballots == {(0, 2): 2}


def test_the_order_of_a_ranking_is_kept() -> None:
    history = voting(rules={**RULES, "ballot": {"form": "ranked"}})
    history.vote("ann", [2, 0])
    history.vote("bob", [0, 2])
    assert counted(history).profile.ballots == {(0, 2): 1, (2, 0): 1}


def test_a_ballot_after_the_closing_does_not_count_and_on_paper_not_after_the_end_of_keying() -> None:
    history = voting(takes_paper=True)
    history.vote("ann", [0])
    history.close_step()
    history.vote("late", [0])
    history.vote("keyed", [1], channel="paper")
    history.add("paper.closed", {"step": "vote"})
    history.vote("too late", [1], channel="paper")
    found = counted(history)
    assert found.profile.ballots == {(0,): 1, (1,): 1}
    assert found.not_counted == {"after_close": 2}


def test_where_there_is_a_roll_only_its_members_count_and_paper_goes_before_the_web() -> None:
    history = History().opened().planned(has_roll=True)
    history.add("roll.listed", {"step": "vote", "members": [*sorted(history.person(name) for name in ("ann", "bob"))]})
    history.add("roll.sealed", {"step": "vote", "count": 2, "root": "A" * 43})
    history.open_step()
    for name in ("ann", "bob", "eve"):
        history.vote(name, [0])
    history.add("attendance.marked", {"step": "vote"}, who="bob", channel="paper")
    found = counted(history)
    assert found.not_counted == {"not_on_roll": 1, "paper_attendance": 1}
    assert (found.counted, found.profile.enrolled, found.judge.attended) == (1, 2, 1)


def sealed_vote(told: dict[str, JsonValue]) -> History:
    """People whose choices are disclosed (None: not)."""
    history = History().opened().planned(secrecy="sealed").open_step()
    for name, entries in told.items():
        history.vote(name, None, disclosed=entries)
    history.close_step()
    return history


def test_sealed_choices_are_not_known_before_they_are_disclosed_for_all() -> None:
    history = sealed_vote({"ann": [0], "bob": [1]})
    assert counted(history).not_counted == {"undisclosed": 2}
    history.add("ballots.disclosed", {"step": "vote", "count": 2, "root": "A" * 43})
    assert counted(history).profile.ballots == {(0,): 1, (1,): 1}


def test_a_sealed_ballot_without_disclosure_is_told_as_such_and_blocks_nobody_else() -> None:
    history = sealed_vote({"ann": None, "bob": [1]})
    history.add("ballots.disclosed", {"step": "vote", "count": 2, "root": "A" * 43})
    assert counted(history).not_counted == {"undisclosed": 1}
    assert counted(history).counted == 1


IMPOSSIBLE: tuple[JsonValue, ...] = ([9], [0, 0], [0, 1, 2, 3], [-1], [[0, 1]], [True], ["0"], [0, [1, 1]], {"0": 1}, 7, "x", [[0]], [None])


@pytest.mark.parametrize("entries", IMPOSSIBLE, ids=repr)
def test_impossible_choices_come_out_at_the_disclosure_whatever_they_are(entries: JsonValue) -> None:
    history = sealed_vote({"ann": entries, "bob": [1]})
    history.add("ballots.disclosed", {"step": "vote", "count": 2, "root": "A" * 43})
    assert reasons(history) == {history.person("ann"): "invalid_after_disclosure", history.person("bob"): None}


def test_impossible_choices_in_an_open_step_never_count_either() -> None:
    history = voting()
    history.vote("ann", [9])
    assert counted(history).not_counted == {"invalid": 1}


def test_ballots_of_other_steps_are_not_looked_at() -> None:
    history = voting()
    history.planned("north", submitted=False).open_step("north")
    history.vote("ann", [0])
    history.vote("ann", [1], step="north")
    assert counted(history).profile.ballots == {(0,): 1}
    assert counted(history, step="north").profile.ballots == {(1,): 1}


def test_channels_are_counted_for_what_counts_and_for_all() -> None:
    history = voting()
    history.vote("ann", [0])
    history.vote("bob", [9], channel="phone")
    found = counted(history)
    assert (found.by_channel, found.last_by_channel) == ({"web": 1}, {"phone": 1, "web": 1})


def test_unknown_entries_of_counted_ballots_are_summed() -> None:
    history = voting()
    history.vote("ann", [0], unknown=2)
    history.vote("bob", [9], unknown=5)
    assert counted(history).unknown_entries == 2


POSITIONS = st.integers(-3, 2**53)
ENTRIES = st.lists(POSITIONS).map(tuple) | st.lists(st.tuples(POSITIONS, POSITIONS)).map(tuple)


@given(ENTRIES)
def test_entries_read_from_json_are_those_that_were_written(entries: Entries) -> None:
    assert entries_of(orjson.dumps(entries)) == entries


@given(st.permutations(range(6)))
def test_the_digest_of_the_ballots_depends_on_the_ballots_alone_not_on_who_cast_them_when(order: list[int]) -> None:
    choices: list[JsonValue] = [[0], [1, 0], [0, 1], [], [2], [2]]
    first, second = voting(), voting()
    for number in range(6):
        first.vote(f"a {number}", cast("list[JsonValue]", choices[number]))
        second.vote(f"b {number}", cast("list[JsonValue]", choices[order[number]]))
    assert counted(first).ballots_digest() == counted(second).ballots_digest()
    second.vote("one more", [])
    assert counted(first).ballots_digest() != counted(second).ballots_digest()
