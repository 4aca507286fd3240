"""What the META section of a `.pb` file says about a step (docs/formats/tables.md, "Pabulib")."""

from collections.abc import Mapping
from typing import Final

from ledger.projections.readings.currency import exponent, major
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import Reading
from ledger.rules.ballot_form import (
    ApprovalForm,
    BallotForm,
    CartForm,
    ChooseOneForm,
    CumulativeForm,
    RankedForm,
    ScoreForm,
)
from ledger.rules.counting import tally_of
from ledger.rules.profile import Item
from ledger.rules.spec import EqualShares, RuleSpec
from ledger.rules.thresholds import least_support

WITHDRAWN_COST: Final = 999_999_999
"""The cost by which Pabulib marks a project that was withdrawn after the vote."""

_OWN_SCORE: Final = {
    "choose_one": "approvals",
    "approval": "approvals",
    "cart": "approvals",
    "cumulative": "points",
    "ranked": "borda",
    "score": "grades",
    "yes_no_blank": "plus_minus",
}
"""The score that a reader of the file adds up from its votes."""


def meta(reading: Reading, result: StepResult, listed_votes: int, all_costs: int) -> dict[str, str]:
    """Key → value, in the order of the format. `all_costs`: of the projects as listed, in the currency's main unit, rounded down each."""
    step = result.step
    rules, currency = step.rules, reading.currency
    rule, threshold = rule_name(result, currency)
    title = reading.words(reading.project["title"]) if reading.project is not None else ""
    budget = major(rules.budget_minor or 0, currency)
    fields: dict[str, str | int | None] = {
        "description": f"{title} - {reading.words(step.row['title'])}".strip(" -"),
        "country": "Worldwide",
        "unit": reading.words(reading.project["owner"]) if reading.project is not None else "",
        "instance": reading.source.origin.rpartition("/")[2],
        "num_projects": len(step.candidates),
        "num_votes": listed_votes,
        "budget": budget,
        "vote_type": vote_type(rules.ballot),
        "rule": rule,
        "date_begin": _date(step.row["opened"]["at"]) if step.row["opened"] is not None else None,
        "date_end": _date(step.row["closed"]["at"]) if step.row["closed"] is not None else None,
        **_limits(rules.ballot, len(step.candidates), currency),
        "min_project_score_threshold": threshold,
        "language": next((tag for tag in reading.languages if len(tag) == 2), None),
        "currency": currency or None,
        "fully_funded": 1 if int(budget.partition(".")[0]) >= all_costs else None,
        "comment": _comment(result),
    }
    return {name: " ".join(str(value).split()) for name, value in fields.items() if value is not None}


def vote_type(form: BallotForm) -> str:
    """Pabulib's name for a form of ballot."""
    match form:
        case ChooseOneForm():
            return "choose-1"
        case ApprovalForm() | CartForm():
            return "approval"
        case CumulativeForm():
            return "cumulative"
        case RankedForm():
            return "ordinal"
    return "scoring"


def rule_name(result: StepResult, currency: str) -> tuple[str, int | None]:
    """(Pabulib's name for the rule, least score if there is one).

    `greedy-custom` and `unknown` where the format has no name for it; the comment says where the specification is.
    """
    rules = result.step.rules
    if rules.rule == "undeclared":
        return "unknown", None
    if rules.rule == "equal-shares":
        return (_shares_name(rules, rules.equal_shares, currency) if rules.equal_shares is not None else "unknown"), None
    own = rules.score.by == _OWN_SCORE[rules.ballot.form]
    if not own or rules.envelopes is not None or rules.max_winners is not None or rules.quorum is not None:
        return "greedy-custom", None
    if rules.unaffordable.then == "fund_if_left" or (rules.threshold is not None and not _on_listed_score(rules)):
        return "greedy-custom", None
    if any(item.cost_minor == WITHDRAWN_COST * 10 ** exponent(currency) for item in _taking_part(result)):
        return "greedy-custom", None
    least = least_support(rules.threshold, tally_of(result.count.outcome)) if rules.threshold is not None else 0
    if not least and any(item.votes == 0 for item in result.count.outcome.items):
        least = 1  # a candidate without votes takes no part; the format says so by a threshold
    if rules.exclusive_sets:
        return "greedy-exclusive", least or None
    if rules.unaffordable.then == "stop":
        return "greedy-no-skip", least or None
    return ("greedy-threshold", least) if least else ("greedy", None)


def _taking_part(result: StepResult) -> list[Item]:
    return [item for item in result.step.items if item.position not in result.count.withdrawn]


def _on_listed_score(rules: RuleSpec) -> bool:
    """True when the threshold is on the number by which the file orders its projects."""
    return rules.threshold is not None and (rules.threshold.on == "score" or rules.score.by == "approvals")


def _shares_name(rules: RuleSpec, options: EqualShares, currency: str) -> str:
    usual = "cost" if rules.score.by == "approvals" else "points"
    if options.utility != usual or rules.threshold is not None or rules.quorum is not None:
        return "unknown"
    compared = "" if options.comparison == "none" else "-comparison"
    if options.completion == "none" and options.start == "fraction":
        return f"equalshares{compared}"
    by_one = options.increment_minor == 10 ** exponent(currency)
    return f"equalshares/add1{compared}" if options.completion == "add1" and options.start == "integral" and by_one else "unknown"


def _limits(form: BallotForm, candidates: int, currency: str) -> Mapping[str, int | str | None]:
    match form:
        case ChooseOneForm():
            return {"min_length": 1, "max_length": 1}
        case ApprovalForm(min=least, max=most) | RankedForm(min_length=least, max_length=most):
            return {"min_length": least, "max_length": _most(most, candidates)}
        case CartForm(budget_minor=budget, min_spend_minor=spend, min_items=least, max_items=most):
            costs = {"min_sum_cost": None if spend is None else major(spend, currency), "max_sum_cost": major(budget, currency)}
            return {"min_length": least, "max_length": _most(most, candidates), **costs}
        case CumulativeForm(sum=total, max_per_item=most_points, min_sum=least_sum, min_items=least, max_items=most):
            points = {"max_points": most_points, "min_sum_points": least_sum, "max_sum_points": total}
            return {"min_length": least, "max_length": _most(most, candidates), **points}
        case ScoreForm(min_score=lowest, max_score=highest):
            return {"min_points": lowest, "max_points": highest}
    return {"min_points": -1, "max_points": 1}


def _most(most: int | None, candidates: int) -> int | None:
    return None if most is None else min(most, candidates)


def _date(at: str) -> str:
    return f"{at[8:10]}.{at[5:7]}.{at[:4]}"


def _comment(result: StepResult) -> str:
    """What the format has no key for, in numbered remarks as it asks."""
    step, outcome = result.step, result.count.outcome
    remarks = [f"Counted by {step.rules.rule_id}; its whole specification is in results/{step.ref}.json."]
    if outcome.blank:
        remarks.append(f"{outcome.blank} blank ballots were cast and counted; a file of this format cannot list them.")
    if result.count.withdrawn:
        names = ", ".join(step.shown(position) for position in sorted(result.count.withdrawn))
        remarks.append(f"Withdrawn before the count, marked by the cost {WITHDRAWN_COST}: {names}.")
    outside = result.published["outside_rule"] if result.published is not None else []
    if outside or any(item.status.reserve_minor for item in outcome.items):
        remarks.append("selected = 2: funded with money outside the budget.")
    return " ".join(f"#{number}: {remark}" for number, remark in enumerate(remarks, 1))
