"""The projects of a ledger and the heads of their logs: the rows by which everything else is found and locked.

The ledger log has a row among them, and is no project: who asks for projects does not find it, who asks for the ledger log does.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from ledger.events.ledger_log import LEDGER_LOG


@dataclass(frozen=True, slots=True)
class Project:
    """A log. `project_id` keys its rows and never leaves the database."""

    project_id: int
    ref: str
    origin: str
    opened_at: str


@dataclass(slots=True)
class Head:
    """Where a project's log ends. Whoever appends holds its lock, changes it, and writes it back in the same transaction."""

    size: int
    shared_size: int
    last_at: str
    next_due_at: str | None
    visibility_size: int = 0
    """1 + seq of the newest event that may have changed what is shown of earlier ones."""


def create_project(connection: Connection[Any], ref: str, origin: str, opened_at: str) -> Project | None:
    """A new project with an empty log, inside the open transaction; None where there is one of that reference or origin already.

    Its head is locked from here on, as the row is new. Waits for another transaction that is creating the same project.
    """
    with connection.cursor(row_factory=class_row(Project)) as cursor:
        cursor.execute(
            "INSERT INTO projects (ref, origin, opened_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING "
            "RETURNING project_id, ref, origin, opened_at",
            (ref, origin, opened_at),
        )
        project = cursor.fetchone()
        if project is not None:
            cursor.execute("INSERT INTO heads (project_id) VALUES (%s)", (project.project_id,))
    return project


def find_project(connection: Connection[Any], ref: str) -> Project | None:
    """The project of that reference, or None; also None for the reference of the ledger log."""
    return None if ref == LEDGER_LOG else _find(connection, ref)


def find_ledger_log(connection: Connection[Any]) -> Project | None:
    """The row of the ledger log, or None before there is one."""
    return _find(connection, LEDGER_LOG)


def _find(connection: Connection[Any], ref: str) -> Project | None:
    with connection.cursor(row_factory=class_row(Project)) as cursor:
        return cursor.execute("SELECT project_id, ref, origin, opened_at FROM projects WHERE ref = %s", (ref,)).fetchone()


def list_projects(connection: Connection[Any]) -> list[Project]:
    """Every project, ascending by reference (by code point)."""
    with connection.cursor(row_factory=class_row(Project)) as cursor:
        return cursor.execute(
            "SELECT project_id, ref, origin, opened_at FROM projects WHERE ref <> %s ORDER BY ref", (LEDGER_LOG,)
        ).fetchall()


def lock_head(connection: Connection[Any], project_id: int) -> Head:
    """The head of a project, locked until the transaction ends: appends of all processes to this project queue here."""
    with connection.cursor(row_factory=class_row(Head)) as cursor:
        head = cursor.execute(
            "SELECT size, shared_size, last_at, next_due_at, visibility_size FROM heads WHERE project_id = %s FOR UPDATE", (project_id,)
        ).fetchone()
    if head is None:
        raise LookupError(f"project {project_id} has no head")
    return head


def write_head(connection: Connection[Any], project_id: int, head: Head) -> None:
    """Stores a head that `lock_head` gave."""
    connection.execute(
        "UPDATE heads SET size = %s, shared_size = %s, last_at = %s, next_due_at = %s, visibility_size = %s WHERE project_id = %s",
        (head.size, head.shared_size, head.last_at, head.next_due_at, head.visibility_size, project_id),
    )


def log_sizes(connection: Connection[Any]) -> list[tuple[Project, int]]:
    """Every project with the size of its log, in one query, ascending by `project_id`: what a poller asks."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "SELECT project_id, ref, origin, opened_at, size FROM projects JOIN heads USING (project_id) "
            "WHERE ref <> %s ORDER BY project_id",
            (LEDGER_LOG,),
        )
        return [(Project(*columns), size) for *columns, size in cursor.fetchall()]
