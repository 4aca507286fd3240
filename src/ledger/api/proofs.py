"""Proofs in the formats of C2SP: that an entry stands in the log, and that one checkpoint continues another (docs/formats/log.md)."""

from fastapi import APIRouter
from starlette.responses import Response

from ledger.api.caching import REVALIDATE
from ledger.api.library import Library, SignedLog
from ledger.api.parameters import ConsistencyQuery, InclusionQuery, OfConsistency, OfInclusion, ProjectRef
from ledger.api.reading import as_bytes, readable
from ledger.errors import CheckpointMissing, ParameterInvalid
from ledger.tlog.note import Note, parse_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.witness import AddCheckpoint

TEXT = "text/plain; charset=utf-8"


INCLUSION = as_bytes("A proof, C2SP tlog-proof@v1.", TEXT)
CONSISTENCY = as_bytes("The body of an add-checkpoint request, C2SP tlog-witness.", TEXT)


def proofs_router(library: Library) -> APIRouter:
    """The routes of both kinds of proof, of projects' logs."""
    router = APIRouter(tags=["proofs"])

    def inclusion(project: ProjectRef, query: InclusionQuery) -> Response:
        return answered_inclusion(library.shelf(project).log, project, query)

    def consistency(project: ProjectRef, query: ConsistencyQuery) -> Response:
        return answered_consistency(library.shelf(project).log, project, query)

    place = "/v1/projects/{project}/proof"
    readable(router, f"{place}/inclusion", inclusion, summary="That an entry is in the log", responses=INCLUSION)
    readable(router, f"{place}/consistency", consistency, summary="That one checkpoint continues another", responses=CONSISTENCY)
    return router


def answered_inclusion(log: SignedLog, ref: str, query: OfInclusion) -> Response:
    """The proof that is asked of the log of `ref`. Raises `ParameterInvalid`, `CheckpointMissing`."""
    size, note = _checkpoint(log, ref, "size", query.size)
    if query.index >= size:
        raise ParameterInvalid("index", f"the checkpoint has {size} entries, so the last index is {size - 1}")
    proof = TlogProof(query.index, inclusion_proof(query.index, size, log.tiles), note)
    return Response(proof.encode(), 200, {"Cache-Control": REVALIDATE}, TEXT)


def answered_consistency(log: SignedLog, ref: str, query: OfConsistency) -> Response:
    """The same for consistency."""
    size, note = _checkpoint(log, ref, "new", query.new)
    if query.old > size:
        raise ParameterInvalid("old", f"the newer checkpoint has {size} entries, which is less than {query.old}")
    # tlog-witness: from the empty tree the proof is empty.
    path = consistency_proof(query.old, size, log.tiles) if query.old else ()
    return Response(AddCheckpoint(query.old, path, note).encode(), 200, {"Cache-Control": REVALIDATE}, TEXT)


def _checkpoint(log: SignedLog, ref: str, parameter: str, size: int | None) -> tuple[int, Note]:
    """Size and note of the signed checkpoint that is asked for."""
    found = log.newest_checkpoint() if size is None else log.checkpoint_at(size)
    if found is None:
        if size is None:
            raise CheckpointMissing(ref)
        raise ParameterInvalid(parameter, f"no checkpoint of {size} entries was signed; take the size of one that was")
    return found.size, parse_note(found.note.encode())
