"""Long answers, made piece by piece in a thread: memory does not grow with their length, and the event loop never waits for them."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

PIECE = 64 * 1024
"""Bytes that are gathered before they are sent on: a hop between threads costs as much as hashing a few kilobytes."""


def not_streamed(media_type: str, headers: dict[str, str]) -> StreamingResponse:
    """The same answer to HEAD: nothing is made, and no length is claimed that a GET would not have."""
    return StreamingResponse(iter(()), 200, headers, media_type)


async def streamed(make: Callable[[], Iterator[bytes]], media_type: str, headers: dict[str, str]) -> StreamingResponse:
    """The answer whose body is what `make()` yields.

    The first piece is made before the answer begins, so whatever is wrong by then is still answered as a problem. What fails later breaks
    the connection off: a client can tell such a body from a whole one.
    """
    pieces, first = await run_in_threadpool(_begin, make)
    return StreamingResponse(_drain(gathered(chain((first,), pieces)), pieces), 200, headers, media_type)


def _begin(make: Callable[[], Iterator[bytes]]) -> tuple[Iterator[bytes], bytes]:
    pieces = make()
    return pieces, next(pieces, b"")


async def _drain(gathered_pieces: Iterator[bytes], source: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await run_in_threadpool(next, gathered_pieces, b""):
            yield piece
    finally:
        # A client that goes away ends the iteration here; a connection to the database must not wait for the garbage collector.
        close = getattr(source, "close", None)
        if close is not None:
            with CancelScope(shield=True):
                await run_in_threadpool(close)


def gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about `PIECE` bytes."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
