"""Alternatives are the rule with one declared option changed, and only what differs is there."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.rules import compute, counterfactuals
from ledger.rules.profile import Profile
from ledger.rules.spec import EqualShares, ExclusiveSet, RuleSpec, Threshold, Unaffordable
from tests.rules.elections import approvals, candidates, greedy, greedy_specs, items, set_ballots, shares


def alternatives(spec: RuleSpec, profile: Profile, withdrawn: frozenset[int] = frozenset()) -> dict[str, tuple[int, ...]]:
    return counterfactuals(spec, profile, compute(spec, profile, withdrawn=withdrawn), withdrawn=withdrawn)


def test_the_other_ways_with_what_does_not_fit() -> None:
    profile = approvals(items(60, 50, 30), {0: 9, 1: 8, 2: 7})
    assert alternatives(greedy(100), profile) == {"unaffordable_stop": (0,), "ties_reversed": (0, 2)}
    poznan = greedy(100, unaffordable=Unaffordable(then="fund_if_left", ratio="4/5"))
    assert alternatives(poznan, profile) == {"unaffordable_skip": (0, 2), "unaffordable_stop": (0,), "ties_reversed": (0, 1)}


def test_ties_the_other_way_round() -> None:
    assert alternatives(greedy(20), approvals(items(20, 15), {0: 3, 1: 3}))["ties_reversed"] == (0,)


def test_without_each_condition_and_without_all() -> None:
    spec = greedy(60, threshold=Threshold(on="votes", comparison=">=", number=5), exclusive_sets=(ExclusiveSet(members=("p1", "p2")),))
    profile = approvals(items(30, 20, 20, 10), {0: 9, 1: 8, 2: 7, 3: 4})
    found = alternatives(spec, profile, frozenset({0}))
    assert compute(spec, profile, withdrawn=frozenset({0})).winners == (1,)
    assert found["without_thresholds"] == (1, 3)
    assert found["without_exclusive_sets"] == (1, 2)
    assert found["without_withdrawals"] == (0, 1)
    assert found["plain"] == (0, 1, 3)


def test_the_other_completions_and_greedy() -> None:
    add1 = EqualShares(utility="cost", completion="add1", increment_minor=1, start="fraction", comparison="none")
    profile = Profile(items(60, 30, 35), {(0, 1): 6, (2,): 4})
    found = alternatives(shares(100, add1), profile)
    assert sorted(found) == [
        "completion_add1e", "completion_add1u", "completion_none", "completion_utilitarian", "greedy", "ties_reversed",
    ]  # fmt: skip
    for name in ("none", "add1e", "add1u", "utilitarian"):
        other = shares(100, add1.model_copy(update={"completion": name, "increment_minor": 1 if name.startswith("add") else None}))
        assert found[f"completion_{name}"] == compute(other, profile).winners
    assert found["greedy"] == (1, 0)


def test_the_comparison_can_be_left_out() -> None:
    options = EqualShares(utility="cost", completion="none", start="fraction", comparison="exclusion_ratio")
    profile = Profile(items(130, 30, 30), {(0,): 8, (1,): 3, (2,): 3})
    assert compute(shares(140, options), profile).winners == (0,)
    assert alternatives(shares(140, options), profile)["comparison_none"] == (1, 2)


@given(st.data())
def test_an_alternative_is_what_the_rule_with_that_option_computes(data: st.DataObject) -> None:
    listed = data.draw(candidates())
    spec = data.draw(greedy_specs(listed))
    profile = Profile(listed, data.draw(set_ballots(listed)))
    found = alternatives(spec, profile)
    for then in ("skip", "stop"):
        if f"unaffordable_{then}" in found:
            other = spec.model_copy(update={"unaffordable": Unaffordable.model_validate({"then": then})})
            assert found[f"unaffordable_{then}"] == compute(other, profile).winners
    assert ("plain" in found) == (spec.threshold is not None or spec.exclusive_sets != ())
