"""What merging and splitting say on the rows of contributions. A merge is told on the one that goes, and on the one that it goes into."""

from typing import cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.contribution import (
    ContributionMergeAccepted,
    ContributionMergedInto,
    ContributionMergeProposed,
    ContributionMergeRefused,
    ContributionSplitInto,
)
from ledger.projections.projection import Row, Texts

WHOLE: Row = {
    "merge_proposals": [],
    "merged_into": None,
    "merged_seq": None,
    "merged_at": None,
    "merged_reason": None,
    "absorbed": [],
    "split_into": [],
    "split_seq": None,
    "split_at": None,
    "split_reason": None,
}
"""The fields of a contribution that neither went into another, nor took one in, nor was split."""


def lineage(ref: str, row: Row, event: Event, texts: Texts) -> Row:
    """The fields that the event changes on the row of the contribution `ref`; none for other events."""
    reason = texts.get("reason")
    match event.data:
        case ContributionMergeProposed(into=into):
            proposal: dict[str, JsonValue] = {"into": into, "seq": event.seq, "at": event.at, "role": event.role, "reason": reason}
            return {"merge_proposals": [*_proposals(row), {**proposal, **_UNDECIDED}]}
        case ContributionMergeAccepted(into=into):
            return _decided(row, event, into, {"state": "accepted"})
        case ContributionMergeRefused(into=into, code=code):
            return _decided(row, event, into, {"state": "refused", "code": code, "answer": reason})
        case ContributionMergedInto(ref=gone, into=into):
            if ref != gone:
                absorbed = cast("list[str]", row["absorbed"])
                return {"absorbed": [*absorbed, gone]} if gone not in absorbed else {}
            merged: dict[str, JsonValue] = {"merged_into": into, "merged_seq": event.seq, "merged_at": event.at, "merged_reason": reason}
            return {"state": "merged", **merged}
        case ContributionSplitInto(parts=parts):
            split: dict[str, JsonValue] = {"split_into": list(parts), "split_seq": event.seq, "split_at": event.at, "split_reason": reason}
            return {"state": "split", **split}
    return {}


_UNDECIDED: Row = {"state": "proposed", "decided_seq": None, "decided_at": None, "code": None, "answer": None}


def _proposals(row: Row) -> list[dict[str, JsonValue]]:
    return cast("list[dict[str, JsonValue]]", row["merge_proposals"])


def _decided(row: Row, event: Event, into: str, decision: dict[str, JsonValue]) -> Row:
    """The last proposal to go into that contribution is decided; where there is none, nothing changes."""
    proposals = _proposals(row)
    place = next((place for place in reversed(range(len(proposals))) if proposals[place]["into"] == into), None)
    if place is None:
        return {}
    decided = {**proposals[place], "decided_seq": event.seq, "decided_at": event.at, **decision}
    return {"merge_proposals": [*proposals[:place], decided, *proposals[place + 1 :]]}
