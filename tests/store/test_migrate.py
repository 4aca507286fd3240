"""Migrations are applied once, all together, and never to a database of a newer version."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from ledger.errors import DatabaseNewer, DatabaseOlder, DatabaseUnavailable
from ledger.store.migrate import known, migrate, require_migrated


def test_a_database_is_migrated_once_though_several_come_at_the_same_time(empty_database: str) -> None:
    with pytest.raises(DatabaseOlder):
        require_migrated(empty_database)
    with ThreadPoolExecutor(4) as callers:
        applied = list(callers.map(migrate, [empty_database] * 4))
    assert sorted(map(len, applied)) == [0, 0, 0, len(known())]
    require_migrated(empty_database)
    assert migrate(empty_database) == ()


def test_a_database_of_a_newer_version_is_refused(database: str) -> None:
    newer = len(known()) + 1
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO migrations (number, name) VALUES (%s, 'from_the_future')", (newer,))
    for call in (migrate, require_migrated):
        with pytest.raises(DatabaseNewer) as refused:
            call(database)
        assert refused.value.details() == {"found": newer, "known": newer - 1}


def test_a_database_that_does_not_answer_is_said_to_be_unavailable(postgres_url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="does not exist"):
        migrate(make_conninfo(postgres_url, dbname="nowhere"))
