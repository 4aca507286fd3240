"""How long an answer may be kept: views are asked about again each time, by the seq they reflect; finished tiles are kept for ever."""

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response

REVALIDATE = "public, no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=60"
"""For what never changes, and is superseded soon by something wider."""


def view(seq: int, document: Mapping[str, object]) -> Response:
    """The view as JSON, with the seq it reflects as its ETag."""
    return Response(orjson.dumps(document), 200, _headers(seq), "application/json")


def unchanged(request: Request, seq: int) -> Response | None:
    """The answer 304 where the client has the view at this seq already (`If-None-Match`, RFC 9110 section 13.1.2); else None."""
    given = request.headers.get("if-none-match")
    if given is None:
        return None
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return Response(None, 304, _headers(seq)) if tags & {"*", etag(seq)} else None


def etag(seq: int) -> str:
    """The ETag of a view that reflects the log up to this seq."""
    return f'"{seq}"'


def _headers(seq: int) -> dict[str, str]:
    return {"ETag": etag(seq), "Cache-Control": REVALIDATE}
