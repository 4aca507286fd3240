"""The library's pool of connections, opened with a whole connection string: the library takes five fields and would lose `sslmode`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from eventsourcing.persistence import InterfaceError, OperationalError
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from ledger.errors import DatabaseUnavailable


class LedgerDatastore(PostgresDatastore):
    """A pool of connections to one database, each in autocommit mode. Its first use opens it; `close` it, or leave its `with` block."""

    def __init__(self, conninfo: str, *, pool_size: int = 2, most: int = 10, patience_seconds: float = 10.0) -> None:
        """Keeps `pool_size` connections and opens up to `most`; whoever wants another waits `patience_seconds` at most."""
        super().__init__("", "", "", "", "", originator_id_type="text", idle_in_transaction_session_timeout=60)
        # The pool that the library made of five fields was never opened.
        self.pool = ConnectionPool(
            conninfo,
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row},
            min_size=pool_size,
            max_size=max(most, pool_size),
            open=False,
            configure=self.after_connect_func(),
            timeout=patience_seconds,
            max_lifetime=60 * 60.0,
        )

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """See `PostgresDatastore.after_connect_func`. Plans are made with the values at hand: one of an empty table walks a full one."""
        configure = super().after_connect_func()

        def after_connect(connection: Connection[Any]) -> None:
            configure(connection)
            connection.execute("SET plan_cache_mode = force_custom_plan")

        return after_connect

    def register_type_adapters(self) -> None:
        """Nothing: events are copied as binary rows, so no composite type exists. A recorder can so be made without taking a connection."""

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """A connection in autocommit mode, given back afterwards. Raises `DatabaseUnavailable` when there is none, or it breaks."""
        try:
            with self.get_connection() as connection:
                yield connection
        except (OperationalError, InterfaceError) as error:
            raise DatabaseUnavailable("it does not answer, or all connections are taken") from error
