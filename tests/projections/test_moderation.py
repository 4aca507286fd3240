"""What the moderation register keeps of every decision, whatever is decided later."""

from typing import Any, cast

import pytest

from ledger.canonical import JsonValue
from ledger.projections.moderation import Moderation
from ledger.projections.readings.moderation_register import Wanted, register, with_contents
from tests.projections.folded import folded
from tests.projections.history import History, actor

Json = dict[str, JsonValue]
LAMP = "contribution/lamp"
ANN: Json = {"kind": "opinion", "author": actor("ann")}


def reported(*motives: str) -> History:
    """A content that was reported for these motives, each by another person."""
    history = History().opened()
    for number, motive in enumerate(motives):
        history.add("report.made", {"target": LAMP, "motive": motive}, who=f"person {number}", role="participant")
    return history


def case(
    history: History, name: str, at: str, *, target: str = LAMP, disclosed: Json | None = None, who: str | None = None, **data: Any
) -> None:
    role = "participant" if name == "appeal.lodged" else "moderator"
    event = history.add(name, {"target": target, **data}, role=role, who=who, at=f"2026-03-01T{at}.000Z", disclosed=disclosed)
    # A moderator's times are not floored, even where one is named.
    event.at = f"2026-03-01T{at}.000Z" if role == "moderator" else event.at


def lines(history: History, *, now: str = "2026-03-02T00:00:00.000Z", size: int | None = None, **wanted: str) -> list[Json]:
    chosen = Wanted(**wanted)
    return list(with_contents(register(folded(Moderation(), history, size).items(), now, chosen), {LAMP: ANN}.get, chosen))


def appealed() -> History:
    """Hidden by one moderator, restored on appeal by another, an hour and a half later."""
    history = reported("insult", "spam", "insult")
    case(history, "case.opened", "08:00:00", origin="reports")
    case(history, "content.hidden", "09:00:00", motive="insult", rule_ref="art-4", who="mo", disclosed={"reason": {"en": "Rude"}})
    case(history, "decision.notified", "09:05:00")
    case(history, "appeal.lodged", "10:00:00", who="ann", disclosed={"details": {"en": "It was a joke"}})
    case(history, "appeal.decided", "10:20:00", who="jo", outcome="reversed", code="misread", disclosed={"reason": {"en": "Funny"}})
    case(history, "content.restored", "10:30:00", who="jo", because="appeal")
    return history


def test_the_register_tells_who_hid_what_for_which_motive_and_who_undid_it_how_much_later() -> None:
    [line] = lines(appealed())
    assert (line["target"], line["kind"], line["author"]) == (LAMP, "opinion", actor("ann"))
    assert (line["decision"], line["motive"], line["rule_ref"], line["reason"]) == ("hidden", "insult", "art-4", {"en": "Rude"})
    assert (line["role"], line["via"], line["moderator"]) == ("moderator", "town", actor("mo"))
    assert (line["origin"], line["reports"], line["reports_by_motive"]) == ("reports", 3, {"insult": 2, "spam": 1})
    assert line["notified_at"] == "2026-03-01T09:05:00.000Z"
    assert (line["state"], line["seconds"], line["ended_at"]) == ("ended", 5400, "2026-03-01T10:30:00.000Z")
    undone, appeal = cast("Json", line["undone"]), cast("Json", line["appeal"])
    assert (undone["because"], undone["moderator"]) == ("appeal", actor("jo"))
    assert (appeal["details"], appeal["outcome"], appeal["code"], appeal["reason"]) == (
        {"en": "It was a joke"},
        "reversed",
        "misread",
        {"en": "Funny"},
    )
    assert (appeal["judge"], appeal["lodged_at"]) == (actor("jo"), "2026-03-01T10:00:00.000Z")


