"""The projection `proposals`: one row per contribution, keyed by its reference."""

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.contribution import ContributionRevised, ContributionSubmitted, ContributionWithdrawn
from ledger.events.selection import ProposalDeselected, ProposalSelected
from ledger.projections.projection import Row, Texts

TEXTS = ("title", "body", "location", "fields")
"""Committed fields that a contribution shows as long as they may be shown."""


class Proposals:
    """What each contribution says now, and what became of it. Withdrawing never removes a row."""

    name = "proposals"
    version = 2
    handles = frozenset(
        wire_type
        for event in (ContributionSubmitted, ContributionRevised, ContributionWithdrawn, ProposalSelected, ProposalDeselected)
        for wire_type in event.wire_types()
    )

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case ContributionSubmitted() | ContributionRevised() | ContributionWithdrawn() | ProposalSelected() | ProposalDeselected():
                return (event.data.ref,)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        data = event.data
        if isinstance(data, ContributionSubmitted):
            return _submitted(event, data, texts)
        if row is None:
            # Naming a contribution that was never submitted is refused by `admit`; there is nothing to show of it.
            return None
        match data:
            case ContributionRevised():
                return _revised(row, event, data, texts)
            case ContributionWithdrawn():
                withdrawal: dict[str, JsonValue] = {"withdrawn_seq": event.seq, "withdrawn_at": event.at, "withdrawn_code": data.code}
                return {**row, **withdrawal, "state": "withdrawn", "withdrawn_reason": texts.get("reason")}
            case ProposalSelected():
                return {**row, "selected_in": [*sorted({*_steps(row), data.step})]}
            case ProposalDeselected():
                return {**row, "selected_in": [*sorted({*_steps(row)} - {data.step})]}
        return row


def _submitted(event: Event, data: ContributionSubmitted, texts: Texts) -> Row:
    return {
        "ref": data.ref,
        "external_ref": data.external_ref,
        "kind": data.kind,
        "step": data.step,
        "district": data.district,
        "category": data.category,
        "cost_minor": data.cost_minor,
        "derived_from": data.derived_from,
        "meeting": data.meeting,
        "author": event.actor,
        "state": "submitted",
        "revision": event.version,
        "submitted_seq": event.seq,
        "submitted_at": event.at,
        "revised_seq": None,
        "withdrawn_seq": None,
        "withdrawn_at": None,
        "withdrawn_code": None,
        "withdrawn_reason": None,
        "selected_in": [],
        **{name: texts.get(name) for name in TEXTS},
    }


def _revised(row: Row, event: Event, data: ContributionRevised, texts: Texts) -> Row:
    return {
        **row,
        "district": row["district"] if data.district is None else data.district,
        "category": row["category"] if data.category is None else data.category,
        "cost_minor": row["cost_minor"] if data.cost_minor is None else data.cost_minor,
        "revision": event.version,
        "revised_seq": event.seq,
        **{name: texts.get(name) for name in TEXTS},
    }


def _steps(row: Row) -> list[str]:
    steps = row["selected_in"]
    return [step for step in steps if isinstance(step, str)] if isinstance(steps, list) else []
