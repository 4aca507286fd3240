"""Rules: set before the opening, then frozen but for amounts of money."""

from typing import Any

import pytest

from ledger.aggregates import rules_digest
from ledger.errors import (
    AmendmentTooWide,
    CategoryUnknown,
    DistrictUnknown,
    FieldDiffers,
    NothingChanged,
    RulesFrozen,
    RuleUndefined,
    StepHasNoRoll,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events import read_event
from ledger.events.envelope import entry_bytes
from ledger.events.step import StepRulesAmended
from ledger.rules.ballot_form import ApprovalForm, ScoreForm
from ledger.rules.spec import Envelope, Envelopes, Lottery, Quorum, RuleSpec, Threshold
from tests.given import Given, Post, digest, given, post
from tests.town import RULES, closing, defined, opened, planned, prepared, revote, rules_set, vote, voting


def rules(**changes: Any) -> RuleSpec:
    return RULES.model_copy(update=changes)


def divided(*amounts: tuple[str | None, int, int | None], by: Any = "district", kind: Any = "own") -> RuleSpec:
    envelopes = tuple(Envelope(key=key, amount_minor=amount, min_votes=least) for key, amount, least in amounts)
    return rules(envelopes=Envelopes(by=by, kind=kind, envelopes=envelopes))


def amended(spec: RuleSpec) -> Post:
    return post(StepRulesAmended, step="vote", rules=spec, code="council_vote")


def open_under(spec: RuleSpec) -> Given:
    return given(*voting(rules=spec))


def test_before_the_opening_the_rules_set_last_hold() -> None:
    past = given(opened(), planned(), rules_set()).when(rules_set(rules(budget_minor=7), "sealed")).then()
    step = past.now.step("vote")
    assert step.rules == rules(budget_minor=7)
    assert step.rules_digest == rules_digest(rules(budget_minor=7))
    assert step.secrecy == "sealed"


def test_the_digest_of_rules_is_filled_and_a_wrong_one_refused() -> None:
    given(opened(), planned()).when(rules_set()).then(digest=rules_digest(RULES))
    given(opened(), planned()).when(rules_set().but(digest=digest("x"))).refused(FieldDiffers, field="digest", expected=rules_digest(RULES))


def test_rules_are_for_planned_ballot_steps() -> None:
    given(opened()).when(rules_set()).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(rules_set()).refused(StepOfOtherKind, kind="board", needed="ballot")


def test_after_the_opening_rules_are_not_set_again() -> None:
    given(*voting()).when(rules_set()).refused(RulesFrozen)
    given(*voting(), closing()).when(rules_set()).refused(RulesFrozen)


def test_options_that_have_no_meaning_together_are_refused() -> None:
    given(opened(), planned()).when(rules_set(rules(lottery=None))).refused(RuleUndefined, place="$.lottery")
    given(opened(), planned()).when(rules_set(rules(ballot=ScoreForm(min_score=0, max_score=5)))).refused(RuleUndefined)


def test_envelopes_are_of_districts_or_categories_that_are_defined() -> None:
    past = given(opened(), *defined(), planned())
    past.when(rules_set(divided(("north", 100, None), (None, 50, None)))).then()
    past.when(rules_set(divided(("green", 100, None), by="category"))).then()
    past.when(rules_set(divided(("south", 100, None)))).refused(DistrictUnknown, district="south")
    past.when(rules_set(divided(("north", 100, None), by="category"))).refused(CategoryUnknown, category="north")


@pytest.mark.parametrize(
    "share",
    [
        {"threshold": Threshold(on="votes", comparison=">=", ratio="1/10", of="enrolled")},
        {"quorum": Quorum(count="cast", comparison=">=", ratio="1/5")},
    ],
)
def test_a_share_of_those_enrolled_needs_a_roll(share: dict[str, Any]) -> None:
    given(opened(), planned()).when(rules_set(rules(**share))).refused(StepHasNoRoll)
    given(opened(), planned(has_roll=True)).when(rules_set(rules(**share))).then()


def test_an_amendment_of_the_budget_is_in_force_at_once_and_the_announced_rules_are_kept() -> None:
    past = given(*voting()).when(amended(rules(budget_minor=120_000))).then(digest=rules_digest(rules(budget_minor=120_000)))
    step = past.now.step("vote")
    assert step.rules == rules(budget_minor=120_000)
    assert step.announced == RULES
    past.when(vote()).then()


def test_ballots_cast_before_an_amendment_stand_and_later_ones_cite_the_amended_rules() -> None:
    past = given(*voting(), vote("ana"), amended(rules(budget_minor=120_000)))
    past.when(revote("ana")).then()
    assert past.now.step("vote").rules_digest == rules_digest(rules(budget_minor=120_000))


def test_an_amendment_after_the_closing_stands_beside_the_rules_in_force() -> None:
    past = given(*voting(), closing()).when(amended(rules(budget_minor=120_000))).then()
    step = past.now.step("vote")
    assert step.rules == RULES
    assert step.rules_digest == rules_digest(RULES)
    assert step.latest == rules(budget_minor=120_000)
    past.when(amended(RULES)).then()


def test_before_the_opening_there_is_nothing_to_amend() -> None:
    given(*prepared()).when(amended(rules(budget_minor=120_000))).refused(StepNotOpen)
    given(opened(), planned()).when(amended(RULES)).refused(StepNotOpen)
    given(opened()).when(amended(RULES)).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(amended(RULES)).refused(StepOfOtherKind)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("ballot", ApprovalForm(min=1, max=3)),
        ("max_winners", 1),
        ("ties", ("higher_cost", "lot")),
        ("lottery", Lottery(seed="another")),
        ("threshold", Threshold(on="votes", comparison=">=", number=3)),
        ("envelopes", Envelopes(by="district", kind="own", envelopes=(Envelope(key="north", amount_minor=1),))),
    ],
)
def test_an_amendment_touches_nothing_but_amounts(option: str, value: object) -> None:
    given(*voting()).when(amended(rules(**{option: value}))).refused(AmendmentTooWide, options=(option,))
    given(*voting(), closing()).when(amended(rules(**{option: value}))).refused(AmendmentTooWide, options=(option,))


