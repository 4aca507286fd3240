"""What the ledger log has to say: of which projects there is more than it states, and when that is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates.ledger_log import LoggedLogs
from ledger.errors import LogIncomplete
from ledger.events import read_event
from ledger.events.ledger_log import LEDGER_LOG
from ledger.events.project import ProjectContinued
from ledger.store.projects import Project

Cause = Literal["grown", "step_opened", "step_closed", "export"]

STATED_EVERY: Final = timedelta(seconds=60)
"""Between two statements of how far a log has come, at least, unless a step opened or closed."""

_TURNINGS: Final[Mapping[str, Cause]] = {
    "step.opened": "step_opened",
    "step.closed": "step_closed",
    "step.closed_early": "step_closed",
}

_SIGNED: Final = """
SELECT p.project_id, p.ref, p.origin, p.opened_at, h.shared_size, coalesce(c.size, 0), c.root
FROM projects AS p JOIN heads AS h USING (project_id) LEFT JOIN LATERAL (
    SELECT size, root FROM checkpoints WHERE project_id = p.project_id ORDER BY size DESC LIMIT 1
) AS c ON true
WHERE p.ref <> %s AND (%s::text IS NULL OR p.ref = %s) ORDER BY p.project_id"""

# `seq + 0`, because the primary key would lead through everybody's ballots since then.
_STEPS: Final = """
SELECT asked.project_id, found.seq, found.name
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS asked (project_id, start, stop) CROSS JOIN LATERAL (
    SELECT seq, split_part(type, '/', 1) AS name FROM events
    WHERE project_id = asked.project_id AND stream >= 'step/' COLLATE "C" AND stream < 'step0' COLLATE "C"
    AND seq + 0 >= asked.start AND seq + 0 < asked.stop AND split_part(type, '/', 1) = ANY(%s)
    ORDER BY seq + 0 DESC LIMIT 1 OFFSET 0
) AS found"""

# It stands before every step, so there is little of the project before it.
_CONTINUED: Final = """
SELECT entry FROM events WHERE project_id = %s AND stream = 'project' AND type = 'project.continued/1' ORDER BY version LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Signed:
    """A project and the newest checkpoint that was signed of its log; before the first, the size is 0 and there is no root."""

    project: Project
    shared_size: int
    """1 + seq of the newest event of a shared stream, of which those of steps are."""
    size: int
    root: bytes | None


class Turning(NamedTuple):
    """The newest opening or closing of a step that a project's checkpoint covers."""

    seq: int
    cause: Cause


def signed_logs(connection: Connection[Any], ref: str | None = None) -> list[Signed]:
    """Every project as it is signed, ascending by `project_id`; of a `ref`, that project alone, if there is one."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        rows = cursor.execute(_SIGNED, (LEDGER_LOG, ref, ref))
        return [Signed(Project(*columns), shared_size, size, root) for *columns, shared_size, size, root in rows]


def newest_turnings(connection: Connection[Any], signed: Iterable[Signed], logs: LoggedLogs) -> dict[int, Turning]:
    """`project_id` → the newest opening or closing of a step that the ledger log does not state yet and could; asks nothing where no
    shared stream has grown.
    """
    stated = ((log, logs.of(log.project.ref).size) for log in signed)
    asked = [(log.project.project_id, size, log.size) for log, size in stated if size < log.size and size < log.shared_size]
    if not asked:
        return {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_STEPS, (*map(list, zip(*asked, strict=True)), list(_TURNINGS)), prepare=False)
        return {project_id: Turning(seq, _TURNINGS[name]) for project_id, seq, name in found}


def cause_of(log: Signed, logs: LoggedLogs, turnings: Mapping[int, Turning], now: str) -> Cause | None:
    """Why the newest checkpoint is to be stated at `now`; None while it need not be.

    A step that opened or closed since the last statement is a cause at once, anything else when the last one is so old.
    """
    state = logs.of(log.project.ref)
    if state.closed or log.size <= state.size:
        return None
    turning = turnings.get(log.project.project_id)
    if turning is not None and turning.seq >= state.size:
        return turning.cause
    if state.root is None or datetime.fromisoformat(now) - datetime.fromisoformat(state.last_at) >= STATED_EVERY:
        return "grown"
    return None


def first_leaf(connection: Connection[Any], project: Project) -> bytes:
    """The leaf hash of entry 0 of the project's log. Raises `LogIncomplete` where the database does not have it."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        found = cursor.execute("SELECT leaf_hash FROM events WHERE project_id = %s AND seq = 0", (project.project_id,)).fetchone()
    if found is None:
        raise LogIncomplete(project.ref, 0)
    return bytes(found[0])


def continued_origin(connection: Connection[Any], project: Project) -> str | None:
    """Origin of the log that the project takes the place of, if it says so by now."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        found = cursor.execute(_CONTINUED, (project.project_id,), prepare=False).fetchone()
    data = None if found is None else read_event(bytes(found[0])).data
    return data.origin if isinstance(data, ProjectContinued) else None
