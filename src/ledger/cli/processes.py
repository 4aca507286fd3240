"""The processes of a running service: started together, started again when one dies, ended together.

The parent serves nothing itself. It holds one end of a pipe to each child: a child whose parent is gone, even by SIGKILL, sees the pipe
end and ends too, so none is ever left behind on the port or on the database.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from time import monotonic

_SPAWN = get_context("spawn")
STOP_SECONDS = 15
"""How long a process may take to end what it is doing before it is killed."""
MOST_RESTARTS = 5
_RESTART_WINDOW = 60
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

Work = Callable[..., None]
"""What a process does: `work(ready, *arguments)`; it calls `ready` once it serves, and returns some time after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one process is for. `arguments` are pickled; sockets and settings may be among them."""

    name: str
    work: Work
    arguments: tuple[object, ...] = ()
    outlasts: bool = False
    """It is asked to end when those that do not outlast have ended: it still has to do with what they leave."""


@dataclass(slots=True)
class _Member:
    task: Task
    process: BaseProcess
    pipe: Connection
    serves: bool = False


class Crew:
    """The processes of these tasks, one each."""

    def __init__(self, tasks: Sequence[Task], announce: Callable[[str], None]) -> None:
        """`announce` is told in a sentence whatever an operator should know."""
        self._tasks = tasks
        self._announce = announce
        self._members: list[_Member] = []
        self._deaths: list[float] = []

    def run(self, when_ready: Callable[[], None]) -> int:
        """Works until SIGINT or SIGTERM, then returns 0; 1 where a process died before it served, or too many did later.

        `when_ready` is called once, when all serve.
        """
        with _awaited_signals() as signalled:
            for task in self._tasks:
                self._members.append(_started(task))
            try:
                return self._watch(signalled, when_ready)
            finally:
                self._stop()

    def _watch(self, signalled: int, when_ready: Callable[[], None]) -> int:
        told = False
        while True:
            pipes = {member.pipe: member for member in self._members}
            for woken in wait([signalled, *pipes]):
                if woken == signalled:
                    return 0
                member = pipes[woken]  # type: ignore[index]  # a pipe, as it is not the signals' end
                if _says_ready(member.pipe):
                    member.serves = True
                elif not self._replace(member):
                    return 1
            if not told and all(member.serves for member in self._members):
                told = True
                when_ready()

    def _replace(self, member: _Member) -> bool:
        """A new process in the place of one that ended unasked; False where it never served, or where too many ended."""
        member.pipe.close()
        member.process.join(STOP_SECONDS)
        now = monotonic()
        self._deaths = [*(death for death in self._deaths if now - death < _RESTART_WINDOW), now]
        end = f"The process '{member.task.name}' ended with {member.process.exitcode}"
        if not member.serves:
            self._announce(f"{end} before it served, so the service ends.")
        elif len(self._deaths) > MOST_RESTARTS:
            self._announce(f"{end}, as too many did within a minute, so the service ends.")
        else:
            self._announce(f"{end} and is started again.")
            self._members[self._members.index(member)] = _started(member.task)
            return True
        return False

    def _stop(self) -> None:
        for outlasts in (False, True):
            members = [member for member in self._members if member.task.outlasts == outlasts]
            for member in members:
                member.process.terminate()
            deadline = monotonic() + STOP_SECONDS
            for member in members:
                self._await(member, deadline)

    def _await(self, member: _Member, deadline: float) -> None:
        member.process.join(max(0.0, deadline - monotonic()))
        if member.process.exitcode is None:
            self._announce(f"The process '{member.task.name}' did not end within {STOP_SECONDS} seconds and is killed.")
            member.process.kill()
            member.process.join()
        member.pipe.close()


def _started(task: Task) -> _Member:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_child, args=(theirs, task), name=f"ledger {task.name}")
    process.start()
    theirs.close()
    return _Member(task, process, ours)


def _says_ready(pipe: Connection) -> bool:
    """True when the child reports that it serves; False when its end of the pipe is closed, because it ended."""
    try:
        pipe.recv_bytes()
    except (EOFError, OSError):
        return False
    return True


def _child(pipe: Connection, task: Task) -> None:
    # A terminal sends Ctrl-C to all its processes; the parent alone decides, and sends SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    task.work(lambda: pipe.send_bytes(b"ready"), *task.arguments)


def _end_with_parent(pipe: Connection) -> None:
    _says_ready(pipe)  # nothing is ever sent this way: it returns when the parent is gone
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _awaited_signals() -> Iterator[int]:
    """A file descriptor that can be read from when SIGINT or SIGTERM has come; the signals do nothing else meanwhile."""
    reading, writing = os.pipe()
    before = {number: signal.signal(number, lambda *_: os.write(writing, b"!") and None) for number in _SIGNALS}
    try:
        yield reading
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
