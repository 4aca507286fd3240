"""Keeps the views caught up with the logs: runs of events, each folded in one transaction with the position it leads to.

That position is a tracking record of the `eventsourcing` library, inserted with the rows: a run counts exactly once, whoever stops when.
Rows and position of one project change under the lock of its rows in `view_generations`, so several processes may run at once.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Event as Signal
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from eventsourcing.persistence import Tracking
from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import DatabaseUnavailable, ProjectUnknown
from ledger.projections import Projection
from ledger.store.datastore import LedgerDatastore
from ledger.store.generations import Generation, add_missing, add_rebuilds, claim, foldable, serve
from ledger.store.projects import Project, find_project, log_sizes
from ledger.store.read_ahead import ReadAhead, run_of
from ledger.store.recorder import ProjectTrackingRecorder
from ledger.store.redacted_lines import redaction_size
from ledger.store.view_batch import ViewBatch

EVENTS_AT_ONCE: Final = 1000
POLL_SECONDS: Final = 0.1
_REST_SECONDS: Final = 5.0
"""How long a project that failed is left alone."""
_LOG = logging.getLogger(__name__)


class ProjectionRunner:
    """Folds every project's events into its views. `start` does so in a thread of its own, `catch_up` at once in the caller's.

    No keys are needed for it: rows refer to texts and never hold them.
    """

    def __init__(
        self,
        datastore: LedgerDatastore,
        projections: Sequence[Projection],
        events_at_once: int = EVENTS_AT_ONCE,
    ) -> None:
        self._datastore = datastore
        self._projections = tuple(projections)
        self._by_name = {projection.name: projection for projection in self._projections}
        self._events_at_once = events_at_once
        self._reflected: dict[int, int] = {}
        self._resting: dict[int, float] = {}
        self._read_ahead = ReadAhead(datastore)
        self._wake = Signal()
        self._ending = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begins to keep the views caught up, until `stop`."""
        self._ending = False
        self._thread = Thread(target=self._run, name="projections", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread has ended; a run that was under way is finished or leaves no trace."""
        self._ending = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._read_ahead.settle()

    def wake(self) -> None:
        """Says that a log has grown, so that it need not be found out by asking. Never blocks."""
        self._wake.set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def catch_up(self, ref: str, tell: Callable[[int, int], None] = lambda reflected, size: None) -> int:
        """The size that every view of the project reflects on return: at least the log's size now. Raises `ProjectUnknown`.

        `tell` hears after each run of events how far the view furthest behind has come, and how far it has to go.
        """
        with self._datastore.connection() as connection:
            project = find_project(connection, ref)
            if project is None:
                raise ProjectUnknown(ref)
            size = dict(log_sizes(connection))[project]
        while (reflected := self._step(project)) is None or reflected < size:
            if reflected is None:
                # Another process is at it.
                self._wake.wait(POLL_SECONDS)
            else:
                tell(reflected, size)
        return reflected

    def rebuild(self, ref: str) -> None:
        """Begins a new generation of every view of the project, which is served once it has caught up.

        `catch_up` takes it there; so does any running process from the project's next event, or its own next start.
        """
        with self._datastore.connection() as connection:
            project = find_project(connection, ref)
            if project is None:
                raise ProjectUnknown(ref)
            while True:
                with connection.transaction():
                    found = claim(connection, project.project_id)
                    if found is not None:
                        redactions = redaction_size(connection, project.project_id)
                        add_missing(connection, project.project_id, found, self._projections, redactions)
                        add_rebuilds(connection, project.project_id, found, self._projections, redactions)
                        self._reflected.pop(project.project_id, None)
                        return
                self._wake.wait(POLL_SECONDS)

    def _run(self) -> None:
        while not self._ending:
            patience = POLL_SECONDS
            try:
                busy = self._round()
            except Exception:  # noqa: BLE001 (the database is away, most likely: the thread has to be there when it comes back)
                _LOG.warning("the views wait for the database", exc_info=True)
                busy, patience = False, _REST_SECONDS
            if not busy:
                self._wake.wait(patience)
                self._wake.clear()

    def _round(self) -> bool:
        """One run of each project that is behind, so that a large one does not keep the others waiting. True when there may be more."""
        with self._datastore.connection() as connection:
            sizes = log_sizes(connection)
        busy = False
        for project, size in sizes:
            resting = self._resting.get(project.project_id, 0.0) > monotonic()
            if self._ending or resting or self._reflected.get(project.project_id, -1) >= size:
                continue
            try:
                reflected = self._step(project)
            except DatabaseUnavailable:
                raise
            except Exception:  # noqa: BLE001 (one project's fault, say a missing key, must not keep the others from being shown)
                _LOG.exception("the views of %s could not be folded further", project.ref)
                self._resting[project.project_id] = monotonic() + _REST_SECONDS
                continue
            busy = busy or (reflected is not None and reflected < size)
        return busy

    def _step(self, project: Project) -> int | None:
        """Folds one run of events, and returns the size that all views then reflect; None when another process is folding this project."""
        with self._datastore.connection() as connection, connection.transaction():
            # Rows and position come back together after a crash, or not at all and are folded again: nobody need wait for the disk.
            connection.execute("SET LOCAL synchronous_commit = off")
            found = claim(connection, project.project_id)
            # In this order: no size is known that holds a redaction which is not.
            size = _size(connection, project)
            redactions = redaction_size(connection, project.project_id)
            if found is not None and add_missing(connection, project.project_id, found, self._projections, redactions):
                found = claim(connection, project.project_id)
            if found is None:
                return None
            reflected = self._fold(connection, project, found, size, redactions)
        self._reflected[project.project_id] = reflected
        return reflected

    def _fold(self, connection: Connection[Any], project: Project, found: list[Generation], size: int, redactions: int) -> int:
        """Takes the generations that are furthest behind one run on; two that meet go on together, so events are read once for all."""
        mine = foldable(found, self._projections, redactions)
        positions = sorted({generation.position for generation in mine})
        if not positions or positions[0] >= size:
            return size
        start, stop = positions[0], min(positions[0] + self._events_at_once, size, *positions[1:2])
        behind = [generation for generation in mine if generation.position == start]
        types = {wire_type for generation in behind for wire_type in self._by_name[generation.projection].handles}
        events = self._read_ahead.events(run_of(project.project_id, start, stop, types))
        served = {generation.projection: generation.position for generation in found if generation.serving}
        batches = [ViewBatch(project.project_id, self._by_name[generation.projection], generation) for generation in behind]
        for batch in batches:
            batch.fold(connection, events)
        if stop < size:
            # From here on the database works and this thread waits.
            self._read_ahead.begin(run_of(project.project_id, stop, min(stop + self._events_at_once, size), types))
        for generation, batch in zip(behind, batches, strict=True):
            batch.write(connection)
            if not generation.serving and stop >= served[generation.projection]:
                serve(connection, project.project_id, generation, found)
        trackings = [Tracking(generation.tracking_name, stop) for generation in behind]
        ProjectTrackingRecorder(self._datastore, project.project_id).track(connection.cursor(), trackings)
        return stop


def _size(connection: Connection[Any], project: Project) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT size FROM heads WHERE project_id = %s", (project.project_id,)).fetchone()
    return 0 if row is None else int(row[0])
