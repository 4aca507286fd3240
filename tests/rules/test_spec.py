"""A rule is canonical JSON, and options without a meaning together are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.canonical import canonical
from ledger.errors import RuleUndefined
from ledger.rules import RULES, check_spec
from ledger.rules.spec import RuleSpec, fraction, plain_rule
from tests.rules.elections import candidates, greedy, greedy_specs, shares, shares_specs

OWN: dict[str, Any] = {
    "by": "category",
    "kind": "own",
    "envelopes": [{"key": "air", "amount_minor": 60}, {"key": "sea", "amount_minor": 40}],
}
BOUNDS: dict[str, Any] = {**OWN, "kind": "upper_bound"}
ADD1: dict[str, Any] = {
    "utility": "cost", "completion": "add1", "increment_minor": 100, "start": "integral", "comparison": "none",
}  # fmt: skip
GREEDY: dict[str, Any] = {
    "rule": "greedy",
    "version": 1,
    "ballot": {"form": "approval", "max": 5},
    "score": {"by": "approvals"},
    "budget_minor": 100,
    "unaffordable": {"then": "skip"},
    "ties": ["lower_cost", "more_votes", "list_order"],
    "revotes": "last",
}
SHARES: dict[str, Any] = {**GREEDY, "rule": "equal-shares", "equal_shares": ADD1}
UNDECLARED: dict[str, Any] = {"rule": "undeclared", "ballot": {"form": "approval"}, "score": {"by": "approvals"}}

UNDEFINED: list[tuple[str, dict[str, Any], str]] = [
    ("equal shares with envelopes", {**SHARES, "envelopes": OWN}, "$.envelopes"),
    ("equal shares with pooling", {**SHARES, "leftover": {"then": "skip"}}, "$.leftover"),
    ("equal shares with exclusive sets", {**SHARES, "exclusive_sets": [{"members": ["a", "b"]}]}, "$.exclusive_sets"),
    ("equal shares with a number of winners", {**SHARES, "max_winners": 3}, "$.max_winners"),
    ("equal shares that stop", {**SHARES, "unaffordable": {"then": "stop"}}, "$.unaffordable.then"),
    ("equal shares alone", {**SHARES, "equal_shares": None}, "$.equal_shares"),
    ("points as utility of approvals", {**SHARES, "equal_shares": {**ADD1, "utility": "points"}}, "$.equal_shares.utility"),
    (
        "negative utility",
        {
            **SHARES,
            "ballot": {"form": "score", "min_score": -1, "max_score": 3},
            "score": {"by": "grades"},
            "equal_shares": {**ADD1, "utility": "points"},
        },
        "$.ballot.min_score",
    ),
    (
        "who supports by yes and no",
        {**SHARES, "ballot": {"form": "yes_no_blank"}, "score": {"by": "plus_minus"}},
        "$.equal_shares.utility",
    ),
    ("add1 without increment", {**SHARES, "equal_shares": {**ADD1, "increment_minor": None}}, "$.equal_shares.increment_minor"),
    (
        "an increment that nothing uses",
        {**SHARES, "equal_shares": {**ADD1, "completion": "none", "start": "fraction"}},
        "$.equal_shares.increment_minor",
    ),
    ("greedy with equal shares", {**GREEDY, "equal_shares": ADD1}, "$.equal_shares"),
    ("greedy without a budget", {**GREEDY, "budget_minor": None}, "$.budget_minor"),
    ("fund_if_left without ratio", {**GREEDY, "unaffordable": {"then": "fund_if_left"}}, "$.unaffordable.ratio"),
    ("a ratio that nothing uses", {**GREEDY, "unaffordable": {"then": "skip", "ratio": "4/5"}}, "$.unaffordable.ratio"),
    (
        "fund_if_left under bounds",
        {**GREEDY, "envelopes": BOUNDS, "unaffordable": {"then": "fund_if_left", "ratio": "4/5"}},
        "$.unaffordable.then",
    ),
    ("pooling under bounds", {**GREEDY, "envelopes": BOUNDS, "leftover": {"then": "skip"}}, "$.leftover"),
    ("pooling without envelopes", {**GREEDY, "leftover": {"then": "skip"}}, "$.leftover"),
    ("envelopes above the budget", {**GREEDY, "budget_minor": 99, "envelopes": OWN}, "$.envelopes.envelopes"),
    (
        "two envelopes of one key",
        {**GREEDY, "envelopes": {**OWN, "envelopes": [OWN["envelopes"][0], OWN["envelopes"][0]]}},
        "$.envelopes.envelopes",
    ),
    ("a threshold without bar", {**GREEDY, "threshold": {"on": "votes", "comparison": ">="}}, "$.threshold"),
    ("a share of nothing", {**GREEDY, "threshold": {"on": "votes", "comparison": ">=", "ratio": "1/10"}}, "$.threshold.of"),
    (
        "a share of a score",
        {**GREEDY, "threshold": {"on": "score", "comparison": ">=", "ratio": "1/10", "of": "cast"}},
        "$.threshold.on",
    ),
    ("a quorum without bar", {**GREEDY, "quorum": {"count": "cast", "comparison": ">="}}, "$.quorum"),
    ("a ladder that leaves ties", {**GREEDY, "ties": ["lower_cost"]}, "$.ties"),
    ("a ladder with a rung twice", {**GREEDY, "ties": ["lower_cost", "lower_cost", "list_order"]}, "$.ties"),
    ("both costs in a ladder", {**GREEDY, "ties": ["lower_cost", "higher_cost", "list_order"]}, "$.ties"),
    ("rungs after the last", {**GREEDY, "ties": ["list_order", "lower_cost", "list_order"]}, "$.ties"),
    ("a lot without a lottery", {**GREEDY, "ties": ["lot"]}, "$.lottery"),
    ("a lottery without a lot", {**GREEDY, "lottery": {"seed": "x"}}, "$.lottery"),
    ("a set with a member twice", {**GREEDY, "exclusive_sets": [{"members": ["a", "a"]}]}, "$.exclusive_sets[0].members"),
    ("a stranger retained", {**GREEDY, "exclusive_sets": [{"members": ["a", "b"], "retained": "c"}]}, "$.exclusive_sets[0].retained"),
    ("Borda of approvals", {**GREEDY, "score": {"by": "borda", "variant": "ballot_length_to_one"}}, "$.score.by"),
    ("Borda without variant", {**GREEDY, "ballot": {"form": "ranked"}, "score": {"by": "borda"}}, "$.score.variant"),
    (
        "Borda from no length",
        {**GREEDY, "ballot": {"form": "ranked"}, "score": {"by": "borda", "variant": "max_length_to_one"}},
        "$.score.variant",
    ),
    ("points of approvals", {**GREEDY, "score": {"by": "points"}}, "$.score.by"),
    ("approvals of grades", {**GREEDY, "ballot": {"form": "score", "min_score": 0, "max_score": 3}}, "$.score.by"),
    ("a ballot nobody can fill", {**GREEDY, "ballot": {"form": "approval", "min": 3, "max": 2}}, "$.ballot.min"),
    ("an undeclared rule with a threshold", {**UNDECLARED, "threshold": {"on": "votes", "comparison": ">", "number": 1}}, "$.threshold"),
]


def read(fields: dict[str, Any]) -> RuleSpec:
    return RuleSpec.model_validate_json(canonical({name: value for name, value in fields.items() if value is not None}))


@pytest.mark.parametrize(("fields", "place"), [(fields, place) for _, fields, place in UNDEFINED], ids=[name for name, _, _ in UNDEFINED])
def test_options_without_a_meaning_together_are_refused(fields: dict[str, Any], place: str) -> None:
    with pytest.raises(RuleUndefined) as refusal:
        check_spec(read(fields))
    assert refusal.value.place == place


@pytest.mark.parametrize("fields", [GREEDY, SHARES, UNDECLARED, {**GREEDY, "envelopes": OWN}, {**GREEDY, "envelopes": BOUNDS}])
def test_defined_options_are_accepted(fields: dict[str, Any]) -> None:
    spec = read(fields)
    check_spec(spec)
    assert spec.rule_id in RULES


@given(st.data())
def test_every_rule_survives_its_canonical_form(data: st.DataObject) -> None:
    spec = data.draw(st.one_of(greedy_specs(data.draw(candidates())), shares_specs()))
    check_spec(spec)
    written = canonical(spec.model_dump(mode="json", exclude_none=True))
    assert RuleSpec.model_validate_json(written) == spec
    assert canonical(RuleSpec.model_validate_json(written).model_dump(mode="json", exclude_none=True)) == written


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"rule": "phragmen"}, {"budget_minor": 1.0}, {"budget_minor": -1}, {"unknown": 1}, {"revotes": "first"},
     {"unaffordable": {"then": "skip", "ratio": "0.8"}}, {"unaffordable": {"then": "skip", "ratio": "4/0"}}, {"ties": []}],
)  # fmt: skip
def test_what_no_field_allows_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleSpec.model_validate({**GREEDY, **change})


def test_a_ratio_is_exact() -> None:
    assert fraction("1/3") * 3 == 1


def test_the_plain_rule_keeps_money_and_order_and_drops_conditions() -> None:
    spec = read(
        {
            **GREEDY,
            "threshold": {"on": "votes", "comparison": ">=", "number": 5},
            "exclusive_sets": [{"members": ["a", "b"]}],
            "envelopes": {**OWN, "envelopes": [{**envelope, "min_votes": 3} for envelope in OWN["envelopes"]]},
        }
    )
    assert plain_rule(spec) == read({**GREEDY, "envelopes": OWN})
    assert plain_rule(greedy(5)) == greedy(5)
    assert plain_rule(shares(5)) == shares(5)
