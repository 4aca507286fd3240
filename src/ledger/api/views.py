"""What is published of projects: the projects themselves, proposals, results, and the process in words."""

from typing import Final

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ledger.api.caching import REVALIDATE
from ledger.api.counting import Counting
from ledger.api.library import Library
from ledger.api.pages import NEXT, ROWS, Document, Tell, answer, first_rows, next_page, shown, view_schema
from ledger.api.parameters import At, AtQuery, ProjectRef, ProjectsQuery, RefPageQuery, SeqPageQuery, StepRef
from ledger.api.reading import as_json, readable
from ledger.publish import Publisher


def views_router(library: Library) -> APIRouter:
    """The routes of what is published. Each answer is true at one size of the log, and says at which."""
    router = APIRouter(tags=["views"])
    counting = Counting()

    def projects(query: ProjectsQuery) -> Response:
        later = (listed for listed in library.projects() if query.after is None or listed.project > query.after)
        rows, more = first_rows(later, query.limit)
        link = f"/v1/projects?after={rows[-1].project}&limit={query.limit}" if more else None
        return Response(orjson.dumps({"projects": rows, "next": link}), 200, {"Cache-Control": REVALIDATE}, "application/json")

    def project(request: Request, project: ProjectRef, query: AtQuery) -> Response:
        return shown(library, request, project, query, lambda publisher, size: publisher.summary(size))

    def proposals(request: Request, project: ProjectRef, query: RefPageQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows, more = first_rows(publisher.proposals(size, query.after or ""), query.limit)
            return {
                "proposals": rows,
                "next": next_page(f"/v1/projects/{project}/proposals", query, rows[-1]["ref"], size) if more else None,
            }

        return shown(library, request, project, query, tell)

    async def counted(request: Request, project: str, query: At, tell: Tell) -> Response:
        publisher = (await run_in_threadpool(library.shelf, project)).publisher
        return await counting.told(publisher, query.at, lambda size: answer(request, publisher, size, tell))

    async def results(request: Request, project: ProjectRef, query: AtQuery) -> Response:
        return await counted(request, project, query, lambda publisher, size: publisher.results(size))

    async def result(request: Request, project: ProjectRef, step: StepRef, query: AtQuery) -> Response:
        return await counted(request, project, query, lambda publisher, size: publisher.result(step, size))

    def timeline(request: Request, project: ProjectRef, query: SeqPageQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows, more = first_rows(publisher.timeline(size, query.after), query.limit)
            return {"timeline": rows, "next": next_page(f"/v1/projects/{project}/timeline", query, rows[-1]["seq"], size) if more else None}

        return shown(library, request, project, query, tell)

    place = "/v1/projects/{project}"
    readable(router, "/v1/projects", projects, summary="All projects", responses=as_json("Projects by reference.", _PROJECTS))
    readable(router, place, project, summary="A project in short", responses=as_json("What it says of itself; its steps.", view_schema()))
    readable(
        router,
        f"{place}/proposals",
        proposals,
        summary="Contributions, and what became of them",
        responses=as_json("Contributions by reference.", view_schema(proposals=ROWS, next=NEXT)),
    )
    readable(
        router, f"{place}/results", results, summary="All results in short", responses=as_json("Results by step.", view_schema(steps=ROWS))
    )
    readable(
        router,
        f"{place}/results/{{step}}",
        result,
        summary="The result of one step, with its reasons",
        responses=as_json("The result, or why there is none yet.", view_schema(step={"type": "string"}, state={"type": "string"})),
    )
    readable(
        router,
        f"{place}/timeline",
        timeline,
        summary="The process in words",
        responses=as_json("Events by seq.", view_schema(timeline=ROWS, next=NEXT)),
    )
    return router


_PROJECTS: Final[Document] = {
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
        "next": NEXT,
    },
}
