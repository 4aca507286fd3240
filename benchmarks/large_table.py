"""How fast open ballots are recorded when the database holds five million of them, beside a fresh database.

Both go the whole write path in process: reading, sealing, admission, append, receipt. The five million lie in the same project and step,
under random names as pseudonyms are, copied in beforehand; so every append touches the index of streams somewhere else.
"""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import perf_counter

import orjson
import psycopg

from benchmarks.figures import in_turns, ratio, report
from ledger.store.binary_copy import copy_events
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.migrate import migrate
from ledger.store.projects import lock_head, write_head
from ledger.submit import Posted, read_submissions
from tests.posting import Ledger, ballot, ledger, vote_opened

LARGE = 5_000_000
AT_ONCE = 50_000
BALLOTS = 1000
REQUESTS = 30
CONNECTIONS = 4
_PEOPLE = count()


def run(rounds: int) -> None:
    """Measures and prints."""
    with (
        tempfile.TemporaryDirectory(prefix="ledger-") as folder,
        EmbeddedPostgres(Path(folder)) as server,
        _opened(server, "small") as small,
        _opened(server, "large") as large,
    ):
        _fill(large)
        fresh, full = "a fresh database", f"{LARGE:,} ballots before"
        measured = in_turns({fresh: partial(_posted, small), full: partial(_posted, large)}, rounds)
    report(f"{BALLOTS} open ballots per request, {CONNECTIONS} connections, in process", "events/s", measured)
    ratio(measured, full, fresh, 0.8)


@contextmanager
def _opened(server: EmbeddedPostgres, database: str) -> Iterator[Ledger]:
    """A write path on a new database, in which a vote is open."""
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}".encode())
    migrate(server.url_of(database))
    with ledger(server.url_of(database)) as running:
        running.post("budget", *vote_opened())
        yield running


def _fill(running: Ledger) -> None:
    """Copies ballots like the first one posted, with random names, hashes and all, past the write path."""
    running.post("budget", ballot("somebody", 0))
    project = running.project("budget")
    entry = running.entries("budget")[-1]
    actor = orjson.loads(entry)["actor"].encode()
    with psycopg.connect(running.conninfo) as connection, connection.cursor() as cursor:
        for _ in range(LARGE // AT_ONCE):
            names = os.urandom(11 * AT_ONCE).hex()
            rows = []
            for place in range(0, 22 * AT_ONCE, 22):
                name = names[place : place + 22]
                theirs = entry.replace(actor, name.encode())
                rows.append((f"ballot/vote/{name}", 1, "ballot.cast/1", sha256(b"\0" + theirs).digest(), theirs))
            head = lock_head(connection, project.project_id)
            copy_events(cursor, project.project_id, head.size, rows)
            head.size += len(rows)
            write_head(connection, project.project_id, head)
            connection.commit()


def _posted(running: Ledger) -> float:
    """Ballots recorded a second. Bodies are made before the clock starts, as are threads' shares of them."""
    shares = [[_bodies() for _ in range(REQUESTS // CONNECTIONS)] for _ in range(CONNECTIONS)]
    places = [f"line {number}" for number in range(1, BALLOTS + 1)]

    def post(share: list[list[bytes]]) -> None:
        for bodies in share:
            request = Posted(read_submissions(bodies, places, atomic=True), places)
            running.intake.submit_now("budget", running.client, request)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        start = perf_counter()
        list(threads.map(post, shares))
        return CONNECTIONS * (REQUESTS // CONNECTIONS) * BALLOTS / (perf_counter() - start)


def _bodies() -> list[bytes]:
    return [orjson.dumps(ballot(f"resident {next(_PEOPLE)}", number % 3)) for number in range(BALLOTS)]
