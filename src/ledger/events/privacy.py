"""Facts about what was erased, and what may not be (stream `privacy`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from ledger.events.envelope import EventData
from ledger.events.redacted import Redacted, RedactedStream, RedactedType
from ledger.ids import Code, Count, Digest, Ref, Target

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,64}$")]
KeyScope = Annotated[str, StringConstraints(pattern=r"^(author|report|step/[A-Za-z0-9._~-]{1,64})$")]


class PrivacyEvent(EventData):
    """A fact of the stream `privacy`."""

    SCOPE: ClassVar[str | None] = "author"

    def stream(self, actor: str | None) -> str:
        """`privacy`: one per log."""
        return "privacy"


class ErasureRequested(PrivacyEvent):
    """Somebody asks that a field, a content, or all that a person wrote be erased; `ref` names the request."""

    TYPE: ClassVar[str] = "erasure.requested"

    ref: Ref
    extent: Literal["field", "content", "participant"]
    target: Target | None = None
    ground: Code


class ContentErased(PrivacyEvent):
    """Committed fields of one entry are erased: their disclosures are destroyed, the commitments stay. Counts stay what they were.

    Posted with `entry`, and `fields` where not all of them are meant; the ledger fills in the stream `erased`, and the digests that are
    opened no more.
    """

    TYPE: ClassVar[str] = "content.erased"
    FILLED: ClassVar[frozenset[str]] = frozenset({"erased", "digests"})
    POSTED_ONLY: ClassVar[frozenset[str]] = frozenset({"fields"})

    entry: Count
    fields: (
        Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,64}$")], ...], Field(min_length=1, max_length=32)] | None
    ) = None
    erased: str | None = None
    digests: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=32)] | None = None
    ground: Code
    request: Ref | None = None
    authority: Ref | None = None


class EntryRedacted(PrivacyEvent):
    """The bytes of one entry are withheld by order of a court. Its leaf hash stays, and which stream, version and type it was of.

    Posted with `entry`, the `authority` that ordered it and a `code`; the ledger fills in the rest.
    """

    TYPE: ClassVar[str] = "entry.redacted"
    FILLED: ClassVar[frozenset[str]] = frozenset({"leaf_hash", "redacted_stream", "redacted_type", "redacted_version"})

    entry: Count
    authority: Ref
    code: Code
    leaf_hash: Digest | None = None
    redacted_stream: RedactedStream | None = Field(default=None, alias="stream")
    redacted_type: RedactedType | None = Field(default=None, alias="type")
    redacted_version: Count | None = Field(default=None, alias="version")

    def left(self) -> Redacted:
        """What stands in place of the entry, once the ledger has filled in what is left of it."""
        match self:
            case EntryRedacted(leaf_hash=str(leaf), redacted_stream=str(stream), redacted_type=str(kind), redacted_version=int(version)):
                return Redacted(authority=self.authority, leaf_hash=leaf, seq=self.entry, stream=stream, type=kind, version=version)
        raise AssertionError("a redaction that was admitted says what is left")


class ScopeKeyDestroyed(PrivacyEvent):
    """The key that makes the pseudonyms of a scope is destroyed: nobody can find out any more whose they are, nor act in it again."""

    TYPE: ClassVar[str] = "scope_key.destroyed"

    scope: KeyScope
    code: Code


class LegalHoldPlaced(PrivacyEvent):
    """A law or a court forbids to erase: one content, or anything of the project."""

    TYPE: ClassVar[str] = "legal_hold.placed"

    ref: Ref
    code: Code
    target: Target | None = None


class LegalHoldLifted(PrivacyEvent):
    """The hold of this name ends."""

    TYPE: ClassVar[str] = "legal_hold.lifted"

    ref: Ref
    code: Code
