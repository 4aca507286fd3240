"""Results as JSON values: the short form that `ledger results --json` prints, and the full form of one step (docs/formats/results.md)."""

from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.projections.readings.drawing import lottery_document
from ledger.projections.readings.outcomes import Pending, StepResult
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.redactions import redacted_entries, resting_on
from ledger.rules.lot import is_drawn_later

FORMAT: Final = "participation-ledger-result/1"

Json = dict[str, JsonValue]


def results_document(reading: Reading, project: str) -> Json:
    """All results in short, by step. Steps whose choices are still sealed, or that never opened, are not among them."""
    steps: list[JsonValue] = [short_result(result) for result in reading.counted()]
    return {"project": project, "seq": reading.source.size - 1, "steps": steps}


def short_result(result: StepResult) -> Json:
    """One result in short: references as people see them."""
    shown, published = result.step.shown, result.published
    return {
        "step": result.step.ref,
        "rule": result.step.rules.rule_id,
        "winners": [shown(position) for position in result.winners],
        "published": None if published is None else [shown(position) for position in published["selected"]],
        "agrees": result.agrees,
        "explained": {shown(position): code for position, code in result.explained.items()},
        "counted": result.count.counted.counted,
        "not_counted": dict(result.count.counted.not_counted),
    }


def result_document(reading: Reading, result: StepResult | Pending, root: str | None = None) -> Json:
    """The full form of one result. `root`: of the tree at this size, base64, where the caller knows it."""
    step, source = result.step, reading.source
    head: Json = {"format": FORMAT, "origin": source.origin, "size": source.size, "step": step.ref}
    if root is not None:
        head["root"] = root
    withheld: list[JsonValue] = [entry.json() for entry in resting_on(step, redacted_entries(source))]
    if withheld:
        head["redacted"] = withheld
    row = cast("Json", step.row)
    head |= {
        "title": row["title"],
        "rule": step.rules.rule_id,
        "rules": row["rules"],
        "rules_digest": row["rules_digest"],
        "candidates_digest": cast("Json", row["candidates"])["digest"] if row["candidates"] is not None else None,
        "secrecy": row["secrecy"],
        "opened": row["opened"],
        "closed": row["closed"],
        "paper_closed": row["paper_closed"],
        "beside": _beside(result),
    }
    if is_drawn_later(step.rules.lottery):
        ties = () if isinstance(result, Pending) else result.count.outcome.ties
        head["lottery"] = lottery_document(row, step.lot, ties, step.shown)
    if isinstance(result, Pending):
        standing = sum(1 for ballot in source.ballots(step.ref) if ballot.withdrawn is None)
        return {**head, "state": "pending", "why": result.why, "ballots": standing}
    return {**head, "state": "final" if step.over else "provisional", **_counted(reading, result)}


def _counted(reading: Reading, result: StepResult) -> Json:
    count, shown = result.count, result.step.shown
    outcome = count.outcome.to_json()
    counted = count.counted
    totals: Json = {
        "counted": counted.counted,
        "blank": count.outcome.blank,
        "not_counted": dict(counted.not_counted),
        "unknown_entries": counted.unknown_entries,
        "enrolled": count.outcome.enrolled,
        "attended": counted.judge.attended,
        "budget_minor": count.outcome.budget_minor,
        "spent_minor": count.outcome.spent_minor,
        "currency": reading.currency,
    }
    alternatives: Json = {name: [shown(position) for position in winners] for name, winners in sorted(count.counterfactuals.items())}
    return {
        "cut_off": result.step.cut_off,
        "digest": count.digest,
        "totals": totals,
        "winners": [shown(position) for position in result.winners],
        "candidates": _candidates(result),
        "ties": outcome.get("ties", []),
        "trace": outcome.get("trace", []),
        "shares": outcome.get("shares"),
        "margins": {"assumes": count.margins.assumes, "unit": count.margins.unit},
        "counterfactuals": alternatives,
        "published": _published(result),
        "agrees": result.agrees,
        "explained": {shown(position): code for position, code in result.explained.items()},
    }


def _candidates(result: StepResult) -> list[JsonValue]:
    """Every candidate with its sums, its fate, its margin, and what was published about it; by position."""
    count, published = result.count, result.published
    winners = frozenset(result.winners)
    fates = cast("list[Json]", count.outcome.to_json()["items"])
    margins = {margin.position: margin for margin in count.margins.items}
    rows: list[JsonValue] = []
    for candidate, fate in zip(result.step.candidates, fates, strict=True):
        position, item = candidate.item.position, candidate.item
        margin = margins[position]
        rows.append(
            {
                "position": position,
                "ref": item.ref,
                "shown": candidate.shown,
                "title": dict(candidate.title) if candidate.title is not None else None,
                "district": item.district,
                "category": item.category,
                "cost_minor": item.cost_minor,
                "votes": fate["votes"],
                "score": fate["score"],
                "won": position in winners,
                "status": fate["status"],
                "short": margin.short,
                "spare": margin.spare,
                "votes_short": margin.votes_short,
                "published": None if published is None else position in published["selected"],
                "explained": result.explained.get(position),
            }
        )
    return rows


def _published(result: StepResult) -> JsonValue:
    if result.published is None:
        return None
    said = cast("Json", result.published)
    named: Json = {
        name: [result.step.shown(position) for position in cast("list[int]", said[name])] for name in ("selected", "outside_rule")
    }
    return {**said, **named}


def _beside(result: StepResult | Pending) -> Json:
    """What is recorded about the step and changes nothing in the count."""
    step = result.step
    row = cast("Json", step.row)
    withdrawn: list[JsonValue] = [
        {"shown": candidate.shown, "seq": candidate.withdrawn_seq, "code": candidate.withdrawn_code}
        for candidate in step.candidates
        if step.over and candidate.item.position in step.withdrawn_after
    ]
    overrides: list[JsonValue] = [
        {**cast("Json", override), "shown": step.shown(override["position"])} for override in step.row["overrides"]
    ]
    return {
        "amendments": row["amendments"],
        "reschedulings": row["reschedulings"],
        "withdrawn_after": withdrawn,
        "overrides": overrides,
        "computed": row["computed"],
        "certified": row["certified"],
        "embargo_until": row["embargo_until"],
        "roll": row["roll"],
        "disclosed": row["disclosed"],
        "flags": row["flags"],
    }
