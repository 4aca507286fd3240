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
    ProjectContinued,
    ProjectDescribed,
    ProjectOpened,
)
from ledger.projections.projection import Row, Texts

_PARTS: dict[str, str] = {
    DistrictDefined.wire_type(): "district",
    CategoryDefined.wire_type(): "category",
    EnvelopeDefined.wire_type(): "envelope",
    MeetingHeld.wire_type(): "meeting",
}
_OF_ITSELF = (ProjectOpened, ProjectContinued, ProjectDescribed, PledgeMade, ProjectArchived)


class ProjectProjection:
    """One row for the project, and one for each district, category, envelope and meeting."""

    name = "project"
    version = 3
    handles = frozenset(event.wire_type() for event in _OF_ITSELF) | frozenset(_PARTS)

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case DistrictDefined() | CategoryDefined() | EnvelopeDefined() | MeetingHeld():
                return (f"{_PARTS[event.type]}/{event.data.ref}",)
        return ("project",)

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        before = row or _UNOPENED
        match event.data:
            case ProjectOpened():
                return _opened(event, event.data)
            case ProjectDescribed(title=title, description=description):
                return {**before, "title": dict(title) if title is not None else before["title"], "description": dict(description)}
            case ProjectContinued(origin=origin, checkpoint=checkpoint, code=code):
                return {**before, "continues": {"origin": origin, "checkpoint": checkpoint, "code": code}}
            case PledgeMade():
                return {**before, "pledge": event.data.clear()}
            case ProjectArchived():
                return {**before, "archived_at": event.at}
            case MeetingHeld():
                held: dict[str, JsonValue] = {"ref": event.data.ref, "held_at": event.data.held_at, "attendance": event.data.attendance}
                return {**held, "place": texts.get("place"), "minutes": texts.get("minutes")}
        return event.data.clear()


_UNOPENED: Row = {
    "origin": "",
    "title": None,
    "owner": None,
    "languages": [],
    "currency": "",
    "time_zone": "",
    "keys_destroyed_at": None,
    "opened_at": None,
    "opened_by": None,
    "continues": None,
    "description": None,
    "pledge": None,
    "archived_at": None,
}
"""What is known of a project that says something of itself before it opened, as in a log that nobody admitted."""


def _opened(event: Event, opened: ProjectOpened) -> Row:
    return {
        **_UNOPENED,
        "origin": event.log,
        "title": dict(opened.title),
        "owner": dict(opened.owner),
        "languages": list(opened.languages),
        "currency": opened.currency,
        "time_zone": opened.time_zone,
        "keys_destroyed_at": opened.keys_destroyed_at,
        "opened_at": event.at,
        "opened_by": event.via,
    }
