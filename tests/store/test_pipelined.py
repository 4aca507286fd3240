"""Statements in one round trip: their results in order, the first error raised, and the connection usable after either."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection, OperationalError
from psycopg.errors import UniqueViolation

from ledger.store.appending import Appender
from ledger.store.pipelined import ARRAY_OF, BYTEA, INT4, INT8, TEXT, Pipeline, array, int4, int8
from tests.posting import Ledger, ballot, ledger, vote_opened


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(postgres_url, autocommit=True) as opened:
        opened.execute("CREATE TEMPORARY TABLE kept (number bigint PRIMARY KEY, name text, content bytea)")
        yield opened


@pytest.fixture
def pipeline(connection: Connection[Any]) -> Iterator[Pipeline]:
    made = Pipeline(connection)
    made.prepare(
        {
            "begin": ("BEGIN", []),
            "commit": ("COMMIT", []),
            "put": ("INSERT INTO kept SELECT * FROM unnest($1, $2, $3)", [ARRAY_OF[INT8], ARRAY_OF[TEXT], ARRAY_OF[BYTEA]]),
            "sum": ("SELECT sum(length(content))::bigint, max(name), $1::text FROM kept", [TEXT]),
        }
    )
    yield made
    made.close()


def put(pipeline: Pipeline, rows: list[tuple[int, str, bytes]]) -> None:
    numbers, names, contents = [int8(row[0]) for row in rows], [row[1].encode() for row in rows], [row[2] for row in rows]
    pipeline.add("put", array(INT8, numbers), array(TEXT, names), array(BYTEA, contents))


def test_results_come_in_order_with_nulls_as_none(pipeline: Pipeline, connection: Connection[Any]) -> None:
    pipeline.add("sum", None)
    pipeline.add("begin")
    put(pipeline, [(-1, "é", b"\0\xff"), (2**62, "", b"")])
    pipeline.add("commit")
    pipeline.add("sum", b"text")
    empty, _, _, _, full = pipeline.run()
    assert [empty.get_value(0, column) for column in range(3)] == [None, None, None]
    assert [full.get_value(0, column) for column in range(3)] == [int8(2), "é".encode(), b"text"]
    assert connection.execute("SELECT * FROM kept ORDER BY number").fetchall() == [(-1, "é", b"\0\xff"), (2**62, "", b"")]


def test_arrays_are_those_of_postgresql(connection: Connection[Any], pipeline: Pipeline) -> None:
    pipeline.prepare(
        {"arrays": ("SELECT $1 = ARRAY[1, -2]::integer[], $2 = '{}'::text[], array_length($2, 1)", [ARRAY_OF[INT4], ARRAY_OF[TEXT]])}
    )
    pipeline.add("arrays", array(INT4, [int4(1), int4(-2)]), array(TEXT, []))
    (result,) = pipeline.run()
    assert [result.get_value(0, column) for column in range(3)] == [b"\x01", b"\x01", None]


def test_the_first_error_is_raised_and_what_follows_did_not_run(pipeline: Pipeline, connection: Connection[Any]) -> None:
    put(pipeline, [(1, "a", b"")])
    pipeline.run()
    pipeline.add("begin")
    put(pipeline, [(2, "b", b"")])
    put(pipeline, [(1, "again", b"")])
    pipeline.add("commit")
    with pytest.raises(UniqueViolation):
        pipeline.run()
    connection.execute("ROLLBACK")
    assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
    pipeline.add("sum", b"still there")
    assert pipeline.run()[0].get_value(0, 2) == b"still there"


def test_more_than_a_socket_takes_at_once_goes_through(pipeline: Pipeline) -> None:
    for first in range(0, 400, 100):
        put(pipeline, [(number, "n", bytes(20_000)) for number in range(first, first + 100)])
    pipeline.add("sum", None)
    assert pipeline.run()[-1].get_value(0, 0) == int8(400 * 20_000)


def test_what_is_forgotten_does_not_run(pipeline: Pipeline, connection: Connection[Any]) -> None:
    put(pipeline, [(1, "a", b"")])
    pipeline.forget()
    assert pipeline.run() == []
    assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_server_that_hangs_up_is_an_operational_error(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as lost, psycopg.connect(postgres_url, autocommit=True) as other:
        pipeline = Pipeline(lost)
        pipeline.prepare({"sleep": ("SELECT pg_sleep(0)", [])})
        other.execute("SELECT pg_terminate_backend(%s)", (lost.info.backend_pid,))
        pipeline.add("sleep")
        with pytest.raises(OperationalError):
            pipeline.run()
        pipeline.close()


def test_acknowledged_is_durable_whatever_the_servers_default(database: str) -> None:
    appender = Appender(database)
    assert appender.connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    appender.close()


@pytest.mark.parametrize("count", [1, 128, 129, 700])
def test_few_and_many_rows_are_stored_alike(database: str, count: int) -> None:
    with ledger(database) as town:
        _post(town, f"rows-{count}", count)
        assert len(town.events(f"rows-{count}")) == 12 + count
        stored = town.query(
            "SELECT count(*) FROM disclosures JOIN projects USING (project_id) WHERE ref = %s AND visibility = 'sealed'", f"rows-{count}"
        )
        assert stored == [(count,)]


def _post(town: Ledger, ref: str, count: int) -> None:
    town.post(ref, *vote_opened(secrecy="sealed"))
    town.post(ref, *(ballot(f"voter {number}", number % 3) for number in range(count)))
