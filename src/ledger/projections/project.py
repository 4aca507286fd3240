"""The projection `project`: what the project says of itself, and what it is divided into.

Keys: `project`, `district/<ref>`, `category/<ref>`, `envelope/<ref>`, `meeting/<ref>`.
"""

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.project import (
    CategoryDefined,
    DistrictDefined,
    EnvelopeDefined,
    MeetingHeld,
    PledgeMade,
    ProjectArchived,
    ProjectDescribed,
    ProjectOpened,
)
from ledger.projections.projection import Disclosed, Row

_PARTS: dict[str, str] = {
    DistrictDefined.wire_type(): "district",
    CategoryDefined.wire_type(): "category",
    EnvelopeDefined.wire_type(): "envelope",
    MeetingHeld.wire_type(): "meeting",
}


class ProjectProjection:
    """One row for the project, and one for each district, category, envelope and meeting."""

    name = "project"
    version = 1
    handles = frozenset(
        {ProjectOpened.wire_type(), ProjectDescribed.wire_type(), PledgeMade.wire_type(), ProjectArchived.wire_type(), *_PARTS}
    )

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case DistrictDefined() | CategoryDefined() | EnvelopeDefined() | MeetingHeld():
                return (f"{_PARTS[event.type]}/{event.data.ref}",)
        return ("project",)

    def apply(self, key: str, row: Row | None, event: Event, disclosed: Disclosed) -> Row | None:
        """See `Projection.apply`."""
        match event.data:
            case ProjectOpened():
                return _opened(event, event.data)
            case ProjectDescribed() as described:
                return {**(row or {}), "title": _or(described.title, row, "title"), "description": dict(described.description)}
            case PledgeMade():
                return {**(row or {}), "pledge": event.data.clear()}
            case ProjectArchived():
                return {**(row or {}), "archived_at": event.at}
            case MeetingHeld():
                held: dict[str, JsonValue] = {"ref": event.data.ref, "held_at": event.data.held_at, "attendance": event.data.attendance}
                return {**held, "place": disclosed.get("place"), "minutes": disclosed.get("minutes")}
        return event.data.clear()


def _opened(event: Event, opened: ProjectOpened) -> Row:
    return {
        "origin": event.log,
        "title": dict(opened.title),
        "owner": dict(opened.owner),
        "languages": list(opened.languages),
        "currency": opened.currency,
        "time_zone": opened.time_zone,
        "keys_destroyed_at": opened.keys_destroyed_at,
        "opened_at": event.at,
        "opened_by": event.via,
        "description": None,
        "pledge": None,
        "archived_at": None,
    }


def _or(titles: dict[str, str] | None, row: Row | None, name: str) -> JsonValue:
    if titles is not None:
        return dict(titles)
    return row[name] if row is not None else None
