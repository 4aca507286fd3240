"""The projection `ballots`: one row per person and step, keyed `<step>/<actor>`; it tells the last event of that ballot.

Choices stand in the row where the step is open. Sealed ones never do: they are looked up when they have been disclosed, by `seq`.
`revision` is the version of the ballot's stream; `withdrawals`, where present, how many of the earlier events took the ballot back.
"""

from ledger.events import Event
from ledger.events.ballot import BallotCast, BallotChoices, BallotReplaced, BallotWithdrawn
from ledger.projections.projection import Disclosed, Row


class Ballots:
    """The last word of everybody who voted."""

    name = "ballots"
    version = 1
    handles = frozenset(event.wire_type() for event in (BallotCast, BallotReplaced, BallotWithdrawn))

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`: the stream without its first part."""
        return (event.stream[7:],)

    def apply(self, key: str, row: Row | None, event: Event, disclosed: Disclosed) -> Row | None:
        """See `Projection.apply`. Only the number of withdrawals comes from the row before."""
        data = event.data
        new: dict[str, object] = {"seq": event.seq, "revision": event.version, "channel": event.channel, "hour": hour(event.at)}
        withdrawals = row.get("withdrawals", 0) if row is not None else 0
        if isinstance(data, BallotChoices):
            if data.entries is not None:
                new["entries"] = [list(entry) if isinstance(entry, tuple) else entry for entry in data.entries]
            if data.unknown_entries:
                new["unknown_entries"] = data.unknown_entries
        elif isinstance(data, BallotWithdrawn):
            new["withdrawn"] = data.code
            withdrawals = (withdrawals if isinstance(withdrawals, int) else 0) + 1
        if withdrawals:
            new["withdrawals"] = withdrawals
        return new  # type: ignore[return-value]  # a dict of the types above is a row


def hour(at: str) -> str:
    """The hour that an instant lies in, as RFC 3339: `2026-03-01T10:00:00Z`."""
    return f"{at[:13]}:00:00Z"
