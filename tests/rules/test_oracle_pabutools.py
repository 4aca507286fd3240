"""pabutools, which nobody here wrote, elects the same. It is GPL and slow, so it is asked in tests only, where it is installed."""

from fractions import Fraction
from typing import cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.rules import compute
from ledger.rules.ballot_form import CumulativeForm
from ledger.rules.profile import Entries, Item, Profile
from ledger.rules.spec import EqualShares, ScoreBy
from tests.rules.elections import ballots_of, candidates, greedy, set_ballots, shares

election = pytest.importorskip("pabutools.election", reason="pabutools is not installed (dependency group `oracles`)")
rules = pytest.importorskip("pabutools.rules")
lexico = pytest.importorskip("pabutools.tiebreaking").lexico_tie_breaking

LADDER = ("list_order",)


class Asked:
    """One election in the oracle's own terms, and what it answers."""

    def __init__(self, listed: tuple[Item, ...], ballots: dict[Entries, int], budget: int, *, points: bool = False) -> None:
        self.projects = {item.position: election.Project(item.ref, item.cost_minor) for item in listed}
        self.instance = election.Instance(self.projects.values(), budget_limit=budget)
        kind = (election.CardinalProfile, election.CardinalBallot) if points else (election.ApprovalProfile, election.ApprovalBallot)
        self.profile = kind[0]()
        for entries, count in ballots.items():
            for _ in range(count):
                self.profile.append(kind[1](self.ballot(entries, points=points)))

    def ballot(self, entries: Entries, *, points: bool) -> object:
        if points:
            return {self.projects[position]: value for position, value in cast("tuple[tuple[int, int], ...]", entries)}
        return [self.projects[position] for position in cast("tuple[int, ...]", entries)]

    def positions(self, allocation: list[object]) -> set[int]:
        return {position for position, project in self.projects.items() if project in allocation}

    def shares(self, satisfaction: object) -> set[int]:
        return self.positions(rules.method_of_equal_shares(self.instance, self.profile, sat_class=satisfaction, tie_breaking=lexico))

    def add1(self, satisfaction: object, step: int, *, exhaustive: bool) -> set[int]:
        return self.positions(
            rules.exhaustion_by_budget_increase(
                self.instance,
                self.profile,
                rules.method_of_equal_shares,
                {"sat_class": satisfaction, "tie_breaking": lexico},
                exhaustive_stop=exhaustive,
                budget_step=step,
            )
        )

    def greedy(self) -> set[int]:
        return self.positions(
            rules.greedy_utilitarian_welfare(self.instance, self.profile, sat_class=election.Cost_Sat, tie_breaking=lexico)
        )


@st.composite
def elections(draw: st.DrawFn) -> tuple[tuple[Item, ...], dict[Entries, int], int]:
    """Everybody expresses something and everything costs something: elsewhere the two declare different things."""
    listed = draw(candidates(least_cost=1, most=6))
    ballots = {entries: count for entries, count in draw(set_ballots(listed)).items() if entries}
    assume(ballots)
    return listed, ballots, draw(st.integers(1, 30))


def options(utility: str, completion: str = "none", increment: int | None = None) -> EqualShares:
    return EqualShares.model_validate(
        {"utility": utility, "completion": completion, "increment_minor": increment, "start": "fraction", "comparison": "none"}
    )


@settings(max_examples=60)
@given(elections(), st.sampled_from(["cost", "cardinality"]))
def test_equal_shares_are_the_same(drawn: tuple[tuple[Item, ...], dict[Entries, int], int], utility: str) -> None:
    listed, ballots, budget = drawn
    satisfaction = {"cost": election.Cost_Sat, "cardinality": election.Cardinality_Sat}[utility]
    outcome = compute(shares(budget, options(utility), ties=LADDER), Profile(listed, ballots))
    assert set(outcome.winners or ()) == Asked(listed, ballots, budget).shares(satisfaction)


@settings(max_examples=30)
@given(elections(), st.integers(1, 2))
def test_add1_is_the_same(drawn: tuple[tuple[Item, ...], dict[Entries, int], int], increment: int) -> None:
    listed, ballots, budget = drawn
    supported = {position for entries in ballots for position in entries}
    # It stops at an outcome nobody can be added to, supported or not; and its default bound is of no concern here.
    assume(supported == {item.position for item in listed})
    step = increment * sum(ballots.values())
    asked = Asked(listed, ballots, budget)
    for completion, exhaustive in (("add1", False), ("add1e", True)):
        outcome = compute(shares(budget, options("cost", completion, increment), ties=LADDER), Profile(listed, ballots))
        assert outcome.shares is not None
        if Fraction(outcome.shares.share) * sum(ballots.values()) < budget * sum(ballots.values()):
            assert set(outcome.winners or ()) == asked.add1(election.Cost_Sat, step, exhaustive=exhaustive)


@settings(max_examples=60)
@given(st.data())
def test_equal_shares_of_points_are_the_same(data: st.DataObject) -> None:
    listed = data.draw(candidates(least_cost=1, most=5))
    form = CumulativeForm(sum=6)
    ballots = {entries: count for entries, count in data.draw(ballots_of(form, listed)).items() if entries}
    assume(ballots)
    budget = data.draw(st.integers(1, 30))
    spec = shares(budget, options("points"), ballot=form, score=ScoreBy(by="points"), ties=LADDER)
    outcome = compute(spec, Profile(listed, ballots))
    assert set(outcome.winners or ()) == Asked(listed, ballots, budget, points=True).shares(election.Additive_Cardinal_Sat)


@settings(max_examples=60)
@given(elections())
def test_greedy_is_the_same_for_whom_anybody_voted(drawn: tuple[tuple[Item, ...], dict[Entries, int], int]) -> None:
    listed, ballots, budget = drawn
    outcome = compute(greedy(budget, ties=LADDER), Profile(listed, ballots))
    supported = {position for entries in ballots for position in entries}
    assert set(outcome.winners or ()) == Asked(listed, ballots, budget).greedy() & supported
