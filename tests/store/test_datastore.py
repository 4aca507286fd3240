"""The pool of connections passes on the whole connection string, and says plainly when the database is away."""

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.errors import DatabaseUnavailable
from ledger.store.datastore import LedgerDatastore


def test_every_part_of_a_connection_string_counts(database: str) -> None:
    conninfo = make_conninfo(database, application_name="ledger tests", options="-c lock_timeout=4321")
    with LedgerDatastore(conninfo) as datastore, datastore.connection() as connection:
        for setting, value in (
            ("application_name", "ledger tests"),
            ("lock_timeout", "4321ms"),
            ("plan_cache_mode", "force_custom_plan"),
        ):
            assert connection.execute(f"SHOW {setting}".encode()).fetchone() == {setting: value}


def test_the_wish_for_encryption_is_passed_on() -> None:
    datastore = LedgerDatastore("postgresql://ledger@db.example/ledger?sslmode=verify-full")
    assert conninfo_to_dict(str(datastore.pool.conninfo)) == {
        "user": "ledger",
        "host": "db.example",
        "dbname": "ledger",
        "sslmode": "verify-full",
    }


def test_a_database_that_is_away_is_unavailable() -> None:
    with LedgerDatastore("host=/nowhere", patience_seconds=0.2) as datastore, pytest.raises(DatabaseUnavailable), datastore.connection():
        raise AssertionError("there is a connection")


def test_a_connection_that_breaks_is_unavailable_and_replaced(database: str) -> None:
    with LedgerDatastore(database) as datastore:
        with pytest.raises(DatabaseUnavailable), datastore.connection() as connection, psycopg.connect(database) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
            connection.execute("SELECT 1")
        with datastore.connection() as connection:
            assert connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}
