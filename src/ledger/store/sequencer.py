"""The writer of a process: one thread that takes what waits, as much as there is, and records it project by project (group commit).

There is no timer: while one transaction waits for the disk, further requests gather, and the next one takes them all. A transaction is of
one project, so that projects can live on different servers, and one project's trouble is nobody else's. Processes meet at the project's
head row, which is locked for the length of a turn.

Measured against a writer inside the event loop: equally fast beside HTTP, faster for large requests, as PostgreSQL's work and Python's
overlap; and calls that block (keys forced to the disk, a lock held elsewhere) stop nobody from reading.
"""

import gc
import logging
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread
from time import monotonic
from typing import Final

import psycopg
from psycopg.errors import UniqueViolation

from ledger.errors import (
    ClockUnconfirmed,
    DatabaseUnavailable,
    LedgerError,
    ProjectUnknown,
    WriteInterrupted,
    WritersBusy,
    WriteUnconfirmed,
)
from ledger.events.ledger_log import LEDGER_LOG
from ledger.events.project import ProjectOpened
from ledger.ports import Clock, Entropy, KeyStore
from ledger.store.appending import Appender
from ledger.store.cosignatures import check_witnessed, is_behind
from ledger.store.desk import Desk
from ledger.store.projects import Project, create_project, find_project
from ledger.store.requests import Request, forget_requests

_log = logging.getLogger(__name__)

MOST_WAITING: Final = 100_000
"""Submissions that may wait to be recorded before further requests are told to come again."""
_MOST_TOGETHER: Final = 10_000
"""Submissions in one taking; a request is never divided, so it may be more."""
_MOST_DESKS: Final = 1000
_LOOK_SECONDS: Final = 1.0
_FORGET_SECONDS: Final = 3600.0

_DUE: Final = "SELECT ref FROM heads JOIN projects USING (project_id) WHERE next_due_at <= %s ORDER BY next_due_at"


@dataclass(slots=True, eq=False)
class Ticket:
    """A request and who waits for it: a future of an event loop, or a thread at a flag."""

    request: Request
    loop: AbstractEventLoop | None = None
    future: "Future[None] | None" = None
    flag: Flag | None = None

    @property
    def is_abandoned(self) -> bool:
        """Nobody waits any more: what was not begun need not be."""
        return self.future is not None and self.future.cancelled()


