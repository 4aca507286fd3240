"""The projection `versions`: one row per version of a contribution's or an argument's text, keyed `<target>/<seq in 12 digits>`.

Which version it is, 1 as submitted, is its place among those of the target: an event does not know how many went before.
"""

from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.argument import ArgumentRevised, ArgumentSubmitted
from ledger.events.contribution import ContributionRevised, ContributionSubmitted
from ledger.events.privacy import ContentErased
from ledger.projections.contributions import TEXTS
from ledger.projections.projection import Row, Texts

_WRITTEN: Final = (ContributionSubmitted, ContributionRevised, ArgumentSubmitted, ArgumentRevised)


class Versions:
    """What each version says. A later version changes none before it; `erased_seqs` are those of the erasures from it."""

    name = "versions"
    version = 1
    handles = frozenset(wire_type for event in (*_WRITTEN, ContentErased) for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case ContentErased(erased=str(stream), entry=entry):
                return (version_key(stream, entry),)
        return (version_key(event.data.stream(event.actor), event.seq),) if isinstance(event.data, _WRITTEN) else ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        data = event.data
        if isinstance(data, ContentErased):
            # Most erased entries of these streams are versions; the reason of a withdrawal, say, is none, and has no row here.
            return None if row is None else {**row, "erased_seqs": [*cast("list[JsonValue]", row["erased_seqs"]), event.seq]}
        return {
            "target": data.stream(event.actor),
            "seq": event.seq,
            "at": event.at,
            "claimed_at": event.claimed_at,
            "author": event.actor,
            "role": event.role,
            "erased_seqs": [],
            **{name: texts.get(name) for name in TEXTS},
        }


def version_key(target: str, seq: int) -> str:
    """The key of the version of a target that was written at `seq`; keys of one target ascend as the log does."""
    return f"{target}/{seq:012d}"
