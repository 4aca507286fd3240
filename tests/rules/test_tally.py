"""What ballots of each form add up to."""

import hashlib

import pytest

from ledger.errors import RuleUndefined
from ledger.rules import compute
from ledger.rules.ballot_form import ApprovalForm, BallotForm, CumulativeForm, RankedForm, ScoreForm, YesNoBlankForm
from ledger.rules.profile import Entries, Profile
from ledger.rules.spec import Lottery, Quorum, ScoreBy, Threshold
from ledger.rules.tally import tally
from tests.rules.elections import approvals, greedy, items

BALLOTS: dict[Entries, int] = {(0, 1): 2, (1,): 3, (): 1}


def sums(form: BallotForm, score: ScoreBy, ballots: dict[Entries, int]) -> tuple[list[int], list[int]]:
    found = tally(greedy(0, ballot=form, score=score), Profile(items(1, 1, 1), ballots))
    return list(found.votes.values()), list(found.score.values())


def test_approvals_score_votes() -> None:
    assert sums(ApprovalForm(), ScoreBy(by="approvals"), BALLOTS) == ([2, 5, 0], [2, 5, 0])


def test_points_are_added_and_zero_points_are_a_vote() -> None:
    assert sums(CumulativeForm(sum=9), ScoreBy(by="points"), {((0, 3), (1, 0)): 2, ((1, 4),): 1}) == ([2, 3, 0], [6, 4, 0])


def test_points_can_be_ignored_where_approvals_are_declared() -> None:
    assert sums(CumulativeForm(sum=9), ScoreBy(by="approvals"), {((0, 3), (1, 0)): 2}) == ([2, 2, 0], [2, 2, 0])


@pytest.mark.parametrize(
    ("variant", "score"),
    [("max_length_to_one", [7, 3, 4]), ("max_length_less_rank", [5, 2, 3]), ("ballot_length_to_one", [3, 1, 2])],
)
def test_borda_counts_from_the_declared_length(variant: str, score: list[int]) -> None:
    by = ScoreBy.model_validate({"by": "borda", "variant": variant})
    assert sums(RankedForm(max_length=4), by, {(0, 1): 1, (2, 0): 1}) == ([2, 1, 1], score)


def test_plus_minus_is_the_balance_and_votes_are_the_yes() -> None:
    ballots: dict[Entries, int] = {((0, 1), (1, -1)): 3, ((0, -1), (1, 0)): 1}
    assert sums(YesNoBlankForm(), ScoreBy(by="plus_minus"), ballots) == ([3, 0, 0], [2, -3, 0])


def test_grades_are_added() -> None:
    assert sums(ScoreForm(min_score=0, max_score=5), ScoreBy(by="grades"), {((0, 5), (1, 0)): 2}) == ([2, 2, 0], [10, 0, 0])


def test_blank_ballots_are_cast_and_not_expressed() -> None:
    found = tally(greedy(0), Profile(items(1, 1), BALLOTS))
    assert (found.cast, found.blank, found.expressed) == (6, 1, 5)


def test_a_ballot_that_is_blank_throughout_is_blank() -> None:
    spec = greedy(0, ballot=YesNoBlankForm(), score=ScoreBy(by="plus_minus"))
    assert tally(spec, Profile(items(1), {((0, 0),): 2, ((0, 1),): 1})).blank == 2


def test_a_share_of_a_roll_that_is_not_there_is_refused() -> None:
    profile = approvals(items(1), {0: 1})
    with pytest.raises(RuleUndefined):
        compute(greedy(1, threshold=Threshold(on="votes", comparison=">=", ratio="1/2", of="enrolled")), profile)
    with pytest.raises(RuleUndefined):
        compute(greedy(1, quorum=Quorum(count="cast", comparison=">=", ratio="1/2")), profile)


def test_the_ladder_is_climbed_rung_by_rung() -> None:
    profile = approvals(items(10, 5, 10), {0: 2, 1: 2, 2: 2})
    outcome = compute(greedy(10), profile)
    assert outcome.ties[0].members == (1, 0, 2)
    assert outcome.ties[0].broken_by == ("lower_cost", "list_order")
    assert outcome.ties[0].split
    assert compute(greedy(10, ties=("higher_cost", "list_order")), profile).winners == (0,)


def test_more_votes_break_a_tie_of_points() -> None:
    spec = greedy(5, ballot=CumulativeForm(sum=9), score=ScoreBy(by="points"), ties=("more_votes", "list_order"))
    outcome = compute(spec, Profile(items(5, 5), {((0, 4),): 1, ((1, 2),): 2}))
    assert outcome.winners == (1,)
    assert outcome.ties[0].broken_by == ("more_votes",)


def test_the_lot_orders_references_by_their_salted_digest() -> None:
    listed = items(5, 5, 5, 5)
    outcome = compute(greedy(5, ties=("lot",), lottery=Lottery(seed="drawn in public")), approvals(listed, dict.fromkeys(range(4), 1)))
    seed = hashlib.sha256(b"ledger-lot/v1\ndrawn in public").digest()
    drawn = sorted(range(4), key=lambda position: hashlib.sha256(seed + f"p{position}".encode()).hexdigest())
    assert outcome.ties[0].members == tuple(drawn)
    assert outcome.winners == (drawn[0],)
