"""Specifications of the ledger log: `told(*facts).when(fact).then(…)` or `.refused(Leaf)`, as `tests.given` does for projects.

A fact is written without what its turn gives it: the envelope, and in `previous` the entry before it about the same log.
"""

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ledger.aggregates.ledger_log import REFUSALS, LoggedLogs, admit_logged, evolve_logged
from ledger.canonical import is_canonical
from ledger.errors import LedgerError
from ledger.events import Event
from ledger.events.envelope import entry_bytes
from ledger.events.ledger_log import (
    LEDGER_LOG,
    VIA,
    FollowingEvent,
    KeyAdded,
    KeyRetired,
    LogCheckpointed,
    LogClosed,
    LoggedEvent,
    LogOpened,
    ledger_origin,
    read_ledger_event,
)
from tests.given import NOON, digest

ORIGIN = ledger_origin("ledger.test")


@dataclass(frozen=True)
class Fact:
    """One fact about a log. `envelope` overrides what the turn would give it."""

    kind: type[LoggedEvent]
    project: str
    fields: dict[str, Any]
    envelope: dict[str, Any]

    def but(self, **envelope: Any) -> "Fact":
        return replace(self, envelope={**self.envelope, **envelope})


def origin_of(project: str) -> str:
    return ORIGIN if project == LEDGER_LOG else f"ledger.test/p/{project}"


def opened(project: str = "town", vkey: str = "old", **fields: Any) -> Fact:
    first = None if project == LEDGER_LOG else digest(f"first of {project}")
    return Fact(LogOpened, project, {"first": first, "opened_at": NOON, "vkey": vkey, **fields}, {})


def checkpointed(size: int, project: str = "town", **fields: Any) -> Fact:
    return Fact(LogCheckpointed, project, {"size": size, "root": digest(f"root {size}"), "cause": "grown", **fields}, {})


def closed(size: int, project: str = "town", **fields: Any) -> Fact:
    return Fact(LogClosed, project, {"size": size, "root": digest(f"root {size}"), "code": "compromised", **fields}, {})


def added(vkey: str, project: str = "town", **fields: Any) -> Fact:
    return Fact(KeyAdded, project, {"vkey": vkey, **fields}, {})


def retired(vkey: str, project: str = "town", **fields: Any) -> Fact:
    return Fact(KeyRetired, project, {"vkey": vkey, "code": "rotated", **fields}, {})


class Told:
    """A ledger log so far."""

    def __init__(self) -> None:
        self.logs = LoggedLogs(ORIGIN)
        self.entries: list[bytes] = []

    def event(self, fact: Fact) -> Event:
        state = self.logs.of(fact.project)
        fields = {"project": fact.project, "origin": origin_of(fact.project), **fact.fields}
        if issubclass(fact.kind, FollowingEvent):
            fields.setdefault("previous", max(state.last_index, 0))
        data = fact.kind(**fields)
        event = Event(data.wire_type(), data, data.stream(None), "system", "api", VIA, ORIGIN, NOON)
        event.seq, event.version = len(self.entries), state.version + 1
        return replace(event, **fact.envelope)

    def append(self, event: Event) -> None:
        """The event is admitted, and so is what its bytes say, which is the same."""
        admit_logged(event, self.logs)
        entry = entry_bytes(event)
        assert is_canonical(entry)
        read = read_ledger_event(entry)
        assert entry_bytes(read) == entry
        admit_logged(read, self.logs)
        evolve_logged(self.logs, read)
        self.entries.append(entry)

    def when(self, fact: Fact) -> "When":
        return When(self, fact)


class When:
    """One more fact."""

    def __init__(self, told_so_far: Told, fact: Fact) -> None:
        self._told = told_so_far
        self._event = told_so_far.event(fact)

    def then(self, **state: Any) -> Told:
        """It is admitted, and the log is told of as given."""
        self._told.append(self._event)
        data = self._event.data
        assert isinstance(data, LoggedEvent)
        found = self._told.logs.of(data.project)
        assert {name: getattr(found, name) for name in state} == state
        return self._told

    def refused(self, leaf: type[LedgerError], **details: Any) -> None:
        """It is refused with the leaf, whose fields are as given, and nothing is changed."""
        before = deepcopy(self._told.logs)
        with pytest.raises(leaf) as refusal:
            admit_logged(self._event, self._told.logs)
        assert type(refusal.value) is leaf and leaf in REFUSALS
        assert {name: refusal.value.details()[name] for name in details} == details
        assert str(refusal.value)
        assert self._told.logs == before


def told(*facts: Fact) -> Told:
    """A ledger log that tells these facts, each of which is lawful."""
    so_far = Told()
    for fact in facts:
        so_far.append(so_far.event(fact))
    return so_far
