"""Facts about a text that is written together, section by section (stream `text/<ref>`)."""

from typing import Annotated, ClassVar

from pydantic import Field

from ledger.events.envelope import EventData
from ledger.ids import Code, Digest, LongTexts, Ref, Titles


class TextEvent(EventData):
    """A fact of the stream `text/<ref>`."""

    ref: Ref

    def stream(self, actor: str | None) -> str:
        """`text/<ref>`: one per text."""
        return f"text/{self.ref}"


class TextPublished(TextEvent):
    """A text is put up for participation; `step` is where."""

    TYPE: ClassVar[str] = "text.published"
    COMMITTED = {"title": "public"}

    step: Ref | None = None
    title: Titles


class SectionAdded(TextEvent):
    """A section of the text: after those before it under the same parent. `digest` is of the body, null where there is none."""

    TYPE: ClassVar[str] = "section.added"
    COMMITTED = {"title": "public", "body": "public"}
    DIGESTED: ClassVar[dict[str, str]] = {"digest": "body"}

    section: Ref
    parent: Ref | None = None
    digest: Digest | None = None
    title: Titles
    body: LongTexts | None = None


class SectionAmended(TextEvent):
    """The section reads anew, because of these contributions: the trace from what people said into the text."""

    TYPE: ClassVar[str] = "section.amended"
    COMMITTED = {"body": "public", "reason": "public"}
    DIGESTED: ClassVar[dict[str, str]] = {"digest": "body"}
    FILLED: ClassVar[frozenset[str]] = frozenset({"old_digest"})

    section: Ref
    old_digest: Digest | None = None
    digest: Digest | None = None
    because_of: Annotated[tuple[Ref, ...], Field(max_length=100)] = ()
    code: Code | None = None
    body: LongTexts
    reason: Titles | None = None


class TextAdopted(TextEvent):
    """The text is adopted as it stands, and changes no more; `digest` is over its sections in order (docs/formats/digests.md)."""

    TYPE: ClassVar[str] = "text.adopted"
    FILLED: ClassVar[frozenset[str]] = frozenset({"digest"})

    digest: Digest | None = None
