"""The projection `candidates`: one row per line of a step's ballot paper, keyed `<step>/<ref>`.

A line's position follows from the order of `seq` and `place`: an event that lists further lines does not know how many went before.
"""

from ledger.events import Event
from ledger.events.selection import CandidatesListed
from ledger.projections.projection import Row, Texts


class Candidates:
    """What stands on the ballot papers."""

    name = "candidates"
    version = 1
    handles = frozenset({CandidatesListed.wire_type()})

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case CandidatesListed(step=step, items=items):
                return tuple(dict.fromkeys(f"{step}/{item.ref}" for item in items))
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        match event.data:
            case CandidatesListed(items=items):
                ref = key.partition("/")[2]
                for place, item in enumerate(items):
                    if item.ref == ref:
                        return {
                            "ref": ref,
                            "cost_minor": item.cost_minor,
                            "district": item.district,
                            "category": item.category,
                            "seq": event.seq,
                            "place": place,
                        }
        return row
