"""Results are counted for readers one at a time, and so often only that counting leaves most of the machine to those who vote.

While a vote is open every ballot makes another result, and a page that a thousand people look at would have each of them counted. Who asks
without saying of when gets the newest count there is, as long as it is young beside the time it took; the answer says how far it reaches.
"""

from asyncio import Lock
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from ledger.publish import Publisher

SHARE = 4
"""A count is handed out for so many times the time that it took."""
_LONGEST_SECONDS = 60.0
_MOST_PROJECTS = 10_000

R = TypeVar("R")


class Recent:
    """One project's newest counted size."""

    __slots__ = ("lock", "size", "until")

    def __init__(self) -> None:
        self.lock = Lock()
        self.size = -1
        self.until = 0.0


class Counting:
    """Whose turn it is to count, for each project."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._projects: dict[str, Recent] = {}

    async def told(self, publisher: Publisher, at: str | None, tell: Callable[[int], R]) -> R:
        """What `tell` makes of the project at the size that is asked for, or, where `at` is None, at a recent one; made in a thread."""
        recent = self._of(publisher.ref)
        async with recent.lock:
            if at is not None:
                return await run_in_threadpool(lambda: tell(publisher.size_at(at)))
            if self._now() < recent.until:
                return await run_in_threadpool(tell, recent.size)
            begun = self._now()
            size = await run_in_threadpool(publisher.size)
            answer = await run_in_threadpool(tell, size)
            took = self._now() - begun
            recent.size, recent.until = size, begun + took + min(SHARE * took, _LONGEST_SECONDS)
            return answer

    def _of(self, ref: str) -> Recent:
        recent = self._projects.get(ref)
        if recent is None:
            if len(self._projects) >= _MOST_PROJECTS:
                self._projects = {name: kept for name, kept in self._projects.items() if kept.lock.locked()}
            recent = self._projects[ref] = Recent()
        return recent
