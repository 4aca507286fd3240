"""Whether the process lives, and whether it can answer requests: for whoever starts, stops and balances processes."""

from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.library import Library
from ledger.api.reading import as_bytes, readable

_HEADERS = {"Cache-Control": "no-store"}


def health_router(library: Library) -> APIRouter:
    """The routes `/livez` and `/readyz`."""
    router = APIRouter(tags=["health"])

    async def livez() -> Response:
        return Response(b'{"live":true}', 200, _HEADERS, "application/json")

    def readyz() -> Response:
        library.check_ready()
        return Response(b'{"ready":true}', 200, _HEADERS, "application/json")

    readable(router, "/livez", livez, summary="The process answers", responses=as_bytes("It does.", "application/json", {"type": "object"}))
    readable(
        router,
        "/readyz",
        readyz,
        summary="Requests can be answered",
        responses=as_bytes("They can.", "application/json", {"type": "object"}),
    )
    return router
