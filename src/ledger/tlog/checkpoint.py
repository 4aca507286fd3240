"""Checkpoints: what a log signs about its tree (C2SP tlog-checkpoint)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import MalformedNote
from ledger.tlog.lines import base64, decimal, unbase64
from ledger.tlog.note import Note, signed_by
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.vkey import Vkey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log and its tree: `size` leaves under `root`. Two checkpoints of one size and one origin agree when their roots do."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines, which nobody can audit. A ledger writes none and reads none of its own."""

    @property
    def text(self) -> str:
        """The note text to be signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64(self.root), *self.extensions))


def parse_checkpoint(text: str, *, extensions: bool = False) -> Checkpoint:
    """The checkpoint that a note text states; raises `MalformedNote`, also for extension lines unless `extensions` are allowed."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise MalformedNote(place="checkpoint", why="a checkpoint is at least three lines, none of them empty")
    origin, size_line, root_line, *further = lines[:-1]
    size = decimal(size_line)
    if size is None:
        raise MalformedNote(place="line 2", why="the tree size is not a decimal number below 2^63 without leading zeros")
    root = unbase64(root_line)
    if root is None or len(root) != HASH_SIZE:
        raise MalformedNote(place="line 3", why=f"the root hash is not the base64 of {HASH_SIZE} bytes")
    if further and not extensions:
        raise MalformedNote(place="line 4", why="extension lines are not read here")
    return Checkpoint(origin, size, root, tuple(further))


def signed_checkpoint(note: Note, vkeys: Iterable[Vkey], *, extensions: bool = False) -> Checkpoint | None:
    """The checkpoint in `note`, if one of `vkeys` signed it under the log's own name; None otherwise. Raises as `parse_checkpoint`."""
    checkpoint = parse_checkpoint(note.text, extensions=extensions)
    return checkpoint if signed_by(note, checkpoint.origin, vkeys) else None
