"""The greedy rule, option by option."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.rules import compute
from ledger.rules.outcome import Outcome, Status
from ledger.rules.profile import Profile
from ledger.rules.spec import (
    Envelope,
    Envelopes,
    ExclusiveSet,
    Leftover,
    Quorum,
    Threshold,
    Unaffordable,
)
from tests.rules.elections import approvals, candidates, greedy, greedy_specs, items, set_ballots

STOP = Unaffordable(then="stop")


def codes(outcome: Outcome) -> list[str]:
    return [result.status.code for result in outcome.items]


def test_candidates_are_funded_by_score_while_they_fit() -> None:
    profile = approvals(items(60, 50, 30, 10), {0: 9, 1: 8, 2: 7, 3: 6})
    outcome = compute(greedy(100), profile)
    assert outcome.winners == (0, 2, 3)
    assert outcome.spent_minor == 100
    assert outcome.status(1) == Status("unaffordable", step=2, left_minor=40)


def test_a_stop_ends_the_count_at_the_first_that_does_not_fit() -> None:
    profile = approvals(items(60, 50, 30, 10), {0: 9, 1: 8, 2: 7, 3: 6})
    outcome = compute(greedy(100, unaffordable=STOP), profile)
    assert outcome.winners == (0,)
    assert outcome.status(2) == Status("stopped", step=3, by=1)


def test_a_withdrawn_candidate_is_passed_over_and_stops_nothing() -> None:
    profile = approvals(items(999, 50, 30), {0: 9, 1: 8, 2: 7})
    outcome = compute(greedy(100, unaffordable=STOP), profile, withdrawn=frozenset({0}))
    assert outcome.winners == (1, 2)
    assert outcome.status(0) == Status("withdrawn")


def test_a_candidate_below_the_threshold_stops_nothing() -> None:
    profile = approvals(items(50, 999, 30), {0: 9, 1: 4, 2: 5})
    spec = greedy(100, unaffordable=STOP, threshold=Threshold(on="votes", comparison=">=", number=5))
    outcome = compute(spec, profile)
    assert outcome.winners == (0, 2)
    assert outcome.status(1) == Status("below_threshold", short=1)


def test_fund_if_left_funds_the_first_unaffordable_one_from_a_reserve_and_ends() -> None:
    profile = approvals(items(60, 50, 10), {0: 9, 1: 8, 2: 7})
    outcome = compute(greedy(100, unaffordable=Unaffordable(then="fund_if_left", ratio="4/5")), profile)
    assert outcome.winners == (0, 1)
    assert outcome.status(1) == Status("funded", step=2, reserve_minor=10)
    assert outcome.spent_minor == 100
    assert outcome.status(2) == Status("stopped", step=3, by=1)


def test_fund_if_left_ends_without_it_where_too_little_is_left() -> None:
    profile = approvals(items(61, 50, 10), {0: 9, 1: 8, 2: 7})
    outcome = compute(greedy(100, unaffordable=Unaffordable(then="fund_if_left", ratio="4/5")), profile)
    assert outcome.winners == (0,)
    assert codes(outcome) == ["funded", "unaffordable", "stopped"]


def test_a_share_is_of_the_ballots_it_names_and_the_comparison_is_as_declared() -> None:
    profile = Profile(items(10, 10), {(0,): 1, (0, 1): 1, (1,): 7, (): 1}, enrolled=20)

    def funded(comparison: str, of: str, ratio: str) -> tuple[int, ...] | None:
        threshold = {"on": "votes", "comparison": comparison, "ratio": ratio, "of": of}
        return compute(greedy(100, threshold=threshold), profile).winners

    assert funded(">=", "cast", "1/5") == (1, 0)
    assert funded(">", "cast", "1/5") == (1,)
    assert funded(">=", "expressed", "2/9") == (1, 0)
    assert funded(">", "expressed", "2/9") == (1,)
    assert funded(">=", "enrolled", "1/10") == (1, 0)
    assert funded(">", "enrolled", "1/10") == (1,)


def test_without_a_vote_nobody_is_funded_even_for_free() -> None:
    outcome = compute(greedy(100), approvals(items(10, 0), {0: 1}))
    assert outcome.winners == (0,)
    assert outcome.status(1) == Status("without_votes")


def test_a_free_candidate_with_votes_is_funded_with_nothing_left() -> None:
    outcome = compute(greedy(10), approvals(items(10, 0), {0: 2, 1: 1}))
    assert outcome.winners == (0, 1)


def test_envelopes_of_their_own_are_spent_apart() -> None:
    listed = items(30, 30, 30, 10, categories=("air", "air", "sea", None))
    envelopes = Envelopes(by="category", kind="own", envelopes=(Envelope(key="air", amount_minor=50), Envelope(key="sea", amount_minor=40)))
    outcome = compute(greedy(100, envelopes=envelopes), approvals(listed, {0: 9, 1: 8, 2: 7, 3: 6}))
    assert outcome.winners == (0, 2)
    assert outcome.status(1) == Status("unaffordable", step=2, left_minor=20)
    assert outcome.status(3) == Status("outside_envelope")


def test_a_stop_in_one_envelope_leaves_the_others_open() -> None:
    listed = items(60, 30, 30, categories=("air", "air", "sea"))
    envelopes = Envelopes(by="category", kind="own", envelopes=(Envelope(key="air", amount_minor=50), Envelope(key="sea", amount_minor=40)))
    outcome = compute(greedy(90, envelopes=envelopes, unaffordable=STOP), approvals(listed, {0: 9, 1: 8, 2: 7}))
    assert outcome.winners == (2,)
    assert codes(outcome) == ["unaffordable", "stopped", "funded"]


def test_pooled_leftovers_give_a_second_turn() -> None:
    listed = items(60, 30, 30, categories=("air", "air", "sea"))
    envelopes = Envelopes(by="category", kind="own", envelopes=(Envelope(key="air", amount_minor=50), Envelope(key="sea", amount_minor=40)))
    spec = greedy(95, envelopes=envelopes, unaffordable=STOP, leftover=Leftover(then="skip"))
    outcome = compute(spec, approvals(listed, {0: 9, 1: 8, 2: 7}))
    assert outcome.winners == (2, 0)
    assert outcome.status(1) == Status("unaffordable", step=5, left_minor=5)
    assert outcome.spent_minor == 90


def test_an_upper_bound_is_no_budget_of_its_own() -> None:
    listed = items(30, 30, 50, 40, categories=("air", "air", "sea", None))
    envelopes = Envelopes(
        by="category", kind="upper_bound", envelopes=(Envelope(key="air", amount_minor=50), Envelope(key="sea", amount_minor=80))
    )
    outcome = compute(greedy(100, envelopes=envelopes), approvals(listed, {0: 9, 1: 8, 2: 7, 3: 6}))
    assert outcome.winners == (0, 2)
    assert outcome.status(1) == Status("envelope_exhausted", step=2, left_minor=20)
    assert outcome.status(3) == Status("unaffordable", step=4, left_minor=20)


def test_a_stop_at_a_bound_closes_that_bound_and_at_the_total_everything() -> None:
    listed = items(60, 10, 50, 95, 5, categories=("air", "air", "sea", None, None))
    envelopes = Envelopes(
        by="category", kind="upper_bound", envelopes=(Envelope(key="air", amount_minor=50), Envelope(key="sea", amount_minor=80))
    )
    outcome = compute(greedy(100, envelopes=envelopes, unaffordable=STOP), approvals(listed, {0: 9, 1: 8, 2: 7, 3: 6, 4: 5}))
    assert codes(outcome) == ["envelope_exhausted", "stopped", "funded", "unaffordable", "stopped"]


def test_an_envelope_can_ask_for_votes_of_its_own() -> None:
    listed = items(10, 10, categories=("air", "sea"))
    envelopes = Envelopes(
        by="category", kind="own", envelopes=(Envelope(key="air", amount_minor=50, min_votes=5), Envelope(key="sea", amount_minor=50))
    )
    outcome = compute(greedy(100, envelopes=envelopes), approvals(listed, {0: 3, 1: 2}))
    assert outcome.winners == (1,)
    assert outcome.status(0) == Status("below_threshold", short=2)


def test_of_an_exclusive_set_the_first_is_funded() -> None:
    profile = approvals(items(10, 10, 10), {0: 9, 1: 8, 2: 7})
    outcome = compute(greedy(100, exclusive_sets=(ExclusiveSet(members=("p1", "p0")),)), profile)
    assert outcome.winners == (0, 2)
    assert outcome.status(1) == Status("excluded_by", step=2, by=0)


def test_a_member_that_does_not_fit_excludes_nobody() -> None:
    profile = approvals(items(999, 10), {0: 9, 1: 8})
    assert compute(greedy(100, exclusive_sets=(ExclusiveSet(members=("p0", "p1")),)), profile).winners == (1,)


def test_of_a_settled_set_only_the_retained_one_takes_part_unless_it_is_withdrawn() -> None:
    profile = approvals(items(10, 10, 10), {0: 9, 1: 8, 2: 7})
    spec = greedy(100, exclusive_sets=(ExclusiveSet(members=("p0", "p1"), retained="p1"),))
    assert compute(spec, profile).winners == (1, 2)
    assert compute(spec, profile).status(0) == Status("excluded_by", by=1)
    assert compute(spec, profile, withdrawn=frozenset({1})).winners == (0, 2)


def test_at_most_so_many_win() -> None:
    outcome = compute(greedy(100, max_winners=1), approvals(items(10, 10), {0: 2, 1: 1}))
    assert outcome.winners == (0,)
    assert outcome.status(1) == Status("max_winners", step=2)


def test_below_the_quorum_nobody_wins() -> None:
    profile = Profile(items(10), {(0,): 4, (): 1}, enrolled=10)

    def winners(quorum: Quorum) -> tuple[int, ...] | None:
        return compute(greedy(100, quorum=quorum), profile).winners

    assert winners(Quorum(count="cast", comparison=">=", ratio="1/2")) == (0,)
    assert winners(Quorum(count="cast", comparison=">", ratio="1/2")) == ()
    assert winners(Quorum(count="expressed", comparison=">=", number=5)) == ()


def test_the_turns_are_told_in_order() -> None:
    outcome = compute(greedy(100), approvals(items(60, 50, 30), {0: 9, 1: 8, 2: 7}))
    assert [(visit.step, visit.position, visit.left_minor, visit.result) for visit in outcome.trace] == [  # type: ignore[union-attr]  # turns
        (1, 0, 100, "funded"),
        (2, 1, 40, "unaffordable"),
        (3, 2, 40, "funded"),
    ]


def test_an_undeclared_rule_adds_up_and_chooses_nobody() -> None:
    spec = greedy(0).model_copy(update={"rule": "undeclared", "budget_minor": None})
    outcome = compute(spec, approvals(items(10, 20), {0: 2, 1: 1}))
    assert outcome.winners is None
    assert [result.votes for result in outcome.items] == [2, 1]
    assert codes(outcome) == ["no_rule", "no_rule"]


@given(st.data())
def test_no_account_is_overdrawn_and_every_condition_is_kept(data: st.DataObject) -> None:
    listed = data.draw(candidates())
    spec = data.draw(greedy_specs(listed))
    withdrawn = frozenset(data.draw(st.sets(st.sampled_from([item.position for item in listed]), max_size=2)))
    outcome = compute(spec, Profile(listed, data.draw(set_ballots(listed))), withdrawn=withdrawn)
    winners = outcome.winners or ()
    cost = {item.position: item.cost_minor for item in listed}
    reserve = sum(result.status.reserve_minor or 0 for result in outcome.items)
    assert outcome.spent_minor == sum(cost[position] for position in winners) - reserve <= (spec.budget_minor or 0)
    assert set(winners) == {result.position for result in outcome.items if result.status.code == "funded"}
    assert len(set(winners)) == len(winners) <= (spec.max_winners or len(listed))
    assert not withdrawn & set(winners)
    for exclusive in spec.exclusive_sets:
        assert sum(listed[position].ref in exclusive.members for position in winners) <= 1
    if spec.envelopes is not None and spec.leftover is None:
        for envelope in spec.envelopes.envelopes:
            members = [item.position for item in listed if item.category == envelope.key and item.position in winners]
            paid = sum(cost[position] - (outcome.status(position).reserve_minor or 0) for position in members)
            assert paid <= envelope.amount_minor
