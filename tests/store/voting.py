"""Ballots of a few people as entries of a log, and two small projections of them."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from psycopg import Connection

from ledger.events import Event
from ledger.events.ballot import BallotCast, BallotEvent, BallotReplaced, BallotWithdrawn
from ledger.events.envelope import entry_bytes
from ledger.projections import Row, Texts
from ledger.store.binary_copy import EventRow, copy_events
from ledger.store.projects import Project, create_project, lock_head, write_head
from ledger.tlog.tree import leaf_hash

DIGEST = "A" * 43


def actor(who: int) -> str:
    """The pseudonym of a person; no two consecutive persons stand side by side."""
    return sha256(b"%d" % who).hexdigest()[:22]


def vote(seq: int, who: int, version: int, entries: tuple[int, ...] | None) -> Event:
    """What a person does at `seq`: votes (again), or withdraws the ballot, where `entries` is None."""
    data: BallotEvent
    if entries is None:
        data = BallotWithdrawn(step="vote", code="changed-mind")
    else:
        kind = BallotCast if version == 1 else BallotReplaced
        data = kind(step="vote", candidates=DIGEST, rules=DIGEST, entries=entries)
    return Event(
        type=data.wire_type(),
        data=data,
        stream=data.stream(actor(who)),
        role="participant",
        channel="web",
        via="platform",
        log="example/p/budget",
        at="2026-03-01T10:00:00.000Z",
        actor=actor(who),
        seq=seq,
        version=version,
    )


def history(acts: Iterable[tuple[int, tuple[int, ...] | None]], first_seq: int = 0) -> list[Event]:
    """The events of (person, entries or None) in order."""
    versions: dict[int, int] = {}
    events = []
    for seq, (who, entries) in enumerate(acts, first_seq):
        versions[who] = versions.get(who, 0) + 1
        events.append(vote(seq, who, versions[who], entries))
    return events


def open_project(connection: Connection[Any], ref: str) -> Project:
    """A new project with an empty log."""
    project = create_project(connection, ref, f"example/p/{ref}", "2026-03-01T10:00:00.000Z")
    assert project is not None
    return project


def append(connection: Connection[Any], project: Project, events: Iterable[Event]) -> None:
    """Appends the events to the project's log, as the sequencer does, in the open transaction."""
    head = lock_head(connection, project.project_id)
    rows: list[EventRow] = []
    for event in events:
        entry = entry_bytes(event)
        rows.append((event.stream, event.version, event.type, leaf_hash(entry), entry))
    with connection.cursor() as cursor:
        copy_events(cursor, project.project_id, head.size, rows)
    head.size += len(rows)
    write_head(connection, project.project_id, head)


class Turnout:
    """How many ballots of the step stand, and who acted last: one row that every event changes, gone when no ballot stands."""

    name = "turnout"
    handles = frozenset({"ballot.cast/1", "ballot.replaced/1", "ballot.withdrawn/1"})

    def __init__(self, version: int = 1) -> None:
        self.version = version

    def keys(self, event: Event) -> tuple[str, ...]:
        return ("vote",)

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        voters = set(str(row["voters"]).split()) if row is not None else set()
        change = voters.discard if isinstance(event.data, BallotWithdrawn) else voters.add
        change(str(event.actor))
        return {"voters": " ".join(sorted(voters)), "version": self.version} if voters else None


class LastChoices:
    """The standing ballot of each person, gone when withdrawn, unchanged when replaced by the same; and one row of the newest event."""

    name = "last_choices"
    version = 1
    handles = frozenset({"ballot.cast/1", "ballot.replaced/1", "ballot.withdrawn/1"})

    def keys(self, event: Event) -> tuple[str, ...]:
        return (str(event.actor), "newest")

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        if key == "newest":
            return {"seq": event.seq, "channel": event.channel}
        entries = getattr(event.data, "entries", None)
        return None if entries is None else {"entries": [*entries]}
