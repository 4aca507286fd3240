"""Several prepared statements in one round trip: libpq's pipeline mode, driven directly.

What the driver's own pipeline does costs five times as many switches between threads, and each switch may wait for the interpreter's lock;
on the way of single submissions that is a seventh of the throughput. Everything is sent and received in binary form.
"""

from collections.abc import Sequence
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from struct import Struct
from typing import Any, Final

from psycopg import Connection, OperationalError, errors
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGresult

INT8: Final = 20
INT4: Final = 23
TEXT: Final = 25
BYTEA: Final = 17
ARRAY_OF: Final = {INT8: 1016, INT4: 1007, TEXT: 1009, BYTEA: 1001}
"""Oids of types → oids of their arrays; fixed in PostgreSQL's catalogue."""

_ARRAY_HEADER = Struct(">iiiii").pack
_LENGTH = Struct(">i").pack
_GOOD = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})

int8: Final = Struct(">q").pack
"""A bigint as a parameter."""
int4: Final = Struct(">i").pack
"""An integer as a parameter."""


def array(element: int, values: Sequence[bytes]) -> bytes:
    """A one-dimensional array of values without nulls as a parameter; `element` is the oid of their type."""
    if not values:
        return _ARRAY_HEADER(0, 0, element, 0, 1)[:12]
    parts = [_ARRAY_HEADER(1, 0, element, len(values), 1)]
    for value in values:
        parts += (_LENGTH(len(value)), value)
    return b"".join(parts)


class Pipeline:
    """Statements prepared on one connection, queued with `add` and run together by `run`.

    The connection belongs to one thread and is in autocommit; between two runs it can be used as any other.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._pgconn = connection.pgconn
        self._socket = self._pgconn.socket
        self._selector = DefaultSelector()
        self._selector.register(self._socket, EVENT_READ)
        self._queued: list[tuple[bytes, list[bytes | None]]] = []

    def close(self) -> None:
        """Lets go of what waits for the connection; the connection itself is closed by its owner."""
        self._selector.close()

    def prepare(self, statements: dict[str, tuple[str, Sequence[int]]]) -> None:
        """Name → SQL and oids of its parameters, known to the server from now on."""
        pgconn = self._pgconn
        pgconn.enter_pipeline_mode()
        for name, (sql, oids) in statements.items():
            pgconn.send_prepare(name.encode(), sql.encode(), list(oids))
        pgconn.pipeline_sync()
        self._results(len(statements))

    def add(self, name: str, *parameters: bytes | None) -> None:
        """The statement runs with these parameters in the next `run`."""
        self._queued.append((name.encode(), list(parameters)))

    def forget(self) -> None:
        """What is queued does not run."""
        self._queued.clear()

    def run(self) -> list[PGresult]:
        """The results of what is queued, in order. Raises the psycopg error of the first that failed; later ones do not run."""
        queued, self._queued = self._queued, []
        pgconn = self._pgconn
        pgconn.enter_pipeline_mode()
        for name, parameters in queued:
            pgconn.send_query_prepared(name, parameters, [Format.BINARY] * len(parameters), result_format=Format.BINARY)
        pgconn.pipeline_sync()
        return self._results(len(queued))

    def _results(self, count: int) -> list[PGresult]:
        pgconn = self._pgconn
        self._flush()
        results: list[PGresult] = []
        failed: PGresult | None = None
        while True:
            result = self._next()
            if result is None:
                continue  # the end of one statement's results
            if result.status == ExecStatus.PIPELINE_SYNC:
                break
            if result.status in _GOOD:
                results.append(result)
            elif failed is None:
                failed = result
        pgconn.exit_pipeline_mode()
        if failed is not None:
            raise _error(failed)
        if len(results) != count:
            raise OperationalError(f"{len(results)} results for {count} statements")
        return results

    def _next(self) -> PGresult | None:
        pgconn = self._pgconn
        while pgconn.is_busy():
            self._selector.select()
            pgconn.consume_input()  # raises OperationalError when the connection is lost
        return pgconn.get_result()

    def _flush(self) -> None:
        pgconn = self._pgconn
        if not pgconn.flush():
            return
        # More than the socket takes at once: read as well, so that neither side waits for the other with its buffer full.
        self._selector.modify(self._socket, EVENT_READ | EVENT_WRITE)
        while pgconn.flush():
            self._selector.select()
            pgconn.consume_input()
        self._selector.modify(self._socket, EVENT_READ)


def _error(result: PGresult) -> errors.Error:
    """The psycopg error for a result that is one; its class follows from the SQLSTATE."""
    state = result.error_field(DiagnosticField.SQLSTATE) or b""
    message = result.error_message.decode(errors="replace").strip()
    try:
        return errors.lookup(state.decode())(message)
    except KeyError:
        return OperationalError(message or f"a statement ended with the status {ExecStatus(result.status).name}")
