"""Generations of a projection's rows: the one that is served, and at most one that is being built to take its place.

All is said by rows of `view_generations` and `tracking`, so any process can go on with what another began.
"""

from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.projections import Projection

_LOCK: Final = """
SELECT projection, generation, version, serving, redaction_size FROM view_generations WHERE project_id = %s
ORDER BY projection, generation FOR UPDATE SKIP LOCKED"""
_COUNT: Final = "SELECT count(*) FROM view_generations WHERE project_id = %s"
_POSITIONS: Final = "SELECT application_name, notification_id FROM tracking WHERE project_id = %s"
_ADD: Final = """
INSERT INTO view_generations (project_id, projection, generation, version, serving, redaction_size) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Generation:
    """Rows of one projection, folded by its `version`. `position` is the size of the log that they reflect.

    `redaction_size` is that of the log when the generation was begun. Where it has grown since, rows may have been made of an entry that is
    redacted: such a generation is neither served nor folded further, and goes once another has taken its place.
    """

    projection: str
    generation: int
    version: int
    serving: bool
    redaction_size: int
    position: int

    @property
    def tracking_name(self) -> str:
        """The name under which the library's tracking recorder keeps the position."""
        return f"p/{self.projection}/{self.generation}"


def claim(connection: Connection[Any], project_id: int) -> list[Generation] | None:
    """Every generation of the project, locked until the transaction ends; None while another process has them."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_LOCK, (project_id,)).fetchall()
        count = cursor.execute(_COUNT, (project_id,)).fetchone()
        if count is None or count[0] != len(rows):
            return None
        # Asked after the lock was had, so it is what the last holder left.
        positions: dict[str, int] = dict(cursor.execute(_POSITIONS, (project_id,)).fetchall())
    return [
        Generation(projection, generation, version, serving, redactions, positions.get(f"p/{projection}/{generation}", 0))
        for projection, generation, version, serving, redactions in rows
    ]


def add_missing(
    connection: Connection[Any], project_id: int, found: list[Generation], projections: tuple[Projection, ...], redactions: int
) -> bool:
    """Adds the first generation of a new projection, and a next one of a projection whose version rose, or of which all are older than a
    redaction. True when anything was added. `redactions` is the redaction size of the log.

    A generation of a newer version than ours is left to the newer process that made it.
    """
    added = False
    for projection in projections:
        mine = [generation for generation in found if generation.projection == projection.name]
        if not mine:
            connection.execute(_ADD, (project_id, projection.name, 1, projection.version, True, redactions))
            added = True
            continue
        newest = max(generation.version for generation in mine)
        stale = max(generation.redaction_size for generation in mine) < redactions
        if newest < projection.version or (stale and newest == projection.version):
            _add_next(connection, project_id, mine, projection.version, redactions)
            added = True
    return added


def add_rebuilds(
    connection: Connection[Any], project_id: int, found: list[Generation], projections: tuple[Projection, ...], redactions: int
) -> None:
    """Adds a next generation of each projection that has one of our version."""
    for projection in projections:
        mine = [generation for generation in found if generation.projection == projection.name]
        if mine and max(generation.version for generation in mine) == projection.version:
            _add_next(connection, project_id, mine, projection.version, redactions)


def foldable(found: list[Generation], projections: tuple[Projection, ...], redactions: int) -> list[Generation]:
    """The generations that our folds may go on with: of our version, served or to be, and begun since the newest redaction."""
    versions = {projection.name: projection.version for projection in projections}
    served = {generation.projection: generation.generation for generation in found if generation.serving}
    return [
        generation
        for generation in found
        if versions.get(generation.projection) == generation.version
        and generation.generation >= served.get(generation.projection, 0)
        and generation.redaction_size >= redactions
    ]


def serve(connection: Connection[Any], project_id: int, generation: Generation, found: list[Generation]) -> None:
    """From the commit on this generation is served in place of the one that was; those `found` with rows of redacted entries are gone."""
    connection.execute(
        "UPDATE view_generations SET serving = (generation = %s) WHERE project_id = %s AND projection = %s",
        (generation.generation, project_id, generation.projection),
    )
    for other in found:
        if other.projection == generation.projection and other.redaction_size < generation.redaction_size:
            _discard(connection, project_id, other)


def _add_next(connection: Connection[Any], project_id: int, mine: list[Generation], version: int, redactions: int) -> None:
    """Adds a generation in place of all that are not served: one once served was kept until now for whoever was still reading it."""
    for generation in mine:
        if not generation.serving:
            _discard(connection, project_id, generation)
    number = 1 + max(generation.generation for generation in mine)
    connection.execute(_ADD, (project_id, mine[0].projection, number, version, False, redactions))


def _discard(connection: Connection[Any], project_id: int, generation: Generation) -> None:
    key = (project_id, generation.projection, generation.generation)
    connection.execute("DELETE FROM view_rows WHERE project_id = %s AND projection = %s AND generation = %s", key)
    connection.execute("DELETE FROM view_generations WHERE project_id = %s AND projection = %s AND generation = %s", key)
    connection.execute("DELETE FROM tracking WHERE project_id = %s AND application_name = %s", (project_id, generation.tracking_name))
