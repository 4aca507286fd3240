"""A result is counted once for many readers, and not again before counting has rested."""

import asyncio
from typing import Any, cast

import pytest

from ledger.api.counting import SHARE, Counting
from ledger.publish import Publisher


class Poll:
    """A project whose log grows with every look at it, and whose count takes a second."""

    ref = "town"

    def __init__(self) -> None:
        self.time = 100.0
        self.now = 7
        self.counted: list[int] = []
        self.busy = False
        self.counting = Counting(lambda: self.time)

    def size(self) -> int:
        self.now += 1
        return self.now

    def size_at(self, at: str) -> int:
        return int(at) + 1

    def tell(self, size: int) -> int:
        assert not self.busy, "two counts at a time"
        self.busy = True
        self.counted.append(size)
        self.time += 1
        self.busy = False
        return size

    async def ask(self, at: str | None = None) -> int:
        return await self.counting.told(cast("Publisher", cast("Any", self)), at, self.tell)


def test_many_readers_at_once_are_shown_one_size() -> None:
    poll = Poll()

    async def crowd() -> list[int]:
        return await asyncio.gather(*(poll.ask() for _ in range(5)))

    # Telling takes a second each time here; what a publisher has counted once it keeps.
    assert asyncio.run(crowd()) == [8] * 5
    assert poll.now == 8


def test_a_count_grows_old_in_proportion_to_the_time_it_took() -> None:
    poll = Poll()

    async def readers() -> list[int]:
        first = await poll.ask()
        poll.time += SHARE - 0.01
        second = await poll.ask()
        poll.time += 1
        return [first, second, await poll.ask()]

    assert asyncio.run(readers()) == [8, 8, 9]


def test_who_asks_for_a_certain_state_gets_it() -> None:
    poll = Poll()

    async def readers() -> list[int]:
        return [await poll.ask(), await poll.ask("3"), await poll.ask()]

    assert asyncio.run(readers()) == [8, 4, 8]


def test_a_count_that_fails_is_not_handed_out() -> None:
    poll = Poll()
    failing = Counting(lambda: poll.time)

    def fail(size: int) -> int:
        raise ConnectionError

    async def readers() -> int:
        with pytest.raises(ConnectionError):
            await failing.told(cast("Publisher", cast("Any", poll)), None, fail)
        return await failing.told(cast("Publisher", cast("Any", poll)), None, poll.tell)

    assert asyncio.run(readers()) == 9
