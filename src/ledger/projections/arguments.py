"""The projection `arguments`: one row per argument, keyed by its reference."""

from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.argument import ArgumentEvent, ArgumentRevised, ArgumentSubmitted, ArgumentWithdrawn
from ledger.projections.projection import Row, Texts
from ledger.projections.visibility import JUDGING, UNJUDGED, judged, judged_content

_READ: Final = (ArgumentSubmitted, ArgumentRevised, ArgumentWithdrawn, *JUDGING)


class Arguments:
    """What each argument says now, about what, and on which side. Withdrawing never removes a row.

    `versions` are the seqs of its texts, the first as submitted; `changed_seq` is that of the last event that changed the row.
    """

    name = "arguments"
    version = 1
    handles = frozenset(wire_type for event in _READ for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case ArgumentEvent(ref=ref):
                return (ref,)
        content = judged_content(event)
        return (content[1],) if content is not None and content[0] == "argument" else ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        if isinstance(event.data, ArgumentSubmitted):
            return _submitted(event, event.data, texts)
        if row is None:
            # Naming an argument that was never submitted is refused by `admit`; there is nothing to show of it.
            return None
        changes = _said(row, event, texts) or judged(row, event, texts)
        return {**row, **changes, "changed_seq": event.seq} if changes else row


def _submitted(event: Event, data: ArgumentSubmitted, texts: Texts) -> Row:
    return {
        "ref": data.ref,
        "external_ref": data.external_ref,
        "contribution": data.contribution,
        "step": data.step,
        "side": data.side,
        "parent": data.parent,
        "meeting": data.meeting,
        "author": event.actor,
        "state": "submitted",
        "seq": event.seq,
        "changed_seq": event.seq,
        "texts": 1,
        "versions": [event.seq],
        "submitted_at": event.at,
        "claimed_at": event.claimed_at,
        "revised_seq": None,
        "withdrawn_seq": None,
        "withdrawn_at": None,
        "withdrawn_code": None,
        "withdrawn_reason": None,
        **UNJUDGED,
        "body": texts.get("body"),
    }


def _said(row: Row, event: Event, texts: Texts) -> Row:
    match event.data:
        case ArgumentRevised():
            versions = [*cast("list[JsonValue]", row["versions"]), event.seq]
            return {"texts": len(versions), "versions": versions, "revised_seq": event.seq, "body": texts.get("body")}
        case ArgumentWithdrawn(code=code):
            withdrawal: dict[str, JsonValue] = {"withdrawn_seq": event.seq, "withdrawn_at": event.at, "withdrawn_code": code}
            return {"state": "withdrawn", **withdrawal, "withdrawn_reason": texts.get("reason")}
    return {}
