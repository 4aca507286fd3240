"""What must not matter does not, and what must not harm does not."""

import os
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonical
from ledger.rules import compute, counterfactuals, explain, margins, outcome_digest
from ledger.rules.facts import Facts, Published
from ledger.rules.profile import Entries, Item, Profile
from ledger.rules.spec import RuleSpec
from tests.rules.elections import ballots_of, candidates, greedy_specs, set_ballots, shares_specs

IN_ANOTHER_PROCESS = """
from ledger.rules import compute, counterfactuals, outcome_digest
from ledger.rules.profile import Profile
from tests.rules.elections import greedy, items, shares
listed = items(12, 7, 7, 5, 3, 9)
ballots = {(0, 1): 3, (1, 2): 2, (2, 3, 4): 4, (5,): 2, (0, 5): 1, (): 1}
for spec in (greedy(25), shares(25)):
    profile = Profile(listed, ballots)
    outcome = compute(spec, profile)
    print(outcome_digest("inputs", spec, outcome), sorted(counterfactuals(spec, profile, outcome).items()))
"""


@st.composite
def elections(draw: st.DrawFn) -> tuple[RuleSpec, Profile, frozenset[int]]:
    listed = draw(candidates())
    withdrawn = frozenset(draw(st.sets(st.sampled_from([item.position for item in listed]), max_size=1)))
    if draw(st.booleans()):
        return draw(greedy_specs(listed)), Profile(listed, draw(set_ballots(listed))), withdrawn
    spec = draw(shares_specs())
    return spec, Profile(listed, draw(ballots_of(spec.ballot, listed))), withdrawn


def everything(spec: RuleSpec, profile: Profile, withdrawn: frozenset[int]) -> object:
    outcome = compute(spec, profile, withdrawn=withdrawn)
    published = Published(frozenset({0}))
    return (
        canonical(outcome.to_json()),
        margins(spec, profile, outcome, withdrawn=withdrawn),
        counterfactuals(spec, profile, outcome, withdrawn=withdrawn),
        list(explain(spec, profile, outcome, published, Facts(withdrawn=withdrawn)).items()),
    )


@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_and_ballots_reaches_nothing(election: tuple[RuleSpec, Profile, frozenset[int]], shuffler: Random) -> None:
    spec, profile, withdrawn = election
    listed, ballots = list(profile.items), list(profile.ballots.items())
    shuffler.shuffle(listed)
    shuffler.shuffle(ballots)
    assert everything(spec, Profile(tuple(listed), dict(ballots)), withdrawn) == everything(spec, profile, withdrawn)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_hash_seed_reaches_nothing(seed: str) -> None:
    def told(hash_seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(["src", "."])}
        command = [sys.executable, "-c", IN_ANOTHER_PROCESS]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert told(seed) == told("0") != ""


@given(st.data())
def test_positions_may_have_gaps(data: st.DataObject) -> None:
    """A list from which a candidate was taken away keeps the positions of the others."""
    listed = data.draw(candidates(least=2))
    spec = data.draw(greedy_specs(listed))
    ballots = data.draw(set_ballots(listed))
    moved: tuple[Item, ...] = tuple(replace(item, position=item.position * 3 + 2) for item in listed)
    moved_ballots: dict[Entries, int] = {tuple(position * 3 + 2 for position in entries): n for entries, n in ballots.items()}  # type: ignore[operator]  # positions
    winners = compute(spec, Profile(listed, ballots)).winners or ()
    assert compute(spec, Profile(moved, moved_ballots)).winners == tuple(position * 3 + 2 for position in winners)


@given(st.data())
def test_one_more_vote_never_costs_a_winner_of_the_greedy_rule(data: st.DataObject) -> None:
    """It moves up, and nothing above it changes. Pooled leftovers are left out: there, coming later can help."""
    listed = data.draw(candidates())
    spec = data.draw(greedy_specs(listed, leftover=False))
    ballots = data.draw(set_ballots(listed))
    for position in compute(spec, Profile(listed, ballots)).winners or ():
        # A blank ballot becomes a vote, so that nobody else's share of the ballots changes.
        before: dict[Entries, int] = {**ballots, (): ballots.get((), 0) + 1}
        after: dict[Entries, int] = {**before, (): before[()] - 1, (position,): before.get((position,), 0) + 1}
        assert position in (compute(spec, Profile(listed, after)).winners or ())


@given(st.data())
def test_more_money_never_costs_the_first_winner(data: st.DataObject) -> None:
    listed = data.draw(candidates())
    spec = data.draw(greedy_specs(listed, leftover=False)).model_copy(update={"envelopes": None})
    profile = Profile(listed, data.draw(set_ballots(listed)))
    richer = spec.model_copy(update={"budget_minor": (spec.budget_minor or 0) + 5})
    winners = compute(spec, profile).winners or ()
    reserve = any(result.status.reserve_minor for result in compute(spec, profile).items)
    if winners and not reserve and spec.unaffordable.then == "stop":
        assert winners == (compute(richer, profile).winners or ())[: len(winners)]


@given(elections())
def test_the_digest_depends_on_inputs_rule_and_outcome_and_on_nothing_else(election: tuple[RuleSpec, Profile, frozenset[int]]) -> None:
    spec, profile, withdrawn = election
    outcome = compute(spec, profile, withdrawn=withdrawn)
    digest = outcome_digest("inputs", spec, outcome)
    assert digest == outcome_digest("inputs", spec, compute(spec, profile, withdrawn=withdrawn, exact=True))
    assert len(digest) == 43
    others = [
        outcome_digest("other inputs", spec, outcome),
        outcome_digest("inputs", spec.model_copy(update={"budget_minor": 99_999}), outcome),
        outcome_digest("inputs", spec, replace(outcome, spent_minor=outcome.spent_minor + 1)),
    ]
    assert len({digest, *others}) == 4
