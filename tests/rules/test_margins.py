"""Margins are what trying every number of votes finds."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules import compute, margins
from ledger.rules.ballot_form import CumulativeForm
from ledger.rules.counterfactuals import winners_of
from ledger.rules.counting import ready
from ledger.rules.equal_shares import reference
from ledger.rules.margins import Margin
from ledger.rules.profile import Profile
from ledger.rules.spec import EqualShares, RuleSpec, ScoreBy, Threshold, fraction
from ledger.rules.tally import tally
from tests.rules import slow_shares
from tests.rules.elections import approvals, ballots_of, candidates, greedy, greedy_specs, items, set_ballots, shares
from tests.rules.test_equal_shares import contest_of

MOST = 30


def funded_with(spec: RuleSpec, profile: Profile, position: int, more: int, *, votes_too: bool) -> bool:
    """Whether `position` wins with `more` score, and as many votes if `votes_too`, everything else unchanged."""
    sums = tally(spec, profile)
    changed = replace(sums, score={**sums.score, position: sums.score[position] + more})
    if votes_too:
        changed = replace(changed, votes={**sums.votes, position: sums.votes[position] + more})
    return position in winners_of(spec, profile, ready(spec, profile, changed, frozenset()))


def tried(spec: RuleSpec, profile: Profile, position: int, *, votes_too: bool) -> Margin:
    """The margin by trial, up to `MOST`; points are never taken below zero, and votes not below one."""
    sums = tally(spec, profile)
    if funded_with(spec, profile, position, 0, votes_too=votes_too):
        spare = 0
        while spare < sums.score[position] and funded_with(spec, profile, position, -spare - 1, votes_too=votes_too):
            spare += 1
        return Margin(position, spare=spare)
    found = (more for more in range(1, MOST) if funded_with(spec, profile, position, more, votes_too=votes_too))
    return Margin(position, short=next(found, None))


@settings(max_examples=300)
@given(st.data())
def test_margins_in_votes_are_what_trying_finds(data: st.DataObject) -> None:
    listed = data.draw(candidates())
    spec = data.draw(greedy_specs(listed))
    profile = Profile(listed, data.draw(set_ballots(listed)))
    for margin in margins(spec, profile, compute(spec, profile)).items:
        assert margin == tried(spec, profile, margin.position, votes_too=True)


@given(st.data())
def test_margins_in_points_are_what_trying_finds(data: st.DataObject) -> None:
    listed = data.draw(candidates())
    form = CumulativeForm(sum=6)
    least = data.draw(st.sampled_from((None, 3)))
    threshold = None if least is None else Threshold(on="score", comparison=">", number=least)
    spec = greedy(data.draw(st.integers(0, 30)), ballot=form, score=ScoreBy(by="points"), threshold=threshold)
    profile = Profile(listed, data.draw(ballots_of(form, listed)))
    sums = tally(spec, profile)
    found = margins(spec, profile, compute(spec, profile))
    assert found.unit == "points"
    for margin in found.items:
        if sums.votes[margin.position]:
            assert margin == tried(spec, profile, margin.position, votes_too=False)
        else:
            assert margin.votes_short == 1


def test_a_loser_is_told_how_many_votes_it_lacked_and_a_winner_how_many_it_could_lose() -> None:
    profile = approvals(items(60, 50, 999), {0: 9, 1: 5, 2: 1})
    spec = greedy(100)
    found = margins(spec, profile, compute(spec, profile))
    # p1 is cheaper, so as many votes as p0 put it first.
    assert found.items == (Margin(0, spare=3), Margin(1, short=4), Margin(2))
    assert found.to_json() == {
        "assumes": "others_unchanged",
        "items": [{"position": 0, "spare": 3}, {"position": 1, "short": 4}, {"position": 2}],
        "unit": "votes",
    }


def test_votes_lacking_for_a_threshold_are_told_apart_from_points() -> None:
    spec = greedy(100, ballot=CumulativeForm(sum=9), score=ScoreBy(by="points"), threshold=Threshold(on="votes", comparison=">=", number=3))
    profile = Profile(items(10, 10), {((0, 9),): 2, ((1, 1),): 3})
    assert margins(spec, profile, compute(spec, profile)).items == (Margin(0, votes_short=1), Margin(1, spare=3))


def test_a_withdrawn_candidate_has_no_margin() -> None:
    profile, spec, withdrawn = approvals(items(10), {0: 3}), greedy(100), frozenset({0})
    outcome = compute(spec, profile, withdrawn=withdrawn)
    assert margins(spec, profile, outcome, withdrawn=withdrawn).items == (Margin(0),)


@settings(max_examples=200)
@given(st.data())
def test_margins_of_shares_are_what_adding_supporters_finds(data: st.DataObject) -> None:
    listed = data.draw(candidates(least_cost=1))
    utility = data.draw(st.sampled_from(("cost", "cardinality")))
    options = EqualShares.model_validate({"utility": utility, "completion": "none", "start": "fraction", "comparison": "none"})
    spec = shares(data.draw(st.integers(1, 40)), options)
    profile = Profile(listed, data.draw(set_ballots(listed)))
    outcome = compute(spec, profile)
    assert outcome.shares is not None
    share = fraction(outcome.shares.share)
    for margin in margins(spec, profile, outcome).items:
        assert margin.spare is None
        if margin.short is not None:
            with_them = [elected_with(spec, profile, margin.position, more, share) for more in range(margin.short + 1)]
            assert with_them == [False] * margin.short + [True]


def elected_with(spec: RuleSpec, profile: Profile, position: int, more: int, share: object) -> bool:
    ballots = dict(profile.ballots)
    ballots[(position,)] = ballots.get((position,), 0) + more
    contest = contest_of(spec, Profile(profile.items, ballots))
    assert reference.elect(contest, share) == slow_shares.elect(contest, share)  # type: ignore[arg-type]  # a fraction
    return position in reference.elect(contest, share)  # type: ignore[arg-type]  # a fraction


def test_every_supported_loser_of_shares_has_a_margin() -> None:
    profile = Profile(items(40, 70), {(0, 1): 4, (1,): 4})
    spec = shares(80)
    outcome = compute(spec, profile)
    found = margins(spec, profile, outcome)
    # With p1 paid, the four have 5 left together; four new supporters would bring 40, and make it as many votes as p1 has for less.
    assert found.assumes == "share_fixed"
    assert found.items == (Margin(0, short=4), Margin(1))
