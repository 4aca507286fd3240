"""The package of a project, made while it is sent."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ledger.api.library import Library
from ledger.api.parameters import ProjectRef
from ledger.api.reading import as_bytes, readable
from ledger.api.streaming import not_streamed, streamed

ZIP = "application/zip"


def packages_router(library: Library) -> APIRouter:
    """The route of the package."""
    router = APIRouter(tags=["export"])

    async def export(request: Request, project: ProjectRef) -> Response:
        shelf = await run_in_threadpool(library.shelf, project)
        headers = {"Content-Disposition": f'attachment; filename="{project}.zip"', "Cache-Control": "no-store"}
        if request.method == "HEAD":
            return not_streamed(ZIP, headers)
        return await streamed(shelf.package, ZIP, headers)

    readable(
        router,
        "/v1/projects/{project}/export",
        export,
        summary="Everything of a project at its newest checkpoint, to be verified offline",
        responses=as_bytes("A zip (docs/formats/package.md).", ZIP, {"type": "string", "contentMediaType": ZIP}),
    )
    return router
