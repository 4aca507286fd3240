"""The HTTP service: reading routes by FastAPI, the posting of events beside it, problems for whatever goes wrong."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger import VERSION
from ledger.api.consultation import consultation_router
from ledger.api.entries import entries_router, entry_router
from ledger.api.erasing import Erasing, erasures_router
from ledger.api.feed import Feed
from ledger.api.front import Front
from ledger.api.health import health_router
from ledger.api.incidents import recorded
from ledger.api.ledger_log import ledger_router
from ledger.api.library import Library
from ledger.api.openapi import openapi
from ledger.api.packages import packages_router
from ledger.api.participants import Participants, participants_router
from ledger.api.problems import problem_response
from ledger.api.proofs import proofs_router
from ledger.api.registers import registers_router
from ledger.api.tiles import tiles_router
from ledger.api.verifier import verifier_router
from ledger.api.views import views_router
from ledger.api.writing import Posting, posting_operation
from ledger.errors import LedgerError, MethodNotAllowed, PageNotFound, ParameterInvalid

Lifespan = Callable[[], AbstractAsyncContextManager[None]]


def build_app(posting: Posting, erasing: Erasing, participants: Participants, library: Library, docs_url: str, lifespan: Lifespan) -> Front:
    """The ASGI application. `lifespan` surrounds its work: what it opens is there for requests, and closed after the last one."""

    @asynccontextmanager
    async def whole_life(_: FastAPI) -> AsyncIterator[None]:
        async with lifespan():
            yield

    app = FastAPI(
        title="Participation ledger",
        version=VERSION,
        summary="An event-sourced ledger for citizen participation.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=whole_life,
    )
    feed = Feed()
    routers = [
        make(library)
        for make in (health_router, views_router, consultation_router, registers_router, proofs_router, packages_router, tiles_router)
    ]
    routers += [
        ledger_router(library),
        entries_router(library, feed),
        entry_router(library),
        erasures_router(erasing),
        participants_router(participants, library),
        verifier_router(),
    ]
    for router in routers:
        app.include_router(router)
    _answer_with_problems(app, [route for router in routers for route in router.routes if isinstance(route, APIRoute)], docs_url)
    _serve_document(app)
    return Front(app, posting, feed.end)


def _serve_document(app: FastAPI) -> None:
    @cache
    def document() -> bytes:
        return orjson.dumps(openapi(app, posting_operation()))

    async def described() -> Response:
        return Response(document(), 200, {"Cache-Control": "public, max-age=300"}, "application/json")

    app.add_api_route("/openapi.json", described, methods=["GET", "HEAD"], include_in_schema=False)


def _answer_with_problems(app: FastAPI, routes: Sequence[APIRoute], docs_url: str) -> None:
    async def known(_: Request, error: Exception) -> Response:
        return problem_response(cast("LedgerError", error), docs_url)

    async def misread(_: Request, error: Exception) -> Response:
        return problem_response(_parameter(cast("RequestValidationError", error)), docs_url)

    async def unrouted(request: Request, error: Exception) -> Response:
        path = request.url.path[:200]
        status = cast("HTTPException", error).status_code
        if status == 405:
            allowed = ", ".join(sorted(_methods(routes, path)))
            return problem_response(MethodNotAllowed(request.method, path, allowed), docs_url, {"Allow": allowed})
        if status == 404:
            return problem_response(PageNotFound(path), docs_url)
        return problem_response(recorded(error, f"{request.method} {path}"), docs_url)

    async def unforeseen(request: Request, error: Exception) -> Response:
        request.scope["ledger.recorded"] = True
        return problem_response(recorded(error, f"{request.method} {request.url.path[:200]}"), docs_url)

    app.add_exception_handler(LedgerError, known)
    app.add_exception_handler(RequestValidationError, misread)
    app.add_exception_handler(HTTPException, unrouted)
    app.add_exception_handler(Exception, unforeseen)


def _methods(routes: Sequence[APIRoute], path: str) -> set[str]:
    """What is taken at the path, whoever answers it."""
    routed = {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
    return routed if Front.posted_to(path) is None else routed | {"POST"}


def _parameter(error: RequestValidationError) -> ParameterInvalid:
    fault: dict[str, Any] = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"][1:]) or "query"
    why = "there is no such parameter" if fault["type"] == "extra_forbidden" else fault["msg"][:1].lower() + fault["msg"][1:]
    return ParameterInvalid(name[:100], why)
