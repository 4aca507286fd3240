"""What single projections tell of their events."""

from typing import cast

import pytest

from ledger.api.examples import STORY
from ledger.canonical import JsonValue
from ledger.events import ENTRY_DATA, EVENTS, Event
from ledger.events.upcasts import UPCASTS
from ledger.projections import PROJECTIONS
from ledger.projections.references import references
from ledger.projections.timeline import Timeline
from ledger.projections.wording import sentences
from tests.projections.history import DIGEST, RULES, History

Json = dict[str, JsonValue]


def rows(history: History, projection: str) -> dict[str, Json]:
    return {key: dict(row) for key, row in history.source().rows(projection)}


def flags(history: History) -> list[str]:
    return [str(cast("Json", flag)["flag"]) for flag in cast("list[JsonValue]", rows(history, "steps")["vote"]["flags"])]


def test_projections_have_names_of_their_own_and_read_only_known_events() -> None:
    assert len({projection.name for projection in PROJECTIONS}) == len(PROJECTIONS)
    known = {wire_type for event in EVENTS for wire_type in event.wire_types()}
    for projection in PROJECTIONS:
        assert projection.handles <= known


def test_every_event_is_read_by_some_projection_but_what_a_platform_knows_of_people() -> None:
    read = frozenset[str]().union(*(projection.handles for projection in PROJECTIONS))
    assert {event.wire_type() for event in EVENTS} - read == {"participant.described/1"}


def test_a_row_that_was_given_is_never_changed() -> None:
    history = History().opened().planned().open_step()
    history.vote("ann", [0])
    history.unvote("ann")
    kept: list[tuple[object, str]] = []
    found: dict[tuple[str, str], Json] = {}
    for event, _ in history.events:
        for projection in PROJECTIONS:
            for key in projection.keys(event) if event.type in projection.handles else ():
                row = projection.apply(key, found.get((projection.name, key)), event, references(event))
                assert row is not None
                found[projection.name, key] = cast("Json", row)
                kept.append((row, repr(row)))
    assert all(repr(row) == then for row, then in kept)


def test_a_contribution_keeps_what_a_revision_leaves_out_and_loses_the_texts_it_does_not_repeat() -> None:
    history = History().opened()
    said: Json = {"ref": "lamp", "step": "ideas", "kind": "proposal", "cost_minor": 500, "external_ref": "L/1", "meeting": "m1"}
    history.add("contribution.submitted", said, who="ann", disclosed={"title": {"en": "Lamp"}, "body": {"en": "Light"}})
    history.add(
        "contribution.revised", {"ref": "lamp", "step": "ideas", "district": "north"}, who="ann", disclosed={"title": {"en": "Lamps"}}
    )
    row = rows(history, "contributions")["lamp"]
    assert (row["cost_minor"], row["district"], row["external_ref"], row["revision"]) == (500, "north", "L/1", 2)
    assert (row["title"], row["body"]) == ({"en": "Lamps"}, None)
    assert (row["submitted_seq"], row["revised_seq"], row["state"]) == (1, 2, "submitted")


def test_a_withdrawn_contribution_keeps_its_row_with_code_and_reason() -> None:
    history = History().opened().planned()
    withdrawal: Json = {"ref": "lamp", "step": "vote", "code": "too_dear"}
    history.add("contribution.withdrawn", withdrawal, who="ann", disclosed={"reason": {"en": "Costs rose"}})
    row = rows(history, "contributions")["lamp"]
    assert (row["state"], row["withdrawn_code"], row["withdrawn_reason"]) == ("withdrawn", "too_dear", {"en": "Costs rose"})
    assert row["title"] == {"en": "A lamp"}


def test_a_proposal_goes_on_to_steps_and_does_not_after_all() -> None:
    history = History().opened().planned()
    for step in ("vote", "north"):
        history.add("proposal.selected", {"ref": "lamp", "step": step, "criterion": "feasible"})
    history.add("proposal.deselected", {"ref": "lamp", "step": "vote", "criterion": "doubled"})
    assert rows(history, "contributions")["lamp"]["selected_in"] == ["north"]


def test_positions_follow_the_lists_however_many_there_are() -> None:
    history = History().opened()
    history.add("candidates.listed", {"step": "vote", "items": [{"ref": "b", "cost_minor": 1}, {"ref": "a", "cost_minor": 2}]})
    history.add("candidates.listed", {"step": "vote", "items": [{"ref": "0", "cost_minor": 3}]})
    listed = rows(history, "candidates")
    assert {key: (row["seq"], row["place"]) for key, row in listed.items()} == {"vote/b": (1, 0), "vote/a": (1, 1), "vote/0": (2, 0)}


def test_a_member_of_the_roll_keeps_the_mark_of_attendance() -> None:
    history = History().opened()
    history.add("roll.listed", {"step": "vote", "members": [history.person("ann")]})
    history.add("attendance.marked", {"step": "vote"}, who="ann", channel="paper")
    row = rows(history, "roll")[f"vote/{history.person('ann')}"]
    assert row == {"listed_seq": 1, "attended_seq": 2, "channel": "paper"}


