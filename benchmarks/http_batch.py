"""1000 ballots per request at 4 connections, open and sealed, beside a raw binary COPY of the same rows with their disclosures.

The COPY is what PostgreSQL can take at most: the very rows that the service stored, made into bytes beforehand, into tables of that shape
that hold the same rows before them, and on disk after each thousand, as each request is.
"""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from random import Random
from time import perf_counter

import orjson
import psycopg
from psycopg import sql

from benchmarks.figures import in_turns, ratio, report
from benchmarks.measured import CANDIDATES, PROJECT, Measured, ballot, measured_service

BALLOTS = 1000
CONNECTIONS = 4
REQUESTS = 40
TABLES = ("events", "disclosures")

_PEOPLE = count()


def run(rounds: int) -> None:
    """Measures and prints."""
    with measured_service("--workers", "2") as service:
        for step in ("open", "sealed"):
            ours, raw = f"the ledger, {step} ballots", f"binary COPY of the same rows, {step}"
            rivals = {ours: partial(_posted, service, step), raw: partial(_copied, service)}
            for measure in rivals.values():
                measure()
            measured = in_turns(rivals, rounds)
            report(f"{BALLOTS} {step} ballots per request, {CONNECTIONS} connections", "events/s", measured)
            ratio(measured, ours, raw, 0.30)


def _posted(service: Measured, step: str) -> float:
    """Ballots recorded a second. Bodies are made before the clock starts."""
    chance = Random(7)
    bodies = [list(_bodies(step, chance)) for _ in range(CONNECTIONS)]
    headers = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/x-ndjson"}

    def post(mine: list[bytes]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", service.port)
        for body in mine:
            connection.request("POST", service.path, body, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 201:
                raise RuntimeError(told.decode())
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as posting:
        start = perf_counter()
        for done in [posting.submit(post, mine) for mine in bodies]:
            done.result()
        return CONNECTIONS * (REQUESTS // CONNECTIONS) * BALLOTS / (perf_counter() - start)


def _bodies(step: str, chance: Random) -> Iterator[bytes]:
    for _ in range(REQUESTS // CONNECTIONS):
        people = [f"resident-{next(_PEOPLE):08d}" for _ in range(BALLOTS)]
        yield b"\n".join(
            orjson.dumps(ballot(person, sorted(chance.sample(range(CANDIDATES), chance.randint(1, 6))), step)) for person in people
        )


def _copied(service: Measured) -> float:
    """Rows copied a second: those of the requests posted last."""
    with psycopg.connect(service.conninfo, autocommit=True) as connection:
        [(project_id, size)] = connection.execute(
            "SELECT project_id, size FROM heads JOIN projects USING (project_id) WHERE ref = %s", (PROJECT,)
        ).fetchall()
        first = size - REQUESTS * BALLOTS
        blocks = [
            [_block(connection, table, project_id, start, start + BALLOTS) for table in TABLES] for start in range(first, size, BALLOTS)
        ]
        for table in TABLES:
            name, like = sql.Identifier(f"copied_{table}"), sql.Identifier(table)
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {name}").format(name=name))
            connection.execute(sql.SQL("CREATE TABLE {name} (LIKE {like} INCLUDING ALL)").format(name=name, like=like))
            before = sql.SQL("INSERT INTO {name} SELECT * FROM {like} WHERE project_id = {project} AND seq < {first}")
            connection.execute(before.format(name=name, like=like, project=sql.Literal(project_id), first=sql.Literal(first)))
        began = perf_counter()
        for block in blocks:
            with connection.transaction(), connection.cursor() as cursor:
                for table, content in zip(TABLES, block, strict=True):
                    statement = sql.SQL("COPY {name} FROM STDIN (FORMAT binary)").format(name=sql.Identifier(f"copied_{table}"))
                    with cursor.copy(statement) as copy:
                        copy.write(content)
        return REQUESTS * BALLOTS / (perf_counter() - began)


def _block(connection: "psycopg.Connection[tuple[object, ...]]", table: str, project_id: object, start: int, stop: int) -> bytes:
    """These rows of a table as COPY writes them."""
    wanted = sql.SQL(
        "COPY (SELECT * FROM {table} WHERE project_id = {project} AND seq >= {start} AND seq < {stop}) TO STDOUT (FORMAT binary)"
    )
    statement = wanted.format(
        table=sql.Identifier(table), project=sql.Literal(project_id), start=sql.Literal(start), stop=sql.Literal(stop)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(bytes(part) for part in copy)
