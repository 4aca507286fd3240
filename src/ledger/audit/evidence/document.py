"""The file that evidence is kept in."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from ledger.canonical import JsonValue
from ledger.errors import MalformedEvidence
from ledger.events.faults import malformed

FORMAT: Final = "participation-ledger-evidence/1"
LARGEST: Final = 8 << 20

Kind = Literal["fork", "beyond-end", "rule-broken", "inconsistent", "shrunk", "hidden", "unlisted", "stale", "unreadable", "unsigned"]
"""What is said to have happened; docs/formats/monitoring.md says of each whether it can be proven or only told."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An entry of the ledger log and the proof that it stands there, in the form of C2SP tlog-proof."""

    entry: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a monitor saw. `told` is a sentence for people by language; what counts are the notes and the exhibits, which are signed."""

    kind: Kind
    origin: str
    """Of the log that it is about: the ledger log, or a project's."""
    ledger: str
    """Origin of the ledger log."""
    vkeys: tuple[str, ...]
    """Keys of both, as the monitor knew them. Who checks gets them from elsewhere."""
    told: dict[str, str]
    found_at: str
    source: str
    """The address that was watched."""
    notes: tuple[str, ...] = ()
    """Signed checkpoints, the earlier first."""
    exhibits: tuple[Exhibit, ...] = ()
    """Ascending by index."""
    attached: tuple[str, ...] = ()
    """What else was answered, as it came; nothing vouches for it."""

    def encode(self) -> bytes:
        """The bytes of the file; `parse_evidence` of them gives this evidence."""
        exhibits: list[JsonValue] = [{"entry": exhibit.entry.decode(), "proof": exhibit.proof.decode()} for exhibit in self.exhibits]
        document: dict[str, JsonValue] = {
            "format": FORMAT,
            "kind": self.kind,
            "origin": self.origin,
            "ledger": self.ledger,
            "found_at": self.found_at,
            "source": self.source,
            "told": dict(self.told),
            "vkeys": list(self.vkeys),
            "notes": list(self.notes),
            "exhibits": exhibits,
            "attached": list(self.attached),
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


Words = Annotated[str, StringConstraints(max_length=1_000_000)]


class _Exhibit(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    entry: Words
    proof: Words


class _Evidence(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    format: Literal["participation-ledger-evidence/1"]
    kind: Kind
    origin: Words
    ledger: Words
    found_at: Words
    source: Words
    told: Annotated[dict[str, Words], Field(max_length=8)]
    vkeys: Annotated[tuple[Words, ...], Field(max_length=64)]
    notes: Annotated[tuple[Words, ...], Field(max_length=8)]
    exhibits: Annotated[tuple[_Exhibit, ...], Field(max_length=16)]
    attached: Annotated[tuple[Words, ...], Field(max_length=16)]


_READER: Final = TypeAdapter(_Evidence)


def parse_evidence(data: bytes) -> Evidence:
    """The evidence that a file holds. Raises `MalformedEvidence` where it holds none."""
    if len(data) > LARGEST:
        raise MalformedEvidence("$", f"it is longer than {LARGEST} bytes")
    try:
        read = _READER.validate_json(data)
    except ValidationError as error:
        found = malformed(error, "$")
        raise MalformedEvidence(str(getattr(found, "place", "$")), str(found)) from None
    exhibits = tuple(Exhibit(exhibit.entry.encode(), exhibit.proof.encode()) for exhibit in read.exhibits)
    return Evidence(
        read.kind, read.origin, read.ledger, read.vkeys, read.told, read.found_at, read.source, read.notes, exhibits, read.attached
    )
