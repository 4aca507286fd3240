"""What the public tables show, and what they hold back."""

from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import read
from ledger.projections.tables import TABLES, Cell
from ledger.projections.tables.turnout import SMALLEST, held_back, turnout
from tests.projections.history import RULES, History


def table(history: History, name: str, size: int | None = None) -> list[dict[str, Cell]]:
    [spec] = [spec for spec in TABLES if spec.name == name]
    names = [column.name for column in spec.columns]
    return [dict(zip(names, row, strict=True)) for row in spec.rows(read(history.source(size)))]


def voting(voters: dict[str, int], **plan: JsonValue) -> History:
    """So many voters through each channel."""
    history = History().opened().planned(**plan).open_step()  # type: ignore[arg-type]  # fields of the plan
    for channel, number in voters.items():
        for voter in range(number):
            history.vote(f"{channel} {voter}", [0], channel=channel)
    return history


CHANNELS = st.dictionaries(st.sampled_from(["web", "paper", "phone", "sms"]), st.integers(1, 9), min_size=1)


@given(CHANNELS)
def test_no_small_number_is_told_nor_follows_from_those_that_are(voters: dict[str, int]) -> None:
    history = voting(voters)
    told = {row["channel"]: row["counted"] for row in table(history, "turnout")}
    hidden = [channel for channel in voters if told[channel] is None]
    assert all(told[channel] == voters[channel] for channel in voters if channel not in hidden)
    assert all(voters[channel] >= SMALLEST for channel in voters if channel not in hidden)
    # The total is public: what is held back must not be one number alone, unless nothing else is there.
    assert len(hidden) != 1 or len(voters) == 1


@given(CHANNELS)
def test_ballots_do_not_tell_a_channel_that_the_turnout_holds_back(voters: dict[str, int]) -> None:
    history = voting(voters)
    hidden = {row["channel"] for row in table(history, "turnout") if row["held_back"]}
    shown = [row["channel"] for row in table(history, "ballots")]
    assert {channel for channel in shown if channel is not None} == voters.keys() - hidden
    assert shown.count(None) == sum(voters[str(channel)] for channel in hidden)


def test_a_channel_of_which_hardly_a_ballot_counts_is_held_back_as_well() -> None:
    history = voting({"web": 20, "phone": 10}, rules={**RULES, "ballot": {"form": "approval", "min": 2}})
    for voter in range(2):
        history.vote(f"two {voter}", [0, 1], channel="phone")
    for voter in range(9):
        history.vote(f"nine {voter}", [0, 1], channel="web")
    result = read(history.source()).results["vote"]
    assert isinstance(result, StepResult)
    assert held_back(result.count.counted) == {"phone", "web"}
    assert turnout(result.count.counted) == {"phone": None, "web": None}


def test_ballots_stand_in_the_order_of_the_log_with_their_choices_as_references() -> None:
    history = voting({"web": 6}, rules={**RULES, "ballot": {"form": "cumulative", "sum": 5}, "score": {"by": "points"}})
    history.vote("ann", [[3, 2], [0, 0]])
    history.vote("bob", [], unknown=3)
    rows = table(history, "ballots")
    assert [row["seq"] for row in rows] == sorted(cast("int", row["seq"]) for row in rows)
    ann, bob = rows[-2:]
    assert (ann["choices"], ann["marks"], ann["counted"], ann["reason"]) == ("fountain=2 lamp=0", 2, True, None)
    assert (bob["choices"], bob["marks"], bob["counted"], bob["unknown_entries"]) == ("", 0, True, 3)
    assert str(ann["hour"]).endswith(":00:00Z")


def test_a_ballot_that_does_not_count_says_why_and_what_it_chose() -> None:
    history = voting({"web": 6})
    history.vote("ann", [0, 9])
    history.vote("bob", [1])
    history.unvote("bob")
    ann, bob = table(history, "ballots")[-2:]
    assert (ann["counted"], ann["reason"], ann["choices"]) == (False, "invalid", "lamp #9")
    assert (bob["counted"], bob["reason"], bob["choices"], bob["revision"]) == (False, "withdrawn", None, 2)


