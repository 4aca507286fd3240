"""What the routes ask for: made by `ledger.wiring`, which knows the database; here only its shape is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.ports import ProjectLog
from ledger.publish import Publisher
from ledger.tlog.reader import TileReader


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project as the list of projects shows it."""

    project: str
    origin: str
    opened_at: str
    size: int
    """Entries of its log."""


class Shelf(Protocol):
    """Everything of one project that is shown. Methods may block."""

    ref: str
    origin: str
    log: ProjectLog
    publisher: Publisher
    tiles: TileReader
    """Reads tiles of the committed log, also of what no checkpoint has yet."""

    def checkpoint(self, size: int | None = None) -> bytes | None:
        """The signed note of the checkpoint of exactly this size, or the newest; None where there is none."""
        ...

    def package(self) -> Iterator[bytes]:
        """The bytes of a package at the newest checkpoint. Raises `CheckpointMissing` before the first."""
        ...


class Library(Protocol):
    """All projects of a ledger. Methods may block."""

    def projects(self) -> Sequence[ListedProject]:
        """Every project, ascending by reference."""
        ...

    def shelf(self, project: str) -> Shelf:
        """What is shown of one project. Raises `ProjectUnknown`."""
        ...

    def check_ready(self) -> None:
        """Returns when requests can be answered. Raises `Unavailable` leaves."""
        ...
