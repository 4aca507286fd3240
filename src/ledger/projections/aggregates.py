"""The projection `aggregates`: counts that a source states of a target, keyed `<target>/<basis>/<import>`.

They are never added to what the ledger counts. `verifiable` is false where there are no acts behind them in the log.
"""

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.imported import AggregateRecorded
from ledger.projections.projection import Row, Texts


class Aggregates:
    """What sources say of each target."""

    name = "aggregates"
    version = 1
    handles = frozenset({AggregateRecorded.wire_type()})

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case AggregateRecorded(target=target, basis=basis, ref=ref):
                return (f"{target}/{basis}/{ref}",)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`. The first statement of an import holds; another one is refused by `admit`."""
        match event.data:
            case AggregateRecorded(target=target, basis=basis, ref=ref, counts=counts) if row is None:
                told: dict[str, JsonValue] = {"seq": event.seq, "at": event.at, "target": target, "import": ref, "basis": basis}
                return {**told, "verifiable": basis == "published", "counts": {name: counts[name] for name in sorted(counts)}}
        return row
