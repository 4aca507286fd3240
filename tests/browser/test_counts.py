"""The count in the page and the count in Python elect the same, for the same reasons, to the last digit."""

from typing import Any

from hypothesis import given, settings

from ledger.canonical import canonical
from ledger.rules import compute
from ledger.rules.profile import Profile
from ledger.rules.spec import RuleSpec
from tests.browser.browsing import Verifier
from tests.rules.test_invariance import elections

_COUNT = """([spec, items, ballots, enrolled, withdrawn]) => {
  const profile = ballots.map(([entries, count]) => ({ entries, count, written: canonicalText(entries) }));
  return canonicalText(setOnly(computeOutcome(spec, items, profile, enrolled, withdrawn, null)));
}"""


def counted(verifier: Verifier, spec: RuleSpec, profile: Profile, withdrawn: frozenset[int]) -> str:
    """The outcome as the page writes it."""
    items: list[dict[str, Any]] = [
        {"position": item.position, "ref": item.ref, "cost": item.cost_minor, "district": item.district, "category": item.category}
        for item in profile.items
    ]
    ballots = [[list(entries), count] for entries, count in profile.ballots.items()]
    rules = spec.model_dump(mode="json", exclude_none=True)
    found: str = verifier.call(_COUNT, [rules, items, ballots, profile.enrolled, sorted(withdrawn)])
    return found


@settings(max_examples=400)
@given(election=elections())
def test_every_election_comes_out_as_in_python(verifier: Verifier, election: tuple[RuleSpec, Profile, frozenset[int]]) -> None:
    spec, profile, withdrawn = election
    expected = canonical(compute(spec, profile, withdrawn=withdrawn, exact=True).to_json()).decode()
    assert counted(verifier, spec, profile, withdrawn) == expected
