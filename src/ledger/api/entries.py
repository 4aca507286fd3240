"""Entries as they are stored, byte for byte: a page of them as JSON, all of them as lines, or new ones as they come."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from ledger.api.bodies import NDJSON
from ledger.api.caching import REVALIDATE, etag, unchanged
from ledger.api.feed import EVENT_STREAM, Feed
from ledger.api.library import Library, Shelf
from ledger.api.parameters import LONGEST_PAGE, PAGE, EntriesQuery, EntrySeq, OfEntries, ProjectRef
from ledger.api.reading import as_json, readable
from ledger.api.streaming import not_streamed, streamed
from ledger.api.withheld import unredacted
from ledger.errors import EntryNotFound, ParameterInvalid
from ledger.ports import ProjectLog

_RANGE = 1000


def entries_router(library: Library, feed: Feed) -> APIRouter:
    """The route of a project's entries."""
    router = APIRouter(tags=["entries"])

    async def entries(request: Request, project: ProjectRef, query: EntriesQuery) -> Response:
        shelf = await run_in_threadpool(library.shelf, project)
        kind = _kind(request, query)
        if kind == "sse":
            return await _followed(request, feed, shelf, query)
        size = await run_in_threadpool(shelf.log.size)
        stop = size if query.limit is None else min(size, query.after + 1 + query.limit)
        if kind == "ndjson":
            headers = {"Cache-Control": REVALIDATE, "Vary": "Accept", "Ledger-Size": str(size)}
            if request.method == "HEAD":
                return not_streamed(NDJSON, headers)
            return await streamed(lambda: _lines(shelf.log, query.after + 1, stop, disclosures=query.disclosures), NDJSON, headers)
        if query.limit is not None and query.limit > LONGEST_PAGE:
            raise ParameterInvalid("limit", f"a page has at most {LONGEST_PAGE} entries; a stream ({NDJSON}) has as many as there are")
        tag = etag(size - 1, await run_in_threadpool(shelf.log.visibility_size) if query.disclosures else None)
        known = unchanged(request, tag)
        if known is not None:
            return known
        stop = min(stop, query.after + 1 + (query.limit or PAGE))
        body = await run_in_threadpool(_page, shelf.log, project, query, stop, size)
        return Response(body, 200, {"ETag": tag, "Cache-Control": REVALIDATE, "Vary": "Accept"}, "application/json")

    described = as_json("A page of entries, all that follow as lines, or new ones as they come.", _PAGE_SCHEMA)
    described[200]["content"][NDJSON] = {"schema": {"type": "string", "description": _LINES}}
    described[200]["content"][EVENT_STREAM] = {"schema": {"type": "string", "description": _FEED}}
    readable(router, "/v1/projects/{project}/events", entries, summary="Entries of the log, in order", responses=described)
    return router


def entry_router(library: Library) -> APIRouter:
    """The route of one entry of a project."""
    router = APIRouter(tags=["entries"])

    def entry(project: ProjectRef, seq: EntrySeq) -> Response:
        log = library.shelf(project).log
        for _, stored in log.entries(seq, seq + 1):
            return Response(unredacted(stored), 200, {"Cache-Control": REVALIDATE}, "application/json")
        raise EntryNotFound(project, seq, log.size())

    described = as_json("The entry as it is stored, byte for byte.", _ENTRY_SCHEMA)
    readable(router, "/v1/projects/{project}/events/{seq}", entry, summary="One entry of the log", responses=described)
    return router


def _kind(request: Request, query: OfEntries) -> str:
    """`json`, `ndjson` or `sse`."""
    if query.format is not None:
        return query.format
    accepted = {kind.partition(";")[0].strip() for kind in request.headers.get("accept", "").split(",")}
    return "ndjson" if NDJSON in accepted else "sse" if EVENT_STREAM in accepted else "json"


