"""The rule specification that META and the options give. What neither says is not filled in: the rule then is undeclared."""

from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from ledger.canonical import canonical
from ledger.errors import ForeignFileDamaged, ImportOptionInvalid, RuleUndefined
from ledger.importers.money import minor
from ledger.importers.pabulib.options import Options
from ledger.importers.pabulib.reading import PbFile
from ledger.projections.readings.currency import exponent
from ledger.rules.combinations import check_spec
from ledger.rules.spec import RuleSpec

LADDER = ["lower_cost", "more_votes", "list_order"]
"""How ties go. No file names a lot, so the order of the file is the last rung; a tie that decides is shown as one."""

_GREEDY = {"greedy": "skip", "greedy-threshold": "skip", "greedy-exclusive": "skip", "greedy-no-skip": "stop"}
_SCORE: dict[str, dict[str, str]] = {
    "approval": {"by": "approvals"},
    "choose-1": {"by": "approvals"},
    "cumulative": {"by": "points"},
    "ordinal": {"by": "borda", "variant": "ballot_length_to_one"},
    "scoring": {"by": "grades"},
}


def rules_of(file: PbFile, currency: str, options: Options, refs: dict[str, str], labels: dict[str, str]) -> RuleSpec:
    """The rules that the file's META gives, with the options' replacements.

    `refs` maps project ids and `labels` the names of districts or categories to references. Raises `ImportOptionInvalid` where an
    option cannot be, `RuleUndefined` where options have no meaning together.
    """
    fields: dict[str, Any] = {"ballot": _ballot(file, currency), "score": _SCORE[file.vote_type], "ties": LADDER}
    fields |= _method(file, currency)
    fields |= _envelopes(file, currency, options, labels)
    if options.exclusive:
        fields["exclusive_sets"] = [_exclusive(members.members, members.retained, refs) for members in options.exclusive]
    fields |= options.rules
    if fields["rule"] == "undeclared":
        fields = {
            name: value for name, value in fields.items() if name in ("rule", "ballot", "score", "ties", "budget_minor", *options.rules)
        }
    return _checked(fields)


def with_budget(rules: RuleSpec, amount: Decimal, currency: str) -> RuleSpec:
    """The same rules with another budget."""
    return rules.model_copy(update={"budget_minor": minor(amount, currency, "--announced-budget")})


def _checked(fields: dict[str, Any]) -> RuleSpec:
    try:
        rules = RuleSpec.model_validate_json(canonical(fields))
        check_spec(rules)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise ImportOptionInvalid("--rules", f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}") from None
    except RuleUndefined as error:
        raise ImportOptionInvalid("--rules", f"{error.place}: {error.why}") from None
    return rules


def _method(file: PbFile, currency: str) -> dict[str, Any]:
    declared = file.meta.get("rule", "unknown")
    if declared in _GREEDY:
        fields: dict[str, Any] = {"rule": "greedy", "unaffordable": {"then": _GREEDY[declared]}}
    elif declared.startswith("equalshares"):
        fields = {"rule": "equal-shares", "equal_shares": _equal_shares(declared, currency, file.name)}
    else:
        # `greedy-custom` and `unknown` name no rule; its budget and threshold are kept for a `--rules` file that does.
        fields = {"rule": "undeclared"}
    budget = file.amount("budget")
    if budget is not None:
        fields["budget_minor"] = minor(budget, currency, f"{file.name}: META budget")
    threshold = file.whole("min_project_score_threshold")
    if threshold is not None:
        fields["threshold"] = {"on": "score", "comparison": ">=", "number": threshold}
    return fields


def _equal_shares(declared: str, currency: str, name: str) -> dict[str, Any]:
    """The method as Pabulib names it: cost utilities, and one major unit more for every voter at each run of add1.

    `add1-comparison` compares with the greedy outcome by the share of voters who get nothing, as the cities that declared it do.
    """
    completion = declared.partition("/")[2]
    options: dict[str, Any] = {"utility": "cost", "completion": "none", "start": "fraction", "comparison": "none"}
    if completion in ("add1", "add1-comparison"):
        options |= {"completion": "add1", "start": "integral", "increment_minor": 10 ** exponent(currency)}
    elif completion:
        raise ForeignFileDamaged(f"{name}: META rule", f"{declared!r} names a completion that is not known; give --rules")
    if completion == "add1-comparison":
        options["comparison"] = "exclusion_ratio"
    return options


def _ballot(file: PbFile, currency: str) -> dict[str, Any]:
    least, most = file.whole("min_length"), file.whole("max_length")
    spend = file.amount("max_sum_cost")
    form: dict[str, Any]
    match file.vote_type:
        case "choose-1":
            form = {"form": "choose_one"}
        case "ordinal":
            form = {"form": "ranked", "min_length": least, "max_length": most}
        case "cumulative":
            form = {
                "form": "cumulative",
                "sum": file.whole("max_sum_points"),
                "min_sum": file.whole("min_sum_points"),
                "max_per_item": file.whole("max_points"),
                "min_items": least,
                "max_items": most,
            }
            if form["sum"] is None:
                raise ForeignFileDamaged(f"{file.name}: META max_sum_points", "a cumulative vote says how many points there are")
        case "scoring":
            form = {"form": "score", "min_score": file.whole("min_points") or 0, "max_score": file.whole("max_points")}
            if form["max_score"] is None:
                raise ForeignFileDamaged(f"{file.name}: META max_points", "a scoring vote says which grade is the highest")
        case _ if spend is not None:
            limit = minor(spend, currency, f"{file.name}: META max_sum_cost")
            form = {"form": "cart", "budget_minor": limit, "min_items": least, "max_items": most}
        case _:
            form = {"form": "approval", "min": least, "max": most}
    return {name: value for name, value in form.items() if value is not None}


def _envelopes(file: PbFile, currency: str, options: Options, labels: dict[str, str]) -> dict[str, Any]:
    """Envelopes of the options, or META's `budget_per_neighborhood`: upper bounds, as Pabulib defines that key."""
    amounts, by, kind = dict(options.envelopes), options.envelopes_by, options.envelopes_kind
    option = "--envelope"
    if not amounts and file.meta.get("budget_per_neighborhood"):
        names = [name.strip() for name in file.meta.get("neighborhoods", "").split(",")]
        bounds = [part.strip() for part in file.meta["budget_per_neighborhood"].split(",")]
        option = f"{file.name}: META budget_per_neighborhood"
        if len(names) != len(bounds) or not all(bound.isdecimal() for bound in bounds):
            raise ForeignFileDamaged(option, f"{len(bounds)} amounts for {len(names)} neighborhoods")
        amounts, by, kind = dict(zip(names, map(Decimal, bounds), strict=True)), "district", "upper_bound"
    if not amounts:
        return {}
    for name in amounts:
        if name not in labels:
            raise ImportOptionInvalid(option, f"no project of the file has the {by} {name!r}")
    held = [{"key": labels[name], "amount_minor": minor(amount, currency, option)} for name, amount in amounts.items()]
    return {"envelopes": {"by": by, "kind": kind, "envelopes": held}}


def _exclusive(members: tuple[str, ...], retained: str | None, refs: dict[str, str]) -> dict[str, Any]:
    for identity in members:
        if identity not in refs:
            raise ImportOptionInvalid("--exclusive", f"the file has no project {identity!r}")
    found: dict[str, Any] = {"members": [refs[identity] for identity in members]}
    if retained is not None:
        found["retained"] = refs[retained]
    return found
