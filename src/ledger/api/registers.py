"""The registers: who moderated what and why, what was erased, which rules and dates changed, and who took part when."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.api.library import Library
from ledger.api.pages import ROWS, Document, changed_page, page_schema, shown, view_schema
from ledger.api.parameters import ChangesQuery, ErasuresQuery, ModerationQuery, ProjectRef, StepQuery
from ledger.api.reading import as_json, readable
from ledger.projections.readings.moderation_register import Wanted
from ledger.publish import Publisher

_PLACE = "/v1/projects/{project}"


def registers_router(library: Library) -> APIRouter:
    """The routes of the registers."""
    router = APIRouter(tags=["registers"])

    def moderation(request: Request, project: ProjectRef, query: ModerationQuery) -> Response:
        wanted = Wanted(query.state, query.motive, query.kind)

        def tell(publisher: Publisher, size: int) -> Document:
            rows = list(publisher.moderation(size, query.after, query.limit, wanted))
            return changed_page("moderation", f"/v1/projects/{project}/moderation", query, size, rows)

        return shown(library, request, project, query, tell)

    def erasures(request: Request, project: ProjectRef, query: ErasuresQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows = list(publisher.erasures(size, query.after, query.limit, query.what))
            return changed_page("erasures", f"/v1/projects/{project}/erasures", query, size, rows)

        return shown(library, request, project, query, tell)

    def changes(request: Request, project: ProjectRef, query: ChangesQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows = list(publisher.changes(size, query.after, query.limit, query.step, query.what))
            return changed_page("changes", f"/v1/projects/{project}/changes", query, size, rows)

        return shown(library, request, project, query, tell)

    def participation(request: Request, project: ProjectRef, query: StepQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            return {"participation": [told._asdict() for told in publisher.participation(size, query.step)]}

        return shown(library, request, project, query, tell)

    for name, endpoint, summary in (
        ("moderation", moderation, "The moderation register: decisions, motives, appeals and outcomes"),
        ("erasures", erasures, "The erasure register: requests, erasures, legal holds, destroyed keys"),
        ("changes", changes, "The register of changes of rules, dates, scales and roles"),
    ):
        described = as_json("Lines by their last change; nothing is ever taken out.", page_schema(name))
        readable(router, f"{_PLACE}/{name}", endpoint, summary=summary, responses=described)
    readable(
        router,
        f"{_PLACE}/participation",
        participation,
        summary="Participation by day and channel",
        responses=as_json("Days in UTC; small numbers stand without their channel.", view_schema(participation=ROWS)),
    )
    return router
