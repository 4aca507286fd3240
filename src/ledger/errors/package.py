"""What is wrong with an exported package as a container. `place` is the package's file, or a name inside it."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Malformed, Unavailable


@dataclass
class PackageUnreadable(Malformed):
    """The file is no zip, or its list of contents cannot be read."""

    code: ClassVar[str] = "package-unreadable"
    message: ClassVar[str] = "{place}: this cannot be read as an exported package: {why}."
    place: str
    why: str


@dataclass
class PackageUnsafe(Malformed):
    """The zip is built in a way that could harm its reader, or that two readers would understand differently."""

    code: ClassVar[str] = "package-unsafe"
    message: ClassVar[str] = "{place}: the package is not opened, because {why}."
    place: str
    why: str


@dataclass
class FileDamaged(Malformed):
    """One file inside the package cannot be read back whole."""

    code: ClassVar[str] = "file-damaged"
    message: ClassVar[str] = "{place}: the file cannot be read back: {why}."
    place: str
    why: str


@dataclass
class VisibilityChanged(Unavailable):
    """Something was hidden, shown again or erased after the size of a package, or while it was being made."""

    code: ClassVar[str] = "visibility-changed"
    message: ClassVar[str] = (
        "Entry {seq} of {origin} changed which texts may be shown, and the package of {size} entries was not made with it; ask again."
    )
    origin: str
    size: int
    seq: int


@dataclass
class LogDiffers(Unavailable):
    """The entries that were read do not hash to what the checkpoint states; nothing is exported."""

    code: ClassVar[str] = "log-differs"
    message: ClassVar[str] = "The {size} entries in the store do not have the root that their checkpoint states; nothing is exported."
    size: int
