"""Keys that have to go are gone within a minute, whatever was interrupted: of epochs after an erasure, of scopes that are over.

Of a log whose database was put back to an older state none goes: what that state does not need, the newer one may, which is to be put back.
In a log that has ended nothing is recorded any more, so the keys of pseudonyms go at the announced date without an event.
"""

import logging
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import Final

from eventsourcing.persistence import PersistenceError
from psycopg import Error
from psycopg.rows import tuple_row

from ledger.errors import LedgerError
from ledger.events import read_event
from ledger.events.privacy import ScopeKeyDestroyed
from ledger.events.project import ProjectOpened
from ledger.ports import Entropy, KeyStore
from ledger.store.datastore import LedgerDatastore
from ledger.store.epochs import destroy_leftovers, rotate
from ledger.store.guard import check_signed
from ledger.store.projects import Project, list_projects
from ledger.store.pseudonyms import destroy_scope_keys

ROUND_SECONDS: Final = 20.0
PATIENCE_SECONDS: Final = 10.0
"""How long whoever erased has to begin a new epoch itself, having erased all that it means to."""

_DUE: Final = """
SELECT project_id, ref, origin, opened_at FROM rotations_due JOIN projects USING (project_id)
WHERE since < now() - make_interval(secs => %s) ORDER BY since"""
_OVER: Final = "SELECT entry FROM events WHERE project_id = %s AND stream = 'privacy' AND type = 'scope_key.destroyed/1'"

_OPENING: Final = """
SELECT entry, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') FROM events WHERE project_id = %s AND seq = 0"""
_PLANNED: Final = """
SELECT stream FROM events
WHERE project_id = %s AND stream >= 'step/' COLLATE "C" AND stream < 'step0' COLLATE "C" AND version = 1"""

_log = logging.getLogger(__name__)


class KeyKeeper:
    """A thread that looks for keys that have to go. Several processes may run one: what one has done the others find done."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore, entropy: Entropy) -> None:
        self._datastore = datastore
        self._keys = keys
        self._entropy = entropy
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="keys", daemon=True)

    def start(self) -> None:
        """The thread runs; its first round is at once, because it may follow a crash."""
        self._thread.start()

    def stop(self) -> None:
        """The round that is going on is finished, then the thread ends."""
        self._stopping.set()
        self._thread.join()

    def round(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Begins a new epoch where something was erased so long ago, and destroys what should have been destroyed before.

        A project that cannot be served is passed over, and said in the operator's log.
        """
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            due = [Project(*columns) for columns in cursor.execute(_DUE, (patience_seconds,))]
            projects = list_projects(connection)
        for project in due:
            self._serve(project, self._rotate)
        for project in projects:
            self._serve(project, self._finish)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.round()
            except (LedgerError, PersistenceError, Error) as error:
                _log.warning("keys that have to go wait for the database: %s", error)
            self._stopping.wait(ROUND_SECONDS)

    def _serve(self, project: Project, duty: Callable[[Project], object]) -> None:
        try:
            if self._keys.closing(project.ref) is None:
                with self._datastore.connection() as connection:
                    check_signed(connection, project, self._keys)
            duty(project)
        except (LedgerError, OSError) as error:
            _log.error("keys of %s that have to go are still there: %s", project.ref, error)
        except (PersistenceError, Error):
            raise
        except Exception:  # noqa: BLE001  # a fault of ours: the thread must outlive it, and the other projects are served
            _log.exception("keys of %s that have to go are still there", project.ref)

    def _rotate(self, project: Project) -> None:
        rotate(self._datastore, project, self._keys, self._entropy)

    def _finish(self, project: Project) -> None:
        destroy_leftovers(self._datastore, project, self._keys)
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            events = [read_event(entry) for (entry,) in cursor.execute(_OVER, (project.project_id,))]
        over = [event.data.scope for event in events if isinstance(event.data, ScopeKeyDestroyed)]
        if self._keys.closing(project.ref) is not None:
            over += self._over_in_ended(project)
        destroy_scope_keys(self._keys, project.ref, over)

    def _over_in_ended(self, project: Project) -> list[str]:
        """Every scope of a log that has ended, once the date has come that was announced for its keys."""
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            found = cursor.execute(_OPENING, (project.project_id,)).fetchone()
            opened = None if found is None else read_event(bytes(found[0])).data
            if found is None or not isinstance(opened, ProjectOpened) or found[1] < opened.keys_destroyed_at:
                return []
            return ["author", "report", *(stream for (stream,) in cursor.execute(_PLANNED, (project.project_id,)))]