def test_amounts_of_envelopes_can_be_amended_and_envelopes_added_or_dropped() -> None:
    past = open_under(divided(("north", 100, 5), (None, 50, None)))
    past.when(amended(divided(("north", 200, 5), (None, 50, None)))).then()
    past.when(amended(divided(("north", 200, 5)))).then()
    past.when(amended(divided(("north", 200, 5), (None, 70, None)))).then()


@pytest.mark.parametrize(
    "changed",
    [
        divided(("north", 100, 6)),
        divided(("north", 100, None)),
        divided(("north", 100, 5), (None, 10, 3)),
        divided(("north", 100, 5), kind="upper_bound"),
        divided(("green", 100, 5), by="category"),
        RULES,
    ],
)
def test_how_money_is_divided_and_what_votes_it_takes_are_not_amended(changed: RuleSpec) -> None:
    open_under(divided(("north", 100, 5))).when(amended(changed)).refused(AmendmentTooWide, options=("envelopes",))


def test_amended_rules_are_checked_like_rules() -> None:
    past = open_under(divided(("north", 100, None)))
    past.when(amended(divided(("south", 100, None)))).refused(DistrictUnknown, district="south")
    past.when(amended(divided(("north", 200_000, None)))).refused(RuleUndefined)
    past.when(amended(divided(("north", 200, None))).but(digest=digest("x"))).refused(FieldDiffers, field="digest")
    by_category = open_under(divided(("green", 100, None), by="category"))
    by_category.when(amended(divided(("red", 100, None), by="category"))).refused(CategoryUnknown)
    quorum = Quorum(count="cast", comparison=">=", ratio="1/5")
    given(*voting()).when(amended(rules(quorum=quorum))).refused(StepHasNoRoll)


def test_an_amendment_amends() -> None:
    given(*voting()).when(amended(RULES)).refused(NothingChanged)
    given(*voting(), closing(), amended(rules(budget_minor=9))).when(amended(rules(budget_minor=9))).refused(NothingChanged)


def test_an_envelope_of_candidates_without_a_district_is_read_back_as_it_was_recorded() -> None:
    spec = divided(("north", 60_000, None), (None, 40_000, None))
    recorded = given(opened(), *defined(), planned(), rules_set(spec)).history.events[-1]
    assert read_event(entry_bytes(recorded)).data.model_dump() == recorded.data.model_dump()
