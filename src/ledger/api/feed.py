"""The feed: new entries as server-sent events, as soon as they are committed (WHATWG HTML, section 9.2).

One task looks at the logs that are followed and hands what is new to everybody who follows: the database is asked as often for one follower
as for a thousand. Whoever comes back with `Last-Event-ID`, or cannot keep up, is first given what is missing from the log.
"""

import logging
from asyncio import Event, Task, create_task, sleep, wait_for
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import orjson
from starlette.concurrency import run_in_threadpool

from ledger.errors import FeedBusy
from ledger.events.privacy import EntryRedacted
from ledger.events.redacted import is_redacted
from ledger.ports import ProjectLog

EVENT_STREAM: Final = "text/event-stream"
MOST_FOLLOWERS: Final = 1000
"""Of one serving process."""
_LOOK_SECONDS: Final = 0.25
_QUIET_SECONDS: Final = 15.0
"""After so long without an entry a comment is sent, so that nothing between takes the connection for dead."""
_AT_ONCE: Final = 500
_KEPT: Final = 4096
_BEGINNING: Final = b"retry: 2000\n\n"
_STILL_HERE: Final = b": nothing new\n\n"
_REDACTION: Final = f'"type":"{EntryRedacted.wire_type()}"'.encode()
_LOG: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Followed:
    """A log that is followed: its newest entries, the first of them at `size - len(newest)`."""

    log: ProjectLog
    size: int
    newest: deque[bytes] = field(default_factory=lambda: deque(maxlen=_KEPT))
    grown: Event = field(default_factory=Event)
    """Set once when there is more, and replaced by another."""
    followers: int = 0


class Feed:
    """The feeds of one serving process. Its methods belong to the event loop."""

    def __init__(self) -> None:
        self._followed: dict[str, _Followed] = {}
        self._looking: Task[None] | None = None
        self._ended = False

    def end(self) -> None:
        """Every feed ends after what it is sending; followers come back to whoever serves then."""
        self._ended = True
        for followed in self._followed.values():
            followed.grown.set()

    async def joined(self, project: str, log: ProjectLog, after: int | None) -> AsyncGenerator[bytes, None]:
        """The feed of a project from the entry behind `after`, or from the next one. Raises `FeedBusy`."""
        if sum(followed.followers for followed in self._followed.values()) >= MOST_FOLLOWERS:
            raise FeedBusy(MOST_FOLLOWERS)
        size = await run_in_threadpool(log.size)
        return self._feed(project, log, size, size if after is None else min(after + 1, size))

    async def _feed(self, project: str, log: ProjectLog, size: int, place: int) -> AsyncGenerator[bytes, None]:
        followed = self._followed.setdefault(project, _Followed(log, size))
        followed.followers += 1
        if self._looking is None:
            self._looking = create_task(self._look())
        try:
            yield _BEGINNING
            while not self._ended:
                if place < followed.size:
                    entries = await _behind(followed, place)
                    yield b"".join(map(_told, range(place, place + len(entries)), entries))
                    place += len(entries)
                elif not await _grew(followed.grown):
                    yield _STILL_HERE
        finally:
            followed.followers -= 1
            if not followed.followers:
                del self._followed[project]

    async def _look(self) -> None:
        """Looks at what is followed until nothing is."""
        while self._followed:
            for followed in tuple(self._followed.values()):
                try:
                    await _extend(followed)
                except Exception:  # noqa: BLE001 (the database is away, most likely; followers wait until it is back)
                    _LOG.warning("the feed waits for the database", exc_info=True)
            await sleep(_LOOK_SECONDS)
        self._looking = None


async def _extend(followed: _Followed) -> None:
    size = await run_in_threadpool(followed.log.size)
    while followed.size < size and followed.followers:
        stop = min(size, followed.size + _AT_ONCE)
        entries = await run_in_threadpool(_read, followed.log, followed.size, stop)
        if any(_REDACTION in entry for entry in entries):
            followed.newest.clear()  # what is redacted now may be among them; whoever comes back for it reads the log
        followed.newest.extend(entries)
        followed.size += len(entries)
        grown, followed.grown = followed.grown, Event()
        grown.set()


async def _behind(followed: _Followed, place: int) -> list[bytes]:
    """Some of the entries from `place` on, at least one: from memory if they are there."""
    first = followed.size - len(followed.newest)
    if place >= first:
        return list(islice(followed.newest, place - first, place - first + _AT_ONCE))
    return await run_in_threadpool(_read, followed.log, place, min(first, place + _AT_ONCE))


async def _grew(grown: Event) -> bool:
    """True when there is more, False when it has been quiet for long."""
    try:
        await wait_for(grown.wait(), _QUIET_SECONDS)
    except TimeoutError:
        return False
    return True


def _read(log: ProjectLog, start: int, stop: int) -> list[bytes]:
    return [entry for _, entry in log.entries(start, stop)]


def _told(seq: int, entry: bytes) -> bytes:
    """One event of the stream; an entry holds no line break, as canonical JSON escapes them. A redacted one is told as `redacted`."""
    kind = "redacted" if is_redacted(entry) else orjson.loads(entry)["type"]
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, kind.encode(), entry)
