"""The projection `erasures`: what was erased or redacted and why, who waited how long for it, what may not be erased, which keys are gone.

Keys: `erased/<seq in 12 digits>`, `redacted/<seq in 12 digits>` (of the entry whose bytes are withheld), `request/<ref>`, `hold/<ref>`,
`key/<scope>`. What was erased is known by place and number only, and who
asked is not read.
"""

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.privacy import ContentErased, EntryRedacted, ErasureRequested, LegalHoldLifted, LegalHoldPlaced, ScopeKeyDestroyed
from ledger.projections.projection import Disclosed, Row

REDACTED = "redacted"
"""First part of the keys of rows about redacted entries."""
_EVENTS = (ErasureRequested, ContentErased, EntryRedacted, ScopeKeyDestroyed, LegalHoldPlaced, LegalHoldLifted)


class Erasures:
    """One row for each erasure, redaction, request, legal hold and destroyed key."""

    name = "erasures"
    version = 1
    handles = frozenset(wire_type for event in _EVENTS for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case ErasureRequested(ref=ref):
                return (f"request/{ref}",)
            case ContentErased(request=request):
                erased = f"erased/{event.seq:012d}"
                return (erased,) if request is None else (erased, f"request/{request}")
            case EntryRedacted(entry=entry):
                return (f"{REDACTED}/{entry:012d}",)
            case ScopeKeyDestroyed(scope=scope):
                return (f"key/{scope}",)
            case LegalHoldPlaced(ref=ref) | LegalHoldLifted(ref=ref):
                return (f"hold/{ref}",)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Disclosed) -> Row | None:
        """See `Projection.apply`. An answer to a request that nobody made, or the end of a hold that nobody placed, has no row."""
        stamp: dict[str, JsonValue] = {"seq": event.seq, "at": event.at, "role": event.role, "via": event.via}
        by: dict[str, JsonValue] = {**stamp, "changed_seq": event.seq}
        match event.data:
            case ErasureRequested() as asked:
                return {**by, "ref": asked.ref, "extent": asked.extent, "target": asked.target, "ground": asked.ground, **_UNANSWERED}
            case ContentErased() as erased if key.startswith("erased/"):
                return _erased(by, erased)
            case ContentErased() if row is not None:
                return _answered(row, event)
            case EntryRedacted() as redacted:
                return row or _redacted(by, redacted)
            case ScopeKeyDestroyed(scope=scope, code=code):
                return row or {**by, "scope": scope, "code": code}
            case LegalHoldPlaced(ref=ref, code=code, target=target):
                return {**by, "ref": ref, "code": code, "target": target, "lifted": None}
            case LegalHoldLifted(code=code) if row is not None:
                return {**row, "changed_seq": event.seq, "lifted": {**stamp, "code": code}}
        return row


_UNANSWERED: Row = {"entries": 0, "first_erased_at": None, "last_erased_at": None}
"""What became of a request: how many entries were erased because of it, and when."""


def _erased(by: dict[str, JsonValue], erased: ContentErased) -> Row:
    return {
        **by,
        "entry": erased.entry,
        "stream": erased.erased,
        "fields": len(erased.digests or ()),
        "ground": erased.ground,
        "request": erased.request,
        "authority": erased.authority,
    }


def _redacted(by: dict[str, JsonValue], redacted: EntryRedacted) -> Row:
    return {
        **by,
        "entry": redacted.entry,
        "stream": redacted.redacted_stream,
        "type": redacted.redacted_type,
        "version": redacted.redacted_version,
        "code": redacted.code,
        "authority": redacted.authority,
    }


def _answered(row: Row, event: Event) -> Row:
    entries = row["entries"] if isinstance(row["entries"], int) else 0
    first = row["first_erased_at"] or event.at
    return {**row, "changed_seq": event.seq, "entries": entries + 1, "first_erased_at": first, "last_erased_at": event.at}