def test_sealed_choices_are_in_no_table_before_they_are_disclosed_for_all_even_beside_a_step_that_is() -> None:
    history = History().opened()
    for step in ("vote", "north"):
        history.planned(step, secrecy="sealed", submitted=step == "vote").open_step(step)
        for voter in range(6):
            history.vote(f"{voter}", None, step=step, disclosed=[voter % 3])
    history.close_step("vote")
    history.add("ballots.disclosed", {"step": "vote", "count": 6, "root": "A" * 43})
    rows = table(history, "ballots")
    assert [row["choices"] for row in rows if row["step"] == "vote"] == ["lamp", "tree", "bench"] * 2
    for row in rows:
        if row["step"] == "north":
            assert (row["choices"], row["marks"], row["counted"], row["channel"]) == (None, None, None, None)
    assert {row["step"] for row in table(history, "budget_result")} == {"vote"}
    # The same before the disclosure was recorded, whatever is known today.
    assert all(row["choices"] is None for row in table(history, "ballots", len(history.events) - 1))


def test_the_result_table_tells_every_candidate_and_why() -> None:
    history = voting({"web": 6})
    history.close_step()
    history.add("outcome.overridden", {"step": "vote", "position": 1, "funded": True, "code": "urgent"})
    history.add("outcome.published", {"step": "vote", "selected": [0, 1], "outside_rule": [], "ballots_missing": []})
    rows = table(history, "budget_result")
    assert [(row["ref"], row["votes"], row["won"], row["why"]) for row in rows] == [
        ("lamp", 6, True, "funded"),
        ("tree", 0, False, "without_votes"),
        ("bench", 0, False, "without_votes"),
        ("fountain", 0, False, "without_votes"),
    ]
    assert (rows[0]["spare"], rows[0]["currency"], rows[0]["title"]) == (5, "EUR", "A lamp")
    assert (rows[1]["published"], rows[1]["overridden"], rows[1]["explained"]) == (True, True, "overridden")


def test_texts_are_shown_in_the_first_language_of_the_project_that_they_have() -> None:
    history = History().opened()
    said: dict[str, JsonValue] = {"step": "ideas", "kind": "idea"}
    texts: dict[str, JsonValue] = {"a": {"fr": "Lampe", "en": "Lamp"}, "b": {"de": "Bank", "cs": "Lavička"}}
    for ref, title in texts.items():
        history.add("contribution.submitted", {**said, "ref": ref}, who="ann", disclosed={"title": title})
    history.add("contribution.submitted", {**said, "ref": "c"}, who="ann")
    assert [(row["language"], row["title"]) for row in table(history, "contributions")] == [("en", "Lamp"), ("cs", "Lavička"), (None, None)]


def test_a_proposal_with_its_place_and_fields_has_them_in_the_table() -> None:
    history = History().opened()
    texts: dict[str, JsonValue] = {
        "title": {"en": "Lamp"},
        "location": {"latitude": "48.1", "longitude": "-1.6", "address": "Main street"},
        "fields": {"b": "2", "a": "1"},
    }
    history.add("contribution.submitted", {"ref": "lamp", "step": "ideas", "kind": "idea", "cost_minor": 0}, who="ann", disclosed=texts)
    [row] = table(history, "contributions")
    assert (row["latitude"], row["longitude"], row["address"]) == ("48.1", "-1.6", "Main street")
    assert (row["fields"], row["cost_minor"], row["currency"]) == ('{"a":"1","b":"2"}', 0, "EUR")


def test_the_timeline_flags_what_an_observer_has_to_look_at() -> None:
    history = voting({"web": 6})
    history.close_step()
    withdrawn = history.add(
        "contribution.withdrawn", {"ref": "lamp", "step": "vote", "code": "too_dear"}, who="ann", disclosed={"reason": {"en": "Costs"}}
    )
    row = next(row for row in table(history, "timeline") if row["seq"] == withdrawn.seq)
    assert (row["flags"], row["reason"], row["code"], row["ref"]) == ("withdrawn_after_close", "Costs", "too_dear", "lamp")
