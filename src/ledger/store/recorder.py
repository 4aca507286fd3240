"""A project's log as a recorder of the `eventsourcing` library: its notification ids are `seq + 1`, gap-free by construction.

Whatever in the library reads notifications or keeps tracking records works per project on the shared tables.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, ListenNotifySubscription, Notification, StoredEvent, Tracking
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresTrackingRecorder
from psycopg import Cursor
from psycopg.rows import DictRow, tuple_row

from ledger.store.binary_copy import copy_events
from ledger.store.datastore import LedgerDatastore
from ledger.store.projects import lock_head, write_head
from ledger.tlog.tree import leaf_hash

POLL_SECONDS = 0.05

# What stands in place of the bytes of a redacted entry is no event; whoever reads the log by the library sees it as the state of one.
_ASCENDING: Final = """
SELECT stream, version, type,
    coalesce(entry, (SELECT line FROM redactions AS r WHERE r.project_id = events.project_id AND r.seq = events.seq))
FROM events
WHERE project_id = %s AND stream = %s AND (%s::integer IS NULL OR version > %s) AND (%s::integer IS NULL OR version <= %s)
ORDER BY version LIMIT %s"""
_NOTIFICATIONS: Final = """
SELECT stream, version, type,
    coalesce(entry, (SELECT line FROM redactions AS r WHERE r.project_id = events.project_id AND r.seq = events.seq)), seq + 1
FROM events WHERE project_id = %s AND seq >= %s AND (%s::bigint IS NULL OR seq < %s) AND (%s::text[] IS NULL OR type = ANY(%s))
ORDER BY seq LIMIT %s"""
_DESCENDING: Final = _ASCENDING.replace("ORDER BY version", "ORDER BY version DESC")


class ProjectRecorder(PostgresApplicationRecorder):
    """The recorder of one project. Reads are tried again after a lost connection, as the library does; appends are not."""

    def __init__(self, datastore: LedgerDatastore, project_id: int) -> None:
        super().__init__(datastore, events_table_name="events")
        self.project_id = project_id

    def create_table(self) -> None:
        """Nothing: the tables are made by migrations."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Appends the events, all or none, and returns their notification ids. Raises the library's `IntegrityError` for a version taken.

        The sequencer appends with `copy_events` itself, inside its own transaction; this is the way in for the library.
        """
        with self.datastore.get_connection() as connection, connection.transaction(), connection.cursor() as cursor:
            head = lock_head(connection, self.project_id)
            first = head.size
            copy_events(
                cursor,
                self.project_id,
                first,
                [(str(e.originator_id), e.originator_version, e.topic, leaf_hash(e.state), e.state) for e in stored_events],
            )
            head.size += len(stored_events)
            # Whether a stream is shared is not known here, so everybody is told to look.
            head.shared_size = head.size
            write_head(connection, self.project_id, head)
        return [*range(first + 1, head.size + 1)]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """See `AggregateRecorder.select_events`."""
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            cursor.execute(_DESCENDING if desc else _ASCENDING, (self.project_id, str(originator_id), gt, gt, lte, lte, limit))
            return [StoredEvent(*row) for row in cursor]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """See `ApplicationRecorder.select_notifications`."""
        first = 0 if start is None else start - 1 if inclusive_of_start else start
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            cursor.execute(
                _NOTIFICATIONS,
                (self.project_id, first, stop, stop, list(topics) or None, list(topics) or None, limit),
            )
            return [Notification(*row) for row in cursor]

    def max_notification_id(self) -> int | None:
        """See `ApplicationRecorder.max_notification_id`."""
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute("SELECT size FROM heads WHERE project_id = %s", (self.project_id,)).fetchone()
        return row[0] or None if row is not None else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "PollingSubscription":
        """See `ApplicationRecorder.subscribe`."""
        return PollingSubscription(self, gt, topics)


class PollingSubscription(ListenNotifySubscription[ProjectRecorder]):
    """Notifications of one project as they come. It asks again and again: whoever appends calls nobody, and a standby can be asked too."""

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                self._pull()
                # Set by `stop`, nobody else.
                self._has_been_notified.wait(POLL_SECONDS)
        except BaseException as error:  # noqa: BLE001 (whatever ends this thread is raised in the thread that iterates)
            self._thread_error = error
            self.stop()


class ProjectTrackingRecorder(PostgresTrackingRecorder):
    """How far each projection of one project has come, in the shared table `tracking`."""

    def __init__(self, datastore: LedgerDatastore, project_id: int) -> None:
        super().__init__(datastore, tracking_table_name="tracking")
        self.project_id = project_id

    def create_table(self) -> None:
        """Nothing: the tables are made by migrations."""

    def track(self, cursor: Cursor[Any], trackings: Sequence[Tracking]) -> None:
        """Records positions in the open transaction. Raises the library's `IntegrityError` unless each lies beyond the one recorded."""
        names = [tracking.application_name for tracking in trackings]
        cursor.execute(
            "INSERT INTO tracking AS t (project_id, application_name, notification_id) "
            "SELECT %s, name, id FROM unnest(%s::text[], %s::bigint[]) AS new (name, id) "
            "ON CONFLICT (project_id, application_name) DO UPDATE SET notification_id = excluded.notification_id "
            "WHERE t.notification_id < excluded.notification_id",
            (self.project_id, names, [tracking.notification_id for tracking in trackings]),
        )
        if cursor.rowcount != len(trackings):
            raise IntegrityError(f"{', '.join(names)}: what was to be recorded now was recorded before")

    def _insert_tracking(self, curs: Cursor[DictRow], tracking: Tracking) -> None:
        self.track(curs, [tracking])

    def _max_tracking_id(self, application_name: str, curs: Cursor[DictRow]) -> int | None:
        curs.execute(
            "SELECT notification_id FROM tracking WHERE project_id = %s AND application_name = %s", (self.project_id, application_name)
        )
        row = curs.fetchone()
        return None if row is None else int(row["notification_id"])
