"""How the submissions of the story are written."""

from typing import Final

from ledger.canonical import JsonValue
from ledger.events import EVENTS

Submitted = dict[str, JsonValue]

_TYPES: Final = {event.TYPE: event.wire_type() for event in EVENTS}
"""Name of an event → its wire type in the present schema."""


def words(english: str, french: str) -> JsonValue:
    """A text in both languages."""
    return {"en": english, "fr": french}


def of(name: str, role: str, /, channel: str = "web", participant: str | None = None, **data: JsonValue) -> Submitted:
    """A submission in a role, of a person where one is named."""
    who: Submitted = {} if participant is None else {"participant": participant}
    return {"type": _TYPES[name], "role": role, "channel": channel, **who, "data": data}


def organizer(name: str, /, **data: JsonValue) -> Submitted:
    """A submission of the town hall."""
    return of(name, "organizer", **data)  # type: ignore[arg-type]  # no event has a field called channel or participant


def person(name: str, participant: str, /, **data: JsonValue) -> Submitted:
    """A submission of a person, on the web."""
    return {"type": _TYPES[name], "role": "participant", "channel": "web", "participant": participant, "data": data}


def moderator(name: str, /, **data: JsonValue) -> Submitted:
    """A submission of the moderator of the story."""
    return {"type": _TYPES[name], "role": "moderator", "channel": "web", "participant": MODERATOR, "data": data}


def guarantor(name: str, /, **data: JsonValue) -> Submitted:
    """A submission of the guarantor of the story."""
    return {"type": _TYPES[name], "role": "guarantor", "channel": "web", "participant": GUARANTOR, "data": data}


def by_agent(name: str, on_behalf_of: str, /, **data: JsonValue) -> Submitted:
    """A submission of the town hall's agents for somebody who came on paper."""
    return {"type": _TYPES[name], "role": "agent", "channel": "paper", "on_behalf_of": on_behalf_of, "data": data}


MODERATOR: Final = "clerk-ada"
GUARANTOR: Final = "judge-emerita"