def test_the_motive_and_the_decision_outlive_the_restoring_and_the_next_decision() -> None:
    history = appealed()
    case(history, "content.limited", "11:00:00", motive="spam", trash="visible", until="2026-03-01T12:00:00.000Z", stances="not_counted")
    first, second = lines(history)
    assert (first["motive"], first["state"]) == ("insult", "ended")
    assert (second["decision"], second["trash"], second["stances"], second["state"]) == ("limited", "visible", "not_counted", "standing")
    # Nothing that was opened or contested before belongs to the second decision.
    assert (second["origin"], second["appeal"], second["notified_at"], second["moderator"]) == (None, None, None, "client:town")


def test_what_stands_has_stood_until_the_last_entry_and_is_overdue_after_its_announced_end() -> None:
    history = reported()
    case(history, "content.limited", "09:00:00", motive="spam", trash="invisible", until="2026-03-01T12:00:00.000Z")
    [line] = lines(history, now="2026-03-01T10:00:00.000Z")
    assert (line["state"], line["seconds"], line["overdue"], line["ended_at"]) == ("standing", 3600, False, None)
    [line] = lines(history, now="2026-03-01T13:00:00.000Z")
    assert (line["state"], line["seconds"], line["overdue"]) == ("standing", 4 * 3600, True)


def test_at_every_size_the_register_tells_what_was_known_then() -> None:
    history = appealed()
    seqs = {event.type.partition("/")[0]: event.seq for event, _ in history.events}
    assert lines(history, size=seqs["content.hidden"]) == []
    [line] = lines(history, size=seqs["appeal.lodged"], now="2026-03-01T09:30:00.000Z")
    assert (line["state"], line["appeal"], line["undone"], line["seconds"]) == ("standing", None, None, 1800)
    [line] = lines(history, size=seqs["appeal.decided"])
    assert cast("Json", line["appeal"])["outcome"] is None
    assert line["changed_seq"] == seqs["appeal.lodged"]


def test_a_dismissed_report_has_a_line_and_the_next_decision_is_not_answered_by_it() -> None:
    history = reported("spam")
    case(history, "case.opened", "08:00:00", origin="machine")
    case(history, "report.dismissed", "08:30:00", code="within_the_rules", disclosed={"reason": {"en": "Fine"}})
    case(history, "content.hidden", "09:00:00", motive="court_order")
    case(history, "report.dismissed", "09:10:00", code="again")
    case(history, "content.restored", "09:20:00", because="mistake")
    dismissed, hidden, again = lines(history)
    assert (dismissed["state"], dismissed["code"], dismissed["reason"], dismissed["origin"]) == (
        "dismissed",
        "within_the_rules",
        {"en": "Fine"},
        "machine",
    )
    assert (dismissed["seconds"], dismissed["undone"], again["undone"]) == (None, None, None)
    assert (hidden["origin"], hidden["state"], hidden["seconds"]) == (None, "ended", 1200)


def suspended() -> History:
    history = History().opened()
    said: Json = {"holder": actor("ann"), "motive": "insult", "until": "2026-03-01T12:00:00.000Z", "target": LAMP}
    history.add("participant.suspended", said, role="moderator", at="2026-03-01T09:00:00.000Z", disclosed={"reason": {"en": "Thrice"}})
    return history


def test_a_suspension_ends_by_its_time() -> None:
    [line] = lines(suspended(), now="2026-03-01T10:00:00.000Z")
    assert (line["kind"], line["author"], line["decision"], line["because_of"]) == ("participant", actor("ann"), "suspended", LAMP)
    assert (line["state"], line["seconds"], line["reason"]) == ("standing", 3600, {"en": "Thrice"})
    [line] = lines(suspended(), now="2026-03-03T10:00:00.000Z")
    assert (line["state"], line["seconds"], line["ended_at"], line["overdue"]) == ("ended", 3 * 3600, "2026-03-01T12:00:00.000Z", False)


