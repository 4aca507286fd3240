"""How long an answer may be kept.

Views are asked about again each time, by the seq they reflect and by what may be shown of it now; finished tiles are kept for ever.
"""

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response

REVALIDATE = "public, no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=60"
"""For what never changes, and is superseded soon by something wider."""


def view(tag: str, document: Mapping[str, object]) -> Response:
    """The view as JSON, with this ETag."""
    return Response(orjson.dumps(document), 200, _headers(tag), "application/json")


def unchanged(request: Request, tag: str) -> Response | None:
    """The answer 304 where the client has the view of this ETag already (`If-None-Match`, RFC 9110 section 13.1.2); else None."""
    given = request.headers.get("if-none-match")
    if given is None:
        return None
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return Response(None, 304, _headers(tag)) if tags & {"*", tag} else None


def etag(seq: int, visibility_size: int | None = None) -> str:
    """The ETag of what reflects the log up to this seq.

    `visibility_size` is that of the log where texts are shown, asked before they were read: what was hidden or erased since changes the
    tag, though the seq is that of a state of long ago.
    """
    return f'"{seq}"' if visibility_size is None else f'"{seq}.{visibility_size}"'


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": REVALIDATE}
