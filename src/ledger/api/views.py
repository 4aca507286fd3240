"""What is published of projects: the projects themselves, proposals, results, and the process in words."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ledger.api.caching import REVALIDATE, etag, unchanged, view
from ledger.api.counting import Counting
from ledger.api.library import Library
from ledger.api.parameters import At, AtQuery, ProjectRef, ProjectsQuery, RefPageQuery, SeqPageQuery, StepRef
from ledger.api.reading import as_json, readable
from ledger.publish import Publisher

R = TypeVar("R")
Document = dict[str, Any]


def views_router(library: Library) -> APIRouter:
    """The routes of what is published. Each answer is true at one size of the log, and says at which."""
    router = APIRouter(tags=["views"])
    counting = Counting()

    def shown(request: Request, project: str, query: At, tell: Callable[[Publisher, int], Document]) -> Response:
        publisher = library.shelf(project).publisher
        return answer(request, publisher, publisher.size_at(query.at), tell)

    def projects(query: ProjectsQuery) -> Response:
        later = (listed for listed in library.projects() if query.after is None or listed.project > query.after)
        rows, more = _page(later, query.limit)
        link = f"/v1/projects?after={rows[-1].project}&limit={query.limit}" if more else None
        return Response(orjson.dumps({"projects": rows, "next": link}), 200, {"Cache-Control": REVALIDATE}, "application/json")

    def project(request: Request, project: ProjectRef, query: AtQuery) -> Response:
        return shown(request, project, query, lambda publisher, size: publisher.summary(size))

    def proposals(request: Request, project: ProjectRef, query: RefPageQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows, more = _page(publisher.proposals(size, query.after or ""), query.limit)
            return {"proposals": rows, "next": _next(project, "proposals", query, rows[-1]["ref"], size) if more else None}

        return shown(request, project, query, tell)

    async def counted(request: Request, project: str, query: At, tell: Callable[[Publisher, int], Document]) -> Response:
        publisher = (await run_in_threadpool(library.shelf, project)).publisher
        return await counting.told(publisher, query.at, lambda size: answer(request, publisher, size, tell))

    async def results(request: Request, project: ProjectRef, query: AtQuery) -> Response:
        return await counted(request, project, query, lambda publisher, size: publisher.results(size))

    async def result(request: Request, project: ProjectRef, step: StepRef, query: AtQuery) -> Response:
        return await counted(request, project, query, lambda publisher, size: publisher.result(step, size))

    def timeline(request: Request, project: ProjectRef, query: SeqPageQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows, more = _page(publisher.timeline(size, query.after), query.limit)
            return {"timeline": rows, "next": _next(project, "timeline", query, rows[-1]["seq"], size) if more else None}

        return shown(request, project, query, tell)

    place = "/v1/projects/{project}"
    readable(router, "/v1/projects", projects, summary="All projects", responses=as_json("Projects by reference.", _PROJECTS))
    readable(router, place, project, summary="A project in short", responses=as_json("What it says of itself; its steps.", _view()))
    readable(
        router,
        f"{place}/proposals",
        proposals,
        summary="Contributions, and what became of them",
        responses=as_json("Contributions by reference.", _view(proposals=_ROWS, next=_NEXT)),
    )
    readable(router, f"{place}/results", results, summary="All results in short", responses=as_json("Results by step.", _view(steps=_ROWS)))
    readable(
        router,
        f"{place}/results/{{step}}",
        result,
        summary="The result of one step, with its reasons",
        responses=as_json("The result, or why there is none yet.", _view(step={"type": "string"}, state={"type": "string"})),
    )
    readable(
        router,
        f"{place}/timeline",
        timeline,
        summary="The process in words",
        responses=as_json("Events by seq.", _view(timeline=_ROWS, next=_NEXT)),
    )
    return router


def answer(request: Request, publisher: Publisher, size: int, tell: Callable[[Publisher, int], Document]) -> Response:
    """The view at this size, or that the client has it already."""
    tag = etag(size - 1, publisher.visibility_size())
    return unchanged(request, tag) or view(tag, {"project": publisher.ref, "seq": size - 1, **tell(publisher, size)})


def _page(rows: Iterable[R], limit: int) -> tuple[list[R], bool]:
    """The first rows, `limit` at most, and whether more follow."""
    found = list(islice(rows, limit + 1))
    return found[:limit], len(found) > limit


def _next(project: str, what: str, query: Any, last: object, size: int) -> str:
    """The next page of the same state: without `at` a page might not fit the one before."""
    return f"/v1/projects/{project}/{what}?at={size - 1}&after={last}&limit={query.limit}"


_ROWS: Document = {"type": "array", "items": {"type": "object"}}
_NEXT: Document = {"type": ["string", "null"], "description": "Where the next page is."}
_PROJECTS: Document = {
    "title": "Projects",
    "type": "object",
    "required": ["projects", "next"],
    "properties": {
        "projects": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["project", "origin", "opened_at", "size"],
                "properties": {
                    "project": {"type": "string"},
                    "origin": {"type": "string", "description": "The name of its log, and its address without the scheme."},
                    "opened_at": {"type": "string"},
                    "size": {"type": "integer", "description": "Entries in its log."},
                },
            },
        },
        "next": _NEXT,
    },
}


def _view(**members: Document) -> Document:
    """The schema of a view: project, seq, and these members."""
    common: Document = {"project": {"type": "string"}, "seq": {"type": "integer", "description": "The last entry that the view reflects."}}
    return {"type": "object", "required": [*common, *members], "properties": {**common, **members}}
