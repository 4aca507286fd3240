"""Why a published selection differs from the computed outcome, or from what scores and money alone would give.

A reason is given only where counting again under a recorded fact shows that this fact makes the difference. A scenario may account for a
difference only if it disagrees with the published selection nowhere that the scenario before it agreed: a selection cannot borrow one
winner from one reading of the facts and another from another. What no fact accounts for is `unexplained`. docs/formats/rules.md says,
reason by reason, what is tested.
"""

from dataclasses import dataclass, replace
from itertools import combinations

from ledger.rules.envelopes import envelope_of
from ledger.rules.facts import Facts, Published, ReasonCode
from ledger.rules.missing_ballots import likeliest, most_missing
from ledger.rules.outcome import Outcome
from ledger.rules.profile import Profile
from ledger.rules.scenarios import Recount, Scenario, Stages, Winners, fact_scenarios, features, without
from ledger.rules.spec import RuleSpec
from ledger.rules.thresholds import kept_out

Reasons = dict[int, ReasonCode]


def explain(spec: RuleSpec, profile: Profile, outcome: Outcome, published: Published, facts: Facts) -> Reasons:
    """Position → reason, by position, for each candidate whose published fate differs from the computed one or from the plain rule's.

    `outcome` is what `spec` makes of `profile` without `facts.withdrawn`. Also there: candidates published as funded outside the rule, and
    withdrawn ones whose withdrawal changed who wins. With an undeclared rule, each published winner is `rule_unknown`.
    """
    if outcome.winners is None:
        unknown: Reasons = dict.fromkeys(sorted(published.selected), "rule_unknown")
        unknown.update(dict.fromkeys(facts.outside_rule, "funded_outside_rule"))
        unknown.update(dict.fromkeys(facts.overridden & unknown.keys(), "overridden"))
        return dict(sorted(unknown.items()))
    case = _Case(
        recount=Recount.of(spec, profile, outcome),
        stages=Stages.of(spec, facts),
        facts=facts,
        outcome=outcome,
        computed=frozenset(outcome.winners),
        published=published.selected - facts.outside_rule,
        positions=tuple(sorted(item.position for item in profile.items)),
    )
    reasons = case.deviations()
    case.add_plain_differences(reasons)
    case.add_withdrawn_causes(reasons)
    return dict(sorted(reasons.items()))


