"""Errors as problem documents (RFC 9457). The one place that knows which class of error is which HTTP status."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from ledger.errors import (
    Conflict,
    EncodingUnknown,
    Erased,
    Forbidden,
    LedgerError,
    Malformed,
    MediaTypeUnknown,
    MethodNotAllowed,
    NotFound,
    Refused,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unforeseen,
    Unsupported,
    Withheld,
)

STATUS: tuple[tuple[type[LedgerError], int, str], ...] = (
    (TooLarge, 413, "Too large"),
    (MediaTypeUnknown, 415, "Not a media type that is read here"),
    (EncodingUnknown, 415, "Not an encoding that is read here"),
    (MethodNotAllowed, 405, "Not a method that is taken here"),
    (Unsupported, 422, "Not a kind that is known here"),
    (Malformed, 422, "Not of the form that is asked for"),
    (Refused, 409, "Refused by a rule"),
    (NotFound, 404, "Not found"),
    (Erased, 410, "Erased"),
    (Withheld, 451, "Withheld"),
    (Conflict, 412, "Somebody wrote first"),
    (Unauthenticated, 401, "No known API key"),
    (Forbidden, 403, "Not allowed with this API key"),
    (TooMany, 429, "Too many requests"),
    (Unavailable, 503, "Not available now"),
    (Unforeseen, 500, "Not foreseen"),
)
"""Class → status and title; the first class that fits decides, so subclasses stand before their parents."""

MEDIA_TYPE = "application/problem+json"


def status_of(error: type[LedgerError]) -> tuple[int, str]:
    """The HTTP status and the title of a class of errors."""
    for kind, status, title in STATUS:
        if issubclass(error, kind):
            return status, title
    return 500, "Not foreseen"


def problem(error: LedgerError, docs_url: str) -> dict[str, Any]:
    """The problem document of an error: `type`, `title`, `status`, `detail`, `code`, and the error's fields as extension members."""
    status, title = status_of(type(error))
    members = {name: value for name, value in error.details().items() if name not in RESERVED}
    if error.submission:
        members["submission"] = error.submission
    if error.signed_refusal:
        members["refusal"] = error.signed_refusal
    return {
        **members,
        "type": f"{docs_url}/problems/{error.code}.md",
        "title": title,
        "status": status,
        "detail": str(error),
        "code": error.code,
    }


RESERVED = frozenset({"type", "title", "status", "detail", "instance", "code", "refusal"})
"""Member names that RFC 9457 and the ledger give a meaning; an error's field of that name stays in the detail only."""


def problem_response(error: LedgerError, docs_url: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that says so. An unavailable or crowded service says when to ask again."""
    document = problem(error, docs_url)
    extra = dict(headers or {})
    if isinstance(error, (Unavailable, TooMany)):
        extra.setdefault("Retry-After", "1")
    if isinstance(error, Unauthenticated):
        extra.setdefault("WWW-Authenticate", 'Bearer realm="ledger"')
    return Response(orjson.dumps(document, default=str), document["status"], extra, MEDIA_TYPE)
