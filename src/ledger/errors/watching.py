"""What goes wrong when a ledger is followed from outside, or when evidence of it is read."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Malformed, Unavailable


@dataclass
class MalformedEvidence(Malformed):
    """The file holds no evidence in the form that a monitor writes it."""

    code: ClassVar[str] = "malformed-evidence"
    message: ClassVar[str] = "{place}: this is no evidence as docs/formats/monitoring.md states it: {why}"
    place: str
    why: str


@dataclass
class MonitorStateUnfit(Malformed):
    """What a monitor kept cannot be read, or is of another ledger."""

    code: ClassVar[str] = "monitor-state-unfit"
    message: ClassVar[str] = "The state in {path} cannot be used: {why}. Give another file, or a new one to begin again."
    path: str
    why: str


@dataclass
class LedgerUnreachable(Unavailable):
    """The ledger that is followed does not answer."""

    code: ClassVar[str] = "ledger-unreachable"
    message: ClassVar[str] = "{url} does not answer as a ledger: {why}."
    url: str
    why: str
