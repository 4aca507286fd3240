"""What keeps a log from going on: a database that was put back, keys that are gone, an end that was declared."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import NotFound, Refused, Unavailable


@dataclass
class LogRolledBack(Unavailable):
    """The database has not, or no longer, what was signed of this log: an older backup was put back, or it was changed."""

    code: ClassVar[str] = "log-rolled-back"
    message: ClassVar[str] = (
        "The database was put back to an older or another state of the project {project!r}: {found}. Nothing is recorded or signed until "
        "the newer backup is put back; where entries are lost for good, close the log with "
        "'ledger keys compromised {project} --code lost --successor REF'."
    )
    project: str
    size: int
    signed_size: int
    found: str


@dataclass
class LedgerLogRolledBack(LogRolledBack):
    """The same of the ledger log, which has no successor under the same name."""

    code: ClassVar[str] = "ledger-log-rolled-back"
    message: ClassVar[str] = (
        "The database was put back to an older or another state of the ledger log: {found}. Nothing is recorded in it or signed until the "
        "newer backup is put back; where entries are lost for good, begin a ledger under another name (LEDGER_ORIGIN)."
    )


@dataclass
class LogClosed(Refused):
    """The log has ended: nothing more is recorded in it, and nothing of it is signed."""

    code: ClassVar[str] = "log-closed"
    message: ClassVar[str] = (
        "The log of the project {project!r} has ended ({reason}): nothing more is recorded in it. Successor: {successor}."
    )
    project: str
    reason: str
    successor: str
    """The origin of the log that goes on in its place, or `none`."""


@dataclass
class SigningKeyUnknown(NotFound):
    """No key of this id signs the log."""

    code: ClassVar[str] = "signing-key-unknown"
    message: ClassVar[str] = "No key {key_id!r} signs the log of {project!r}; those that do are {known}."
    project: str
    key_id: str
    known: str
