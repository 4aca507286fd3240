"""Specifications of the domain: `given(*past).when(event).then(...)` or `.refused(Leaf)`.

What happened and what happens is written as `post(EventClass, fields…)`: data in its entry form, commitments and what keys or ballots
would fill made up. Digests that follow from the past are filled by the domain itself, as in the service. Every admission is also watched:
it reads no stream that `consults` does not name, changes nothing, and refuses only as its law says.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pytest

from ledger.aggregates import LAWS, Aggregates, State, admit, consults, evolve, filled
from ledger.errors import (
    LedgerError,
    MandateMissing,
    NotPermitted,
    ProjectArchived,
    ProjectNotOpen,
    RoleNotHeld,
    ScopeDestroyed,
    StreamDiffers,
    VersionDiffers,
)
from ledger.events import ENTRY_DATA, Event, EventData
from ledger.events.argument import ArgumentEvent
from ledger.events.ballot import BallotChoices, BallotEvent
from ledger.events.contribution import ContributionEvent
from ledger.events.project import GuarantorStated
from ledger.events.report import ReportMade
from ledger.events.stance import StanceEvent

OF_EVERY_EVENT = frozenset(
    {StreamDiffers, ProjectNotOpen, ProjectArchived, ScopeDestroyed, NotPermitted, RoleNotHeld, MandateMissing, VersionDiffers}
)
"""What any event can be refused with."""

NOON = "2026-03-01T12:00:00.000Z"
PLATFORM = "platform"
"""The client that posts unless said otherwise; it opens the project."""


def digest(of: str) -> str:
    """A digest that stands for something the domain does not look into."""
    return urlsafe_b64encode(sha256(of.encode()).digest()).rstrip(b"=").decode()


def person(name: str) -> str:
    """The pseudonym of an invented person."""
    return digest(name)[:22]


@dataclass(frozen=True)
class Post:
    """An event before its turn. `envelope` overrides what the turn would give it (`type`, `seq`, `version`, `stream`, `log`)."""

    kind: type[EventData]
    fields: Mapping[str, Any]
    role: str
    at: str = NOON
    channel: str = "web"
    via: str = PLATFORM
    actor: str | None = None
    by: str | None = None
    mandate_ref: str | None = None
    claimed_at: str | None = None
    envelope: Mapping[str, Any] = field(default_factory=dict)

    def posted(self, **changes: Any) -> "Post":
        """The same event posted otherwise: another `role`, `at`, `channel`, `via`, `actor`, `by`, …"""
        return replace(self, **changes)

    def but(self, **fields: Any) -> "Post":
        """The same event with other fields in its data; None leaves one out."""
        return replace(self, fields={**self.fields, **fields})


def post(kind: type[EventData], /, **fields: Any) -> Post:
    """An event posted by the platform: as organizer, for statements as guarantor, for what people do as the participant Ana."""
    if issubclass(kind, BallotEvent | ContributionEvent | ArgumentEvent | StanceEvent | ReportMade):
        return Post(kind, fields, "participant", actor=person("ana"))
    return Post(kind, fields, "guarantor" if kind is GuarantorStated else "organizer")


class Watched(Aggregates):
    """States that remember which streams were read, and are not to be changed."""

    def __init__(self, states: dict[str, State]) -> None:
        super().__init__(states)
        self.read: set[str] = set()

    def state(self, stream: str) -> State:
        self.read.add(stream)
        return super().state(stream)

    def writable(self, stream: str) -> State:
        raise AssertionError(f"admission changed {stream}")


class History:
    """A lawful past: its events, and the states they add up to."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.aggregates = Aggregates()

    def branch(self) -> "History":
        """The same past, from which to go on another way."""
        twin = History()
        twin.events = list(self.events)
        twin.aggregates = Aggregates({stream: state.copy() for stream, state in self.aggregates.states.items()})
        return twin

    def event(self, draft: Post) -> Event:
        """The event of a post at its turn, which is now."""
        data = filled(self._data(draft), self.aggregates, draft.actor)
        stream = draft.envelope.get("stream", data.stream(draft.actor))
        try:
            version = self.aggregates.state(stream).version + 1
        except KeyError:
            version = 1
        turn = {"type": data.wire_type(), "log": "ledger.test/p/town", "seq": len(self.events), "version": version, "stream": stream}
        return Event(
            data=data, role=draft.role, channel=draft.channel, via=draft.via, at=draft.at,
            actor=draft.actor, by=draft.by, mandate_ref=draft.mandate_ref, claimed_at=draft.claimed_at, **{**turn, **draft.envelope},
        )  # fmt: skip

    def _data(self, draft: Post) -> EventData:
        fields = {name: value for name, value in draft.fields.items() if value is not None}
        if issubclass(draft.kind, BallotChoices) and isinstance(fields.get("step"), str):
            step = fields["step"]
            fields.setdefault("candidates", self.aggregates.selection(step).digest or digest("no candidates"))
            fields.setdefault("rules", self.aggregates.step(step).rules_digest or digest("no rules"))
        elif draft.kind.COMMITTED:
            fields["sd"] = tuple(sorted(digest(f"{len(self.events)} {name}") for name in draft.kind.COMMITTED))
        return ENTRY_DATA[draft.kind.wire_type()](**fields)

    def admit(self, event: Event) -> None:
        """The domain's answer; and whatever it is, the admission looked only where it said it would and changed nothing."""
        before = deepcopy(self.aggregates.states)
        watched = Watched(self.aggregates.states)
        try:
            admit(event, watched)
        finally:
            assert self.aggregates.states == before
            assert watched.read <= {"project", event.stream, *consults(event.data, event.actor)}

    def record(self, event: Event) -> None:
        """The event is part of the past."""
        evolve(self.aggregates, event)
        self.events.append(event)


class Given:
    """A past, to which something happens."""

    def __init__(self, history: History) -> None:
        self.history = history

    def when(self, draft: Post) -> "When":
        """An event takes its turn."""
        return When(self.history, self.history.event(draft))

    @property
    def now(self) -> Aggregates:
        """The states after the past."""
        return self.history.aggregates


class When:
    """An event in its turn; what becomes of it is for `then` or `refused` to say."""

    def __init__(self, history: History, event: Event) -> None:
        self.history = history
        self.event = event

    def then(self, **fields: Any) -> Given:
        """It is admitted, and its data has these values in these fields. Returned is the past with it; the past before stays."""
        self.history.admit(self.event)
        assert {name: getattr(self.event.data, name) for name in fields} == fields
        history = self.history.branch()
        history.record(self.event)
        return Given(history)

    def refused(self, leaf: type[LedgerError], **fields: Any) -> None:
        """It is refused with this error and these values in it, which can be said in words."""
        with pytest.raises(leaf) as caught:
            self.history.admit(self.event)
        error = caught.value
        assert type(error) is leaf
        assert leaf in OF_EVERY_EVENT or leaf in LAWS[self.event.type].refuses, "the law does not say so"
        assert {name: error.details()[name] for name in fields} == fields
        assert str(error)


def given(*past: Post) -> Given:
    """The past in which these events were recorded, each admitted in its turn."""
    history = History()
    for draft in past:
        event = history.event(draft)
        history.admit(event)
        history.record(event)
    return Given(history)


def replayed(events: list[Event]) -> Aggregates:
    """The states that a history adds up to when every event is admitted again from the beginning."""
    aggregates = Aggregates()
    for event in events:
        admit(event, aggregates)
        evolve(aggregates, event)
    return aggregates
