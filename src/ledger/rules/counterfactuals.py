"""Who would have won under another declared option: it shows how much the rule decided, and how much the ballots.

Nothing here is a result. Names of the alternatives: `unaffordable_skip`, `unaffordable_stop`, `completion_<name>`, `comparison_none`,
`greedy`, `ties_reversed`, `without_thresholds`, `without_exclusive_sets`, `without_withdrawals`, `plain`.
"""

from dataclasses import replace

from ledger.rules import greedy
from ledger.rules.counting import Count, ready, tally_of
from ledger.rules.equal_shares.count import SharesCount, greedy_instead, kept_greedy, prepare, winners_by_completion
from ledger.rules.outcome import Outcome
from ledger.rules.profile import Profile
from ledger.rules.spec import RuleSpec, Unaffordable, plain_rule
from ledger.rules.tally import Tally

Winners = tuple[int, ...]


def counterfactuals(spec: RuleSpec, profile: Profile, outcome: Outcome, *, withdrawn: frozenset[int] = frozenset()) -> dict[str, Winners]:
    """Name of the alternative → winners in order of funding. Only alternatives that differ from `spec` in something are there."""
    if spec.rule == "undeclared":
        return {}
    sums = tally_of(outcome)
    found = _greedy_options(spec, profile, sums, withdrawn) if spec.rule == "greedy" else _shares_options(spec, profile, sums, withdrawn)
    for name, (other, others_withdrawn) in _without(spec, withdrawn).items():
        found[name] = winners_of(other, profile, ready(other, profile, sums, others_withdrawn))
    return found


def winners_of(spec: RuleSpec, profile: Profile, count: Count) -> Winners:
    """The winners alone, without the account of the count."""
    eligible = count.eligible(profile.items)
    if spec.rule == "greedy":
        order = greedy.order_of(eligible, count.tally.score, count.ladder)
        return tuple(greedy.fund(spec, profile.items, order).winners)
    return _shares_winners(prepare(spec, profile, count.tally, count.ladder, eligible), profile, count.tally)


def _without(spec: RuleSpec, withdrawn: frozenset[int]) -> dict[str, tuple[RuleSpec, frozenset[int]]]:
    """The rule with each of its conditions taken away, and with all."""
    plain = plain_rule(spec)
    bare_thresholds = plain.model_copy(update={"exclusive_sets": spec.exclusive_sets})
    bare_sets = spec.model_copy(update={"exclusive_sets": ()})
    options: dict[str, tuple[RuleSpec, frozenset[int]]] = {}
    if bare_thresholds != spec:
        options["without_thresholds"] = (bare_thresholds, withdrawn)
    if bare_sets != spec:
        options["without_exclusive_sets"] = (bare_sets, withdrawn)
    if withdrawn:
        options["without_withdrawals"] = (spec, frozenset())
    if plain != spec or withdrawn:
        options["plain"] = (plain, frozenset())
    return options


def _greedy_options(spec: RuleSpec, profile: Profile, sums: Tally, withdrawn: frozenset[int]) -> dict[str, Winners]:
    count = ready(spec, profile, sums, withdrawn)
    found: dict[str, Winners] = {}
    for then in ("skip", "stop"):
        if spec.unaffordable.then != then:
            other = spec.model_copy(update={"unaffordable": Unaffordable(then=then)})
            found[f"unaffordable_{then}"] = winners_of(other, profile, count)
    found["ties_reversed"] = winners_of(spec, profile, replace(count, ladder=count.ladder.reversed()))
    return found


def _shares_options(spec: RuleSpec, profile: Profile, sums: Tally, withdrawn: frozenset[int]) -> dict[str, Winners]:
    count = ready(spec, profile, sums, withdrawn)
    eligible = count.eligible(profile.items)
    made = prepare(spec, profile, sums, count.ladder, eligible)
    by_completion = winners_by_completion(made, made.searches("none"))
    instead = greedy_instead(made, profile, sums).winners
    declared = made.options.completion
    found: dict[str, Winners] = {"greedy": instead}
    if made.options.comparison != "none":
        found["comparison_none"] = by_completion[declared]
    for name, winners in by_completion.items():
        if name != declared:
            found[f"completion_{name}"] = instead if kept_greedy(made, winners, instead)[0] else winners
    found["ties_reversed"] = winners_of(spec, profile, replace(count, ladder=count.ladder.reversed()))
    return dict(sorted(found.items()))


def _shares_winners(made: SharesCount, profile: Profile, sums: Tally) -> Winners:
    winners = winners_by_completion(made, made.searches("none"))[made.options.completion]
    if made.options.comparison == "none":
        return winners
    instead = greedy_instead(made, profile, sums).winners
    return instead if kept_greedy(made, winners, instead)[0] else winners
