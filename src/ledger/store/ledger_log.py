"""The ledger log, written: which logs there are, and how far each had come at a time at which anybody could have noted it down.

It is kept in the tables of projects, under a reference that no project has. Whoever holds the lock of its head reads on from where it
last stood and then decides, so of several processes that want to say the same one says it. Only what is on disk is said: the opening of a
log after its first entry, a size and root after the checkpoint that was signed of it. A process that ends in between leaves nothing half
done; what is missing from the ledger log is what the next round finds missing, because both are read from the database.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Final

from psycopg import Connection

from ledger.aggregates.ledger_log import LoggedLogs
from ledger.errors import CheckpointMissing, LedgerError, LedgerNameTaken, LogForked, ProjectUnknown
from ledger.events.ledger_log import LEDGER_LOG, KeyAdded, LogCheckpointed, LogOpened, ledger_origin
from ledger.ports import Clock, KeyStore
from ledger.sealing import digest_text
from ledger.store.binary_copy import copy_events
from ledger.store.cosignatures import check_witnessed
from ledger.store.datastore import LedgerDatastore
from ledger.store.guard import check_signed, check_unsigned
from ledger.store.ledger_turn import LedgerTurn
from ledger.store.logged import LoggedFold
from ledger.store.projects import Project, create_project, find_ledger_log, lock_head, write_head
from ledger.store.statements import Cause, Signed, Turning, cause_of, continued_origin, first_leaf, newest_turnings, signed_logs

_REST_SECONDS: Final = 60.0
"""How long a log of which nothing can be said, for want of its key say, is left alone."""

# What monitors and witnesses were told of must not be lost by a crash, whatever the server's default.
_DURABLY: Final = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stated:
    """The size of a log that the ledger log states, and the index of the entry that does."""

    index: int
    size: int


class LedgerLogWriter:
    """Writes the ledger log. Several threads may share one, and several processes have one each."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore, clock: Clock, host: str) -> None:
        """`host` is what the ledger log is named after when it is made; afterwards it keeps its name."""
        self._datastore = datastore
        self._keys = keys
        self._clock = clock
        self._host = host
        self._lock = Lock()
        self._fold: LoggedFold | None = None
        self._checked = False
        """The database was found to hold what was signed last of the ledger log."""
        self._resting: dict[str, float] = {}

    def round(self) -> int:
        """Says what is due of every project, and returns how many entries that took. Where nothing changed it asks one thing.

        A log of which nothing can be said is passed over, and said in the operator's log. Raises `ClockUnconfirmed`.
        """
        with self._lock, self._datastore.connection() as connection:
            signed = [log for log in signed_logs(connection) if self._resting.get(log.project.ref, 0.0) <= monotonic()]
            logs = self._known(connection)
            turnings = newest_turnings(connection, signed, logs)
            now = self._clock.now()
            due = [log for log in signed if not logs.of(log.project.ref).version or cause_of(log, logs, turnings, now)]
            if not due and LEDGER_LOG in logs.logs:
                return 0
            return self._append(connection, lambda turn: self._say_due(connection, turn, due, turnings))

    def note(self, ref: str, cause: Cause) -> Stated:
        """The newest signed checkpoint of a project stands in the ledger log; it is said now if it was not before, `cause` beside it.

        A log that was closed stands there as it was closed. Raises `ProjectUnknown`, `CheckpointMissing`, `LogForked`, `ClockUnconfirmed`.
        """
        with self._lock, self._datastore.connection() as connection:
            log = _found(connection, ref)
            if log.root is None:
                raise CheckpointMissing(ref)
            self._append(connection, lambda turn: self._say(connection, turn, log, cause))
            if self._fold is None:
                raise AssertionError("what was appended to is known")
            state = self._fold.logs.of(ref)
            return Stated(state.checkpointed, state.size)

    def append(self, ref: str, write: Callable[[LedgerTurn], None]) -> int:
        """What `write` says about the log of `ref` (of a project, or `~ledger`), whose opening stands before it; returns how many entries.

        All of it is on disk on return, or it raises and none is. `write` reads `turn.logs`, and may say nothing.
        """
        with self._lock, self._datastore.connection() as connection:
            log = None if ref == LEDGER_LOG else _found(connection, ref)

            def opened(turn: LedgerTurn) -> None:
                if log is not None and not turn.logs.of(ref).version:
                    self._open(connection, turn, log.project)
                write(turn)

            return self._append(connection, opened)

    def _known(self, connection: Connection[Any]) -> LoggedLogs:
        """What was read of the ledger log, however long ago: who says something reads on first."""
        if self._fold is None:
            log = find_ledger_log(connection)
            if log is None:
                return LoggedLogs("")
            self._fold = LoggedFold(_unmistaken(log))
            self._fold.catch_up_unlocked(connection)
        return self._fold.logs

    def _append(self, connection: Connection[Any], write: Callable[[LedgerTurn], None]) -> int:
        """One turn. A crash before the commit leaves nothing of it."""
        try:
            with connection.transaction():
                connection.execute(_DURABLY)
                log = self._made(connection)
                head = lock_head(connection, log.project_id)
                check_witnessed(connection)
                if self._fold is None or self._fold.log != log:
                    self._fold, self._checked = LoggedFold(log), False
                if not self._checked or head.size < self._fold.size:
                    # Whatever is said stands upon what was signed, or it would be a fork that the ledger itself began.
                    check_signed(connection, log, self._keys)
                    self._checked = True
                self._fold.catch_up(connection, head.size)
                turn = LedgerTurn(self._fold.logs, head, self._clock)
                if not head.size:
                    self._say_opened(turn, log, None)
                write(turn)
                if turn.rows:
                    with connection.cursor() as cursor:
                        copy_events(cursor, log.project_id, turn.first, turn.rows)
                    write_head(connection, log.project_id, turn.head())
        except BaseException:
            self._fold, self._checked = None, False  # it may tell of what was not committed
            raise
        self._fold.size += len(turn.rows)
        return len(turn.rows)

    def _made(self, connection: Connection[Any]) -> Project:
        """The row of the ledger log, and its key: made where there is none. The key is on disk before anything is committed."""
        log = find_ledger_log(connection)
        if log is None:
            origin = ledger_origin(self._host)
            check_unsigned(LEDGER_LOG, self._keys)
            self._keys.make_signer(LEDGER_LOG, origin)
            # None where another process was faster; its row can be read then.
            log = create_project(connection, LEDGER_LOG, origin, self._clock.now()) or find_ledger_log(connection)
        return _unmistaken(log)

    def _say_due(self, connection: Connection[Any], turn: LedgerTurn, due: Sequence[Signed], turnings: Mapping[int, Turning]) -> None:
        now = turn.now if due else ""
        for log in due:
            ref = log.project.ref
            try:
                self._say(connection, turn, log, cause_of(log, turn.logs, turnings, now))
            except LedgerError as error:
                self._resting[ref] = monotonic() + _REST_SECONDS
                _log.error("the ledger log says nothing of %s: %s", ref, error)

    def _say(self, connection: Connection[Any], turn: LedgerTurn, log: Signed, cause: Cause | None) -> None:
        """The opening, if it was not said before, and for a cause how far the log has come."""
        ref = log.project.ref
        if not turn.logs.of(ref).version:
            self._open(connection, turn, log.project)
        state = turn.logs.of(ref)
        if log.root is None or cause is None or state.closed:
            return
        root = digest_text(log.root)
        if log.size == state.size and root != state.root:
            raise LogForked(ref, log.size)
        if log.size > state.size:
            turn.say(LogCheckpointed(project=ref, origin=state.origin, previous=state.last_index, size=log.size, root=root, cause=cause))

    def _open(self, connection: Connection[Any], turn: LedgerTurn, project: Project) -> None:
        self._say_opened(turn, project, digest_text(first_leaf(connection, project)), continued_origin(connection, project))

    def _say_opened(self, turn: LedgerTurn, project: Project, first: str | None, continues: str | None = None) -> None:
        """The log is there, and these are the keys that sign it now, the oldest first.

        What it continues is told where the project has said so by now: posted together with its opening, it is in time.
        """
        oldest, *newer = [str(vkey) for vkey in reversed(self._keys.vkeys(project.ref))]
        opened = LogOpened(
            project=project.ref, origin=project.origin, first=first, opened_at=project.opened_at, vkey=oldest, continues=continues
        )
        turn.say(opened)
        for vkey in newer:
            previous = turn.logs.of(project.ref).last_index
            turn.say(KeyAdded(project=project.ref, origin=project.origin, previous=previous, vkey=vkey))


def _unmistaken(log: Project | None) -> Project:
    """The row, if it is the ledger log's: older versions opened projects under any reference."""
    if log is None or log.origin.endswith(f"/p/{LEDGER_LOG}"):
        raise LedgerNameTaken(LEDGER_LOG)
    return log


def _found(connection: Connection[Any], ref: str) -> Signed:
    for log in signed_logs(connection, ref):
        return log
    raise ProjectUnknown(ref[:64])