def test_a_readmission_ends_a_suspension_and_not_one_that_was_over() -> None:
    history = suspended()
    again: Json = {"holder": actor("ann"), "motive": "spam", "until": "2026-03-09T12:00:00.000Z"}
    history.add("participant.suspended", again, role="moderator", at="2026-03-02T09:00:00.000Z")
    history.add("participant.readmitted", {"holder": actor("ann"), "code": "talked"}, role="guarantor", at="2026-03-02T09:00:30.999Z")
    first, second = lines(history, now="2026-03-05T00:00:00.000Z")
    assert (first["undone"], first["seconds"]) == (None, 3 * 3600)
    undone = cast("Json", second["undone"])
    assert (undone["code"], undone["role"], second["seconds"]) == ("talked", "guarantor", 30)


def test_a_suspension_takes_the_place_of_the_one_before() -> None:
    history = suspended()
    longer: Json = {"holder": actor("ann"), "motive": "spam", "until": "2026-03-09T12:00:00.000Z"}
    history.add("participant.suspended", longer, role="moderator", at="2026-03-01T10:00:00.000Z")
    first, second = lines(history, now="2026-03-01T11:00:00.000Z")
    assert (first["state"], first["seconds"], cast("Json", first["undone"])["because"]) == ("ended", 3600, "replaced")
    assert second["state"] == "standing"


@pytest.mark.parametrize(
    ("wanted", "decisions"),
    [
        ({}, ["hidden", "limited", "dismissed"]),
        ({"state": "standing"}, ["limited"]),
        ({"state": "ended"}, ["hidden"]),
        ({"state": "dismissed"}, ["dismissed"]),
        ({"state": "appealed"}, ["hidden"]),
        ({"motive": "spam"}, ["limited"]),
        ({"kind": "argument"}, ["dismissed"]),
        ({"kind": "opinion", "state": "ended", "motive": "insult"}, ["hidden"]),
        ({"kind": "participant"}, []),
    ],
)
def test_the_register_is_asked_by_state_motive_and_kind(wanted: dict[str, Any], decisions: list[str]) -> None:
    history = appealed()
    case(history, "content.limited", "11:00:00", motive="spam", trash="visible")
    case(history, "report.dismissed", "11:10:00", target="argument/a7", code="fine")
    found = lines(history, **wanted)
    assert sorted(str(line["decision"]) for line in found) == sorted(decisions)


def test_a_content_that_was_only_reported_is_in_the_rows_and_has_no_line() -> None:
    history = reported("spam", "spam")
    row = folded(Moderation(), history)[LAMP]
    assert (row["reports"], row["seq"], row["changed_seq"]) == ({"spam": 2}, 1, 2)
    assert lines(history) == []
    assert all(actor(f"person {number}") not in str(row) for number in range(2))


def test_what_follows_no_decision_changes_no_decision() -> None:
    history = History().opened()
    case(history, "content.restored", "09:00:00", because="mistake")
    case(history, "appeal.lodged", "09:00:00")
    case(history, "appeal.decided", "09:00:00", outcome="upheld", code="no")
    case(history, "decision.notified", "09:00:00")
    history.add("participant.readmitted", {"holder": actor("ann"), "code": "no"})
    history.add("participant.readmitted", {"code": "nobody"})
    assert lines(history) == []


def test_times_that_do_not_exist_have_no_duration() -> None:
    history = History().opened()
    history.add("content.hidden", {"target": LAMP, "motive": "spam"}, at="2026-13-39T09:00:00.000Z")
    [line] = lines(history)
    assert (line["at"], line["seconds"]) == ("2026-13-39T09:00:00.000Z", None)


def test_an_end_in_an_hour_that_is_told_by_its_beginning_is_no_end_before_the_start() -> None:
    history = History().opened()
    history.add("content.hidden", {"target": LAMP, "motive": "spam"}, role="moderator", at="2026-03-01T09:30:00.000Z")
    history.add("content.restored", {"target": LAMP, "because": "mistake"}, role="moderator", at="2026-03-01T09:00:00.000Z")
    [line] = lines(history)
    assert (line["state"], line["seconds"]) == ("ended", 0)