class Sequencer:
    """Records requests in the order in which they come."""

    def __init__(
        self, conninfo: str, host: str, keys: KeyStore, clock: Clock, entropy: Entropy, appended: Callable[[str, int], None] | None = None
    ) -> None:
        """`host` is what origins begin with. `appended` is told of each project that grew, and its size; it must be quick and not raise."""
        self._conninfo = conninfo
        self._host = host
        self._keys = keys
        self.clock = clock
        """The ledger's time, by which everything is dated."""
        self._entropy = entropy
        self._appended = appended
        self._queue: SimpleQueue[Ticket | None] = SimpleQueue()
        self._waiting = 0
        self._lock = Lock()
        self._desks: dict[str, Desk] = {}
        self._appender: Appender | None = None
        self._stopping = False
        self._thread = Thread(target=self._run, name="sequencer", daemon=True)

    def start(self) -> None:
        """The thread runs."""
        self._thread.start()

    def stop(self) -> None:
        """What waits is recorded, then the thread ends; what comes later is told to go elsewhere."""
        self._stopping = True
        self._queue.put(None)
        self._thread.join()

    def desk(self, project: str) -> Desk | None:
        """What is at hand for a project, for sealing before the turn; None where this process has not written to it yet."""
        return self._desks.get(project)

    def put(self, ticket: Ticket) -> None:
        """The request waits for its turn. Raises `WritersBusy`."""
        if self._stopping:
            raise WriteInterrupted("the service is stopping")
        if self._waiting > MOST_WAITING:
            raise WritersBusy(self._waiting)
        with self._lock:
            self._waiting += len(ticket.request.drafts)
        self._queue.put(ticket)

    def _run(self) -> None:
        look = forget = monotonic()
        going_on = True
        while going_on:
            tickets, going_on = self._take(look - monotonic())
            by_project: dict[str, list[Ticket]] = {}
            for ticket in tickets:
                if not ticket.is_abandoned:
                    by_project.setdefault(ticket.request.project, []).append(ticket)
            for project, group in by_project.items():
                self._serve(project, [ticket.request for ticket in group])
                _release(group)
            if monotonic() >= look:
                self._besides(self._do_what_is_due)
                look = monotonic() + _LOOK_SECONDS
            if monotonic() >= forget:
                self._besides(lambda: forget_requests(self._connected().connection))
                forget = monotonic() + _FORGET_SECONDS
        if self._appender is not None:
            self._appender.close()

    def _take(self, seconds: float) -> tuple[list[Ticket], bool]:
        """What waits, as soon as anything does or the seconds are over; False with the last there will be."""
        taken: list[Ticket] = []
        count, going_on = 0, True
        try:
            ticket = self._queue.get(timeout=max(seconds, 0.001))
            while ticket is not None:
                taken.append(ticket)
                count += len(ticket.request.drafts)
                if count >= _MOST_TOGETHER:
                    break
                ticket = self._queue.get_nowait()
            going_on = ticket is not None
        except Empty:
            pass
        with self._lock:
            self._waiting -= count
        return taken, going_on

    def _serve(self, project: str, requests: list[Request]) -> None:
        """Each request has its answer or its error, whatever happens."""
        try:
            try:
                self._record(project, requests)
            except psycopg.OperationalError:
                if self._appender is None or not self._appender.connection.broken or self._appender.committing:
                    raise
                # The server went away while we were idle, or before anything could be recorded: once more, on a new connection.
                self._forget(project)
                self._record(project, requests)
        except LedgerError as error:
            self._fail(project, requests, error)
        except psycopg.Error as error:
            self._fail(project, requests, self._undone(error))
        except Exception as error:  # noqa: BLE001
            # A fault of ours, or of the disk that keys are on: the thread must outlive it, and whoever waits must hear of it.
            _log.exception("a turn of %s failed", project)
            self._fail(project, requests, error)

    def _fail(self, project: str, requests: list[Request], error: Exception) -> None:
        """Nothing of the turn holds: what is known of the project is forgotten, as it may be half changed or out of date."""
        for request in requests:
            request.answer = None
            request.error = request.error or error
        self._forget(project)

    def _forget(self, project: str) -> None:
        """Nothing is known of the project any more, and no transaction is open."""
        desk = self._desks.get(project)
        if desk is not None:
            desk.forget()
        self._roll_back()

    def _undone(self, error: psycopg.Error) -> LedgerError:
        """What a failure of the database means to whoever waits."""
        appender = self._appender
        if appender is None:
            return DatabaseUnavailable("it cannot be reached")
        if not appender.connection.broken:
            return WriteInterrupted(f"the database answered {type(error).__name__}")
        return WriteUnconfirmed() if appender.committing else WriteInterrupted("the connection to the database broke")

    def _roll_back(self) -> None:
        if self._appender is None:
            return
        try:
            self._appender.roll_back()
        except psycopg.Error:
            # The server undoes what a lost connection left open. The next turn connects anew.
            self._appender.close()
            self._appender = None

    def _connected(self) -> Appender:
        if self._appender is not None and self._appender.connection.closed:
            self._appender.close()
            self._appender = None
        if self._appender is None:
            self._appender = Appender(self._conninfo)
        return self._appender

    def _record(self, project: str, requests: list[Request]) -> None:
        appender = self._connected()
        desk = self._found(appender, project)
        while desk is None and requests:
            # Until a project is opened there is nothing to write to; its opening makes it, in a transaction of its own.
            first, *requests = requests
            if isinstance(first.drafts[0].submission.data, ProjectOpened) and project != LEDGER_LOG:
                self._open(appender, project, first)
                desk = self._found(appender, project)
                if desk is not None and first.answer is None and first.error is None:
                    requests.insert(0, first)  # another process was faster
            else:
                first.error = ProjectUnknown(project)
        if desk is None:
            return
        try:
            size = desk.record(appender, requests, self.clock.now(), read_all=False)
        except UniqueViolation:
            # A stream that was taken to be blank has events: somebody votes again, or another process recorded a key. Nothing was recorded;
            # the same again, with everything read. What then still collides is no accident.
            appender.roll_back()
            desk.read_anew()
            size = desk.record(appender, requests, self.clock.now(), read_all=True)
        if size is not None and self._appended is not None:
            self._appended(project, size)

    def _found(self, appender: Appender, project: str) -> Desk | None:
        desk = self._desks.get(project)
        if desk is None:
            row = find_project(appender.connection, project)
            if row is not None:
                if len(self._desks) >= _MOST_DESKS:
                    self._desks.pop(next(iter(self._desks)))
                desk = self._desks[project] = Desk(row, self._keys, self._entropy)
        return desk

    def _open(self, appender: Appender, project: str, request: Request) -> None:
        """The first request of a project, if it is admitted, makes the project; otherwise there is still none.

        The keys are on disk before the transaction commits to them. Where it comes to nothing they stay behind, and serve the next opening.
        """
        now = self.clock.now()
        origin = f"{self._host}/p/{project}"
        check_witnessed(appender.connection)
        Desk(Project(0, project, origin, now), self._keys, self._entropy).make_keys()
        appender.connection.execute("BEGIN")
        row = create_project(appender.connection, project, origin, now)
        if row is None:
            appender.roll_back()
            return
        size = Desk(row, self._keys, self._entropy).open(appender, request, now)
        if size is not None and self._appended is not None:
            self._appended(project, size)

    def _do_what_is_due(self) -> None:
        """Steps whose time has come open and close, also where nobody writes."""
        connection = self._connected().connection
        if self._desks and is_behind(connection):
            # Found out while we were at it: every log is checked anew, and nothing more is recorded.
            for desk in self._desks.values():
                desk.forget()
        now = self.clock.now()
        for project in [ref for (ref,) in connection.execute(_DUE, (now,))]:
            self._serve(project, [])

    def _besides(self, task: Callable[[], object]) -> None:
        """Does what nobody waits for; what fails is done at the next occasion. By a doubtful clock nothing opens or closes."""
        try:
            task()
        except (ClockUnconfirmed, psycopg.Error):
            self._roll_back()
        except Exception:  # noqa: BLE001
            # A fault of ours, or of the disk: the thread must outlive it.
            _log.exception("what is due could not be done")
            self._roll_back()


def collect_seldom() -> None:
    """The garbage collector looks for cycles once in 50 000 new objects, and no more at what exists now: for a service, at its start.

    Ballots on their way are many short-lived objects without cycles; with Python's default of 700 looking at them took half of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _release(tickets: list[Ticket]) -> None:
    """Whoever waits goes on: one call into each event loop, however many wait there."""
    by_loop: dict[AbstractEventLoop, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.flag is not None:
            ticket.flag.set()
        if ticket.loop is not None:
            by_loop.setdefault(ticket.loop, []).append(ticket)
    for loop, waiting in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_wake, waiting)


def _wake(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        if ticket.future is not None and not ticket.future.done():
            ticket.future.set_result(None)
