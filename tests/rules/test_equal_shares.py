"""Equal shares: the definition, the engine against the reference, completions, comparison, and the account of a count."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import EnginesDisagree
from ledger.rules import compute
from ledger.rules.counting import ready
from ledger.rules.equal_shares import reference
from ledger.rules.equal_shares.completion import Search, searches
from ledger.rules.equal_shares.contest import Contest
from ledger.rules.equal_shares.count import prepare
from ledger.rules.equal_shares.engine import Engine
from ledger.rules.outcome import Purchase, Status
from ledger.rules.profile import Entries, Profile
from ledger.rules.spec import EqualShares, RuleSpec
from ledger.rules.tally import tally
from tests.rules import slow_shares
from tests.rules.elections import ballots_of, candidates, items, shares, shares_specs


def options(**chosen: object) -> EqualShares:
    return EqualShares.model_validate({"utility": "cost", "completion": "none", "start": "fraction", "comparison": "none", **chosen})


def contest_of(spec: RuleSpec, profile: Profile) -> Contest:
    count = ready(spec, profile, tally(spec, profile), frozenset())
    return prepare(spec, profile, count.tally, count.ladder, count.eligible(profile.items)).contest


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    spec, listed = draw(shares_specs()), draw(candidates(least_cost=1))
    return contest_of(spec, Profile(listed, draw(ballots_of(spec.ballot, listed))))


fractions = st.builds(Fraction, st.integers(0, 30), st.integers(1, 4))


@given(contests(), fractions)
def test_the_reference_is_the_definition(contest: Contest, share: Fraction) -> None:
    assert reference.elect(contest, share) == slow_shares.elect(contest, share)


@settings(max_examples=400)
@given(contests(), fractions)
def test_the_engine_elects_what_the_reference_elects(contest: Contest, share: Fraction) -> None:
    assert Engine(contest).elect(share) == reference.elect(contest, share)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(20, 60))
def test_the_engine_agrees_on_big_and_awkward_numbers(seed: int, voters: int) -> None:
    """Costs around 2^50, where floats no longer tell neighbours apart, and supporters who can just, or just not, pay."""
    listed = items(*((seed * 7919 + 104729 * k) % 1000 + 2**50 for k in range(8)))
    ballots: dict[Entries, int] = {}
    for voter in range(voters):
        chosen = tuple(k for k in range(8) if (seed >> (voter * 3 + k) % 40) & 1 or (voter + k) % 5 == 0)
        ballots[chosen] = ballots.get(chosen, 0) + 1
    contest = contest_of(shares(2**53 - 1), Profile(listed, ballots))
    for share in (Fraction(2**50, voters // 4), Fraction(2**50 + 500, voters // 3), Fraction(2**53 - 1, voters)):
        assert Engine(contest).elect(share) == reference.elect(contest, share)


def test_supporters_who_hold_exactly_the_cost_can_pay_it_and_a_unit_less_is_too_little() -> None:
    cost = 2**52 + 1
    contest = contest_of(shares(2**53 - 1), Profile(items(cost), {(0,): 3}))
    assert Engine(contest).elect(Fraction(cost, 3)) == (0,)
    assert Engine(contest).elect(Fraction(cost * 10**30 - 1, 3 * 10**30)) == ()


def test_a_minority_gets_its_part_where_greedy_gives_it_none() -> None:
    majority, minority = (0, 1, 2), (3,)
    profile = Profile(items(30, 30, 30, 25), {majority: 70, minority: 30})
    assert compute(shares(90), profile).winners == (0, 1, 3)
    assert compute(shares(90).model_copy(update={"rule": "greedy", "equal_shares": None}), profile).winners == (0, 1, 2)


def test_a_purchase_tells_who_paid_how_much() -> None:
    # Nine voters hold 10 each. p1 takes 6 from its six; p0 then takes the 4 left from each of two, and 22/3 from each of three.
    profile = Profile(items(30, 36), {(0,): 3, (0, 1): 2, (1,): 4, (): 1})
    outcome = compute(shares(90), profile)
    assert outcome.shares is not None
    assert (outcome.shares.share, outcome.shares.voters) == ("10/1", 9)
    assert outcome.trace == (
        Purchase(1, 1, "shares", 36, 54, 6000, 6000, 6, 0, 0),
        Purchase(2, 0, "shares", 30, 24, 4090, 7333, 3, 2, 0),
    )


def test_a_loser_is_told_after_which_purchase_its_supporters_had_too_little() -> None:
    profile = Profile(items(40, 70), {(0, 1): 4, (1,): 4, (): 0})
    outcome = compute(shares(80), profile)
    assert outcome.winners == (1,)
    assert outcome.status(0) == Status("supporters_money_insufficient", step=1, left_minor=5)


def test_blank_ballots_hold_no_share() -> None:
    outcome = compute(shares(90), Profile(items(30), {(0,): 2, (): 7}))
    assert outcome.shares is not None
    assert outcome.shares.share == "45/1"


def test_an_integral_start_rounds_down_to_the_increment() -> None:
    outcome = compute(shares(100, options(start="integral", increment_minor=10)), Profile(items(30), {(0,): 3}))
    assert outcome.shares is not None
    assert outcome.shares.share == "30/1"


def test_free_candidates_with_support_come_first_and_cost_nobody_anything() -> None:
    outcome = compute(shares(45), Profile(items(30, 0, 0), {(0,): 2, (1,): 1}))
    assert outcome.winners == (1, 0)
    assert outcome.status(2) == Status("without_votes")


def test_add1_keeps_the_last_outcome_within_the_budget() -> None:
    profile = Profile(items(50, 40, 30), {(0,): 5, (1,): 3, (2,): 2})
    outcome = compute(shares(100, options(completion="add1", increment_minor=1)), profile)
    # At 10 each only p0 is paid. From 14 on p1 is too (90 spent); at 15 p2 would be as well, and 120 is too much.
    assert outcome.winners == (0, 1)
    assert outcome.shares is not None
    assert (outcome.shares.share, outcome.shares.runs, outcome.shares.ended) == ("14/1", 6, "next_overspends")


def test_add1_ends_when_everyone_with_support_is_elected() -> None:
    outcome = compute(shares(100, options(completion="add1", increment_minor=1)), Profile(items(50, 50, 1), {(0,): 5, (1,): 1}))
    assert outcome.winners == (0, 1)
    assert outcome.shares is not None
    assert outcome.shares.ended == "all_elected"


def test_add1e_stops_once_nobody_left_would_fit() -> None:
    profile = Profile(items(60, 30, 35), {(0, 1): 6, (2,): 4})
    add1 = compute(shares(100, options(completion="add1", increment_minor=1)), profile)
    add1e = compute(shares(100, options(completion="add1e", increment_minor=1)), profile)
    assert add1.shares is not None
    assert add1e.shares is not None
    assert (add1e.winners, add1e.shares.ended) == ((1, 2), "exhaustive")
    assert (add1.winners, add1.shares.ended) == ((1, 2), "next_overspends")
    assert add1.shares.runs > add1e.shares.runs


def test_utilitarian_spends_the_rest_by_score() -> None:
    profile = Profile(items(60, 50, 40), {(0,): 4, (1,): 3, (2,): 3})
    outcome = compute(shares(100, options(completion="utilitarian")), profile)
    assert outcome.winners == (0, 2)
    assert [purchase.phase for purchase in outcome.trace if isinstance(purchase, Purchase)] == ["completion", "completion"]
    assert outcome.status(1) == Status("unaffordable", step=2, left_minor=0)


def test_the_comparison_keeps_greedy_only_when_strictly_more_are_better_served() -> None:
    # Shares of 10 buy the two small ones for 3 + 3 ballots; greedy buys the big one, for 5 or for 8.
    by_ratio = options(comparison="exclusion_ratio")
    assert compute(shares(110, by_ratio), Profile(items(100, 30, 30), {(0,): 5, (1,): 3, (2,): 3})).winners == (1, 2)
    assert compute(shares(120, by_ratio), Profile(items(110, 30, 30), {(0,): 6, (1,): 3, (2,): 3})).winners == (1, 2)
    kept = compute(shares(140, by_ratio), Profile(items(130, 30, 30), {(0,): 8, (1,): 3, (2,): 3}))
    assert kept.winners == (0,)
    assert kept.shares is not None
    assert (kept.shares.kept, kept.shares.prefer_equal_shares, kept.shares.prefer_greedy) == ("greedy", 6, 8)
    assert kept.status(1) == Status("unaffordable", step=2, left_minor=10)


def test_satisfaction_counts_the_funded_candidates_a_ballot_supports() -> None:
    profile = Profile(items(100, 30, 30), {(0, 1, 2): 5, (1, 2): 1, (0,): 2})
    outcome = compute(shares(110, options(utility="cardinality", comparison="satisfaction")), profile)
    assert outcome.winners == (1, 2)
    assert outcome.shares is not None
    assert (outcome.shares.prefer_equal_shares, outcome.shares.prefer_greedy) == (6, 2)


@given(st.data())
def test_a_count_stays_within_the_budget_and_both_engines_agree_on_all_of_it(data: st.DataObject) -> None:
    spec, listed = data.draw(shares_specs()), data.draw(candidates())
    profile = Profile(listed, data.draw(ballots_of(spec.ballot, listed)))
    outcome = compute(spec, profile, every_run=True)
    assert outcome == compute(spec, profile)
    assert outcome.spent_minor <= (spec.budget_minor or 0)
    assert outcome.spent_minor == sum(result.cost_minor for result in outcome.items if result.status.code == "funded")
    assert set(outcome.winners or ()) == {result.position for result in outcome.items if result.status.code == "funded"}


def test_engines_that_disagree_publish_nothing() -> None:
    spec, profile = shares(90), Profile(items(30, 40), {(0,): 2, (1,): 3})
    count = ready(spec, profile, tally(spec, profile), frozenset())
    made = prepare(spec, profile, count.tally, count.ladder, frozenset({0, 1}))
    faulty = replace(made, engine=Engine(contest_of(spec, Profile(items(30, 999), profile.ballots))))
    with pytest.raises(EnginesDisagree) as refusal:
        faulty.check(Search(Fraction(18), (0, 1), 1, "no_completion"))
    assert (refusal.value.rule, refusal.value.share) == ("equal-shares/1", "18/1")
    made.check(Search(Fraction(18), (0, 1), 1, "no_completion"))


@given(contests(), st.integers(0, 40), fractions, st.integers(1, 3))
def test_the_completions_are_what_trying_every_share_finds(contest: Contest, budget: int, start: Fraction, increment: int) -> None:
    def cost(winners: tuple[int, ...]) -> int:
        return sum(contest.costs[position] for position in winners)

    elect = Engine(contest).elect
    if cost(elect(start)) > budget:
        return
    found = searches(elect, contest.costs, budget, start, increment)
    runs = [elect(start + increment * k) for k in range(40)]
    overspending = next((k for k, winners in enumerate(runs) if cost(winners) > budget), None)
    complete = next((k for k, winners in enumerate(runs) if len(winners) == len(contest.costs)), 40)
    last = complete if overspending is None else min(overspending - 1, complete)
    assert found["add1"].winners == runs[last]
    exhaustive = next(
        (k for k in range(last + 1) if all(contest.costs[p] > budget - cost(runs[k]) for p in contest.costs if p not in runs[k])), last
    )
    assert found["add1e"].winners == runs[exhaustive]


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_a_tie_goes_by_the_ladder_and_is_told(utility: str) -> None:
    profile = Profile(items(20, 20, 10), {(0,): 2, (1,): 2, (2,): 1})
    outcome = compute(shares(50, options(utility=utility)), profile)
    assert outcome.winners is not None
    assert outcome.winners[0] == (2 if utility == "cardinality" else 0)
    assert outcome.ties[0].members == ((2, 0, 1) if utility == "cardinality" else (0, 1))
    assert outcome.ties[0].broken_by[-1] == "list_order"
