"""How reading routes are put into a router: each answers HEAD as it answers GET, and describes itself for the OpenAPI document."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

Described = Mapping[int | str, dict[str, Any]]


def readable(
    router: APIRouter, path: str, endpoint: Callable[..., Any], *, summary: str, responses: Described, operation: str | None = None
) -> None:
    """`endpoint` answers GET and HEAD of `path`. Its server sends no body after HEAD; a long one it should not begin to make.

    Plain functions run in the thread pool, so they may wait for the database.
    """
    shared: dict[str, Any] = {"response_class": Response, "response_model": None}
    router.add_api_route(
        path, endpoint, methods=["GET"], summary=summary, responses=dict(responses), operation_id=operation or endpoint.__name__, **shared
    )
    router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, **shared)


def as_json(description: str, schema: type | dict[str, Any]) -> Described:
    """What an answer 200 with JSON holds, and that it may be 304."""
    described: dict[str, Any] = {"description": description, "headers": _VALIDATORS}
    if isinstance(schema, dict):
        described["content"] = {"application/json": {"schema": schema}}
    else:
        described["model"] = schema
    return {200: described, 304: {"description": "The client has the newest state already (If-None-Match).", "headers": _VALIDATORS}}


def as_bytes(description: str, media_type: str, schema: dict[str, Any] | None = None) -> Described:
    """What an answer 200 with bytes of another kind holds."""
    return {200: {"description": description, "content": {media_type: {"schema": schema or {"type": "string"}}}}}


_VALIDATORS = {"ETag": {"description": "The seq that the answer reflects, in quotes.", "schema": {"type": "string"}}}
