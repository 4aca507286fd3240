"""What stands in place of an entry whose bytes a court has ordered to be withheld: a hash-only leaf (docs/formats/entry.md).

It is one line of canonical JSON, where the entry's own bytes would be: `{"redacted":{…}}`. No entry begins so, as none has such a member,
and the leaf hash is given instead of following from the line.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ledger.canonical import canonical_trusted
from ledger.errors import InvalidField
from ledger.events.faults import malformed
from ledger.ids import Count, Digest, Ref
from ledger.tlog.tree import leaf_hash

RedactedStream = Annotated[str, StringConstraints(pattern=r"^[a-z]+(/[A-Za-z0-9._~-]{1,64}){0,4}$")]
RedactedType = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+/[1-9][0-9]?$")]

_BEGINNING: Final = b'{"redacted":'


class Redacted(BaseModel):
    """An entry of which only this is left. `leaf_hash` is that of its bytes, in base64url."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    authority: Ref
    leaf_hash: Digest
    seq: Count
    stream: RedactedStream
    type: RedactedType
    version: Count

    @property
    def leaf(self) -> bytes:
        """The leaf hash as bytes."""
        return urlsafe_b64decode(f"{self.leaf_hash}=")

    def line(self) -> bytes:
        """The canonical bytes that stand where those of the entry would."""
        return canonical_trusted({"redacted": self.model_dump()})


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    redacted: Redacted


def is_redacted(line: bytes) -> bool:
    """True when the bytes are no entry, but what stands in place of one; whether they are well formed is for `read_redacted` to say."""
    return line.startswith(_BEGINNING)


def read_redacted(line: bytes) -> Redacted:
    """What the line says. Raises `Malformed` where it is not exactly of the form that `Redacted.line` writes."""
    try:
        read = _Line.model_validate_json(line).redacted
    except ValidationError as error:
        raise malformed(error, "$") from None
    # The last character of a digest has bits to spare: only one way of writing it is taken.
    if read.line() != line or urlsafe_b64encode(read.leaf).rstrip(b"=").decode() != read.leaf_hash:
        raise InvalidField("$.redacted", "it is not written as a ledger writes it")
    return read


def leaves_of(lines: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of each line of a log: given where it stands in place of an entry, else RFC 6962 over the entry's bytes.

    Raises `Malformed` where such a line is not of its form.
    """
    return [read_redacted(line).leaf if line.startswith(_BEGINNING) else leaf_hash(line) for line in lines]
