"""The log as static files below its own name (C2SP tlog-tiles): the origin of a log is also where it is read."""

from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.caching import A_WHILE, FOR_EVER
from ledger.api.library import Library, SignedLog
from ledger.api.parameters import ProjectRef
from ledger.api.proofs import TEXT
from ledger.api.reading import as_bytes, readable
from ledger.api.withheld import unredacted
from ledger.errors import CheckpointMissing, MalformedTile, PageNotFound
from ledger.tlog.tile import FULL_WIDTH, Bundle, Tile, encode_bundle, parse_path, tile_width

OCTETS = "application/octet-stream"
CHECKPOINT = as_bytes("A checkpoint, signed (C2SP tlog-checkpoint).", TEXT)
TILE = as_bytes("Hashes, or entries each after its length (C2SP tlog-tiles).", OCTETS, {"type": "string", "contentMediaType": OCTETS})
TILES = "A tile, or a bundle of entries: <L>/<N>[.p/<W>], entries/<N>[.p/<W>]"


def tiles_router(library: Library) -> APIRouter:
    """The routes of checkpoint, tiles and entry bundles of projects' logs. What the newest checkpoint does not cover is not there."""
    router = APIRouter(tags=["log"])

    def checkpoint(project: ProjectRef) -> Response:
        return answered_checkpoint(library.shelf(project).log, project)

    def tile(project: ProjectRef, path: str) -> Response:
        return answered_tile(library.shelf(project).log, f"/p/{project}", path)

    readable(router, "/p/{project}/checkpoint", checkpoint, summary="The newest checkpoint", responses=CHECKPOINT)
    readable(router, "/p/{project}/tile/{path:path}", tile, summary=TILES, responses=TILE)
    return router


def answered_checkpoint(log: SignedLog, ref: str) -> Response:
    """The newest checkpoint of the log of `ref`. Raises `CheckpointMissing`."""
    newest = log.newest_checkpoint()
    if newest is None:
        raise CheckpointMissing(ref)
    return Response(newest.note, 200, {"Cache-Control": "public, max-age=1"}, TEXT)


def answered_tile(log: SignedLog, place: str, path: str) -> Response:
    """The tile or bundle that is asked for below `place`. Raises `PageNotFound`."""
    asked = f"tile/{path}"
    try:
        wanted = parse_path(asked)
    except MalformedTile:
        raise PageNotFound(f"{place}/{asked}") from None
    level = wanted.level if isinstance(wanted, Tile) else 0
    if wanted.width > tile_width(level, wanted.index, _covered(log)):
        raise PageNotFound(f"{place}/{asked}")
    cache = FOR_EVER if wanted.width == FULL_WIDTH else A_WHILE
    return Response(_content(log, wanted), 200, {"Cache-Control": cache}, OCTETS)


def _covered(log: SignedLog) -> int:
    """The size of the newest checkpoint; 0 before the first."""
    newest = log.newest_checkpoint()
    return 0 if newest is None else newest.size


def _content(log: SignedLog, wanted: Tile | Bundle) -> bytes:
    if isinstance(wanted, Tile):
        [content] = log.tiles([wanted])
        return content
    first = wanted.index * FULL_WIDTH
    # A bundle is nothing but bytes that hash to leaves, so it cannot leave one out, nor hold something in its place.
    return encode_bundle(unredacted(entry) for _, entry in log.entries(first, first + wanted.width))
