"""What a witness answers to add-checkpoint, and why (C2SP tlog-witness). Knows no HTTP but its status codes, which the format fixes.

A checkpoint is cosigned when a trusted key signed it, the request goes on from exactly what was cosigned last, and the proof shows that
nothing of that was changed. Everything else is said no to with the code of the first check that fails.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedNote, MalformedProof
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.cosignature import cosign
from ledger.tlog.note import Note, NoteSignature, Signer, verified_by
from ledger.tlog.proof import verify_consistency
from ledger.tlog.tree import EMPTY_ROOT
from ledger.tlog.vkey import Vkey
from ledger.tlog.witness import AddCheckpoint, parse_add_checkpoint
from ledger.witness.kept import Kept, KeptCheckpoints, Slot
from ledger.witness.trusted import TrustedLogs

TEXT: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
"""The media type of an answer that states the size of the latest cosigned checkpoint."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, body and media type of an answer."""

    status: int
    body: bytes
    media_type: str = TEXT


class Witness:
    """One witness: its key, the logs that it watches, and what it keeps of them."""

    def __init__(self, signer: Signer, trusted: TrustedLogs, kept: KeptCheckpoints, now: Callable[[], int]) -> None:
        """`signer` has a key of type 04; `now` is the Unix time in seconds."""
        self.vkey = signer.vkey
        self.trusted = trusted
        self.answered: Counter[int] = Counter()
        """Requests since the start, by the status of the answer."""
        self._signer = signer
        self._kept = kept
        self._now = now

    def latest(self, origin: str) -> Kept | None:
        """The checkpoint of the log that was cosigned last. Raises `WitnessStateDamaged`."""
        return self._kept.latest(origin)

    def add_checkpoint(self, body: bytes) -> Answer:
        """The answer to a request with this body. Where it is a cosignature, the checkpoint is on the disk.

        Raises `WitnessStateDamaged`, or `OSError` where it cannot be stored: nothing was cosigned then.
        """
        answer = self._judged(body)
        self.answered[answer.status] += 1
        return answer

    def _judged(self, body: bytes) -> Answer:
        try:
            request = parse_add_checkpoint(body)
            checkpoint = parse_checkpoint(request.checkpoint.text, extensions=True)
        except (MalformedProof, MalformedNote) as error:
            return _no(400, f"{error.place}: {error.why}")
        vkeys = self.trusted.get(checkpoint.origin)
        if vkeys is None:
            return _no(404, "unknown log: its origin is not one that this witness watches")
        signed = verified_by(request.checkpoint, vkeys)
        if not signed:
            return _no(403, "no valid signature of a key that this witness trusts for the log")
        if request.old_size > checkpoint.size:
            return _no(400, "the old size is greater than the size of the checkpoint")
        with self._kept.locked(checkpoint.origin) as slot:
            return _refusal(request, checkpoint, slot.latest) or self._cosigned(request, slot, signed)

    def _cosigned(self, request: AddCheckpoint, slot: Slot, signed: tuple[Vkey, ...]) -> Answer:
        line = cosign(request.checkpoint.text, self._signer, self._now())
        # Of the signatures only those that were verified: what is kept, and shown to others, is what this witness can stand up for.
        ours = tuple(found for found in request.checkpoint.signatures if _is_of(found, signed))
        slot.store(Note(request.checkpoint.text, (*ours, line)))
        return Answer(200, f"{line.line}\n".encode())


def _refusal(request: AddCheckpoint, checkpoint: Checkpoint, latest: Kept | None) -> Answer | None:
    """Why the checkpoint does not continue the latest one; None where it does."""
    old_size, old_root = (latest.checkpoint.size, latest.checkpoint.root) if latest else (0, EMPTY_ROOT)
    if request.old_size != old_size:
        return Answer(409, b"%d\n" % old_size, SIZE)
    if old_size == checkpoint.size:
        if request.path:
            return _no(422, "between equal sizes the consistency proof is empty")
        # The body is the same as above: whoever sent this very size learns that the tree of this size is another one.
        return None if checkpoint.root == old_root else Answer(409, b"%d\n" % old_size, SIZE)
    if old_size == 0:
        return _no(422, "from the empty tree the consistency proof is empty") if request.path else None
    if not verify_consistency(old_size, checkpoint.size, request.path, old_root, checkpoint.root):
        return _no(422, "the consistency proof does not lead from the checkpoint that was cosigned last to this one")
    return None


def _is_of(signature: NoteSignature, vkeys: tuple[Vkey, ...]) -> bool:
    return any((signature.name, signature.key_id) == (vkey.name, vkey.key_id) for vkey in vkeys)


def _no(status: int, why: str) -> Answer:
    return Answer(status, f"{why}\n".encode())
