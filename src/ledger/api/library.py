"""What the routes ask for: made by `ledger.wiring`, which knows the database; here only its shape is known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ledger.ports import ProjectLog
from ledger.publish import Publisher
from ledger.tlog.tile import Tile

WitnessState = Literal["waiting", "cosigned", "uncosigned", "conflict", "ahead"]
"""Not asked yet, cosigned what it was shown last, did not, has another history of the ledger log, has more of it than the ledger."""


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
class WitnessStatus:
    """A witness of the ledger's policy, and what it last said to the ledger log."""

    name: str
    """As the policy calls it."""
    vkey: str
    url: str | None
    state: WitnessState
    why: str | None
    """Why it did not cosign."""
    seen_size: int
    """Entries of the ledger log that it has cosigned by its own account."""
    cosigned_size: int | None
    cosigned_at: str | None
    """Its own time."""


@dataclass(frozen=True, slots=True)
class QuorumStatus:
    """What the policy asks for. `size` is the newest size of the ledger log that was cosigned so; `met`: it is all that is signed."""

    asked: str
    policy: str
    """SHA-256 of the policy file, base64url."""
    met: bool
    size: int | None


@dataclass(frozen=True, slots=True)
class AnchorStatus:
    """The newest timestamp over a checkpoint of the ledger log."""

    size: int
    stated_at: str


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
    quorum: QuorumStatus | None
    """None where no policy asks for witnesses: nobody outside stands by the ledger log."""
    witnesses: Sequence[WitnessStatus]
    """In the order of the policy."""
    anchor: AnchorStatus | None


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
