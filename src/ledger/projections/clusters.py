"""The projection `clusters`: groups of people who answered alike, as they were recorded.

Keys: `<step>/<ref>` for a clustering, with the size of each group, and `<step>/<ref>/<seq>` (12 digits) for the members that one event
lists. So listing a hundred thousand members changes one small row four hundred times, and no large one twice.
"""

from typing import cast

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.clustering import ClusteringEvent, ClustersListed, ClustersSealed
from ledger.projections.projection import Row, Texts


class Clusters:
    """Each clustering and its members."""

    name = "clusters"
    version = 1
    handles = frozenset({ClustersListed.wire_type(), ClustersSealed.wire_type()})

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case ClustersListed(step=step, ref=ref):
                return (f"{step}/{ref}", f"{step}/{ref}/{event.seq:012d}")
            case ClusteringEvent(step=step, ref=ref):
                return (f"{step}/{ref}",)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        match event.data:
            case ClustersListed(group=group, members=members) if key.count("/") == 2:
                return {"seq": event.seq, "group": group, "members": list(members or ())}
            case ClustersListed(group=group, members=members):
                before = row or _blank(event)
                sizes = cast("dict[str, int]", before["sizes"])
                more: JsonValue = {**sizes, str(group): sizes.get(str(group), 0) + len(members or ())}
                return {**before, "sizes": more}
            case ClustersSealed(method=method, groups=groups, count=count, digest=digest):
                sealed: dict[str, JsonValue] = {"sealed_seq": event.seq, "method": method, "groups": groups, "count": count}
                return {**(row or _blank(event)), **sealed, "digest": digest}
        return row


def _blank(event: Event) -> Row:
    data = event.data
    step, ref = (data.step, data.ref) if isinstance(data, ClusteringEvent) else ("", "")
    return {
        "seq": event.seq,
        "step": step,
        "ref": ref,
        "sizes": {},
        "sealed_seq": None,
        "method": None,
        "groups": None,
        "count": None,
        "digest": None,
    }
