"""The register of changes has every rule and date, with what held before and after."""

from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.changes import WHAT, Changes
from ledger.projections.readings.change_register import change_register
from tests.projections.folded import folded
from tests.projections.history import DIGEST, RULES, History, actor

Json = dict[str, JsonValue]


def lines(history: History, **wanted: str) -> list[Json]:
    return change_register(folded(Changes(), history).items(), **wanted)


def differences(found: list[Json]) -> list[tuple[JsonValue, JsonValue]]:
    return [(line["old"], line["new"]) for line in found]


def test_a_date_that_moves_is_told_with_the_old_and_the_new_one() -> None:
    history = History().opened()
    history.planned(closes_at="2026-04-01T00:00:00.000Z", submitted=False)
    moved: Json = {"step": "vote", "closes_at": "2026-04-09T00:00:00.000Z", "code": "holiday"}
    history.add("step.rescheduled", moved, disclosed={"reason": {"en": "Easter"}})
    history.open_step()
    early = history.add("step.closed_early", {"step": "vote", "code": "flood"})
    announced, rescheduled, closed = lines(history, what="dates")
    assert (announced["old"], announced["new"], announced["phase"]) == (None, {"closes_at": "2026-04-01T00:00:00.000Z"}, "planned")
    assert (rescheduled["old"], rescheduled["new"]) == (
        {"closes_at": "2026-04-01T00:00:00.000Z"},
        {"closes_at": "2026-04-09T00:00:00.000Z"},
    )
    assert (rescheduled["code"], rescheduled["reason"]) == ("holiday", {"en": "Easter"})
    assert (closed["old"], closed["new"], closed["phase"]) == ({"closes_at": "2026-04-09T00:00:00.000Z"}, {"closes_at": early.at}, "open")


def test_rules_are_told_by_what_differs_and_those_amended_after_the_closing_do_not_come_to_hold() -> None:
    history = History().opened().planned(submitted=False)
    history.add("step.rules_set", {"step": "vote", "rules": {**RULES, "ties": ["list_order"]}, "secrecy": "sealed", "digest": DIGEST})
    history.open_step()
    history.amend("vote", 90_000)
    history.close_step()
    history.amend("vote", 80_000)
    history.amend("vote", 70_000)
    first, again, *amended = lines(history, step="vote", what="rules")
    assert first["old"] is None
    assert cast("Json", first["new"])["budget_minor"] == 100_000
    assert (again["old"], again["new"]) == (
        {"secrecy": "open", "ties": RULES["ties"]},
        {"secrecy": "sealed", "ties": ["list_order"]},
    )
    ties: Json = {"ties": ["list_order"]}
    assert differences(amended) == [
        ({**ties, "budget_minor": 100_000}, {"ties": RULES["ties"], "budget_minor": 90_000}),
        ({"budget_minor": 90_000}, {"budget_minor": 80_000}),
        ({"budget_minor": 90_000}, {"budget_minor": 70_000}),
    ]
    assert [line["phase"] for line in amended] == ["open", "closed", "closed"]


def test_scales_suspensions_and_embargoes_are_changes() -> None:
    history = History().opened()
    history.add("step.planned", {"step": "talk", "kind": "consultation", "title": {"en": "Talk"}})
    history.add("step.stances_set", {"step": "talk", "scales": {"opinion": "support"}})
    history.add("step.stances_set", {"step": "talk", "scales": {"opinion": "agree_mixed_disagree"}})
    history.open_step("talk")
    history.add("step.suspended", {"step": "talk", "code": "outage"})
    history.add("step.resumed", {"step": "talk"})
    history.add("results.embargoed", {"step": "talk", "until": "2026-04-01T00:00:00.000Z"})
    assert differences(lines(history, what="stances"))[1] == (
        {"scales": {"opinion": "support"}},
        {"scales": {"opinion": "agree_mixed_disagree"}},
    )
    assert differences(lines(history, what="suspension")) == [(None, {"suspended": True}), ({"suspended": True}, {"suspended": False})]
    assert differences(lines(history, what="embargo")) == [(None, {"until": "2026-04-01T00:00:00.000Z"})]


def test_roles_motives_envelopes_and_the_charter_are_of_the_whole_project() -> None:
    history = History().opened()
    for name, role in (("granted", "moderator"), ("granted", "guarantor"), ("revoked", "moderator")):
        history.add(f"role.{name}", {name: role, "holder": actor("mo")})
    history.add("role.granted", {"granted": "agent", "client": "kiosk"})
    history.add("motive.defined", {"ref": "spam", "name": {"en": "Spam"}, "rule_ref": "art-3"})
    history.add("envelope.defined", {"ref": "whole", "amount_minor": 5})
    history.add("charter.adopted", {"digest": DIGEST})
    found = lines(history)
    assert [(line["what"], line["step"], line["ref"]) for line in found] == [
        ("roles", None, actor("mo")),
        ("roles", None, actor("mo")),
        ("roles", None, actor("mo")),
        ("roles", None, "client:kiosk"),
        ("motive", None, "spam"),
        ("envelope", None, "whole"),
        ("charter", None, None),
    ]
    assert differences(found)[2:5] == [
        ({"roles": ["guarantor", "moderator"]}, {"roles": ["guarantor"]}),
        (None, {"roles": ["agent"]}),
        (None, {"name": {"en": "Spam"}, "rule_ref": "art-3"}),
    ]
    assert lines(history, step="vote") == []


def test_changes_come_in_the_order_of_the_log_over_all_steps_and_every_matter_has_a_name() -> None:
    history = History().opened().planned("vote", submitted=False).planned("north", submitted=False)
    history.amend("vote", 1)
    history.amend("north", 1)
    history.add("motive.defined", {"ref": "spam", "name": {"en": "Spam"}})
    found = lines(history)
    assert [line["seq"] for line in found] == sorted(cast("int", line["seq"]) for line in found)
    assert {line["what"] for line in found} <= set(WHAT)
    assert len(found) == 7
