"""The projection `texts`: one row per text, keyed by its reference, and one per section, keyed `<text>/<section>`."""

from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.privacy import ContentErased
from ledger.events.text import SectionAdded, SectionAmended, TextAdopted, TextEvent, TextPublished
from ledger.projections.projection import Row, Texts

_READ: Final = (TextPublished, SectionAdded, SectionAmended, TextAdopted, ContentErased)


class TextSections:
    """What each section reads, and through which amendments it came to read so. Sections of one parent stand in the order of their seq."""

    name = "texts"
    version = 1
    handles = frozenset(wire_type for event in _READ for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case SectionAdded(ref=ref, section=section) | SectionAmended(ref=ref, section=section):
                return (f"{ref}/{section}",)
            case TextEvent(ref=ref):
                return (ref,)
            case ContentErased(erased=str(stream)) if stream.startswith("text/"):
                return (stream.partition("/")[2],)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        match event.data:
            case TextPublished() as published:
                return _published(event, published, texts)
            case SectionAdded() as added:
                return _added(event, added, texts)
        if row is None:
            # A text that was never published, or a section that was never added, has nothing to show.
            return None
        match event.data:
            case SectionAmended() as amended:
                return _amended(row, event, amended, texts)
            case TextAdopted(digest=digest):
                return {**row, "adopted": {"seq": event.seq, "at": event.at, "digest": digest}, "changed_seq": event.seq}
            case ContentErased(entry=entry):
                return {**row, "erased": [*cast("list[JsonValue]", row["erased"]), entry], "changed_seq": event.seq}
        return row


def _published(event: Event, data: TextPublished, texts: Texts) -> Row:
    return {
        "text": data.ref,
        "section": None,
        "step": data.step,
        "title": texts.get("title"),
        "seq": event.seq,
        "changed_seq": event.seq,
        "published_at": event.at,
        "adopted": None,
        "erased": [],
    }


def _added(event: Event, data: SectionAdded, texts: Texts) -> Row:
    return {
        "text": data.ref,
        "section": data.section,
        "parent": data.parent,
        "title": texts.get("title"),
        "body": texts.get("body"),
        "digest": data.digest,
        "first_body": texts.get("body"),
        "first_digest": data.digest,
        "seq": event.seq,
        "changed_seq": event.seq,
        "added_at": event.at,
        "amendments": [],
    }


def _amended(row: Row, event: Event, data: SectionAmended, texts: Texts) -> Row:
    amendment: JsonValue = {
        "seq": event.seq,
        "at": event.at,
        "role": event.role,
        "because_of": list(data.because_of),
        "code": data.code,
        "old_digest": data.old_digest,
        "digest": data.digest,
        "body": texts.get("body"),
        "reason": texts.get("reason"),
    }
    amendments = [*cast("list[JsonValue]", row["amendments"]), amendment]
    return {**row, "body": texts.get("body"), "digest": data.digest, "amendments": amendments, "changed_seq": event.seq}
