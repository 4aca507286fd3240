"""One ballot per request at 64 connections: the service with everything on, a bare FastAPI route, and stock eventsourcing."""

import json
import tempfile
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.figures import in_turns, ratio, report
from benchmarks.load import Post, answered_per_second, name_of_client
from benchmarks.measured import ballot, measured_service
from benchmarks.rivals import postgres_environment, served
from ledger.store.embedded import EmbeddedPostgres

CONNECTIONS = 64
SECONDS = 5
OURS, BARE, STOCK = "the ledger", "a bare FastAPI route, same TypeAdapter", "FastAPI + eventsourcing app.save"


def run(rounds: int) -> None:
    """Measures and prints."""
    body = json.dumps(ballot("@", [1, 4, 9]))
    with (
        measured_service() as ours,
        tempfile.TemporaryDirectory(prefix="ledger-") as folder,
        EmbeddedPostgres(Path(folder)) as postgres,
    ):
        with psycopg.connect(postgres.url_of("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE stock")
        with served("bare") as bare, served("stock", postgres_environment(postgres.url_of("stock"))) as stock:
            posts = {
                OURS: Post(ours.port, ours.path, body, (("Authorization", f"Bearer {ours.key}"),)),
                BARE: Post(bare, "/bare", body),
                STOCK: Post(stock, "/stock", body),
            }
            rivals = {name: partial(answered_per_second, post, CONNECTIONS, SECONDS) for name, post in posts.items()}
            for measure in rivals.values():
                measure()  # connections, caches and tables are warm before anything counts
            measured = in_turns(rivals, rounds)
    report(f"One ballot per request, {CONNECTIONS} connections, by {name_of_client()}", "requests/s", measured)
    ratio(measured, OURS, BARE, 0.45)
    ratio(measured, OURS, STOCK, 7)
