"""Real elections: the published sums follow from the ballots, and the official selections from the rule or from a recorded reason."""

import json
from functools import cache
from pathlib import Path

import pytest

from ledger.rules import check_spec, compute, counterfactuals, explain, margins
from ledger.rules.choices import below_minimum, checker
from ledger.rules.facts import Facts, Published
from ledger.rules.outcome import Outcome
from ledger.rules.profile import Profile, grouped
from ledger.rules.spec import RuleSpec
from tests.rules.pabulib import Election, read, shared_folder
from tests.rules.pabulib_specs import EXPLAINED, OPTIONS, facts_of, spec_of


@cache
def counted(name: str) -> tuple[Election, RuleSpec, Facts, Profile, Outcome]:
    election = read(name)
    spec, facts = spec_of(election, OPTIONS[name]), facts_of(election, OPTIONS[name])
    check_spec(spec)
    profile = Profile(election.items, grouped(spec.ballot, election.ballots))
    return election, spec, facts, profile, compute(spec, profile, withdrawn=facts.withdrawn)


def official(election: Election) -> Published:
    return Published(frozenset(position for position, mark in enumerate(election.selected) if mark == "1"))


@pytest.mark.parametrize("name", OPTIONS)
def test_every_ballot_is_possible_and_counts(name: str) -> None:
    election, spec, _, _, _ = counted(name)
    check = checker(spec.ballot, election.items)
    assert [entries for entries in election.ballots if check(entries) or below_minimum(entries, spec.ballot, election.items)] == []
    assert len(election.ballots) == int(election.meta["num_votes"])


@pytest.mark.parametrize("name", OPTIONS)
def test_the_published_sums_follow_from_the_ballots(name: str) -> None:
    election, _, _, _, outcome = counted(name)
    assert tuple(result.votes for result in outcome.items) == election.votes
    if election.scores is not None:
        assert tuple(result.score for result in outcome.items) == election.scores


@pytest.mark.parametrize("name", OPTIONS)
def test_the_official_selection_is_computed_or_explained(name: str) -> None:
    election, spec, facts, profile, outcome = counted(name)
    if not any(election.selected):
        pytest.skip("the file publishes no selection")
    reasons = explain(spec, profile, outcome, official(election), facts)
    assert {election.items[position].ref: reason for position, reason in reasons.items()} == EXPLAINED.get(name, {})
    differing = official(election).selected ^ frozenset(outcome.winners or ())
    assert differing <= reasons.keys(), "a difference is hidden"


def test_the_selections_read_are_the_expected_ones_and_their_known_differences_are_explained() -> None:
    expected = json.loads((shared_folder() / "expected.json").read_text())
    assert {Path(file).stem for file in expected} == OPTIONS.keys()
    for file, truth in expected.items():
        name = Path(file).stem
        election, _, _, _, outcome = counted(name)
        assert election.refs(official(election).selected) == set(truth["official_selected"])
        explained = EXPLAINED.get(name, {})
        assert set(truth["other_selected"]) == {ref for ref, reason in explained.items() if reason == "funded_outside_rule"}
        as_computed = election.refs(tuple(item.position for item in election.items if agrees(election, outcome, item.position)))
        assert set(truth["simple_greedy_family_diff"] or ()) <= as_computed | explained.keys()


def agrees(election: Election, outcome: Outcome, position: int) -> bool:
    return (position in (outcome.winners or ())) == (position in official(election).selected)


def test_wieliczka_is_reproduced_by_both_engines_and_decided_by_the_method() -> None:
    election, spec, _, profile, outcome = counted("Poland_Wieliczka_2023_Green_Budget")
    assert len(outcome.winners or ()) == 30
    assert compute(spec, profile, exact=True) == outcome
    assert outcome.spent_minor == 99_507_900
    assert outcome.shares is not None
    assert (outcome.shares.kept, outcome.shares.ended, outcome.shares.voters) == ("equal_shares", "next_overspends", 6586)
    alternatives = counterfactuals(spec, profile, outcome)
    assert len(alternatives["completion_add1e"]) == 31, "stopping when nobody else fits gives one more"
    assert alternatives["completion_none"] == alternatives["greedy"], "without completion the comparison would keep greedy"
    assert set(alternatives["greedy"]) != set(outcome.winners or ())
    short = {election.items[margin.position].ref: margin.short for margin in margins(spec, profile, outcome).items if margin.short}
    assert short.keys() == election.refs(frozenset(range(64)) - frozenset(outcome.winners or ()))


def test_the_rule_decides_in_warsaw_too() -> None:
    _, spec, _, profile, outcome = counted("Poland_Warszawa_2026")
    alternatives = counterfactuals(spec, profile, outcome)
    assert set(alternatives["unaffordable_stop"]) < set(outcome.winners or ())
    for margin in margins(spec, profile, outcome).items:
        assert (margin.spare is not None) == (margin.position in (outcome.winners or ()))
        assert margin.short != 0
