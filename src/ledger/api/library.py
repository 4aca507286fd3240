"""What the routes ask for: made by `ledger.wiring`, which knows the database; here only its shape is known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.ports import ProjectLog
from ledger.publish import Publisher
from ledger.tlog.tile import Tile


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project as the list of projects shows it."""

    project: str
    origin: str
    opened_at: str
    size: int
    """Entries of its log."""


class SignedSize(Protocol):
    """A checkpoint that was signed."""

    @property
    def size(self) -> int:
        """Of its tree."""
        ...

    @property
    def note(self) -> str:
        """The whole of it, signatures included."""
        ...


class SignedLog(ProjectLog, Protocol):
    """A log with its tree and its checkpoints."""

    def stream(self, name: str) -> Sequence[int]:
        """The seqs of the entries of one stream, ascending."""
        ...

    def tiles(self, tiles: Sequence[Tile], /) -> Sequence[bytes]:
        """See `tlog.reader.TileReader`."""
        ...

    def newest_checkpoint(self) -> SignedSize | None:
        """The checkpoint of the greatest size, or None before the first."""
        ...

    def checkpoint_at(self, size: int) -> SignedSize | None:
        """The checkpoint of exactly this size, or None where none was signed."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything of one project that is shown. What it is asked may block."""

    ref: str
    log: SignedLog
    publisher: Publisher
    package: Callable[[], Iterator[bytes]]
    """Makes the bytes of a package at the newest checkpoint. Raises `CheckpointMissing` before the first, `VisibilityChanged`."""


@dataclass(frozen=True, slots=True)
class LoggedLog:
    """A project's log as the ledger log tells of it."""

    project: str
    origin: str
    size: int
    """The size that was stated last; 0 before the first checkpoint."""
    closed: bool


@dataclass(frozen=True, slots=True)
class SignedTree:
    """What a checkpoint says of its tree."""

    size: int
    root: str
    """Base64."""


@dataclass(frozen=True, slots=True)
class LedgerStatus:
    """What the ledger log says now. Whoever has to be sure reads its entries and their proofs."""

    origin: str
    vkeys: Sequence[str]
    """That sign the ledger log, in the order in which they were added."""
    size: int
    """Entries of the ledger log."""
    checkpoint: SignedTree | None
    """Its newest; none before the first."""
    logs: Sequence[LoggedLog]
    """Ascending by project."""


class Library(Protocol):
    """All projects of a ledger. Methods may block."""

    def projects(self) -> Sequence[ListedProject]:
        """Every project, ascending by reference."""
        ...

    def shelf(self, project: str) -> Shelf:
        """What is shown of one project. Raises `ProjectUnknown`."""
        ...

    def ledger(self) -> SignedLog:
        """The ledger log. Raises `CheckpointMissing` before its first entry."""
        ...

    def ledger_status(self) -> LedgerStatus:
        """What the ledger log says now. Raises `CheckpointMissing` before its first entry."""
        ...

    def check_ready(self) -> None:
        """Returns when requests can be answered. Raises `Unavailable` leaves."""
        ...
