"""The page that checks a package in a browser (docs/verifier.md), for whoever wants another copy than the one in the package."""

from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.api.caching import unchanged
from ledger.package.verifier_page import VERIFIER, verifier_page

_HEADERS: Final = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def verifier_router() -> APIRouter:
    """The one route. The page is no part of the API, and is not described with it."""
    router = APIRouter()

    async def page(request: Request) -> Response:
        content = verifier_page()
        tag = f'"{sha256(content).hexdigest()[:32]}"'
        return unchanged(request, tag) or Response(content, 200, {**_HEADERS, "ETag": tag}, "text/html")

    router.add_api_route(f"/{VERIFIER}", page, methods=["GET", "HEAD"], include_in_schema=False)
    return router
