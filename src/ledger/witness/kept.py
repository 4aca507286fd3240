"""What a witness keeps of each log: the latest checkpoint that it cosigned, in a file, with its signature and ours.

    <folder>/<SHA-256 of the origin, hex>           the note
             <SHA-256 of the origin, hex>.lock      held while a checkpoint of the log is compared and stored

The lock holds between threads and between processes, so of two requests one sees what the other has stored. A file is replaced whole and
forced to the disk before anybody is given the cosignature in it: after a crash the witness knows at least what it told.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from ledger.durable import make_folder, replace
from ledger.errors import MalformedNote, WitnessStateDamaged
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import Note, parse_note


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that was cosigned: what it states, the note, and when it was stored."""

    checkpoint: Checkpoint
    note: Note
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one log's checkpoint, while its lock is held."""

    file: Path
    latest: Kept | None

    def store(self, note: Note) -> None:
        """The note is the latest checkpoint, on the disk."""
        replace(self.file, note.encode())


class KeptCheckpoints:
    """The folder of a witness's state. Several processes may share it."""

    def __init__(self, folder: Path) -> None:
        """The folder is made if there is none."""
        self._folder = folder
        make_folder(folder)

    def latest(self, origin: str) -> Kept | None:
        """The latest checkpoint of the log, or None where none was cosigned. Raises `WitnessStateDamaged`."""
        return _read(self._file(origin), origin)

    @contextmanager
    def locked(self, origin: str) -> Iterator[Slot]:
        """The log's place, which nobody else has until the block ends; waits for whoever has it. Raises `WitnessStateDamaged`."""
        file = self._file(origin)
        # A descriptor of its own: the lock belongs to it, so threads of one process wait for each other, too.
        with file.with_suffix(".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Slot(file, _read(file, origin))

    def _file(self, origin: str) -> Path:
        return self._folder / sha256(origin.encode()).hexdigest()


def _read(file: Path, origin: str) -> Kept | None:
    try:
        with file.open("rb") as opened:
            note = parse_note(opened.read())
            stored = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        checkpoint = parse_checkpoint(note.text, extensions=True)
    except FileNotFoundError:
        return None
    except MalformedNote as error:
        raise WitnessStateDamaged(str(file), f"{error.place}: {error.why}") from None
    if checkpoint.origin != origin:
        raise WitnessStateDamaged(str(file), f"it is of {checkpoint.origin}, not of {origin}")
    return Kept(checkpoint, note, stored)
