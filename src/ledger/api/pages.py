"""What views have in common: each is true at one size of the log and says so, and pages lead on to the next of the same state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from ledger.api.caching import etag, unchanged, view
from ledger.api.library import Library
from ledger.api.parameters import At
from ledger.publish import Publisher

R = TypeVar("R")
Document = dict[str, Any]
Tell = Callable[[Publisher, int], Document]

ROW: Document = {"type": "object"}
ROWS: Document = {"type": "array", "items": {"type": "object"}}
NEXT: Document = {"type": ["string", "null"], "description": "Where the next page is."}


def shown(library: Library, request: Request, project: str, query: At, tell: Tell) -> Response:
    """The view of a project at the size that is asked for."""
    publisher = library.shelf(project).publisher
    return answer(request, publisher, publisher.size_at(query.at), tell)


def answer(request: Request, publisher: Publisher, size: int, tell: Tell) -> Response:
    """The view at this size, or that the client has it already."""
    tag = etag(size - 1, publisher.visibility_size())
    return unchanged(request, tag) or view(tag, {"project": publisher.ref, "seq": size - 1, **tell(publisher, size)})


def first_rows(rows: Iterable[R], limit: int) -> tuple[list[R], bool]:
    """The first rows, `limit` at most, and whether more follow."""
    found = list(islice(rows, limit + 1))
    return found[:limit], len(found) > limit


def changed_page(name: str, path: str, query: Any, size: int, rows: Sequence[Mapping[str, Any]]) -> Document:
    """A page of rows by their last change: at least `limit` of them where more follow, as those changed by one event stay together."""
    following = None
    if len(rows) >= query.limit:
        following = next_page(path, query, rows[-1]["changed_seq"], size)
    return {name: rows, "next": following}


def next_page(path: str, query: At, last: object, size: int) -> str:
    """The next page of the same state: without `at` a page might not fit the one before."""
    asked = query.model_dump(mode="json", exclude_none=True, exclude={"at", "after"}, by_alias=True)
    told = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items() if value is not False}
    return f"{path}?{urlencode({'at': size - 1, 'after': last, **told})}"


def view_schema(**members: Document) -> Document:
    """The schema of a view: project, seq, and these members."""
    common: Document = {"project": {"type": "string"}, "seq": {"type": "integer", "description": "The last entry that the view reflects."}}
    return {"type": "object", "required": [*common, *members], "properties": {**common, **members}}


def page_schema(name: str) -> Document:
    """The schema of a page of rows of this name."""
    return view_schema(**{name: ROWS, "next": NEXT})
