"""Counting again under recorded facts: the rule before or after an amendment, with or without a withdrawal, a tie the other way round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ledger.rules.counterfactuals import winners_of
from ledger.rules.counting import ready, tally_of
from ledger.rules.facts import Facts
from ledger.rules.outcome import Outcome
from ledger.rules.profile import Profile
from ledger.rules.spec import RuleSpec, plain_rule
from ledger.rules.tally import Tally, tally

Winners = frozenset[int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A rule and who is withdrawn under it. `towards`: the candidates that ties go to, among the positions `tied`."""

    spec: RuleSpec
    withdrawn: frozenset[int]
    towards: frozenset[int] = frozenset()
    tied: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Recount:
    """Winners of one profile under many scenarios; a scenario met before is not counted twice."""

    spec: RuleSpec
    profile: Profile
    sums: Tally
    _known: dict[Scenario, Winners] = field(default_factory=dict)

    @classmethod
    def of(cls, spec: RuleSpec, profile: Profile, outcome: Outcome) -> "Recount":
        """The recount of what `outcome` was counted from."""
        return cls(spec, profile, tally_of(outcome))

    def winners(self, scenario: Scenario) -> Winners:
        """The winners under `scenario`."""
        if scenario not in self._known:
            self._known[scenario] = self.winners_with(scenario, self.sums_of(scenario.spec))
        return self._known[scenario]

    def winners_with(self, scenario: Scenario, sums: Tally) -> Winners:
        """The winners under `scenario` if the ballots added up to `sums`."""
        count = ready(scenario.spec, self.profile, sums, scenario.withdrawn)
        if scenario.tied:
            costs = {item.position: item.cost_minor for item in self.profile.items}
            count = replace(count, ladder=count.ladder.preferring(scenario.towards, costs, scenario.tied))
        return frozenset(winners_of(scenario.spec, self.profile, count))

    def sums_of(self, spec: RuleSpec) -> Tally:
        """The sums under the score of `spec`."""
        if (spec.score, spec.ballot) == (self.spec.score, self.spec.ballot):
            return self.sums
        return tally(spec, self.profile)

    def tied_groups(self, scenario: Scenario) -> list[frozenset[int]]:
        """Candidates that take part and are equal by score, the groups by score, greatest first. Equal shares: everyone, as one group.

        Who is equal in a round of equal shares depends on the rounds before; a ladder only matters among equals, so all may be named.
        """
        sums = self.sums_of(scenario.spec)
        eligible = ready(scenario.spec, self.profile, sums, scenario.withdrawn).eligible(self.profile.items)
        if scenario.spec.rule == "equal-shares":
            return [eligible]
        by_score: dict[int, list[int]] = {}
        for position in eligible:
            by_score.setdefault(sums.score[position], []).append(position)
        return [frozenset(by_score[score]) for score in sorted(by_score, reverse=True) if len(by_score[score]) > 1]


@dataclass(frozen=True, slots=True)
class Stages:
    """The rule as announced, as in force for the computed outcome, and as it was in the end."""

    announced: RuleSpec
    in_force: RuleSpec
    final: RuleSpec

    @classmethod
    def of(cls, spec: RuleSpec, facts: Facts) -> "Stages":
        """The stages that the recorded amendments make."""
        if not facts.amendments:
            return cls(spec, spec, spec)
        return cls(facts.amendments[0].before, spec, facts.amendments[-1].after)

    def only_money_differs(self) -> bool:
        """True when the announced and the final rule differ in budget and envelopes alone."""
        money: Mapping[str, None] = {"budget_minor": None, "envelopes": None}
        return self.announced.model_copy(update=money) == self.final.model_copy(update=money)


def fact_scenarios(stages: Stages, facts: Facts) -> list[Scenario]:
    """The scenarios that recorded facts make, the one of the computed outcome first, then with ever more facts."""
    after = facts.withdrawn | facts.withdrawn_after
    scenarios = [
        Scenario(rule, withdrawn) for rule in (stages.in_force, stages.final, stages.announced) for withdrawn in (facts.withdrawn, after)
    ]
    return list(dict.fromkeys(scenarios))


def features(stages: Stages, facts: Facts) -> tuple[str, ...]:
    """What the computed outcome has that the plain rule lacks, in the order in which it is looked for."""
    spec = stages.in_force
    found = {
        "withdrawn": bool(facts.withdrawn),
        "excluded_by": bool(spec.exclusive_sets),
        "below_threshold": plain_rule(spec).model_copy(update={"exclusive_sets": spec.exclusive_sets}) != spec,
        "budget_amended": stages.announced != spec,
    }
    return tuple(name for name, present in found.items() if present)


def without(stages: Stages, facts: Facts, removed: Iterable[str]) -> Scenario:
    """The scenario of the computed outcome with some of its `features` taken away."""
    gone = frozenset(removed)
    spec = stages.announced if "budget_amended" in gone else stages.in_force
    plain = plain_rule(spec)
    if "below_threshold" in gone:
        spec = plain.model_copy(update={"exclusive_sets": spec.exclusive_sets})
    if "excluded_by" in gone:
        spec = spec.model_copy(update={"exclusive_sets": ()})
    return Scenario(spec, frozenset() if "withdrawn" in gone else facts.withdrawn)
