"""The log as static files below its own name (C2SP tlog-tiles): the origin of a log is also where it is read."""

from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.caching import A_WHILE, FOR_EVER
from ledger.api.library import Library, Shelf
from ledger.api.parameters import ProjectRef
from ledger.api.proofs import TEXT
from ledger.api.reading import as_bytes, readable
from ledger.errors import CheckpointMissing, MalformedTile, PageNotFound
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tile import FULL_WIDTH, Bundle, Tile, encode_bundle, parse_path, tile_width

OCTETS = "application/octet-stream"
_BINARY = {"type": "string", "contentMediaType": OCTETS}


def tiles_router(library: Library) -> APIRouter:
    """The routes of checkpoint, tiles and entry bundles. What the newest checkpoint does not cover is not there."""
    router = APIRouter(tags=["log"])

    def checkpoint(project: ProjectRef) -> Response:
        note = library.shelf(project).checkpoint()
        if note is None:
            raise CheckpointMissing(project)
        return Response(note, 200, {"Cache-Control": "public, max-age=1"}, TEXT)

    def tile(project: ProjectRef, path: str) -> Response:
        asked = f"tile/{path}"
        try:
            wanted = parse_path(asked)
        except MalformedTile:
            raise PageNotFound(f"/p/{project}/{asked}") from None
        shelf = library.shelf(project)
        level = wanted.level if isinstance(wanted, Tile) else 0
        if wanted.width > tile_width(level, wanted.index, _covered(shelf)):
            raise PageNotFound(f"/p/{project}/{asked}")
        cache = FOR_EVER if wanted.width == FULL_WIDTH else A_WHILE
        return Response(_content(shelf, wanted), 200, {"Cache-Control": cache}, OCTETS)

    readable(
        router,
        "/p/{project}/checkpoint",
        checkpoint,
        summary="The newest checkpoint",
        responses=as_bytes("A checkpoint, signed (C2SP tlog-checkpoint).", TEXT),
    )
    readable(
        router,
        "/p/{project}/tile/{path:path}",
        tile,
        summary="A tile, or a bundle of entries: <L>/<N>[.p/<W>], entries/<N>[.p/<W>]",
        responses=as_bytes("Hashes, or entries each after its length (C2SP tlog-tiles).", OCTETS, _BINARY),
    )
    return router


def _covered(shelf: Shelf) -> int:
    """The size of the newest checkpoint; 0 before the first."""
    note = shelf.checkpoint()
    return 0 if note is None else parse_checkpoint(parse_note(note).text).size


def _content(shelf: Shelf, wanted: Tile | Bundle) -> bytes:
    if isinstance(wanted, Tile):
        [content] = shelf.tiles([wanted])
        return content
    first = wanted.index * FULL_WIDTH
    return encode_bundle(entry for _, entry in shelf.log.entries(first, first + wanted.width))
