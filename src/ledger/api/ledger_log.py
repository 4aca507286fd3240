"""The ledger log: which logs there are and how far they have come, served as every log is (docs/formats/ledger-log.md)."""

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.library import LedgerStatus, Library
from ledger.api.parameters import ConsistencyQuery, InclusionQuery
from ledger.api.proofs import CONSISTENCY, INCLUSION, answered_consistency, answered_inclusion
from ledger.api.reading import readable
from ledger.api.tiles import CHECKPOINT, TILE, TILES, answered_checkpoint, answered_tile
from ledger.events.ledger_log import LEDGER_LOG

_PLACE = "/ledger"


def ledger_router(library: Library) -> APIRouter:
    """The routes of the ledger log, and of what it says in short."""
    router = APIRouter(tags=["ledger log"])

    def checkpoint() -> Response:
        return answered_checkpoint(library.ledger(), LEDGER_LOG)

    def tile(path: str) -> Response:
        return answered_tile(library.ledger(), _PLACE, path)

    def inclusion(query: InclusionQuery) -> Response:
        return answered_inclusion(library.ledger(), LEDGER_LOG, query)

    def consistency(query: ConsistencyQuery) -> Response:
        return answered_consistency(library.ledger(), LEDGER_LOG, query)

    def status() -> Response:
        return Response(orjson.dumps(library.ledger_status()), 200, {"Cache-Control": "public, max-age=1"}, "application/json")

    readable(
        router,
        f"{_PLACE}/checkpoint",
        checkpoint,
        summary="The newest checkpoint of the ledger log",
        responses=CHECKPOINT,
        operation="ledger_checkpoint",
    )
    readable(router, f"{_PLACE}/tile/{{path:path}}", tile, summary=TILES, responses=TILE, operation="ledger_tile")
    readable(
        router,
        f"{_PLACE}/proof/inclusion",
        inclusion,
        summary="That an entry is in the ledger log",
        responses=INCLUSION,
        operation="ledger_inclusion",
    )
    readable(
        router,
        f"{_PLACE}/proof/consistency",
        consistency,
        summary="That one checkpoint of the ledger log continues another",
        responses=CONSISTENCY,
        operation="ledger_consistency",
    )
    readable(
        router,
        "/v1/ledger",
        status,
        summary="Which logs there are, and how far they have come",
        responses={200: {"description": "What the ledger log says now.", "model": LedgerStatus}},
        operation="ledger_status",
    )
    return router
