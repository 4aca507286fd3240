"""The projection `contributions`: one row per contribution, keyed by its reference."""

from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.contribution import (
    ContributionAnswered,
    ContributionAttached,
    ContributionEvent,
    ContributionFormalisedWith,
    ContributionMergeAccepted,
    ContributionMergedInto,
    ContributionMergeProposed,
    ContributionMergeRefused,
    ContributionRevised,
    ContributionSplitInto,
    ContributionSubmitted,
    ContributionWithdrawn,
)
from ledger.events.selection import ProposalDeselected, ProposalSelected
from ledger.events.text import SectionAmended
from ledger.projections.lineage import WHOLE, lineage
from ledger.projections.projection import Row, Texts
from ledger.projections.visibility import JUDGING, UNJUDGED, judged, judged_content

TEXTS: Final = ("title", "body", "location", "fields")
"""Committed fields that each version of a contribution has anew."""

_READ: Final = (
    ContributionSubmitted,
    ContributionRevised,
    ContributionWithdrawn,
    ContributionFormalisedWith,
    ContributionMergeProposed,
    ContributionMergeAccepted,
    ContributionMergeRefused,
    ContributionMergedInto,
    ContributionSplitInto,
    ContributionAttached,
    ContributionAnswered,
    ProposalSelected,
    ProposalDeselected,
    SectionAmended,
    *JUDGING,
)


class Contributions:
    """What each contribution says now, what it comes from, and what became of it. No event removes a row.

    `versions` are the seqs of its texts, the first as submitted; `changed_seq` is that of the last event that changed the row.
    """

    name = "contributions"
    version = 1
    handles = frozenset(wire_type for event in _READ for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case ContributionMergedInto(ref=ref, into=into):
                return tuple(dict.fromkeys((ref, into)))
            case ContributionEvent(ref=ref) | ProposalSelected(ref=ref) | ProposalDeselected(ref=ref):
                return (ref,)
            case SectionAmended(because_of=refs):
                return tuple(dict.fromkeys(refs))
        content = judged_content(event)
        return (content[1],) if content is not None and content[0] == "contribution" else ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        if isinstance(event.data, ContributionSubmitted):
            return _submitted(event, event.data, texts)
        if row is None:
            # Naming a contribution that was never submitted is refused by `admit`; there is nothing to show of it.
            return None
        changes = _said(row, event, texts) or _done(row, event) or lineage(key, row, event, texts) or judged(row, event, texts)
        return {**row, **changes, "changed_seq": event.seq} if changes else row


def _submitted(event: Event, data: ContributionSubmitted, texts: Texts) -> Row:
    return {
        "ref": data.ref,
        "external_ref": data.external_ref,
        "kind": data.kind,
        "step": data.step,
        "text": data.text,
        "section": data.section,
        "target": data.target,
        "reply_to": data.reply_to,
        "district": data.district,
        "category": data.category,
        "cost_minor": data.cost_minor,
        "derived_from": data.derived_from,
        "meeting": data.meeting,
        "author": event.actor,
        "collective": data.collective,
        "collective_name": texts.get("collective_name"),
        "state": "submitted",
        "seq": event.seq,
        "changed_seq": event.seq,
        "revision": event.version,
        "texts": 1,
        "versions": [event.seq],
        "submitted_seq": event.seq,
        "submitted_at": event.at,
        "claimed_at": event.claimed_at,
        "revised_seq": None,
        "withdrawn_seq": None,
        "withdrawn_at": None,
        "withdrawn_code": None,
        "withdrawn_reason": None,
        "selected_in": [],
        "formalised_with": [],
        "attachments": [],
        "answer": None,
        "answers": 0,
        "earlier_answers": [],
        "led_to": [],
        **WHOLE,
        **UNJUDGED,
        **{name: texts.get(name) for name in TEXTS},
    }


def _said(row: Row, event: Event, texts: Texts) -> Row:
    """What an event of words changes."""
    stamp: dict[str, JsonValue] = {"seq": event.seq, "at": event.at}
    match event.data:
        case ContributionRevised() as data:
            return _revised(row, event, data, texts)
        case ContributionWithdrawn(code=code):
            withdrawal: dict[str, JsonValue] = {"withdrawn_seq": event.seq, "withdrawn_at": event.at, "withdrawn_code": code}
            return {"state": "withdrawn", **withdrawal, "withdrawn_reason": texts.get("reason")}
        case ContributionFormalisedWith(service=service):
            return _appended(row, "formalised_with", {**stamp, "service": service, "note": texts.get("note")})
        case ContributionAttached(media_type=media_type, size_bytes=size):
            document = {"name": texts.get("name"), "digest": texts.get("digest")}
            return _appended(row, "attachments", {**stamp, "media_type": media_type, "size_bytes": size, **document})
        case ContributionAnswered(code=code):
            answer: JsonValue = {**stamp, "role": event.role, "code": code, "body": texts.get("body")}
            earlier = _appended(row, "earlier_answers", row["answer"]) if row["answer"] is not None else {}
            return {"answer": answer, "answers": cast("int", row["answers"]) + 1, **earlier}
    return {}


def _done(row: Row, event: Event) -> Row:
    """What an event about its way into a ballot or a text changes."""
    match event.data:
        case ProposalSelected(step=step):
            return {"selected_in": [*sorted({*_steps(row), step})]}
        case ProposalDeselected(step=step):
            return {"selected_in": [*sorted({*_steps(row)} - {step})]}
        case SectionAmended(ref=text, section=section):
            return _appended(row, "led_to", {"text": text, "section": section, "seq": event.seq})
    return {}


def _revised(row: Row, event: Event, data: ContributionRevised, texts: Texts) -> Row:
    return {
        "district": row["district"] if data.district is None else data.district,
        "category": row["category"] if data.category is None else data.category,
        "cost_minor": row["cost_minor"] if data.cost_minor is None else data.cost_minor,
        "revision": event.version,
        "texts": cast("int", row["texts"]) + 1,
        **_appended(row, "versions", event.seq),
        "revised_seq": event.seq,
        **{name: texts.get(name) for name in TEXTS},
    }


def _steps(row: Row) -> list[str]:
    return cast("list[str]", row["selected_in"])


def _appended(row: Row, name: str, entry: JsonValue) -> Row:
    return {name: [*cast("list[JsonValue]", row[name]), entry]}
