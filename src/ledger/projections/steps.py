"""The projection `steps`: one row per step, keyed by its reference: plan, rules, dates, and what was said about its outcome.

A row never depends on ballots, so it stays small and changes rarely however many people vote.
`flags` mark what an observer has to look at: rules or dates changed, openings and closings not as announced.
"""

from datetime import datetime, timedelta

import orjson

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.lottery import LotteryCommitted, LotteryRevealed
from ledger.events.result import OutcomeOverridden, OutcomePublished, ResultCertified, ResultComputed
from ledger.events.roll import RollListed
from ledger.events.selection import CandidatesSealed
from ledger.events.step import (
    BallotsDisclosed,
    PaperClosed,
    ResultsEmbargoed,
    RollSealed,
    StepClosed,
    StepClosedEarly,
    StepOpened,
    StepPlanned,
    StepRescheduled,
    StepResumed,
    StepRulesAmended,
    StepRulesSet,
    StepStancesSet,
    StepSuspended,
)
from ledger.projections.projection import Row, Texts
from ledger.rules.lot import known_from
from ledger.rules.spec import Lottery

TOLERANCE = timedelta(seconds=60)
"""How far from the announced time the clock may open or close a step before that is flagged."""

_STEP_EVENTS = (
    StepPlanned,
    StepRulesSet,
    StepStancesSet,
    StepOpened,
    StepRescheduled,
    StepRulesAmended,
    StepSuspended,
    StepResumed,
    StepClosed,
    StepClosedEarly,
    PaperClosed,
    ResultsEmbargoed,
    RollSealed,
    BallotsDisclosed,
    RollListed,
    CandidatesSealed,
    LotteryCommitted,
    LotteryRevealed,
    ResultComputed,
    OutcomePublished,
    OutcomeOverridden,
    ResultCertified,
)