async def _followed(request: Request, feed: Feed, shelf: Shelf, query: OfEntries) -> Response:
    """The feed: from behind `Last-Event-ID`, which a browser sends when it comes back, or `after`, or from now on."""
    for name in ("limit", "disclosures"):
        if name in query.model_fields_set:
            raise ParameterInvalid(name, f"it does not go with {EVENT_STREAM}")
    last = request.headers.get("last-event-id", "")
    if last and not (last.isascii() and last.isdecimal() and len(last) < 17):
        raise ParameterInvalid("Last-Event-ID", "it is the seq of the last entry that was received")
    after = int(last) if last else query.after if "after" in query.model_fields_set else None
    headers = {"Cache-Control": "no-store", "Vary": "Accept", "X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return not_streamed(EVENT_STREAM, headers)
    return StreamingResponse(await feed.joined(shelf.ref, shelf.log, after), 200, headers, EVENT_STREAM)


def _page(log: ProjectLog, project: str, query: OfEntries, stop: int, size: int) -> bytes:
    """The page, with the entries' own bytes in it: what is read here hashes to the leaves of the log."""
    first = query.after + 1
    members = [
        b'{"project":' + orjson.dumps(project),
        b'"seq":%d' % (size - 1),
        b'"first":%d' % first,
        b'"events":[' + b",".join(entry for _, entry in log.entries(first, stop)) + b"]",
    ]
    if query.disclosures:
        shown = {str(seq): texts for seq, texts in _disclosures(log, first, stop)}
        members.append(b'"disclosures":' + orjson.dumps(shown))
    following = None if stop >= size else f"/v1/projects/{project}/events?{_query(query, stop - 1)}"
    members.append(b'"next":' + orjson.dumps(following))
    return b",".join(members) + b"}"


def _query(query: OfEntries, after: int) -> str:
    rest = f"&limit={query.limit}" if query.limit is not None else ""
    return f"after={after}{rest}{'&disclosures=true' if query.disclosures else ''}"


def _lines(log: ProjectLog, first: int, stop: int, *, disclosures: bool) -> Iterator[bytes]:
    """Each entry's bytes and a line feed; with disclosures an object `{"disclosures":{name:text},"entry":…}` instead."""
    if not disclosures:
        for _, entry in log.entries(first, stop):
            yield entry + b"\n"
        return
    # In ranges, because reading disclosures holds a connection: a client that reads slowly must not keep one from everybody else.
    for start in range(first, stop, _RANGE):
        end = min(start + _RANGE, stop)
        shown = dict(_disclosures(log, start, end))
        for seq, entry in log.entries(start, end):
            yield b'{"disclosures":' + orjson.dumps(shown.get(seq, {})) + b',"entry":' + entry + b"}\n"


def _disclosures(log: ProjectLog, first: int, stop: int) -> Iterator[tuple[int, dict[str, str]]]:
    """(seq, name → text) of the entries that have any, ascending."""
    for seq, rows in groupby(log.disclosures(first, stop), itemgetter(0)):
        yield seq, {name: text for _, name, text in rows}


_LINES = "One entry per line, exactly as stored; with `disclosures=true` an object with the entry and its disclosures."
_FEED = (
    "New entries as they are committed: `id` is the seq, `event` the type, `data` the entry as stored. `Last-Event-ID` goes on from there."
)
_ENTRY_SCHEMA = {"title": "Entry", "type": "object", "description": "An entry; its bytes here are the stored ones."}
_PAGE_SCHEMA = {
    "title": "Entries",
    "type": "object",
    "required": ["project", "seq", "first", "events", "next"],
    "properties": {
        "project": {"type": "string"},
        "seq": {"type": "integer", "description": "The seq of the newest entry."},
        "first": {"type": "integer", "description": "The seq of the first entry on this page."},
        "events": {"type": "array", "items": {"type": "object", "description": "An entry; its bytes here are the stored ones."}},
        "disclosures": {"type": "object", "description": "seq → name of the field → disclosure."},
        "next": {"type": ["string", "null"], "description": "Where the next page is."},
    },
}
