"""The request by which a witness is shown a checkpoint (add-checkpoint of C2SP tlog-witness); consistency proofs are served so."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import MalformedProof
from ledger.tlog.checkpoint import Checkpoint, signed_checkpoint
from ledger.tlog.lines import base64, decimal
from ledger.tlog.note import Note
from ledger.tlog.proof import verify_consistency
from ledger.tlog.tlog_proof import parse_path, split_head
from ledger.tlog.vkey import Vkey


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The tree of `old_size` leaves begins the tree of `checkpoint`, as `path` shows. From the empty tree the path is empty."""

    old_size: int
    path: tuple[bytes, ...]
    checkpoint: Note

    def encode(self) -> bytes:
        """The body of the request; `parse_add_checkpoint` of it gives this request."""
        head = [f"old {self.old_size}", *(base64(part) for part in self.path)]
        return "".join(f"{line}\n" for line in head).encode() + b"\n" + self.checkpoint.encode()

    def extends(self, old_root: bytes, vkeys: Iterable[Vkey]) -> Checkpoint | None:
        """The checkpoint, if one of `vkeys` signed it and it continues the tree of `old_root`; None otherwise.

        With an old size of 0 every tree continues the empty one, which has no root to compare: the path must then be empty.
        """
        checkpoint = signed_checkpoint(self.checkpoint, vkeys, extensions=True)
        if checkpoint is None:
            return None
        if self.old_size == 0:
            return None if self.path else checkpoint
        consistent = verify_consistency(self.old_size, checkpoint.size, self.path, old_root, checkpoint.root)
        return checkpoint if consistent else None


def parse_add_checkpoint(data: bytes) -> AddCheckpoint:
    """The request that `data` writes; raises `MalformedProof`, or `MalformedNote` for its checkpoint."""
    lines, note = split_head(data)
    label, _, number = lines[0].partition(" ")
    old_size = decimal(number)
    if label != "old" or old_size is None:
        raise MalformedProof(place="line 1", why="it is not `old` and a decimal number")
    return AddCheckpoint(old_size, parse_path(lines[1:], 2), note)
