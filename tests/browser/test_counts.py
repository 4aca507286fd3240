"""The count in the page and the count in Python elect the same, for the same reasons, to the last digit."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import canonical
from ledger.rules import compute, counterfactuals, explain, margins
from ledger.rules.facts import Amendment, Facts, MissingBallots, Published
from ledger.rules.profile import Profile
from ledger.rules.spec import RuleSpec
from tests.browser.browsing import Verifier
from tests.rules.pabulib_specs import OPTIONS
from tests.rules.test_invariance import elections
from tests.rules.test_pabulib import counted as pabulib
from tests.rules.test_pabulib import official

MOST_BALLOTS = 1500

_COUNT = """([spec, items, ballots, enrolled, withdrawn]) => {
  const profile = ballots.map(([entries, count]) => ({ entries, count, written: canonicalText(entries) }));
  return canonicalText(setOnly(computeOutcome(spec, items, profile, enrolled, withdrawn, null)));
}"""
_ACCOUNT = """([spec, items, ballots, enrolled, withdrawn, published, told]) => {
  const profile = ballots.map(([entries, count]) => ({ entries, count, written: canonicalText(entries) }));
  const outcome = computeOutcome(spec, items, profile, enrolled, withdrawn, null);
  const election = { items, profile, enrolled, lot: null };
  const [gone, facts] = [new Set(withdrawn), { ...told, withdrawn: new Set(withdrawn) }];
  for (const name of ["withdrawnAfter", "overridden", "outsideRule"]) facts[name] = new Set(told[name]);
  const numbered = (all) => all.map((margin, position) => setOnly({ position, ...margin }));
  const numbers = ({ assumes, unit, items: all }) => ({ assumes, unit, items: numbered(all) });
  return canonicalText({
    margins: numbers(marginsOf(spec, election, outcome, gone)),
    counterfactuals: Object.fromEntries(counterfactualsOf(spec, election, outcome, gone)),
    explained: Object.fromEntries(explainPublished(spec, election, outcome, new Set(published), facts)),
  });
}"""


def sent(spec: RuleSpec, profile: Profile, withdrawn: frozenset[int]) -> list[Any]:
    """An election as the functions of the page take it."""
    items: list[dict[str, Any]] = [
        {"position": item.position, "ref": item.ref, "cost": item.cost_minor, "district": item.district, "category": item.category}
        for item in profile.items
    ]
    ballots = [[list(entries), count] for entries, count in profile.ballots.items()]
    return [as_json(spec), items, ballots, profile.enrolled, sorted(withdrawn)]


def as_json(spec: RuleSpec) -> dict[str, Any]:
    """Rules as they stand in a log."""
    return spec.model_dump(mode="json", exclude_none=True)


def counted(verifier: Verifier, spec: RuleSpec, profile: Profile, withdrawn: frozenset[int]) -> str:
    """The outcome as the page writes it."""
    found: str = verifier.call(_COUNT, sent(spec, profile, withdrawn))
    return found


@settings(max_examples=400)
@given(election=elections())
def test_every_election_comes_out_as_in_python(verifier: Verifier, election: tuple[RuleSpec, Profile, frozenset[int]]) -> None:
    spec, profile, withdrawn = election
    expected = canonical(compute(spec, profile, withdrawn=withdrawn, exact=True).to_json()).decode()
    assert counted(verifier, spec, profile, withdrawn) == expected


@st.composite
def recorded(draw: st.DrawFn, spec: RuleSpec, profile: Profile, withdrawn: frozenset[int]) -> tuple[Published, Facts]:
    """What an authority announced, and what is recorded that may explain it."""
    some = st.frozensets(st.sampled_from([item.position for item in profile.items]))
    few = st.one_of(st.just(frozenset[int]()), some)
    amendments: tuple[Amendment, ...] = ()
    if spec.budget_minor is not None and draw(st.booleans()):
        announced = spec.model_copy(update={"budget_minor": draw(st.integers(0, 60)), "envelopes": None, "leftover": None})
        final = spec.model_copy(update={"budget_minor": spec.budget_minor + draw(st.integers(0, 30))})
        amendments = (Amendment(announced, spec), Amendment(spec, final))[: draw(st.integers(1, 2))]
    missing = draw(st.lists(st.builds(MissingBallots, st.just("paper"), st.one_of(st.none(), st.integers(0, 9))), max_size=2))
    near = frozenset(compute(spec, profile, withdrawn=withdrawn).winners or ()) ^ draw(few)
    selected = draw(st.one_of(some, st.just(near)))
    facts = Facts(withdrawn, draw(few) - withdrawn, amendments, draw(few), draw(few), tuple(missing))
    return Published(selected), facts


def accounted(
    verifier: Verifier, spec: RuleSpec, profile: Profile, withdrawn: frozenset[int], published: Published, facts: Facts
) -> tuple[str, str]:
    """Margins, counterfactuals and explanations as the page writes them, and as Python does."""
    outcome = compute(spec, profile, withdrawn=withdrawn)
    alternatives = counterfactuals(spec, profile, outcome, withdrawn=withdrawn)
    expected = {
        "margins": margins(spec, profile, outcome, withdrawn=withdrawn).to_json(),
        "counterfactuals": {name: list(winners) for name, winners in alternatives.items()},
        "explained": {str(position): reason for position, reason in explain(spec, profile, outcome, published, facts).items()},
    }
    told = {
        "withdrawnAfter": sorted(facts.withdrawn_after),
        "overridden": sorted(facts.overridden),
        "outsideRule": sorted(facts.outside_rule),
        "amendments": [{"before": as_json(one.before), "after": as_json(one.after)} for one in facts.amendments],
        "missing": [{"channel": one.channel, "count": one.at_most} for one in facts.missing],
    }
    found: str = verifier.call(_ACCOUNT, [*sent(spec, profile, withdrawn), sorted(published.selected), told])
    return found, canonical(expected).decode()


def test_real_elections_are_told_as_in_python(verifier: Verifier) -> None:
    """Those with few different ballots, which is most of them; others say the same and only take longer to hand over."""
    for name in OPTIONS:
        election, spec, facts, profile, _ = pabulib(name)
        if len(profile.ballots) <= MOST_BALLOTS:
            found, expected = accounted(verifier, spec, profile, facts.withdrawn, official(election), facts)
            assert found == expected, name


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_margins_counterfactuals_and_explanations_come_out_as_in_python(verifier: Verifier, data: st.DataObject) -> None:
    spec, profile, withdrawn = data.draw(elections())
    published, facts = data.draw(recorded(spec, profile, withdrawn))
    found, expected = accounted(verifier, spec, profile, withdrawn, published, facts)
    assert found == expected
