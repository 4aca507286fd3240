"""What keeps the ledger from answering now: its database, its keys, its clock."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Unavailable


@dataclass
class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code: ClassVar[str] = "database-unavailable"
    message: ClassVar[str] = "The database cannot be used now: {why}."
    why: str


@dataclass
class DatabaseNewer(Unavailable):
    """The database was migrated by a newer version of the ledger."""

    code: ClassVar[str] = "database-newer"
    message: ClassVar[str] = "The database is at migration {found}, this version of the ledger knows {known}; start the newer version."
    found: int
    known: int


@dataclass
class DatabaseOlder(Unavailable):
    """The database lacks a migration that this version of the ledger needs."""

    code: ClassVar[str] = "database-older"
    message: ClassVar[str] = "The database is at migration {found}, this version of the ledger needs {known}; run 'ledger migrate'."
    found: int
    known: int


@dataclass
class EmbeddedAbsent(Unavailable):
    """No database was named and the embedded one is not installed."""

    code: ClassVar[str] = "embedded-absent"
    message: ClassVar[str] = "There is no PostgreSQL: install 'participation-ledger[embedded]', or set LEDGER_DATABASE_URL."


@dataclass
class EmbeddedFailed(Unavailable):
    """A program of the embedded PostgreSQL ended with an error."""

    code: ClassVar[str] = "embedded-failed"
    message: ClassVar[str] = "The embedded PostgreSQL could not be {step}: {why}"
    step: str
    why: str


@dataclass
class LogIncomplete(Unavailable):
    """The database has lost an entry of a log."""

    code: ClassVar[str] = "log-incomplete"
    message: ClassVar[str] = "The database has no entry {seq} of project {project!r}, though later ones are there; put a backup back."
    project: str
    seq: int


@dataclass
class KeyMissing(Unavailable):
    """A key that has to be in the key store is not there."""

    code: ClassVar[str] = "key-missing"
    message: ClassVar[str] = "The key store has no key {key!r} of project {project!r}; put its backup back before anyone writes."
    project: str
    key: str


@dataclass
class KeyFileExposed(Unavailable):
    """A key's file can be read by others, so the key may have leaked."""

    code: ClassVar[str] = "key-file-exposed"
    message: ClassVar[str] = "Others may read the key file {file!r} (mode {mode}); find out who did, then set its mode to 0600."
    file: str
    mode: str


@dataclass
class KeyFileDamaged(Unavailable):
    """A key's file does not hold a key."""

    code: ClassVar[str] = "key-file-damaged"
    message: ClassVar[str] = "The key file {file!r} does not hold {expected}; put its backup back."
    file: str
    expected: str


@dataclass
class LedgerNameTaken(Unavailable):
    """A project of an older version bears the reference of the ledger log."""

    code: ClassVar[str] = "ledger-name-taken"
    message: ClassVar[str] = "A project has the reference {project!r}, which is the ledger log's; there can be none in this database."
    project: str
