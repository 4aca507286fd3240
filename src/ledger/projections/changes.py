"""The projection `changes`: how rules, dates, scales, roles and motives came to be what they are, each with its value before and after.

Keys: `step/<ref>`, `role/<holder>`, `motive/<ref>`, `envelope/<ref>`, `charter`. In a row, `now` is the value of each matter (`dates`,
`rules`, …), and `changes` stand in the order of the log, the announcement first.
"""

from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.project import CharterAdopted, EnvelopeDefined, MotiveDefined, RoleGranted, RoleRevoked
from ledger.events.step import (
    ResultsEmbargoed,
    StepClosed,
    StepClosedEarly,
    StepEvent,
    StepOpened,
    StepPlanned,
    StepRescheduled,
    StepResumed,
    StepRulesAmended,
    StepRulesSet,
    StepStancesSet,
    StepSuspended,
)
from ledger.projections.projection import Disclosed, Row

Json = dict[str, JsonValue]

_OF_STEPS = (
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
    ResultsEmbargoed,
)
_OF_THE_PROJECT = (RoleGranted, RoleRevoked, MotiveDefined, EnvelopeDefined, CharterAdopted)


class Changes:
    """One row for each step, holder of roles, motive and envelope, with everything that was changed about it."""

    name = "changes"
    version = 1
    handles = frozenset(wire_type for event in (*_OF_STEPS, *_OF_THE_PROJECT) for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case StepEvent(step=step):
                return (f"step/{step}",)
            case RoleGranted() | RoleRevoked():
                return (f"role/{_holder(event.data)}",)
            case MotiveDefined(ref=ref):
                return (f"motive/{ref}",)
            case EnvelopeDefined(ref=ref):
                return (f"envelope/{ref}",)
        return ("charter",)

    def apply(self, key: str, row: Row | None, event: Event, texts: Disclosed) -> Row | None:
        """See `Projection.apply`."""
        before: Row = row or {
            "seq": event.seq,
            "changed_seq": event.seq,
            "phase": "planned" if key.startswith("step/") else None,
            "now": {},
            "changes": [],
        }
        match event.data:
            case StepOpened():
                return {**before, "changed_seq": event.seq, "phase": "open"}
            case StepClosed():
                return {**before, "changed_seq": event.seq, "phase": "closed"}
        now = cast("Json", before["now"])
        what, value = _matter(event, now)
        change: Json = {
            "seq": event.seq,
            "at": event.at,
            "what": what,
            "phase": before["phase"],
            **_difference(now.get(what), value),
            "code": cast("JsonValue", getattr(event.data, "code", None)),
            "reason": texts.get("reason"),
            "role": event.role,
            "via": event.via,
        }
        phase = "closed" if isinstance(event.data, StepClosedEarly) else before["phase"]
        in_force = now if _too_late(event, before) else {**now, what: value, **_rules_moved(event, now)}
        told = [*cast("list[JsonValue]", before["changes"]), change]
        return {"seq": before["seq"], "changed_seq": event.seq, "phase": phase, "now": in_force, "changes": told}


def _matter(event: Event, now: Json) -> tuple[str, JsonValue]:
    """What the event is about, and how that is from here on."""
    match event.data:
        case StepRulesSet() | StepRulesAmended() | StepStancesSet() | MotiveDefined() | EnvelopeDefined() | CharterAdopted():
            return _declared(event, now)
        case StepSuspended() | StepResumed():
            return "suspension", {"suspended": isinstance(event.data, StepSuspended)}
        case ResultsEmbargoed(until=until):
            return "embargo", {"until": until}
        case RoleGranted(granted=role):
            return "roles", {"roles": [*sorted({*_roles(now), role})]}
        case RoleRevoked(revoked=role):
            return "roles", {"roles": [*sorted({*_roles(now)} - {role})]}
    return "dates", {**_members(now.get("dates")), **_dates(event)}


def _declared(event: Event, now: Json) -> tuple[str, JsonValue]:
    match event.data:
        case StepRulesSet(rules=rules, secrecy=secrecy):
            return "rules", {**rules.model_dump(mode="json", exclude_none=True), "secrecy": secrecy}
        case StepRulesAmended(rules=rules):
            return "rules", {**rules.model_dump(mode="json", exclude_none=True), "secrecy": _members(now.get("rules")).get("secrecy")}
    declared: Json = event.data.model_dump(mode="json", exclude_none=True, exclude={"step", "ref", "sd"})
    return event.data.TYPE.partition(".")[0] if not isinstance(event.data, StepStancesSet) else "stances", declared


def _dates(event: Event) -> Json:
    """The dates that the event sets."""
    match event.data:
        case StepPlanned(opens_at=opens, closes_at=closes):
            return {"opens_at": opens, "closes_at": closes}
        case StepRescheduled(opens_at=opens, closes_at=closes):
            dates: Json = {name: at for name, at in (("opens_at", opens), ("closes_at", closes)) if at is not None}
            return {**dates, **_lottery(event)}
    return {"closes_at": event.at}


def _lottery(event: Event) -> Json:
    """The lottery that moves with the dates, where one does."""
    lottery = event.data.lottery if isinstance(event.data, StepRescheduled) else None
    return {} if lottery is None else {"lottery": lottery.model_dump(mode="json", exclude_none=True)}


def _rules_moved(event: Event, now: Json) -> Json:
    """The rules with the lottery that moves with the dates: an amendment that comes later is compared with these."""
    moved = _lottery(event)
    return {"rules": {**_members(now.get("rules")), **moved}} if moved else {}


def _difference(old: JsonValue, new: JsonValue) -> Json:
    """The members that are not the same before and after; all of them where there was nothing before."""
    before, after = _members(old), _members(new)
    changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return {
        "old": {name: before.get(name) for name in changed} if old is not None else None,
        "new": {name: after.get(name) for name in changed},
    }


def _too_late(event: Event, row: Row) -> bool:
    """Rules amended after the closing are recorded, and are not the ones that count."""
    return isinstance(event.data, StepRulesAmended) and row["phase"] == "closed"


def _members(value: JsonValue) -> Json:
    return value if isinstance(value, dict) else {}


def _roles(now: Json) -> list[str]:
    return cast("list[str]", _members(now.get("roles")).get("roles", []))


def _holder(data: RoleGranted | RoleRevoked) -> str:
    return data.holder or f"client:{data.client}"


WHAT: Final = ("dates", "rules", "stances", "suspension", "embargo", "roles", "motive", "envelope", "charter")
"""The matters that changes are about."""
