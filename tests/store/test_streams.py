"""Entries come by stream, whole and in order, and by way of the unique index whatever the table's statistics say."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from ledger.store.binary_copy import EventRow, copy_events
from ledger.store.projects import create_project
from ledger.store.streams import OWN_STREAMS, SHARED_STREAMS, Recorded, load_shared_streams, load_streams

SHARED = ("project", "step")


def row(stream: str, version: int) -> EventRow:
    entry = f"{stream} {version}".encode()
    return stream, version, "ballot.cast/1", sha256(entry).digest(), entry


@pytest.fixture(scope="module")
def projects(database: str) -> Iterator[tuple[Connection[Any], int, int]]:
    """A connection; a project of 6000 ballots with shared streams between them; another with the same streams and other entries."""
    with psycopg.connect(database) as connection:
        ids = []
        for ref in ("budget", "other"):
            project = create_project(connection, ref, f"example/p/{ref}", "2026-03-01T10:00:00.000Z")
            assert project is not None
            ids.append(project.project_id)
        rows = [row("project", 1), row("step/a", 1), row("stepladder/a", 1)]
        rows += [row(f"ballot/a/{sha256(str(number).encode()).hexdigest()[:22]}", 1) for number in range(3000)]
        rows += [row("step/a", 2), row("step/b", 1), row("ballot/a/x", 1), row("ballot/a/x", 2)]
        rows += [row(f"ballot/b/{number}", 1) for number in range(3000)]
        with connection.cursor() as cursor:
            copy_events(cursor, ids[0], 0, rows)
            copy_events(cursor, ids[1], 0, [(stream, version, kind, leaf, b"not mine") for stream, version, kind, leaf, _ in rows])
        connection.commit()
        yield connection, ids[0], ids[1]


def recorded(stream: str, version: int, *, redacted: bool = False) -> Recorded:
    return Recorded(stream, version, None if redacted else f"{stream} {version}".encode())


def test_each_stream_comes_whole_and_in_order_and_of_an_unknown_one_nothing(projects: tuple[Connection[Any], int, int]) -> None:
    connection, mine, _ = projects
    found = load_streams(connection, mine, ["ballot/a/x", "step/a", "ballot/a/nobody"])
    assert [one for one in found if one.stream == "ballot/a/x"] == [recorded("ballot/a/x", 1), recorded("ballot/a/x", 2)]
    assert [one for one in found if one.stream != "ballot/a/x"] == [recorded("step/a", 1), recorded("step/a", 2)]
    assert load_streams(connection, mine, []) == []


def test_of_a_redacted_entry_only_its_place_in_the_stream_comes(projects: tuple[Connection[Any], int, int]) -> None:
    connection, mine, _ = projects
    connection.execute("UPDATE events SET entry = NULL WHERE project_id = %s AND seq IN (1, 3005)", (mine,))
    assert load_streams(connection, mine, ["ballot/a/x"]) == [recorded("ballot/a/x", 1, redacted=True), recorded("ballot/a/x", 2)]
    assert (1, recorded("step/a", 1, redacted=True)) in load_shared_streams(connection, mine, SHARED)
    connection.rollback()


def test_shared_streams_come_in_the_order_of_the_log_without_the_ballots_between(projects: tuple[Connection[Any], int, int]) -> None:
    connection, mine, _ = projects
    everything = [(0, recorded("project", 1)), (1, recorded("step/a", 1)), (3003, recorded("step/a", 2)), (3004, recorded("step/b", 1))]
    assert load_shared_streams(connection, mine, SHARED) == everything
    assert load_shared_streams(connection, mine, SHARED, since=2) == everything[2:]
    assert load_shared_streams(connection, mine, SHARED, since=3005) == []


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    ("query", "parameters"),
    [(OWN_STREAMS, ([f"ballot/b/{number}" for number in range(1000)],)), (SHARED_STREAMS, (list(SHARED), 3000))],
    ids=["own", "shared"],
)
def test_the_plan_keeps_to_the_unique_index(
    projects: tuple[Connection[Any], int, int], query: str, parameters: tuple[Any, ...], analysed: bool
) -> None:
    connection, mine, _ = projects
    if analysed:
        connection.execute("ANALYZE events")
    first, *rest = parameters
    plan = connection.execute(f"EXPLAIN (FORMAT JSON) {query}", (first, mine, *rest), prepare=False).fetchone()
    connection.rollback()
    assert plan is not None
    scans = list(scanned(plan[0][0]["Plan"]))
    assert [(scan["Node Type"], scan["Index Name"]) for scan in scans] == [("Index Scan", "events_project_id_stream_version_key")]
    assert "stream" in scans[0]["Index Cond"], "the index is walked through the whole project"


def scanned(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan that read a table or an index."""
    if "Index Name" in node or ("Relation Name" in node and node["Node Type"] != "ModifyTable"):
        yield node
    for child in node.get("Plans", ()):
        yield from scanned(child)