@pytest.mark.parametrize(
    ("closes", "at", "late"), [("10:00:00", "10:01:00", False), ("10:00:00", "10:01:01", True), ("10:00:00", "09:58:59", True)]
)
def test_a_closing_further_than_a_minute_from_its_time_is_flagged(closes: str, at: str, late: bool) -> None:
    history = History().opened().planned(closes_at=f"2026-03-09T{closes}.000Z").open_step()
    history.add("step.closed", {"step": "vote"}, role="system", at=f"2026-03-09T{at}.000Z")
    assert flags(history) == (["closed_late"] if late else [])


def test_a_closing_is_held_against_the_date_as_rescheduled() -> None:
    history = History().opened().planned(closes_at="2026-03-09T10:00:00.000Z").open_step()
    history.add(
        "step.rescheduled",
        {"step": "vote", "closes_at": "2026-03-10T10:00:00.000Z", "code": "holiday"},
        disclosed={"reason": {"en": "Snow"}},
    )
    history.add("step.closed", {"step": "vote"}, role="system", at="2026-03-10T10:00:00.000Z")
    assert flags(history) == ["rescheduled"]
    [moved] = cast("list[Json]", rows(history, "steps")["vote"]["reschedulings"])
    assert (moved["old_closes_at"], moved["closes_at"], moved["reason"]) == (
        "2026-03-09T10:00:00.000Z",
        "2026-03-10T10:00:00.000Z",
        {"en": "Snow"},
    )


def test_an_opening_that_came_late_and_an_early_closing_are_flagged() -> None:
    history = History().opened().planned(opens_at="2026-03-09T10:00:00.000Z")
    history.add("step.opened", {"step": "vote", "step_key": "A" * 43}, role="system", at="2026-03-09T11:00:00.000Z")
    history.add("step.suspended", {"step": "vote", "code": "outage"})
    history.add("step.resumed", {"step": "vote"})
    history.add("step.closed_early", {"step": "vote", "code": "flood"})
    assert flags(history) == ["opened_late", "suspended", "closed_early"]
    assert cast("Json", rows(history, "steps")["vote"]["closed"])["early"] is True


def test_rules_amended_while_open_are_in_force_and_after_the_closing_are_not() -> None:
    history = History().opened().planned().open_step()
    history.add("step.rules_amended", {"step": "vote", "rules": {**RULES, "budget_minor": 1}, "digest": "B" * 43, "code": "cut"})
    history.close_step()
    history.add("step.rules_amended", {"step": "vote", "rules": {**RULES, "budget_minor": 2}, "digest": "C" * 43, "code": "gift"})
    row = rows(history, "steps")["vote"]
    assert cast("Json", row["rules"])["budget_minor"] == 1
    assert cast("Json", cast("Json", row["announced"])["rules"])["budget_minor"] == 100_000
    assert [cast("Json", amendment)["after_close"] for amendment in cast("list[JsonValue]", row["amendments"])] == [False, True]
    assert flags(history) == ["rules_amended", "rules_amended_after_close"]


def test_the_timeline_tells_every_event_but_those_of_people_voting() -> None:
    history = History().opened().planned().open_step()
    history.vote("ann", [0])
    history.add("attendance.marked", {"step": "vote"}, who="ann", channel="paper")
    history.close_step()
    told = list(rows(history, "timeline").values())
    assert [row["seq"] for row in told] == [
        event.seq for event, _ in history.events if event.type not in ("ballot.cast/1", "attendance.marked/1")
    ]
    assert told[-1]["en"] == "The step closed"
    assert told[-1]["fr"] == "L'étape est close"


def test_the_timeline_quotes_reasons_apart_from_what_happened() -> None:
    history = History().opened().planned().open_step()
    event = history.add("step.closed_early", {"step": "vote", "code": "flood"}, disclosed={"reason": {"en": "The river"}})
    row = rows(history, "timeline")[f"{event.seq:012d}"]
    assert (row["code"], row["reason"]) == ("flood", {"en": "The river"})
    assert "river" not in f"{row['en']} {row['fr']}"


OF_PEOPLE = ("ballot.", "attendance.", "participant.described", "stance.", "report.made")


def told_story() -> list[Event]:
    """The story of the API document, every type of event in it, in entry form; what the ledger would fill is not filled."""
    history = History()
    for submission in STORY:
        wire_type, said = str(submission["type"]), cast("Json", submission["data"])
        model = ENTRY_DATA[wire_type]
        hidden = {*model.COMMITTED, *model.PSEUDONYMISED, *model.POSTED_ONLY}
        kept = {name: value for name, value in said.items() if name not in hidden}
        clear = {name: DIGEST if value == "" else value for name, value in kept.items()}
        history.add(wire_type.partition("/")[0], clear, who="ann" if wire_type.startswith(OF_PEOPLE) else None)
    return [event for event, _ in history.events]


def test_every_type_of_event_on_the_timeline_has_a_sentence_in_both_languages() -> None:
    told = {event.type: sentences(event) for event in told_story() if event.type in Timeline.handles}
    assert told.keys() == Timeline.handles - UPCASTS.keys()
    for wire_type, (english, french) in told.items():
        assert wire_type not in (english, french)
        assert english != french
        assert "{" not in english + french