class Steps:
    """Where each step stands, and everything decided about it."""

    name = "steps"
    version = 3
    handles = frozenset(wire_type for event in _STEP_EVENTS for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        return (event.data.step,) if isinstance(event.data, _STEP_EVENTS) else ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        before = row or _blank(key)
        return {**before, **_changes(before, event, texts)}


def _blank(ref: str) -> Row:
    return {
        "ref": ref,
        "kind": None,
        "title": None,
        "opens_at": None,
        "closes_at": None,
        "accepts": [],
        "has_roll": False,
        "takes_paper": False,
        "agent_may_replace": False,
        "planned_at": None,
        "secrecy": None,
        "announced": None,
        "rules": None,
        "rules_digest": None,
        "stances": None,
        "opened": None,
        "closed": None,
        "paper_closed": None,
        "suspended": False,
        "embargo_until": None,
        "candidates": None,
        "roll_listed": 0,
        "roll": None,
        "disclosed": None,
        "amendments": [],
        "reschedulings": [],
        "commitments": [],
        "reveals": [],
        "computed": [],
        "published": [],
        "overrides": [],
        "certified": [],
        "flags": [],
    }


def _changes(row: Row, event: Event, texts: Texts) -> Row:
    stamp: dict[str, JsonValue] = {"seq": event.seq, "at": event.at}
    for part in (_about_the_plan, _about_the_rules, _about_the_dates, _about_the_count):
        changes = part(row, event, stamp, texts)
        if changes:
            return changes
    return {}


def _about_the_plan(row: Row, event: Event, stamp: dict[str, JsonValue], texts: Texts) -> Row:
    match event.data:
        case StepPlanned() as plan:
            return _planned(event, plan)
        case StepRescheduled() as moved:
            return _rescheduled(row, stamp, moved, texts.get("reason"))
        case CandidatesSealed(count=count, digest=digest):
            return {"candidates": {**stamp, "count": count, "digest": digest}}
        case RollListed(members=members):
            listed = row["roll_listed"]
            return {"roll_listed": (listed if isinstance(listed, int) else 0) + len(members or ())}
        case RollSealed(count=count, root=root):
            return {"roll": {**stamp, "count": count, "root": root}}
    return {}


def _about_the_rules(row: Row, event: Event, stamp: dict[str, JsonValue], texts: Texts) -> Row:
    match event.data:
        case StepRulesSet(rules=rules, digest=digest, secrecy=secrecy):
            spec = rules.model_dump(mode="json", exclude_none=True)
            return {"announced": {**stamp, "rules": spec, "digest": digest}, "rules": spec, "rules_digest": digest, "secrecy": secrecy}
        case StepStancesSet(ranking=ranking, arguments_on=kinds, revotes=revotes) as declared:
            said: dict[str, JsonValue] = {"ranking": ranking, "arguments_on": list(kinds), "revotes": revotes}
            return {"stances": {**stamp, "scales": declared.model_dump(mode="json")["scales"], **said}}
        case StepRulesAmended() as amended:
            return _amended(row, stamp, amended, texts.get("reason"))
    return {}


def _about_the_dates(row: Row, event: Event, stamp: dict[str, JsonValue], texts: Texts) -> Row:
    match event.data:
        case StepOpened():
            return {"opened": stamp, "flags": _flagged(row, event, "opened_late", _late(row["opens_at"], event.at))}
        case StepClosed(delayed_by=delayed_by):
            closed = {**stamp, "early": False, "delayed_by": delayed_by}
            late = _flagged(row, event, "closed_late", _late(row["closes_at"], event.at))
            return {"closed": closed, "suspended": False, "flags": _with_lottery_flag(row, event, late)}
        case StepClosedEarly(code=code):
            closed = {**stamp, "early": True, "code": code, "reason": texts.get("reason")}
            return {"closed": closed, "suspended": False, "flags": _flagged(row, event, "closed_early")}
        case ResultsEmbargoed(until=until):
            return {"embargo_until": until}
        case PaperClosed():
            return {"paper_closed": stamp, "flags": _with_lottery_flag(row, event, row["flags"])}
        case StepSuspended():
            return {"suspended": True, "flags": _flagged(row, event, "suspended")}
        case StepResumed():
            return {"suspended": False}
    return {}


def _about_the_count(row: Row, event: Event, stamp: dict[str, JsonValue], texts: Texts) -> Row:
    match event.data:
        case LotteryCommitted(party=party, commitment=commitment):
            return _appended(row, "commitments", {**stamp, "party": party, "commitment": commitment})
        case LotteryRevealed() as revealed:
            told: dict[str, JsonValue] = revealed.model_dump(mode="json", include={"beacon", "secret", "numbers"}, exclude_none=True)
            return _appended(row, "reveals", {**stamp, **told})
        case BallotsDisclosed(count=count, root=root):
            return {"disclosed": {**stamp, "count": count, "root": root}}
        case ResultComputed(rule=rule, cut_off=cut_off, winners=winners, digest=digest):
            chosen: JsonValue = None if winners is None else list(winners)
            return _appended(row, "computed", {**stamp, "rule": rule, "cut_off": cut_off, "winners": chosen, "digest": digest})
        case OutcomePublished(selected=selected, outside_rule=outside, ballots_missing=missing):
            missed: JsonValue = [{"channel": ballots.channel, "count": ballots.count} for ballots in missing]
            said: dict[str, JsonValue] = {"selected": list(selected), "outside_rule": list(outside), "ballots_missing": missed}
            return _appended(row, "published", {**stamp, **said, "statement": texts.get("statement")})
        case OutcomeOverridden(position=position, funded=funded, code=code):
            words = {"reason": texts.get("reason"), "legal_basis": texts.get("legal_basis")}
            return _appended(row, "overrides", {**stamp, "position": position, "funded": funded, "code": code, **words})
        case ResultCertified(digest=digest, by_roles=roles, quorum=quorum, objections_until=until) as certified:
            signed: dict[str, JsonValue] = {"digest": digest, "by_roles": list(roles), "quorum": quorum, "objections_until": until}
            # Rows of the first schema, in which witnesses had no place, are as they were.
            told = {"witnessed": _witnesses(certified)} if event.type != "result.certified/1" else {}
            return _appended(row, "certified", {**stamp, **signed, **told})
    return {}


def _witnesses(certified: ResultCertified) -> JsonValue:
    return None if certified.witnessed is None else certified.witnessed.model_dump(mode="json")


def _planned(event: Event, plan: StepPlanned) -> Row:
    return {
        "kind": plan.kind,
        "title": dict(plan.title),
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "accepts": list(plan.accepts),
        "has_roll": plan.has_roll,
        "takes_paper": plan.takes_paper,
        "agent_may_replace": plan.agent_may_replace,
        "planned_at": event.at,
    }


def _amended(row: Row, stamp: dict[str, JsonValue], amended: StepRulesAmended, reason: JsonValue) -> Row:
    """Rules amended while the step is open are in force from then on; after the closing they only stand in the list."""
    spec = amended.rules.model_dump(mode="json", exclude_none=True)
    late = row["closed"] is not None
    amendment = {**stamp, "code": amended.code, "digest": amended.digest, "after_close": late, "rules": spec, "reason": reason}
    flag = "rules_amended_after_close" if late else "rules_amended"
    changes = {**_appended(row, "amendments", amendment), "flags": [*_list(row, "flags"), {"seq": stamp["seq"], "flag": flag}]}
    return changes if late else {**changes, "rules": spec, "rules_digest": amended.digest}


def _rescheduled(row: Row, stamp: dict[str, JsonValue], moved: StepRescheduled, reason: JsonValue) -> Row:
    new = {"opens_at": moved.opens_at, "closes_at": moved.closes_at}
    old = {"old_opens_at": row["opens_at"], "old_closes_at": row["closes_at"]}
    told: dict[str, JsonValue] = {**stamp, **new, **old, "code": moved.code, "reason": reason}
    changes: dict[str, JsonValue] = {name: at for name, at in new.items() if at is not None}
    if moved.lottery is not None and isinstance(row["rules"], dict):
        lottery: JsonValue = moved.lottery.model_dump(mode="json", exclude_none=True)
        told["lottery"] = lottery
        changes |= {"rules": {**row["rules"], "lottery": lottery}, "rules_digest": moved.digest}
    return {
        **changes,
        **_appended(row, "reschedulings", told),
        "flags": [*_list(row, "flags"), {"seq": stamp["seq"], "flag": "rescheduled"}],
    }


def _list(row: Row, name: str) -> list[JsonValue]:
    entries = row[name]
    return entries if isinstance(entries, list) else []


def _appended(row: Row, name: str, entry: JsonValue) -> Row:
    return {name: [*_list(row, name), entry]}


def _flagged(row: Row, event: Event, flag: str, holds: bool = True) -> JsonValue:
    return [*_list(row, "flags"), {"seq": event.seq, "flag": flag}] if holds else row["flags"]


def _with_lottery_flag(row: Row, event: Event, flags: JsonValue) -> JsonValue:
    """The flags, and one where ballots could still be cast when the lot could be known: paper was keyed for long, or the clock stood."""
    declared = row["rules"]
    if not isinstance(declared, dict) or not isinstance(declared.get("lottery"), dict):
        return flags
    try:
        known = known_from(Lottery.model_validate_json(orjson.dumps(declared["lottery"])))
    except ValueError:
        return flags  # of rules that no ledger admitted
    early: JsonValue = {"seq": event.seq, "flag": "lottery_known_early"}
    return [*flags, early] if isinstance(flags, list) and known and event.at >= known[0] else flags


def _late(announced: JsonValue, at: str) -> bool:
    """Whether `at` lies further from the announced time than the clock may be; not where one of them does not exist, as a 39 October."""
    try:
        return isinstance(announced, str) and abs(datetime.fromisoformat(at) - datetime.fromisoformat(announced)) > TOLERANCE
    except ValueError:
        return False
