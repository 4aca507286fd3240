"""The projection `tallies`: one row per target, keyed by it (`contribution/<ref>`, `argument/<ref>`): how many took which stance on it.

Every stance changes its target's row, so the row holds numbers and the few words by which targets are chosen, and nothing twice: sums are
made by `ledger.projections.readings.tally`. Values stand by the version that the stance addressed, so the tally of the present wording is
there too.
"""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict, cast

from ledger.events import Event
from ledger.events.argument import ArgumentEvent, ArgumentRevised, ArgumentSubmitted, ArgumentWithdrawn
from ledger.events.case import ContentHidden, ContentLimited, ContentRestored, ModerationDecision
from ledger.events.contribution import (
    ContributionEvent,
    ContributionMergedInto,
    ContributionRevised,
    ContributionSplitInto,
    ContributionSubmitted,
    ContributionWithdrawn,
)
from ledger.events.stance import StanceCast, StanceChanged, StanceEvent, StanceTaken, StanceWithdrawn
from ledger.projections.projection import Row, Texts

Values = Mapping[str, int]
"""Value of the scale → how many; values of nobody are left out."""

_READ: Final = (
    ContributionSubmitted,
    ContributionRevised,
    ContributionWithdrawn,
    ContributionMergedInto,
    ContributionSplitInto,
    ArgumentSubmitted,
    ArgumentRevised,
    ArgumentWithdrawn,
    StanceCast,
    StanceChanged,
    StanceWithdrawn,
    ContentHidden,
    ContentLimited,
    ContentRestored,
)


class TallyRow(TypedDict):
    """A row, as it stands in the views."""

    seq: int
    """Of the event that submitted the target."""
    changed_seq: int
    """Of the event that last changed the row."""
    step: str
    kind: str
    """Of contribution, or `argument`."""
    version: int
    """The present one of its text: 1 = as submitted."""
    stances: dict[str, dict[str, int]]
    """Version of the text → value → people whose stance it is now."""
    casts: dict[str, int]
    """Value → how often it was taken, by whomever: a change is one more."""
    participants: int
    """People who ever took a stance."""
    changes: int
    withdrawals: int
    text: NotRequired[str]
    section: NotRequired[str]
    about: NotRequired[str]
    """The contribution that it is about."""
    side: NotRequired[str]
    """Of an argument."""
    gone: NotRequired[str]
    """`withdrawn`, `merged` or `split`: it does not stand any more."""
    decision: NotRequired[str]
    """`hidden` or `limited`, while the decision stands."""
    uncounted: NotRequired[bool]
    """True while a decision says that stances on it do not count."""


class Tallies:
    """How each target stands with people."""

    name = "tallies"
    version = 1
    handles = frozenset(wire_type for event in _READ for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case StanceEvent(target=target) | ModerationDecision(target=target) | ContentRestored(target=target):
                return (target,)
            case ContributionEvent(ref=ref):
                return (f"contribution/{ref}",)
            case ArgumentEvent(ref=ref):
                return (f"argument/{ref}",)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        data = event.data
        if isinstance(data, ContributionSubmitted):
            return _submitted(event, data.step, data.kind, text=data.text, section=data.section, about=data.target)
        if isinstance(data, ArgumentSubmitted):
            return _submitted(event, data.step, "argument", about=data.contribution, side=data.side)
        if row is None:
            # What was never submitted is no target; `admit` refuses whatever names it.
            return None
        before = cast("TallyRow", row)
        if isinstance(data, StanceEvent):
            return cast("Row", _counted(before, event.seq, data))
        if isinstance(data, ContributionRevised | ArgumentRevised):
            changed: Row = {**row, "version": before["version"] + 1}
        elif isinstance(data, ContentRestored):
            changed = {name: told for name, told in row.items() if name not in ("decision", "uncounted")}
        else:
            changed = {**row, **_standing(event)}
        return {**changed, "changed_seq": event.seq}


def _submitted(event: Event, step: str, kind: str, **about: str | None) -> Row:
    new: TallyRow = {
        "seq": event.seq,
        "changed_seq": event.seq,
        "step": step,
        "kind": kind,
        "version": 1,
        "stances": {},
        "casts": {},
        "participants": 0,
        "changes": 0,
        "withdrawals": 0,
    }
    return {**cast("Row", new), **{name: word for name, word in about.items() if word is not None}}


def _counted(row: TallyRow, seq: int, data: StanceEvent) -> TallyRow:
    """The row after somebody took, changed or took back a stance."""
    stances, new = row["stances"], row.copy()
    new["changed_seq"] = seq
    if isinstance(data, StanceChanged | StanceWithdrawn) and data.old_value is not None:
        stances = _moved(stances, str(data.old_version), data.old_value, -1)
    if isinstance(data, StanceTaken):
        stances = _moved(stances, str(data.target_version), data.value, 1)
        new["casts"] = _plus(row["casts"], data.value, 1)
    new["stances"] = stances
    if isinstance(data, StanceCast):
        new["participants"] += 1
    elif isinstance(data, StanceChanged):
        new["changes"] += 1
    elif isinstance(data, StanceWithdrawn):
        new["withdrawals"] += 1
    return new


def _moved(stances: dict[str, dict[str, int]], version: str, value: str, by: int) -> dict[str, dict[str, int]]:
    changed = _plus(stances.get(version, {}), value, by)
    if changed:
        return {**stances, version: changed}
    return {other: values for other, values in stances.items() if other != version}


def _plus(values: dict[str, int], value: str, by: int) -> dict[str, int]:
    """Never below none, as only a log that nobody admitted would have it."""
    count = values.get(value, 0) + by
    if count > 0:
        return {**values, value: count}
    return {other: number for other, number in values.items() if other != value}


def _standing(event: Event) -> Row:
    """What becomes of the target by an event that is not about its words or stances."""
    match event.data:
        case ContributionWithdrawn() | ArgumentWithdrawn():
            return {"gone": "withdrawn"}
        case ContributionMergedInto():
            return {"gone": "merged"}
        case ContributionSplitInto():
            return {"gone": "split"}
        case ModerationDecision(stances=stances) as made:
            decided: dict[str, str] = {"decision": "hidden" if isinstance(made, ContentHidden) else "limited"}
            return {**decided, "uncounted": True} if stances == "not_counted" else decided
    return {}
