"""No to an entry of the ledger log: the rules by which anybody follows it."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class LedgerEnvelopeUnfit(Refused):
    """The entry is not one that a ledger writes of itself."""

    code: ClassVar[str] = "ledger-envelope-unfit"
    message: ClassVar[str] = "Entry {index} of the ledger log {origin!r} is not written by the ledger itself."
    index: int
    origin: str


@dataclass
class LogAlreadyOpened(Refused):
    """The ledger log has this project's log already."""

    code: ClassVar[str] = "log-already-opened"
    message: ClassVar[str] = "The ledger log has a log of the project {project!r} already: {origin}."
    project: str
    origin: str


@dataclass
class OriginTwice(Refused):
    """Two projects claim one origin."""

    code: ClassVar[str] = "origin-twice"
    message: ClassVar[str] = "The origin {origin!r} is that of the project {project!r} already; a log has one project."
    origin: str
    project: str


@dataclass
class LogNotOpened(Refused):
    """The ledger log does not know the log."""

    code: ClassVar[str] = "log-not-opened"
    message: ClassVar[str] = "The ledger log says something about the project {project!r} before it says that its log exists."
    project: str


@dataclass
class OriginDiffers(Refused):
    """The entry names another origin than the log was opened with."""

    code: ClassVar[str] = "origin-differs"
    message: ClassVar[str] = "The log of the project {project!r} is {expected!r}, not {found!r}."
    project: str
    expected: str
    found: str


@dataclass
class LogChainBroken(Refused):
    """The entry does not name the one before it about the same log."""

    code: ClassVar[str] = "log-chain-broken"
    message: ClassVar[str] = "The entry before this one about the project {project!r} is {expected}, not {found}."
    project: str
    expected: int
    found: int


@dataclass
class LogNotGrown(Refused):
    """A log does not shrink, and stands in the ledger log when it has grown."""

    code: ClassVar[str] = "log-not-grown"
    message: ClassVar[str] = "The log of the project {project!r} had {size} entries before; it cannot stand with {found} now."
    project: str
    size: int
    found: int


@dataclass
class LogClosedAlready(Refused):
    """The ledger log says that this log has ended."""

    code: ClassVar[str] = "log-closed-already"
    message: ClassVar[str] = "The log of the project {project!r} has ended; nothing follows."
    project: str


@dataclass
class KeyAlreadyAdded(Refused):
    """The log has, or had, this key before."""

    code: ClassVar[str] = "key-already-added"
    message: ClassVar[str] = "The log of the project {project!r} has, or had, the key {vkey} before; a retired key never comes back."
    project: str
    vkey: str


@dataclass
class KeyNotActive(Refused):
    """The key does not sign the log, or it is the last that does."""

    code: ClassVar[str] = "key-not-active"
    message: ClassVar[str] = "The key {vkey} is not one of several that sign the log of the project {project!r}; the last is not retired."
    project: str
    vkey: str
