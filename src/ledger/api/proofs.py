"""Proofs in the formats of C2SP: that an entry stands in the log, and that one checkpoint continues another (docs/formats/log.md)."""

from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.caching import REVALIDATE
from ledger.api.library import Library, Shelf
from ledger.api.parameters import ConsistencyQuery, InclusionQuery, ProjectRef
from ledger.api.reading import as_bytes, readable
from ledger.errors import CheckpointMissing, ParameterInvalid
from ledger.tlog.note import Note, parse_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.witness import AddCheckpoint

TEXT = "text/plain; charset=utf-8"


def proofs_router(library: Library) -> APIRouter:
    """The routes of both kinds of proof."""
    router = APIRouter(tags=["proofs"])

    def inclusion(project: ProjectRef, query: InclusionQuery) -> Response:
        shelf = library.shelf(project)
        size, note = _checkpoint(shelf, "size", query.size)
        if query.index >= size:
            raise ParameterInvalid("index", f"the checkpoint has {size} entries, so the last index is {size - 1}")
        proof = TlogProof(query.index, inclusion_proof(query.index, size, shelf.log.tiles), note)
        return Response(proof.encode(), 200, {"Cache-Control": REVALIDATE}, TEXT)

    def consistency(project: ProjectRef, query: ConsistencyQuery) -> Response:
        shelf = library.shelf(project)
        size, note = _checkpoint(shelf, "new", query.new)
        if query.old > size:
            raise ParameterInvalid("old", f"the newer checkpoint has {size} entries, which is less than {query.old}")
        # tlog-witness: from the empty tree the proof is empty.
        path = consistency_proof(query.old, size, shelf.log.tiles) if query.old else ()
        return Response(AddCheckpoint(query.old, path, note).encode(), 200, {"Cache-Control": REVALIDATE}, TEXT)

    place = "/v1/projects/{project}/proof"
    readable(
        router,
        f"{place}/inclusion",
        inclusion,
        summary="That an entry is in the log",
        responses=as_bytes("A proof, C2SP tlog-proof@v1.", TEXT),
    )
    readable(
        router,
        f"{place}/consistency",
        consistency,
        summary="That one checkpoint continues another",
        responses=as_bytes("The body of an add-checkpoint request, C2SP tlog-witness.", TEXT),
    )
    return router


def _checkpoint(shelf: Shelf, parameter: str, size: int | None) -> tuple[int, Note]:
    """Size and note of the signed checkpoint that is asked for."""
    found = shelf.log.newest_checkpoint() if size is None else shelf.log.checkpoint_at(size)
    if found is None:
        if size is None:
            raise CheckpointMissing(shelf.ref)
        raise ParameterInvalid(parameter, f"no checkpoint of {size} entries was signed; take the size of one that was")
    return found.size, parse_note(found.note.encode())
