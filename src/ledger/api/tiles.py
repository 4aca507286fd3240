"""The log as static files below its own name (C2SP tlog-tiles): the origin of a log is also where it is read."""

from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.caching import A_WHILE, FOR_EVER
from ledger.api.library import Library, Shelf
from ledger.api.parameters import ProjectRef
from ledger.api.proofs import TEXT
from ledger.api.reading import as_bytes, readable
from ledger.errors import CheckpointMissing, MalformedTile, PageNotFound
from ledger.tlog.tile import FULL_WIDTH, Bundle, Tile, encode_bundle, parse_path, tile_width

OCTETS = "application/octet-stream"
_BINARY = {"type": "string", "contentMediaType": OCTETS}


def tiles_router(library: Library) -> APIRouter:
    """The routes of checkpoint, tiles and entry bundles. What the newest checkpoint does not cover is not there."""
    router = APIRouter(tags=["log"])

    def checkpoint(project: ProjectRef) -> Response:
        newest = library.shelf(project).log.newest_checkpoint()
        if newest is None:
            raise CheckpointMissing(project)
        return Response(newest.note, 200, {"Cache-Control": "public, max-age=1"}, TEXT)

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
    newest = shelf.log.newest_checkpoint()
    return 0 if newest is None else newest.size


def _content(shelf: Shelf, wanted: Tile | Bundle) -> bytes:
    if isinstance(wanted, Tile):
        [content] = shelf.log.tiles([wanted])
        return content
    first = wanted.index * FULL_WIDTH
    return encode_bundle(entry for _, entry in shelf.log.entries(first, first + wanted.width))
