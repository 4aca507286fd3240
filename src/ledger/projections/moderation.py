"""The projection `moderation`: every decision ever made against a content or an author, in the rows of what they were made against.

Keys are targets (`contribution/<ref>`, `argument/<ref>`), for contents that were reported or looked into, and `suspension/<author>`. The
`decisions` of a row stand in the order of the log and are never removed: an undo is a field of its decision. Reports are counted by motive,
and who made them is not read.
"""

from datetime import datetime, timedelta

from ledger.aggregates.moderating import acting
from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.case import (
    AppealDecided,
    AppealLodged,
    CaseEvent,
    CaseOpened,
    ContentHidden,
    ContentLimited,
    ContentRestored,
    DecisionNotified,
    ModerationDecision,
    ReportDismissed,
)
from ledger.events.report import ReportMade
from ledger.events.suspension import ParticipantReadmitted, ParticipantSuspended, SuspensionEvent
from ledger.projections.projection import Disclosed, Row

_EVENTS = (
    ReportMade,
    CaseOpened,
    ContentHidden,
    ContentLimited,
    DecisionNotified,
    AppealLodged,
    AppealDecided,
    ContentRestored,
    ReportDismissed,
    ParticipantSuspended,
    ParticipantReadmitted,
)


class Moderation:
    """Reports and decisions of each content, suspensions of each author."""

    name = "moderation"
    version = 1
    handles = frozenset(wire_type for event in _EVENTS for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case CaseEvent() | ReportMade():
                return (event.data.target,)
            case SuspensionEvent(holder=holder) if holder is not None:
                return (f"suspension/{holder}",)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Disclosed) -> Row | None:
        """See `Projection.apply`. What follows no decision, as only a log that nobody admitted has it, leaves no more than its row."""
        before = _blank(key, event) if row is None else {**row, "changed_seq": event.seq}
        reason = texts.get("reason")
        match event.data:
            case ReportMade(motive=motive):
                return _reported(before, event, motive)
            case CaseOpened(origin=origin):
                return {**before, "opened": {"seq": event.seq, "at": event.at, "origin": origin}}
            case ModerationDecision() as made:
                return _decided(before, event, _against(made, reason))
            case ReportDismissed(code=code):
                return {**_decided(before, event, {"decision": "dismissed", "code": code, "reason": reason}), "opened": None}
            case ParticipantSuspended(until=until, motive=motive, target=target):
                said: dict[str, JsonValue] = {"decision": "suspended", "motive": motive, "until": until, "because_of": target}
                return _decided(_undone(before, event, {"because": "replaced"}), event, {**said, "reason": reason})
            case ContentRestored(because=because):
                return {**_undone(before, event, {"because": because, "reason": reason}), "opened": None}
            case ParticipantReadmitted(code=code):
                return _undone(before, event, {"code": code, "reason": reason})
        return _answered(before, event, texts)


def _blank(key: str, event: Event) -> Row:
    nothing: Row = {"opened": None, "reports": {}, "first_reported_at": None, "decisions": []}
    return {"target": key, "seq": event.seq, "changed_seq": event.seq, **nothing}


_DECISION: Row = {
    "decision": "",
    "trash": None,
    "motive": None,
    "rule_ref": None,
    "code": None,
    "reason": None,
    "until": None,
    "stances": None,
    "because_of": None,
    "notified": None,
    "appeal": None,
    "undone": None,
    "seconds": None,
}
"""What a decision says, where it says it. `seconds`: how long it stood, once it is undone."""


def _by(event: Event) -> dict[str, JsonValue]:
    """When, in which role, and by whom: a person, else the client that posted it."""
    return {"seq": event.seq, "at": event.at, "role": event.role, "via": event.via, "channel": event.channel, "acting": acting(event)}


def _reported(row: Row, event: Event, motive: str) -> Row:
    reports = row["reports"] if isinstance(row["reports"], dict) else {}
    before = reports.get(motive)
    counted = {**reports, motive: (before if isinstance(before, int) else 0) + 1}
    return {**row, "reports": counted, "first_reported_at": row["first_reported_at"] or event.at}


def _against(made: ModerationDecision, reason: JsonValue) -> dict[str, JsonValue]:
    return {
        "decision": "limited" if isinstance(made, ContentLimited) else "hidden",
        "trash": made.trash if isinstance(made, ContentLimited) else None,
        "motive": made.motive,
        "rule_ref": made.rule_ref,
        "until": made.until,
        "stances": made.stances,
        "reason": reason,
    }


def _decided(row: Row, event: Event, said: dict[str, JsonValue]) -> Row:
    around = {name: row[name] for name in ("opened", "reports", "first_reported_at")}
    return {**row, "decisions": [*decisions(row), {**_DECISION, **_by(event), **around, **said}]}


def _undone(row: Row, event: Event, said: dict[str, JsonValue]) -> Row:
    """The decision that stands is undone; admission lets one stand at a time, and a suspension takes the place of the one before."""
    left: list[JsonValue] = []
    for decision in decisions(row):
        stands = decision["undone"] is None and decision["decision"] != "dismissed" and not _over(decision, event.at)
        end: dict[str, JsonValue] = {"undone": {**_by(event), **said}, "seconds": seconds_between(decision["at"], event.at)}
        left.append({**decision, **end} if stands else decision)
    return {**row, "decisions": left}


def _over(decision: dict[str, JsonValue], at: str) -> bool:
    """Whether it ended by itself before: suspensions do, decisions against content are restored."""
    until = decision["until"]
    return decision["decision"] == "suspended" and isinstance(until, str) and until <= at


def _answered(row: Row, event: Event, texts: Disclosed) -> Row:
    """The notification of the last decision against the content, the appeal against it, or what came of that."""
    known = decisions(row)
    last = next((place for place in range(len(known) - 1, -1, -1) if known[place]["decision"] != "dismissed"), None)
    if last is None:
        return row
    decision = known[last]
    appeal = decision["appeal"]
    match event.data:
        case DecisionNotified() if decision["notified"] is None:
            decision = {**decision, "notified": {"seq": event.seq, "at": event.at, "channel": event.channel}}
        case AppealLodged() if appeal is None:
            lodged: dict[str, JsonValue] = {"seq": event.seq, "at": event.at, "details": texts.get("details"), "decided": None}
            decision = {**decision, "appeal": lodged}
        case AppealDecided(outcome=outcome, code=code) if isinstance(appeal, dict):
            judged: dict[str, JsonValue] = {"outcome": outcome, "code": code, "reason": texts.get("reason")}
            decision = {**decision, "appeal": {**appeal, "decided": {**_by(event), **judged}}}
        case _:
            return row
    changed: list[JsonValue] = [*known[:last], decision, *known[last + 1 :]]
    return {**row, "decisions": changed}


def decisions(row: Row) -> list[dict[str, JsonValue]]:
    """The decisions of a row, in the order of the log."""
    kept = row["decisions"]
    return [decision for decision in kept if isinstance(decision, dict)] if isinstance(kept, list) else []


def seconds_between(start: JsonValue, end: JsonValue) -> int | None:
    """Whole seconds from one instant to another, None without both (a log that nobody admitted may have a 39 October).

    0 where the later one comes first: times of participants' events are floored to the hour.
    """
    if not isinstance(start, str) or not isinstance(end, str):
        return None
    try:
        return max(0, (datetime.fromisoformat(end) - datetime.fromisoformat(start)) // timedelta(seconds=1))
    except ValueError:
        return None
