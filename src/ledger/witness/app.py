"""A witness over HTTP: add-checkpoint, and for people and programs what it watches and what it has seen. An ASGI application."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.errors import LedgerError
from ledger.witness.judging import TEXT, Witness
from ledger.witness.page import metrics, status_document, status_page

BODY_LIMIT: Final = 256 * 1024
"""Bytes of a request: 63 hashes, and a checkpoint under dozens of signatures."""
_BODY_SECONDS: Final = 10.0
"""How long a request may take to arrive."""
_HTML, _JSON, _METRICS = "text/html; charset=utf-8", "application/json", "text/plain; version=0.0.4; charset=utf-8"

_log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


def witness_app(witness: Witness) -> Starlette:
    """The application of one witness. Work on files is done in threads, so a slow disk keeps nobody from being answered."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _text(408, "the request did not arrive in time")
        if body is None:
            return _text(413, f"a request has at most {BODY_LIMIT} bytes")
        answer = await asyncio.to_thread(witness.add_checkpoint, body)
        # As a header of its own: the media type of a size has no parameters, and Starlette would add one.
        return Response(answer.body, answer.status, {"Content-Type": answer.media_type})

    async def page(request: Request) -> Response:
        return Response(await asyncio.to_thread(status_page, witness), media_type=_HTML)

    async def document(request: Request) -> Response:
        return Response(await asyncio.to_thread(status_document, witness), media_type=_JSON)

    async def measured(request: Request) -> Response:
        return Response(await asyncio.to_thread(metrics, witness), media_type=_METRICS)

    async def checkpoint(request: Request) -> Response:
        origin = request.query_params.get("origin", "")
        if origin not in witness.trusted:
            return _text(404, "unknown log: its origin is not one that this witness watches")
        kept = await asyncio.to_thread(witness.latest, origin)
        return _text(404, "no checkpoint of this log was cosigned yet") if kept is None else Response(kept.note.encode(), media_type=TEXT)

    return Starlette(
        routes=[
            Route("/add-checkpoint", _answered(add_checkpoint), methods=["POST"]),
            Route("/", _answered(page), methods=["GET"]),
            Route("/logs.json", _answered(document), methods=["GET"]),
            Route("/checkpoint", _answered(checkpoint), methods=["GET"]),
            Route("/metrics", _answered(measured), methods=["GET"]),
        ]
    )


def _answered(handler: Handler) -> Handler:
    """The handler, where what it needs from the disk may fail: then nothing was cosigned, and the operator's log says why."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except (LedgerError, OSError) as error:
            _log.error("the witness cannot answer %s: %s", request.url.path, error)
            return _text(503, "the witness cannot read or write its state now")

    return handle


async def _body(request: Request) -> bytes | None:
    """The body of the request, or None where it is longer than what is read."""
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > BODY_LIMIT:
            return None
        parts.append(part)
    return b"".join(parts)


def _text(status: int, why: str) -> Response:
    return Response(f"{why}\n", status, media_type=TEXT)
