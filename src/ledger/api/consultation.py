"""What is published of a consultation: contributions, arguments, texts, and how people stand to them."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.api.library import Library
from ledger.api.pages import ROW, ROWS, Document, changed_page, page_schema, shown, view_schema
from ledger.api.parameters import (
    AtQuery,
    ContentRef,
    ContributionsQuery,
    DifferenceQuery,
    ProjectRef,
    RankingQuery,
    SeqPageQuery,
    StepRef,
    ThreadsQuery,
)
from ledger.api.reading import as_json, readable
from ledger.projections.readings.contributions import Choice
from ledger.projections.readings.ranking import Chosen
from ledger.publish import Publisher

_PLACE = "/v1/projects/{project}"


def consultation_router(library: Library) -> APIRouter:
    """The routes of contributions, arguments, texts and stances."""
    router = APIRouter(tags=["consultation"])
    _add_contributions(router, library)
    _add_contents(router, library)
    _add_texts(router, library)
    _add_stances(router, library)
    return router


def _add_contributions(router: APIRouter, library: Library) -> None:
    def contributions(request: Request, project: ProjectRef, query: ContributionsQuery) -> Response:
        choice = Choice(query.step, query.kind, query.state, query.text, query.section, query.target, query.category, query.district)

        def tell(publisher: Publisher, size: int) -> Document:
            rows = list(publisher.contributions(size, query.after, query.limit, choice, waiting=query.unanswered))
            return changed_page("contributions", f"/v1/projects/{project}/contributions", query, size, rows)

        return shown(library, request, project, query, tell)

    def arguments(request: Request, project: ProjectRef, query: SeqPageQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            rows = list(publisher.arguments(size, query.after, query.limit))
            return changed_page("arguments", f"/v1/projects/{project}/arguments", query, size, rows)

        return shown(library, request, project, query, tell)

    readable(
        router,
        f"{_PLACE}/contributions",
        contributions,
        summary="Contributions of every kind, by their last change",
        responses=as_json("Contributions; `next` leads to those changed later.", page_schema("contributions")),
    )
    readable(
        router,
        f"{_PLACE}/arguments",
        arguments,
        summary="Arguments, by their last change",
        responses=as_json("Arguments; `next` leads to those changed later.", page_schema("arguments")),
    )


def _add_contents(router: APIRouter, library: Library) -> None:
    """Of contributions and arguments alike: one with its versions, and how two versions differ."""
    for family in ("contribution", "argument"):

        def content(request: Request, project: ProjectRef, ref: ContentRef, query: AtQuery, family: str = family) -> Response:
            return shown(library, request, project, query, lambda publisher, size: {family: publisher.content(f"{family}/{ref}", size)})

        def difference(request: Request, project: ProjectRef, ref: ContentRef, query: DifferenceQuery, family: str = family) -> Response:
            def tell(publisher: Publisher, size: int) -> Document:
                return publisher.difference(f"{family}/{ref}", query.one, query.other, size)

            return shown(library, request, project, query, tell)

        readable(
            router,
            f"{_PLACE}/{family}s/{{ref}}",
            content,
            summary=f"One {family} with all its versions",
            responses=as_json("Where it stands, and what each version says, where that may be shown.", view_schema(**{family: ROW})),
            operation=family,
        )
        readable(
            router,
            f"{_PLACE}/{family}s/{{ref}}/difference",
            difference,
            summary=f"How two versions of the {family} differ",
            responses=as_json("Pieces kept, taken out and put in, by field and language.", view_schema(target={"type": "string"})),
            operation=f"{family}_difference",
        )

    def threads(request: Request, project: ProjectRef, ref: ContentRef, query: ThreadsQuery) -> Response:
        def tell(publisher: Publisher, size: int) -> Document:
            return {"contribution": ref, "arguments": list(publisher.threads(ref, size, query.side))}

        return shown(library, request, project, query, tell)

    readable(
        router,
        f"{_PLACE}/contributions/{{ref}}/arguments",
        threads,
        summary="Arguments for and against a contribution, in threads, by support",
        responses=as_json("Most support first, what answers an argument below it.", view_schema(arguments=ROWS)),
    )


def _add_texts(router: APIRouter, library: Library) -> None:
    def texts(request: Request, project: ProjectRef, query: AtQuery) -> Response:
        return shown(library, request, project, query, lambda publisher, size: {"texts": list(publisher.texts(size))})

    def text(request: Request, project: ProjectRef, ref: ContentRef, query: AtQuery) -> Response:
        return shown(library, request, project, query, lambda publisher, size: {"text": publisher.text(ref, size)})

    readable(
        router, f"{_PLACE}/texts", texts, summary="Texts written together", responses=as_json("By reference.", view_schema(texts=ROWS))
    )
    readable(
        router,
        f"{_PLACE}/texts/{{ref}}",
        text,
        summary="A text section by section, with what changed it",
        responses=as_json("Sections in order, their contributions and amendments.", view_schema(text=ROW)),
    )


def _add_stances(router: APIRouter, library: Library) -> None:
    def ranking(request: Request, project: ProjectRef, step: StepRef, query: RankingQuery) -> Response:
        wanted = Chosen(query.kind, query.section, query.about, query.side)
        return shown(library, request, project, query, lambda publisher, size: publisher.ranking(step, size, query.by, wanted))

    def clusterings(request: Request, project: ProjectRef, step: StepRef, query: AtQuery) -> Response:
        return shown(library, request, project, query, lambda publisher, size: {"clusterings": publisher.clusterings(step, size)})

    def consensus(request: Request, project: ProjectRef, step: StepRef, ref: ContentRef, query: AtQuery) -> Response:
        return shown(library, request, project, query, lambda publisher, size: publisher.consensus(step, ref, size))

    def differences(request: Request, project: ProjectRef, query: AtQuery) -> Response:
        return shown(library, request, project, query, lambda publisher, size: {"published_differences": publisher.differences(size)})

    readable(
        router,
        f"{_PLACE}/steps/{{step}}/ranking",
        ranking,
        summary="Targets of a step in order, with their counts",
        responses=as_json("Kind by kind, best first; three counts always.", view_schema(step={"type": "string"}, targets=ROWS)),
    )
    readable(
        router,
        f"{_PLACE}/steps/{{step}}/clusterings",
        clusterings,
        summary="Groups of people who answered alike, as recorded",
        responses=as_json("Sealed clusterings, without their members.", view_schema(clusterings=ROWS)),
    )
    readable(
        router,
        f"{_PLACE}/steps/{{step}}/clusterings/{{ref}}/consensus",
        consensus,
        summary="Group-informed consensus on each target of a step",
        responses=as_json("Most consensus first; small groups are held back.", view_schema(step={"type": "string"}, targets=ROWS)),
    )
    readable(
        router,
        f"{_PLACE}/differences",
        differences,
        summary="Counts that a source published and that do not follow from the log",
        responses=as_json("By target.", view_schema(published_differences=ROWS)),
    )