@dataclass(frozen=True, slots=True)
class _Case:
    recount: Recount
    stages: Stages
    facts: Facts
    outcome: Outcome
    computed: Winners
    published: Winners
    positions: tuple[int, ...]

    def agreeing(self, winners: Winners) -> frozenset[int]:
        """Where the published selection is what `winners` says. An override is no statement about the tally, so it agrees with any."""
        by_reserve = {result.position for result in self.outcome.items if result.status.reserve_minor}
        reserve_apart = self.facts.outside_rule & by_reserve
        return frozenset(
            position
            for position in self.positions
            if position in self.facts.overridden or position in reserve_apart or (position in winners) == (position in self.published)
        )

    def deviations(self) -> Reasons:
        """The reasons where the published selection is not the computed outcome."""
        reasons: Reasons = {}
        reached = self._facts_and_ties(reasons)
        self._discretion(reached, reasons)
        self._missing(reached, reasons)
        for position in self.positions:
            if position not in self.agreeing(self.computed):
                reasons.setdefault(position, "unexplained")
            elif position in self.facts.overridden and (position in self.computed) != (position in self.published):
                reasons[position] = "overridden"
            if position in self.facts.outside_rule and reasons.get(position) != "unexplained":
                reasons[position] = "funded_outside_rule"
        return reasons

    def _facts_and_ties(self, reasons: Reasons) -> Winners:
        """Notes what facts and ties account for, and returns the winners under all that was accepted."""
        everywhere = frozenset(self.positions)
        if self.agreeing(self.computed) == everywhere:
            return self.computed
        scenarios = fact_scenarios(self.stages, self.facts)
        for scenario in scenarios:
            for tied in (frozenset[int](), self._all_tied(scenario)):
                whole = replace(scenario, towards=self.published if tied else frozenset(), tied=tied)
                if self.agreeing(self.recount.winners(whole)) == everywhere:
                    self._accept(self.computed, scenario, whole, reasons)
                    return self.recount.winners(whole)
        return self._piecewise(scenarios, reasons)

    def _piecewise(self, scenarios: list[Scenario], reasons: Reasons) -> Winners:
        """Accepts facts, then single ties, each only if it contradicts nothing that agreed before."""
        reached, at = self.computed, scenarios[0]
        for scenario in scenarios[1:]:
            winners = self.recount.winners(scenario)
            if self.agreeing(winners) > self.agreeing(reached):
                self._accept(reached, scenario, scenario, reasons)
                reached, at = winners, scenario
        turned = replace(at, towards=self.published)
        for group in self.recount.tied_groups(at):
            trial = replace(turned, tied=turned.tied | group)
            winners = self.recount.winners(trial)
            if self.agreeing(winners) > self.agreeing(reached):
                self._accept(reached, at, trial, reasons)
                reached, turned = winners, trial
        return reached

    def _all_tied(self, scenario: Scenario) -> frozenset[int]:
        return frozenset().union(*self.recount.tied_groups(scenario))

    def _accept(self, before: Winners, scenario: Scenario, whole: Scenario, reasons: Reasons) -> None:
        """Gives the reason of everything that `whole` settles and `before` did not: the fact that alone settles it, or the tie."""
        settled = self.agreeing(self.recount.winners(whole)) - self.agreeing(before)
        for position in settled:
            if position not in self.agreeing(self.recount.winners(scenario)):
                reasons.setdefault(position, "tie")
            else:
                reasons.setdefault(position, self._fact(position, scenario))

    def _fact(self, position: int, scenario: Scenario) -> ReasonCode:
        """Which of the facts in `scenario` settles `position`: the withdrawal alone, the amendment alone, or both (then the withdrawal)."""
        only_withdrawn = Scenario(self.stages.in_force, scenario.withdrawn)
        only_amended = Scenario(scenario.spec, self.facts.withdrawn)
        if position in self.agreeing(self.recount.winners(only_withdrawn)):
            return "withdrawn"
        if position in self.agreeing(self.recount.winners(only_amended)) or scenario.withdrawn == self.facts.withdrawn:
            return "budget_amended"
        return "withdrawn"

    def _discretion(self, reached: Winners, reasons: Reasons) -> None:
        """More money after the vote, spent on candidates that no rule chose: everyone who had won still wins, and the rest fits.

        Explains the whole selection or nothing.
        """
        announced, final = self.stages.announced, self.stages.final
        open_positions = frozenset(self.positions) - self.agreeing(reached)
        if not open_positions or announced == final or not self.stages.only_money_differs():
            return
        withdrawn = self.facts.withdrawn | self.facts.withdrawn_after
        before = Scenario(announced, withdrawn)
        promised = self.recount.winners(before) - self.facts.overridden
        if not promised <= self.published:
            turned = replace(before, towards=self.published, tied=self._all_tied(before))
            promised = self.recount.winners(turned) - self.facts.overridden
        added = self.published - promised - self.facts.overridden
        barred = kept_out(final, self.recount.profile.items, self.recount.sums_of(final), withdrawn)
        if promised <= self.published and not added & barred.keys() and _fits(final, self.recount.profile, self.published):
            for position in open_positions:
                reasons.setdefault(position, "budget_amended")

    def _missing(self, reached: Winners, reasons: Reasons) -> None:
        """Ballots that the record lacks. Where the count with them contradicts what agreed without, that is `unexplained` in turn.

        So either the whole selection follows from ballots that can have been cast, or something is said not to.
        """
        most = most_missing(self.facts.missing)
        everywhere = frozenset(self.positions)
        open_positions = frozenset(position for position in everywhere - self.agreeing(reached) if position not in reasons)
        if not open_positions or most == 0:
            return

        def disagreeing(winners: Winners) -> int:
            return len(everywhere - self.agreeing(winners))

        scenarios = fact_scenarios(self.stages, self.facts)
        tried = (likeliest(self.recount, scenario, self.published, most, disagreeing) for scenario in scenarios)
        found = min((winners for winners in tried if winners is not None), key=disagreeing, default=reached)
        still = everywhere - self.agreeing(found)
        if len(still) < len(open_positions):
            for position in open_positions - still:
                reasons[position] = "ballots_missing"
            for position in still - self.facts.overridden:
                reasons[position] = "unexplained"

    def add_plain_differences(self, reasons: Reasons) -> None:
        """The reasons where published and computed agree, and the plain rule does not: which condition of the rule makes the difference."""
        present = features(self.stages, self.facts)
        if not present:
            return
        agreed = self.agreeing(self.computed) - self.facts.overridden - self.facts.outside_rule
        plain = self.recount.winners(without(self.stages, self.facts, present))
        for position in sorted(agreed - self.agreeing(plain)):
            reasons.setdefault(position, self._condition(position, present))

    def _condition(self, position: int, present: tuple[str, ...]) -> ReasonCode:
        own = self.outcome.status(position).code
        for size in range(1, len(present) + 1):
            for removed in combinations(present, size):
                if position not in self.agreeing(self.recount.winners(without(self.stages, self.facts, removed))):
                    return _REASONS[own if own in removed else removed[0]]
        raise AssertionError("without all its conditions the rule is the plain rule")

    def add_withdrawn_causes(self, reasons: Reasons) -> None:
        """Withdrawn candidates whose withdrawal changed who wins."""
        for withdrawn, rule in ((self.facts.withdrawn, self.stages.in_force), (self.facts.withdrawn_after, self.stages.final)):
            gone = withdrawn | self.facts.withdrawn
            for position in sorted(withdrawn - self.published - reasons.keys()):
                present = self.recount.winners(Scenario(rule, gone - {position}))
                if present != self.recount.winners(Scenario(rule, gone)):
                    reasons[position] = "withdrawn"


_REASONS: dict[str, ReasonCode] = {
    "withdrawn": "withdrawn",
    "excluded_by": "excluded_by",
    "below_threshold": "below_threshold",
    "budget_amended": "budget_amended",
}


def _fits(spec: RuleSpec, profile: Profile, selected: Winners) -> bool:
    """True when the money of `spec` pays for `selected`, in each envelope too."""
    chosen = [item for item in profile.items if item.position in selected]
    if spec.budget_minor is None or sum(item.cost_minor for item in chosen) > spec.budget_minor:
        return False
    if spec.envelopes is None or spec.leftover is not None:
        return True
    spent: dict[str | None, int] = {}
    for item in chosen:
        envelope = envelope_of(spec, item)
        if envelope is not None:
            spent[envelope.key] = spent.get(envelope.key, 0) + item.cost_minor
    return all(spent.get(envelope.key, 0) <= envelope.amount_minor for envelope in spec.envelopes.envelopes)
