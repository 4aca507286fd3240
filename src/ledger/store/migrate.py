"""The tables of the ledger, brought up to date by numbered SQL files. There is no way back: a mistake is mended by the next number."""

from importlib.resources import files
from typing import NamedTuple

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.errors import DatabaseNewer, DatabaseOlder, DatabaseUnavailable

OLDEST_POSTGRES = 15
_LOCK = 0x6C6564676572  # "ledger": one migration at a time in a database
_JOURNAL = """
CREATE TABLE IF NOT EXISTS migrations (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


class Migration(NamedTuple):
    """One file of `store/migrations`, named `NNNN_what.sql`."""

    number: int
    name: str
    sql: str


def known() -> tuple[Migration, ...]:
    """The migrations of this version of the ledger, ascending, without gaps."""
    folder = files("ledger.store") / "migrations"
    scripts = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    found = tuple(Migration(int(file.name[:4]), file.name[5:-4], file.read_text(encoding="utf-8")) for file in scripts)
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise AssertionError("the numbers of the migrations have gaps")
    return found


def migrate(conninfo: str) -> tuple[Migration, ...]:
    """Applies what is missing, all of it or nothing; returns what was applied, which is nothing when the database is up to date.

    Several may call it at once: the others wait and find it done. Raises `DatabaseNewer`, and `DatabaseUnavailable` when the database
    cannot be reached or is older than PostgreSQL 15.
    """
    migrations = known()
    with _connected(conninfo) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(_JOURNAL)
        missing = migrations[_applied(connection, len(migrations)) :]
        for migration in missing:
            connection.execute(migration.sql.encode())
            connection.execute("INSERT INTO migrations (number, name) VALUES (%s, %s)", (migration.number, migration.name))
    return missing


def require_migrated(conninfo: str) -> None:
    """Returns when the database is exactly as this version needs it. Raises `DatabaseOlder`, `DatabaseNewer` or `DatabaseUnavailable`."""
    needed = len(known())
    with _connected(conninfo) as connection:
        there = connection.execute("SELECT to_regclass('migrations') IS NOT NULL").fetchone() == (True,)
        applied = _applied(connection, needed) if there else 0
    if applied < needed:
        raise DatabaseOlder(applied, needed)


def _connected(conninfo: str) -> Connection[TupleRow]:
    try:
        connection = psycopg.connect(conninfo, connect_timeout=10)
    except psycopg.Error as error:
        raise DatabaseUnavailable(str(error).strip().splitlines()[0]) from error
    if (version := connection.info.server_version // 10_000) < OLDEST_POSTGRES:
        connection.close()
        raise DatabaseUnavailable(f"it is PostgreSQL {version}, {OLDEST_POSTGRES} or later is needed")
    return connection


def _applied(connection: Connection[TupleRow], needed: int) -> int:
    """How many migrations the database carries."""
    row = connection.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
    applied = 0 if row is None else int(row[0])
    if applied > needed:
        raise DatabaseNewer(applied, needed)
    return applied
