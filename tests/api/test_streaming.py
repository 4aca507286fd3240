"""Long answers are made piece by piece, no further ahead than they are read, and let go of what they hold."""

import asyncio
from collections.abc import Iterator

import pytest

from ledger.api.streaming import PIECE, gathered, streamed


class Source:
    """Pieces of a kilobyte, and what became of them."""

    def __init__(self, count: int, *, failing: bool = False) -> None:
        self.count = count
        self.failing = failing
        self.made = 0
        self.closed = False

    def pieces(self) -> Iterator[bytes]:
        try:
            for _ in range(self.count):
                self.made += 1
                yield b"x" * 1024
            if self.failing:
                raise ConnectionError
        finally:
            self.closed = True


def test_pieces_are_gathered_and_none_is_lost() -> None:
    pieces = list(gathered(iter([b"a" * 1000] * 1000)))
    assert b"".join(pieces) == b"a" * 1_000_000
    assert all(len(piece) >= PIECE for piece in pieces[:-1])
    assert max(map(len, pieces)) < 2 * PIECE


def test_an_answer_is_the_whole_source() -> None:
    async def read() -> bytes:
        answer = await streamed(Source(500).pieces, "text/plain", {})
        return b"".join([bytes(piece) async for piece in answer.body_iterator])  # type: ignore[arg-type]  # pieces are bytes here

    assert asyncio.run(read()) == b"x" * 500 * 1024


def test_an_empty_source_is_an_empty_answer() -> None:
    async def read() -> list[object]:
        answer = await streamed(Source(0).pieces, "text/plain", {})
        return [piece async for piece in answer.body_iterator]

    assert asyncio.run(read()) == []


def test_no_more_is_made_than_is_read() -> None:
    source = Source(10_000)

    async def read() -> None:
        answer = await streamed(source.pieces, "text/plain", {})
        await anext(aiter(answer.body_iterator))

    asyncio.run(read())
    assert source.made <= 2 * PIECE // 1024


def test_a_reader_that_goes_away_lets_the_source_go() -> None:
    source = Source(10_000)

    async def read() -> None:
        answer = await streamed(source.pieces, "text/plain", {})
        pieces = aiter(answer.body_iterator)
        await anext(pieces)
        await pieces.aclose()  # type: ignore[attr-defined]  # it is an asynchronous generator

    asyncio.run(read())
    assert source.closed


def test_what_fails_before_the_first_piece_fails_before_the_answer() -> None:
    with pytest.raises(ConnectionError):
        asyncio.run(streamed(Source(0, failing=True).pieces, "text/plain", {}))
