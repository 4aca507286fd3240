"""What keeps an erasure from being carried out although its event could be recorded."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class FieldNotCommitted(Refused):
    """The entry has no committed field of this name."""

    code: ClassVar[str] = "field-not-committed"
    message: ClassVar[str] = "Entry {entry} ({event_type}) has no committed field {field!r}; its committed fields: {committed}."
    entry: int
    event_type: str
    field: str
    committed: tuple[str, ...]


@dataclass
class NothingCommitted(Refused):
    """The entry has no committed fields, so nothing of it can be erased."""

    code: ClassVar[str] = "nothing-committed"
    message: ClassVar[str] = "Entry {entry} ({event_type}) has no committed fields; what stands in clear is never erased."
    entry: int
    event_type: str


@dataclass
class NothingToErase(Refused):
    """Of what is named there is nothing left that could be erased."""

    code: ClassVar[str] = "nothing-to-erase"
    message: ClassVar[str] = "There is nothing of {what} in this project, or all of it is erased already."
    what: str
