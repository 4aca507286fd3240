"""Projects are created once, and their heads let in one appender at a time."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.errors import LockNotAvailable

from ledger.events.ledger_log import LEDGER_LOG
from ledger.store.projects import Head, create_project, find_ledger_log, find_project, list_projects, lock_head, log_sizes, write_head

OPENED = "2026-03-01T10:00:00.000Z"


@pytest.fixture
def connections(database: str) -> Iterator[tuple[Connection[Any], Connection[Any]]]:
    with psycopg.connect(database) as one, psycopg.connect(database) as other:
        yield one, other
        one.rollback()
        other.rollback()


def test_of_two_that_create_a_project_one_does(connections: tuple[Connection[Any], Connection[Any]]) -> None:
    one, other = connections
    created = create_project(one, "once", "example/p/once", OPENED)
    assert created is not None
    assert create_project(one, "once", "example/p/other", OPENED) is None
    assert create_project(one, "Once", "example/p/once", OPENED) is None, "an origin is one log's"
    assert find_project(other, "once") is None, "not before the commit"
    one.commit()
    assert create_project(other, "once", "example/p/once", OPENED) is None
    assert find_project(other, "once") == created
    assert find_project(other, "nowhere") is None


def test_projects_are_listed_by_code_point_with_the_size_of_their_logs(connections: tuple[Connection[Any], Connection[Any]]) -> None:
    one, _ = connections
    one.execute("TRUNCATE projects, heads")
    ledger_log = create_project(one, LEDGER_LOG, "example/ledger", OPENED)
    created = [create_project(one, ref, f"example/p/{ref}", OPENED) for ref in ("b", "a", "B", "a-1", "~")]
    assert [project.ref for project in list_projects(one)] == ["B", "a", "a-1", "b", "~"]
    second = created[1]
    assert second is not None
    write_head(one, second.project_id, Head(7, 3, OPENED, None))
    assert log_sizes(one) == [(project, 7 if project == second else 0) for project in created]
    assert find_project(one, LEDGER_LOG) is None, "the ledger log is no project"
    assert find_ledger_log(one) == ledger_log is not None


def test_a_head_is_locked_until_the_transaction_ends(connections: tuple[Connection[Any], Connection[Any]]) -> None:
    one, other = connections
    project = create_project(one, "locked", "example/p/locked", OPENED)
    assert project is not None
    one.commit()
    assert lock_head(one, project.project_id) == Head(0, 0, "", None)
    other.execute("SET lock_timeout = '50ms'")
    other.commit()
    with pytest.raises(LockNotAvailable):
        lock_head(other, project.project_id)
    other.rollback()
    changed = Head(5, 2, OPENED, "2026-04-01T00:00:00.000Z", 4)
    write_head(one, project.project_id, changed)
    one.commit()
    assert lock_head(other, project.project_id) == changed
    with pytest.raises(LookupError):
        lock_head(other, 10**9)
