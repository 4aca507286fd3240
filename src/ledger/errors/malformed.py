"""What is wrong with the form of an input. `place` is a JSON path (`$.data.entries[3]`), a line, or a file and line."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Malformed, TooLarge, Unsupported


@dataclass
class NotCanonical(Malformed):
    """A value lies outside the JSON subset that can be hashed."""

    code: ClassVar[str] = "not-canonical"
    message: ClassVar[str] = (
        "{place}: {why}. Only text, whole numbers below 2^53, true, false, null, lists and objects with ASCII keys can be recorded."
    )
    place: str
    why: str


@dataclass
class NotJson(Malformed):
    """The bytes are not one JSON document in UTF-8."""

    code: ClassVar[str] = "not-json"
    message: ClassVar[str] = "{place}: this is not JSON in UTF-8: {why}."
    place: str
    why: str


@dataclass
class DuplicateKey(Malformed):
    """An object names the same key twice."""

    code: ClassVar[str] = "duplicate-key"
    message: ClassVar[str] = "{place}: the key {key!r} stands twice in one object; send it once."
    place: str
    key: str


@dataclass
class InvalidField(Malformed):
    """A field is absent, unknown, or not of its type."""

    code: ClassVar[str] = "invalid-field"
    message: ClassVar[str] = "{place}: {why}."
    place: str
    why: str


@dataclass
class RuleUndefined(Malformed):
    """Options were combined that no definition covers."""

    code: ClassVar[str] = "rule-undefined"
    message: ClassVar[str] = "{place}: {why}. docs/formats/rules.md lists the combinations that are defined."
    place: str
    why: str


@dataclass
class UnknownEventType(Unsupported):
    """No event of that name and schema version exists."""

    code: ClassVar[str] = "unknown-event-type"
    message: ClassVar[str] = "{place}: there is no event type {event_type!r}."
    place: str
    event_type: str


@dataclass
class EntryTooLarge(TooLarge):
    """The entry of an event would be longer than 8 KiB."""

    code: ClassVar[str] = "entry-too-large"
    message: ClassVar[str] = "{place}: the entry would take {size} bytes, at most {limit} are allowed; send long lists as several events."
    place: str
    size: int
    limit: int


@dataclass
class MalformedDisclosure(Malformed):
    """A disclosure is not base64url of a JSON array of salt, name and value."""

    code: ClassVar[str] = "malformed-disclosure"
    message: ClassVar[str] = "The disclosure {disclosure!r} cannot be read: {why}."
    disclosure: str
    why: str


@dataclass
class MalformedTile(Malformed):
    """A tile, an entry bundle, or a path or hash of one, is not as C2SP tlog-tiles writes it."""

    code: ClassVar[str] = "malformed-tile"
    message: ClassVar[str] = "{place}: {why}. The form is C2SP tlog-tiles (docs/formats/log.md)."
    place: str
    why: str


@dataclass
class MalformedNote(Malformed):
    """A signed note, or the checkpoint or receipt in it, is not of its form."""

    code: ClassVar[str] = "malformed-note"
    message: ClassVar[str] = "{place}: {why}. The form is a C2SP signed note (docs/formats/log.md)."
    place: str
    why: str


@dataclass
class MalformedVkey(Malformed):
    """A verifier key is not of the form `name+id+key`, or its id does not belong to its name and key."""

    code: ClassVar[str] = "malformed-vkey"
    message: ClassVar[str] = "{place}: {why}. A verifier key reads `name+id+key` (C2SP signed-note; docs/formats/log.md)."
    place: str
    why: str


@dataclass
class MalformedProof(Malformed):
    """A proof is not of its form, or is asked for a place that its tree does not have."""

    code: ClassVar[str] = "malformed-proof"
    message: ClassVar[str] = "{place}: {why}. The forms are C2SP tlog-proof and tlog-witness (docs/formats/log.md)."
    place: str
    why: str


@dataclass
class MalformedPolicy(Malformed):
    """A policy file does not say who has to cosign, in the form that such files have."""

    code: ClassVar[str] = "malformed-policy"
    message: ClassVar[str] = "{place}: {why}. The form is a C2SP tlog-policy file (docs/formats/witnesses.md)."
    place: str
    why: str
