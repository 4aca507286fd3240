"""A ledger's write path on a test database, and the documents of a small participatory budget to post to it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
import psycopg
from psycopg import IsolationLevel
from psycopg.rows import tuple_row

from ledger.aggregates import Aggregates, admit, candidates_digest, consults, evolve, pass_over, rules_digest
from ledger.canonical import is_canonical
from ledger.events import Event, read_event
from ledger.events.redacted import is_redacted, leaves_of, read_redacted
from ledger.ports import Client, Clock, Entropy, KeyStore
from ledger.rules.ballot_form import ApprovalForm
from ledger.rules.profile import Item
from ledger.rules.spec import Lottery, RuleSpec, ScoreBy
from ledger.sealing import digest_text
from ledger.store.clock import SystemEntropy
from ledger.store.counting import Computed, ComputeResult
from ledger.store.datastore import LedgerDatastore
from ledger.store.projects import Project, find_project
from ledger.store.sequencer import Sequencer
from ledger.submit import CREATE, ERASE, REDACT, WRITE, Intake, Posted, Receipted, read_submissions
from tests.contracts.memory_keys import MemoryKeyStore

HOST = "ledger.test"
TOWN = Client(
    "town-hall",
    "town",
    frozenset({WRITE, CREATE, ERASE, REDACT}),
    frozenset({"organizer", "participant", "agent", "moderator", "guarantor", "auditor"}),
)
RULES = RuleSpec(
    rule="greedy",
    ballot=ApprovalForm(min=1, max=2),
    score=ScoreBy(by="approvals"),
    budget_minor=100_000,
    lottery=Lottery(seed="drawn in public"),
)
PROPOSALS = ("bench", "orchard", "library")
CANDIDATES = [Item(place, ref, 40_000 + place) for place, ref in enumerate(PROPOSALS)]
RULES_DIGEST = rules_digest(RULES)
CANDIDATES_DIGEST = candidates_digest(CANDIDATES)
COMPUTED = Computed((1, 0), digest_text(sha256(b"result").digest()))

ENTRIES = """
SELECT seq, leaf_hash, coalesce(entry, line), stream, version, type FROM events JOIN projects USING (project_id)
LEFT JOIN redactions USING (project_id, seq) WHERE ref = %s ORDER BY seq"""

Document = dict[str, Any]


class HandClock:
    """A clock that goes when a test says so."""

    def __init__(self, now: str = "2026-03-01T10:15:30.250Z") -> None:
        self.time = now

    def now(self) -> str:
        return self.time


def organizer(name: str, /, **data: Any) -> Document:
    return {"type": f"{name}/1", "role": "organizer", "channel": "web", "data": data}


def opening() -> Document:
    return organizer(
        "project.opened",
        title={"fr": "Budget participatif"},
        owner={"fr": "Ville"},
        languages=["fr"],
        currency="EUR",
        time_zone="Europe/Paris",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )


def proposal(ref: str, participant: str, **fields: Any) -> Document:
    data = {"ref": ref, "step": "ideas", "kind": "proposal", "cost_minor": 40_000, "title": {"fr": ref}, **fields}
    return {"type": "contribution.submitted/1", "channel": "web", "participant": participant, "data": data}


def ballot(participant: str, *entries: Any, step: str = "vote", name: str = "ballot.cast", channel: str = "web") -> Document:
    data = {"step": step, "candidates": CANDIDATES_DIGEST, "rules": RULES_DIGEST, "entries": list(entries)}
    return {"type": f"{name}/1", "channel": channel, "participant": participant, "data": data}


def preparation(step: str = "vote", secrecy: str = "open", **plan: Any) -> list[Document]:
    """A project with proposals and a step for ballots that is ready to be opened."""
    return [
        opening(),
        organizer("step.planned", step="ideas", kind="collection", title={"fr": "Idées"}, accepts=["proposal"]),
        organizer("step.opened", step="ideas"),
        *(proposal(ref, f"author of {ref}") for ref in PROPOSALS),
        organizer("step.closed", step="ideas"),
        *ballot_step(step, secrecy, **plan),
    ]


def ballot_step(step: str, secrecy: str = "open", **plan: Any) -> list[Document]:
    """A step for ballots on the proposals, ready to be opened."""
    items = [{"ref": item.ref, "cost_minor": item.cost_minor} for item in CANDIDATES]
    return [
        organizer("step.planned", step=step, kind="ballot", title={"fr": "Vote"}, **plan),
        organizer("step.rules_set", step=step, rules=RULES.model_dump(mode="json", exclude_none=True), secrecy=secrecy),
        organizer("candidates.listed", step=step, items=items),
        organizer("candidates.sealed", step=step),
    ]


def vote_opened(step: str = "vote", secrecy: str = "open") -> list[Document]:
    """The same, opened."""
    return [*preparation(step, secrecy), organizer("step.opened", step=step)]


def posted(*documents: Document, key: str | None = None, version: int | None = None, atomic: bool = True) -> Posted:
    bodies = [orjson.dumps(document) for document in documents]
    places = [f"line {number}" for number, _ in enumerate(bodies, 1)]
    digest = sha256(b"\n".join(bodies)).digest()
    return Posted(read_submissions(bodies, places, atomic=atomic), places, key, digest, version, atomic)


@dataclass
class Ledger:
    """A write path, and what it wrote."""

    conninfo: str
    keys: KeyStore
    clock: HandClock
    sequencer: Sequencer
    intake: Intake
    client: Client = TOWN
    grown: list[tuple[str, int]] = field(default_factory=list)

    def post(self, project: str, *documents: Document, client: Client | None = None, **options: Any) -> Receipted:
        return self.intake.submit_now(project, client or self.client, posted(*documents, **options))

    def query(self, sql: str, *parameters: Any) -> list[Any]:
        with psycopg.connect(self.conninfo, autocommit=True, row_factory=tuple_row) as connection:
            return connection.execute(sql.encode(), parameters).fetchall()

    def execute(self, sql: str, *parameters: Any) -> None:
        """Does to the database what no part of the ledger does."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute(sql.encode(), parameters)

    def project(self, ref: str) -> Project:
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            project = find_project(connection, ref)
        assert project is not None
        return project

    def entries(self, ref: str) -> list[bytes]:
        """The entries of a project, or what stands in place of them, once they were found to be a log: no gaps, hashed right, canonical."""
        with psycopg.connect(self.conninfo, row_factory=tuple_row) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            rows = connection.execute(ENTRIES, (ref,)).fetchall()
            heads = connection.execute(
                "SELECT size, shared_size FROM heads JOIN projects USING (project_id) WHERE ref = %s", (ref,)
            ).fetchall()
        for place, (seq, leaf, entry, stream, version, kind) in enumerate(rows):
            assert seq == place
            assert [leaf] == leaves_of([entry])
            assert is_canonical(entry)
            told = orjson.loads(entry)
            if is_redacted(entry):
                told = {**told["redacted"], "log": f"{HOST}/p/{ref}"}
            assert (told["seq"], told["stream"], told["version"], told["type"], told["log"]) == (
                seq,
                stream,
                version,
                kind,
                f"{HOST}/p/{ref}",
            )
        for size, shared in heads:
            assert size == len(rows)
            assert shared <= size
        return [row[2] for row in rows]

    def events(self, ref: str) -> list[Event]:
        """The events of a project, once each was admitted again after those before it; redacted entries are left out.

        What looks at the stream of a redacted entry is not admitted again: when it was, more was known.
        """
        aggregates = Aggregates()
        events: list[Event] = []
        touched: set[str] = set()
        for entry in self.entries(ref):
            if is_redacted(entry):
                left = read_redacted(entry)
                pass_over(aggregates, left.stream, left.version)
                touched.add(left.stream)
                continue
            event = read_event(entry)
            if touched.isdisjoint((event.stream, *consults(event.data, event.actor))):
                admit(event, aggregates)
            evolve(aggregates, event)
            events.append(event)
        return events

    def types(self, ref: str) -> list[str]:
        return [event.type for event in self.events(ref)]


@contextmanager
def ledger(
    conninfo: str,
    keys: KeyStore | None = None,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    compute: ComputeResult = lambda project, step, cut_off: COMPUTED,
    appended: Callable[[str, int], None] | None = None,
) -> Iterator[Ledger]:
    """A write path that runs."""
    kept = MemoryKeyStore() if keys is None else keys
    hand = HandClock()
    grown: list[tuple[str, int]] = []
    chance = entropy or SystemEntropy()
    sequencer = Sequencer(conninfo, HOST, kept, clock or hand, chance, appended or (lambda project, size: grown.append((project, size))))
    sequencer.start()
    with LedgerDatastore(conninfo, pool_size=1) as datastore:
        try:
            yield Ledger(conninfo, kept, hand, sequencer, Intake(sequencer, datastore, kept, chance, compute), grown=grown)
        finally:
            sequencer.stop()


def seqs(answer: Receipted) -> Sequence[int]:
    return [outcome.seq for outcome in answer.outcomes if not isinstance(outcome, Exception)]
