"""Proofs that an entry stands in a log, in one file that is checked offline (C2SP tlog-proof@v1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedProof
from ledger.tlog.checkpoint import parse_checkpoint, signed_checkpoint
from ledger.tlog.lines import base64, decimal, unbase64
from ledger.tlog.note import Note, parse_note
from ledger.tlog.proof import verify_inclusion
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.vkey import Vkey

HEADER: Final = "c2sp.org/tlog-proof@v1"
LONGEST_PROOF: Final = 63
"""As many hashes as a proof in a tree of fewer than 2^63 leaves can have; tlog-witness allows no more."""


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The entry at `index` stands in the tree of `checkpoint`, as `path` shows. `extra` is anything else; nothing vouches for it."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    def encode(self) -> bytes:
        """The bytes of the proof; `parse_tlog_proof` of them gives this proof."""
        extra = [f"extra {base64(self.extra)}"] if self.extra else []
        head = [HEADER, *extra, f"index {self.index}", *(base64(part) for part in self.path)]
        return "".join(f"{line}\n" for line in head).encode() + b"\n" + self.checkpoint.encode()

    def verifies(self, leaf: bytes, vkeys: Iterable[Vkey]) -> bool:
        """True when one of `vkeys` signed the checkpoint under the log's own name and the leaf hash `leaf` stands at `index` of it."""
        checkpoint = signed_checkpoint(self.checkpoint, vkeys, extensions=True)
        return checkpoint is not None and verify_inclusion(leaf, self.index, checkpoint.size, self.path, checkpoint.root)


def parse_tlog_proof(data: bytes) -> TlogProof:
    """The proof that `data` writes; raises `MalformedProof`, or `MalformedNote` for its checkpoint."""
    lines, note = split_head(data)
    if lines[0] != HEADER:
        raise MalformedProof(place="line 1", why=f"it is not {HEADER}")
    extra = b""
    place = 1
    if len(lines) > place and lines[place].startswith("extra "):
        extra = unbase64(lines[place].removeprefix("extra ")) or b""
        if not extra:
            raise MalformedProof(place="line 2", why="the extra data is not base64, or empty")
        place += 1
    label, _, number = lines[place].partition(" ") if len(lines) > place else ("", "", "")
    index = decimal(number)
    if label != "index" or index is None:
        raise MalformedProof(place=f"line {place + 1}", why="it is not `index` and a decimal number")
    return TlogProof(index, parse_path(lines[place + 1 :], place + 2), note, extra)


def split_head(data: bytes) -> tuple[list[str], Note]:
    """The lines before the first empty line, and the checkpoint after it; raises `MalformedProof` or `MalformedNote`."""
    head, blank, rest = data.partition(b"\n\n")
    if not blank:
        raise MalformedProof(place="proof", why="there is no empty line with a checkpoint after it")
    if not head.isascii():
        raise MalformedProof(place="proof", why="a character before the checkpoint is not ASCII")
    note = parse_note(rest)
    parse_checkpoint(note.text, extensions=True)
    return head.decode("ascii").split("\n"), note


def parse_path(lines: Sequence[str], first: int) -> tuple[bytes, ...]:
    """The hashes that `lines`, the first of which is line `first`, write in base64; raises `MalformedProof`."""
    if len(lines) > LONGEST_PROOF:
        raise MalformedProof(place=f"line {first + LONGEST_PROOF}", why=f"the proof has more than {LONGEST_PROOF} hashes")
    path: list[bytes] = []
    for offset, line in enumerate(lines):
        part = unbase64(line)
        if part is None or len(part) != HASH_SIZE:
            raise MalformedProof(place=f"line {first + offset}", why=f"it is not the base64 of {HASH_SIZE} bytes")
        path.append(part)
    return tuple(path)
