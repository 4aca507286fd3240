"""What every event has in common: its fields as data, its envelope, and its bytes (docs/formats/entry.md).

A platform posts a `Submission`; the ledger seals it into an `Event`; the bytes of the event are the leaf of the log.
One class per event type declares its fields once. Two readings are derived from it: as a submission (committed fields in
plain, nothing the ledger fills is required) and as an entry (committed fields gone, their digests in `_sd`, everything filled).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from ledger.canonical import canonical_trusted
from ledger.ids import Count, Digest, Instant, Pseudonym, Ref, Subject

Role = Literal["organizer", "moderator", "agent", "guarantor", "auditor", "participant", "system"]
Channel = Literal["web", "paper", "phone", "in_person", "email", "sms", "import", "api"]
Visibility = Literal["public", "sealed", "private"]
"""When a committed field is disclosed: at once, for all together at a declared moment, or never."""

ENTRY_LIMIT = 8192
"""Bytes of an entry, at most."""


class EventData(BaseModel):
    """The `data` of one event type. Subclasses say in class variables what the ledger does with the fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True)

    TYPE: ClassVar[str]
    SCHEMA: ClassVar[int] = 1
    SCOPE: ClassVar[str | None] = None
    """Whose pseudonym `actor` is: `author`, `report`, `step` (the step the event names), or nobody's."""
    COMMITTED: ClassVar[Mapping[str, Visibility]] = {}
    """Fields that stand in the entry as commitments only, null ones too."""
    FILLED: ClassVar[frozenset[str]] = frozenset()
    """Fields the ledger fills when the submission leaves them out; `admit` refuses a wrong or absent one."""
    PSEUDONYMISED: ClassVar[Mapping[str, str]] = {}
    """Fields of a submission that hold subjects → fields of the entry with their pseudonyms instead (one, or several ascending)."""

    DIGESTED: ClassVar[Mapping[str, str]] = {}
    """Fields that hold the SHA-256 of a committed field's canonical JSON → that field; filled when it is sealed."""
    POSTED_ONLY: ClassVar[frozenset[str]] = frozenset()
    """Fields of a submission that tell the ledger what to do and never stand in the entry."""
    WITHHELD: ClassVar[bool] = False
    """True where the committed fields are what moderation withholds when the content is hidden."""
    BY_THE_HOUR: ClassVar[bool] = False
    """True where the time is floored to the hour whoever posts the event, because it is about what somebody did."""

    sd: tuple[Digest, ...] | None = Field(default=None, alias="_sd")
    """Digests of the committed fields, ascending; only the ledger writes it."""

    FORMER: ClassVar[tuple[str, ...]] = ()
    """Wire types of earlier schemas, which `ledger.events.upcasts` reads as this one."""

    @classmethod
    def wire_type(cls) -> str:
        """`name/schema`, as it stands in `type`."""
        return f"{cls.TYPE}/{cls.SCHEMA}"

    @classmethod
    def wire_types(cls) -> tuple[str, ...]:
        """The wire types whose events are read as this class, the present one last."""
        return (*cls.FORMER, cls.wire_type())

    def stream(self, actor: str | None) -> str:
        """The name of the one stream that the event belongs to."""
        raise AssertionError(f"{type(self).__name__} names no stream")

    def clear(self) -> dict[str, Any]:
        """The fields that stand in clear in the entry, as JSON values; absent optional ones left out."""
        return self.model_dump(by_alias=True, exclude_none=True, exclude=set(self.COMMITTED))


class Submission(BaseModel):
    """What a platform posts: one event, with its own references in place of pseudonyms.

    `participant` is who acts; where somebody acts for another, `on_behalf_of` is the person represented.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    type: str
    data: EventData
    role: Role = "participant"
    channel: Channel = "api"
    participant: Subject | None = None
    on_behalf_of: Subject | None = None
    mandate_ref: Ref | None = None
    claimed_at: Instant | None = None


class Entry(BaseModel):
    """The envelope of a stored event, as its bytes say it. Absent optional keys are left out of the bytes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    log: str
    seq: Count
    stream: str
    version: Count
    type: str
    at: Instant
    data: EventData
    role: Role
    channel: Channel
    via: str
    actor: Pseudonym | None = None
    by: Pseudonym | None = None
    mandate_ref: Ref | None = None
    claimed_at: Instant | None = None


@dataclass(slots=True)
class Event:
    """One event in the core: what `admit`, `evolve` and the projections read.

    `data` is always in its entry form. `seq` and `version` are -1 until the event has its turn in the log.
    `actor` is the person represented, `by` the agent who acted; both are pseudonyms.
    """

    type: str
    data: EventData
    stream: str
    role: str
    channel: str
    via: str
    log: str
    at: str
    actor: str | None = None
    by: str | None = None
    mandate_ref: str | None = None
    claimed_at: str | None = None
    seq: int = -1
    version: int = -1


def entry_bytes(event: Event) -> bytes:
    """The canonical bytes of the event: leaf data, stored bytes and exported bytes are these."""
    entry: dict[str, Any] = {
        "at": event.at,
        "channel": event.channel,
        "data": event.data.clear(),
        "log": event.log,
        "role": event.role,
        "seq": event.seq,
        "stream": event.stream,
        "type": event.type,
        "version": event.version,
        "via": event.via,
    }
    if event.actor is not None:
        entry["actor"] = event.actor
    if event.by is not None:
        entry["by"] = event.by
    if event.mandate_ref is not None:
        entry["mandate_ref"] = event.mandate_ref
    if event.claimed_at is not None:
        entry["claimed_at"] = event.claimed_at
    return canonical_trusted(entry)
