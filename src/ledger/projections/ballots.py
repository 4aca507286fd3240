"""The projection `ballots`: one row per person and step, keyed `<step>/<actor>`; it tells the last event of that ballot.

Choices stand in the row where the step is open. Sealed ones never do: they are looked up when they have been disclosed, by `seq`.
"""

from typing import NotRequired, TypedDict, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.ballot import BallotCast, BallotChoices, BallotEvent, BallotReplaced, BallotWithdrawn
from ledger.projections.projection import Row, Texts


class BallotRow(TypedDict):
    """A row, as it stands in the views."""

    seq: int
    revision: int
    """The version of the ballot's stream."""
    channel: str
    hour: str
    entries: NotRequired[list[JsonValue]]
    unknown_entries: NotRequired[int]
    withdrawn: NotRequired[str]
    """The code, where the ballot was taken back last."""
    withdrawals: NotRequired[int]
    """How many events so far took the ballot back."""


class Ballots:
    """The last word of everybody who voted."""

    name = "ballots"
    version = 1
    handles = frozenset(event.wire_type() for event in (BallotCast, BallotReplaced, BallotWithdrawn))

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        return (f"{event.data.step}/{event.actor}",) if isinstance(event.data, BallotEvent) and event.actor is not None else ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`. Only the number of withdrawals comes from the row before."""
        data = event.data
        new: BallotRow = {"seq": event.seq, "revision": event.version, "channel": event.channel, "hour": hour(event.at)}
        withdrawals = cast("BallotRow", row).get("withdrawals", 0) if row is not None else 0
        if isinstance(data, BallotChoices):
            if data.entries is not None:
                new["entries"] = [list(entry) if isinstance(entry, tuple) else entry for entry in data.entries]
            if data.unknown_entries:
                new["unknown_entries"] = data.unknown_entries
        elif isinstance(data, BallotWithdrawn):
            new["withdrawn"] = data.code
            withdrawals += 1
        if withdrawals:
            new["withdrawals"] = withdrawals
        return cast("Row", new)


def hour(at: str) -> str:
    """The hour that an instant lies in, as RFC 3339: `2026-03-01T10:00:00Z`."""
    return f"{at[:13]}:00:00Z"
