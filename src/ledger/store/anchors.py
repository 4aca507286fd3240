"""Timestamps over checkpoints of the ledger log: when the next is due, and those that there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from ledger.store.projects import Project

_NEWEST: Final = "SELECT size, response, stated_at, asked_at FROM anchors WHERE project_id = %s ORDER BY size DESC LIMIT 1"
_FROM: Final = "SELECT size, response, stated_at, asked_at FROM anchors WHERE project_id = %s AND size >= %s ORDER BY size DESC"
_PUT: Final = """
INSERT INTO anchors (project_id, size, response, stated_at) VALUES (%s, %s, %s, %s) ON CONFLICT (project_id, size) DO NOTHING"""

# A statement that a step closed stands in the ledger log; its cause is in the entry, which is small and recent.
_CLOSED_SINCE: Final = """
SELECT 1 FROM events WHERE project_id = %s AND seq >= %s AND seq < %s AND type = 'log.checkpointed/1'
AND position('"cause":"step_closed"'::bytea IN entry) > 0 LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A timestamp over the text of the ledger log's checkpoint of this size. `stated_at` is the authority's time."""

    size: int
    response: bytes
    stated_at: datetime
    asked_at: datetime


def newest_anchor(connection: Connection[Any], log: Project) -> Anchored | None:
    """The timestamp of the greatest size, or None before the first."""
    with connection.cursor(row_factory=class_row(Anchored), binary=True) as cursor:
        return cursor.execute(_NEWEST, (log.project_id,)).fetchone()


def anchors_from(connection: Connection[Any], log: Project, size: int) -> list[Anchored]:
    """The timestamps over checkpoints of at least this size, the greatest first."""
    with connection.cursor(row_factory=class_row(Anchored), binary=True) as cursor:
        return cursor.execute(_FROM, (log.project_id, size)).fetchall()


def put_anchor(connection: Connection[Any], log: Project, size: int, response: bytes, stated_at: datetime) -> None:
    """The timestamp is kept; one of the same size that is there already stays."""
    connection.execute(_PUT, (log.project_id, size, response, stated_at))


def closed_since(connection: Connection[Any], log: Project, start: int, stop: int) -> bool:
    """True when the ledger log states, among its entries from `start` below `stop`, that a step closed."""
    return connection.execute(_CLOSED_SINCE, (log.project_id, start, stop)).fetchone() is not None
