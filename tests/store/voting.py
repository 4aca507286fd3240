"""Ballots of a few people as entries of a log, and two small projections of them."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.events import Event, read_event
from ledger.events.ballot import BallotCast, BallotEvent, BallotReplaced, BallotWithdrawn
from ledger.events.envelope import entry_bytes
from ledger.projections import Disclosed, Row
from ledger.sealing import commit
from ledger.store.binary_copy import EventRow, copy_events
from ledger.store.projects import Project, create_project, lock_head, write_head
from ledger.tlog.tree import leaf_hash

DIGEST = "A" * 43
SALT = b"sixteen bytes!!!"


def actor(who: int) -> str:
    """The pseudonym of a person; no two consecutive persons stand side by side."""
    return sha256(b"%d" % who).hexdigest()[:22]


def vote(seq: int, who: int, version: int, entries: tuple[int, ...] | None) -> Event:
    """What a person does at `seq`: votes (again), with a note committed to; or withdraws the ballot, where `entries` is None."""
    told = commit("note", f"note {seq}", SALT)
    data: BallotEvent
    if entries is None:
        data = BallotWithdrawn(step="vote", code="changed-mind")
    else:
        kind = BallotCast if version == 1 else BallotReplaced
        data = kind(step="vote", candidates=DIGEST, rules=DIGEST, entries=entries, sd=(told.digest,))
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


def note_of(event: Event) -> Disclosed:
    """What is disclosed of an event: of a withdrawal nothing, and of every third event nothing."""
    return {} if event.data.sd is None or event.seq % 3 == 0 else {"note": f"note {event.seq}"}


def notes(connection: Connection[Any], project: Project, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
    """The disclosures of a range of seqs, as a log's reader gives them."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SELECT entry FROM events WHERE project_id = %s AND seq >= %s AND seq < %s", (project.project_id, start, stop))
        events = [read_event(entry) for (entry,) in cursor]
    for event in sorted(events, key=lambda event: event.seq):
        for name, value in note_of(event).items():
            yield event.seq, name, commit(name, value, SALT).text


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

    def apply(self, key: str, row: Row | None, event: Event, disclosed: Disclosed) -> Row | None:
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

    def apply(self, key: str, row: Row | None, event: Event, disclosed: Disclosed) -> Row | None:
        if key == "newest":
            return {"seq": event.seq, "note": disclosed.get("note")}
        entries = getattr(event.data, "entries", None)
        return None if entries is None else {"entries": [*entries]}
