"""How fast views catch up with a log of ballots: runs of 1000 events, beside one transaction for each event.

`stock` is what `eventsourcing` does: for each event one durable transaction that inserts the tracking record and changes the row, for one
projection. Ours folds every projection there is. Read and decode alike, from the same log, on a database set up as for service.
"""

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder

from benchmarks.figures import in_turns, ratio, report
from ledger.events import Event, read_event
from ledger.events.ballot import BallotCast
from ledger.projections import PROJECTIONS
from ledger.projections.ballots import Ballots
from ledger.store.datastore import LedgerDatastore
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.log import NothingShown, PostgresLog
from ledger.store.migrate import migrate
from ledger.store.projection_runner import ProjectionRunner
from ledger.store.projects import Project
from tests.store.voting import DIGEST, actor, append, open_project

MANY = 100_000
FEW = 2_000
_NUMBERS = count(1)


def run(rounds: int) -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder, EmbeddedPostgres(Path(folder)) as server:
        migrate(server.url)
        with LedgerDatastore(server.url) as datastore:
            rivals = {
                "runs of 1000 events, all projections": partial(_runs, datastore, 1000, MANY),
                "the same runner, runs of 1 event": partial(_runs, datastore, 1, FEW),
                "stock: a transaction per event, one projection": partial(_stock, datastore),
            }
            measured = in_turns(rivals, rounds)
    report("projection catch-up", "events/s", measured)
    ours, single, _ = rivals
    ratio(measured, ours, single, 60)


def _runs(datastore: LedgerDatastore, at_once: int, size: int) -> float:
    project = _voted(datastore, size)
    runner = ProjectionRunner(datastore, PROJECTIONS, at_once)
    start = perf_counter()
    runner.catch_up(project.ref)
    return size / (perf_counter() - start)


class _StockView(PostgresTrackingRecorder):
    """Rows of one projection as JSON, by key, in the manner of the library's documentation."""

    def __init__(self, datastore: LedgerDatastore, project: Project) -> None:
        super().__init__(datastore, tracking_table_name=f"stock_tracking_{project.project_id}")
        self._table = f"stock_{project.project_id}"
        with datastore.connection() as connection:
            connection.execute(f"CREATE TABLE {self._table} (key text PRIMARY KEY, row bytea NOT NULL)".encode())

    def process(self, event: Event, tracking: Tracking) -> None:
        """Folds one event in one transaction."""
        projection = Ballots()
        (key,) = projection.keys(event)
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            found = cursor.execute(f"SELECT row FROM {self._table} WHERE key = %s".encode(), (key,)).fetchone()
            row = projection.apply(key, None if found is None else orjson.loads(found["row"]), event, {})
            upsert = f"INSERT INTO {self._table} VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET row = excluded.row"
            cursor.execute(upsert.encode(), (key, orjson.dumps(row)))


def _stock(datastore: LedgerDatastore) -> float:
    project = _voted(datastore, FEW)
    view = _StockView(datastore, project)
    view.create_table()
    start = perf_counter()
    for seq, entry in PostgresLog(datastore, project, NothingShown()).entries(0, FEW):
        view.process(read_event(entry), Tracking("ballots", seq + 1))
    return FEW / (perf_counter() - start)


def _voted(datastore: LedgerDatastore, size: int) -> Project:
    """A new project in which so many people voted."""
    with datastore.connection() as connection, connection.transaction():
        project = open_project(connection, f"p{next(_NUMBERS)}")
        append(connection, project, _votes(size))
    return project


def _votes(size: int) -> Iterator[Event]:
    common: dict[str, Any] = {"role": "participant", "channel": "web", "via": "platform", "at": "2026-03-01T10:00:00.000Z"}
    for seq in range(size):
        data = BallotCast(step="vote", candidates=DIGEST, rules=DIGEST, entries=(seq % 7, 7 + seq % 5, 20))
        who = actor(seq)
        yield Event(data.wire_type(), data, data.stream(who), log="example/p/budget", actor=who, seq=seq, version=1, **common)
