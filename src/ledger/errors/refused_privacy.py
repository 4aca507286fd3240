"""No to an event for what was erased, may not be, or belongs to a scope whose key is destroyed."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class ExtentUnfit(Refused):
    """What is asked to be erased and the target that is named do not go together."""

    code: ClassVar[str] = "extent-unfit"
    message: ClassVar[str] = "A request to erase a {extent} goes {needs} a target."
    extent: str
    needs: str
    """`with` or `without`."""


@dataclass
class BasisUnclear(Refused):
    """An erasure names neither the request nor the authority that it follows from, or both."""

    code: ClassVar[str] = "basis-unclear"
    message: ClassVar[str] = "An erasure follows from a request or from an authority: name one of the two."


@dataclass
class RequestUnknown(Refused):
    """Nobody asked for an erasure under this name."""

    code: ClassVar[str] = "request-unknown"
    message: ClassVar[str] = "There is no request {request!r} for an erasure; post erasure.requested first."
    request: str


@dataclass
class EntryUnknown(Refused):
    """The entry to be erased from is not in the log before the event."""

    code: ClassVar[str] = "entry-unknown"
    message: ClassVar[str] = "There is no entry {entry} in the log yet, so nothing of it can be erased or redacted."
    entry: int


@dataclass
class ChoicesNotErasable(Refused):
    """The entry is a ballot, whose choices stay."""

    code: ClassVar[str] = "choices-not-erasable"
    message: ClassVar[str] = "Entry {entry} is of a ballot; choices are never erased, and nobody's name stands beside them."
    entry: int


@dataclass
class AlreadyErased(Refused):
    """All that was to be erased is erased already."""

    code: ClassVar[str] = "already-erased"
    message: ClassVar[str] = "What is named of entry {entry} is erased already."
    entry: int


@dataclass
class LegalHoldStands(Refused):
    """A law or a court forbids the erasure."""

    code: ClassVar[str] = "legal-hold-stands"
    message: ClassVar[str] = "The legal hold {hold!r} forbids to erase anything of {stream!r}; it has to be lifted first."
    hold: str
    stream: str


@dataclass
class HoldUnknown(Refused):
    """No legal hold of this name is in force."""

    code: ClassVar[str] = "hold-unknown"
    message: ClassVar[str] = "No legal hold {ref!r} is in force."
    ref: str


@dataclass
class ScopeDestroyed(Refused):
    """The key of the scope is destroyed: nobody has a name in it any more."""

    code: ClassVar[str] = "scope-destroyed"
    message: ClassVar[str] = "The key of the scope {scope!r} is destroyed; nobody can act in it any more."
    scope: str


@dataclass
class EntryNotRedactable(Refused):
    """Without the entry nothing that follows in the log could be judged, or what it withholds would be shown."""

    code: ClassVar[str] = "entry-not-redactable"
    message: ClassVar[str] = "Entry {entry} ({event_type}) cannot be redacted: too much of the log could not be judged without it."
    entry: int
    event_type: str


@dataclass
class AlreadyRedacted(Refused):
    """The bytes of the entry are withheld already."""

    code: ClassVar[str] = "already-redacted"
    message: ClassVar[str] = "Entry {entry} is redacted already; nothing more of it can be redacted or erased."
    entry: int


@dataclass
class KeysNotDue(Refused):
    """The ledger destroys the keys of pseudonyms by itself from the announced date on only."""

    code: ClassVar[str] = "keys-not-due"
    message: ClassVar[str] = "It is {now}; the ledger by itself does not destroy the key of {scope!r} before {due_at}."
    scope: str
    now: str
    due_at: str
