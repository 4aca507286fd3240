"""The projection `stances`: one row per person and target, keyed `<target>/<actor>`; it tells the stance as it is now.

What a person said about it in words is referred to, and stays referred to when the stance changes.
"""

from typing import NamedTuple, NotRequired, TypedDict, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.stance import StanceCast, StanceChanged, StanceEvent, StanceExplained, StanceTaken, StanceWithdrawn
from ledger.projections.ballots import hour
from ledger.projections.projection import Row, Texts


class StanceRow(TypedDict):
    """A row, as it stands in the views."""

    seq: int
    """Of the event that first made it."""
    changed_seq: int
    """Of the event that last changed it."""
    step: str
    value: str | None
    """None where the stance was taken back."""
    target_version: int | None
    channel: str
    hour: str
    """When the ledger recorded the value, or that it was taken back."""
    revision: int
    """The version of the stance's stream."""
    claimed_hour: NotRequired[str]
    """The hour that an import claims for it."""
    code: NotRequired[str]
    """Why it was taken back, where that was said."""
    explained: NotRequired[JsonValue]
    """Refers to what the person last said about it."""


class Stance(NamedTuple):
    """One person's stance on one target, as it is now; the fields are those of `StanceRow`."""

    target: str
    actor: str
    seq: int
    changed_seq: int
    step: str
    value: str | None
    target_version: int | None
    channel: str
    hour: str
    revision: int
    claimed_hour: str | None
    code: str | None


class Stances:
    """The last word of everybody on everything."""

    name = "stances"
    version = 1
    handles = frozenset(event.wire_type() for event in (StanceCast, StanceChanged, StanceWithdrawn, StanceExplained))

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        return (f"{event.data.target}/{event.actor}",) if isinstance(event.data, StanceEvent) and event.actor is not None else ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        data = event.data
        if isinstance(data, StanceTaken):
            return _at(row, event, data.step, data.value, data.target_version)
        if row is None:
            # Nobody can take back or explain what they never said; there is nothing to show of it.
            return None
        if isinstance(data, StanceWithdrawn):
            withdrawn = _at(row, event, data.step, None, None)
            return withdrawn if data.code is None else {**withdrawn, "code": data.code}
        if isinstance(data, StanceExplained):
            return {**row, "changed_seq": event.seq, "revision": event.version, "explained": texts.get("how")}
        return row


def _at(row: Row | None, event: Event, step: str, value: str | None, target_version: int | None) -> Row:
    new: StanceRow = {
        "seq": event.seq if row is None else cast("StanceRow", row)["seq"],
        "changed_seq": event.seq,
        "step": step,
        "value": value,
        "target_version": target_version,
        "channel": event.channel,
        "hour": hour(event.at),
        "revision": event.version,
    }
    if event.claimed_at is not None:
        new["claimed_hour"] = hour(event.claimed_at)
    if row is not None and "explained" in row:
        new["explained"] = row["explained"]
    return cast("Row", new)


def stance_of(key: str, row: Row) -> Stance:
    """A row of the projection `stances` as a stance."""
    target, _, actor = key.rpartition("/")
    told = cast("StanceRow", row)
    return Stance(
        target,
        actor,
        told["seq"],
        told["changed_seq"],
        told["step"],
        told["value"],
        told["target_version"],
        told["channel"],
        told["hour"],
        told["revision"],
        told.get("claimed_hour"),
        told.get("code"),
    )


def row_of(stance: Stance, explained: JsonValue = None) -> Row:
    """The row that says the same; `explained` refers to what was said about it, None where nothing was."""
    row: StanceRow = {
        "seq": stance.seq,
        "changed_seq": stance.changed_seq,
        "step": stance.step,
        "value": stance.value,
        "target_version": stance.target_version,
        "channel": stance.channel,
        "hour": stance.hour,
        "revision": stance.revision,
    }
    if stance.claimed_hour is not None:
        row["claimed_hour"] = stance.claimed_hour
    if stance.code is not None:
        row["code"] = stance.code
    if explained is not None:
        row["explained"] = explained
    return cast("Row", row)
