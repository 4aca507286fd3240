"""A PostgreSQL for the tests: one server per test process, one database per module."""

import signal
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from ledger.store.embedded import EmbeddedPostgres
from ledger.store.migrate import migrate

# Nobody misses these databases after a crash.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
    "autovacuum": "off",
}
TEMPLATE = "ledger_template"
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """The server of this test process, which goes with its folder when the process ends."""
    # Told to end (by `timeout`, say), pytest would go without clearing up, and leave the server running.
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end)
    # Not pytest's own temporary folder: the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder, EmbeddedPostgres(Path(folder), THROW_AWAY) as server:
        yield server


def _end(number: int, frame: object) -> None:
    pytest.exit("told to end", returncode=128 + number)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: EmbeddedPostgres) -> str:
    """Connection string of the server, to its `postgres` database."""
    return postgres_server.url_of("postgres")


@pytest.fixture(scope="session")
def database_template(postgres_url: str) -> str:
    """The name of a migrated database that others are copied from."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate(make_conninfo(postgres_url, dbname=TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="module")
def database(postgres_url: str, database_template: str) -> Iterator[str]:
    """Connection string of a fresh migrated database, gone after the module."""
    name = f"module_{next(_NUMBERS)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {database_template}")
    yield make_conninfo(postgres_url, dbname=name)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def empty_database(postgres_url: str) -> Iterator[str]:
    """Connection string of a database without tables, gone after the module."""
    name = f"module_{next(_NUMBERS)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_conninfo(postgres_url, dbname=name)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
