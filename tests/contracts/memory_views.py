"""Views in memory, folded anew for each question: what any other views have to agree with."""

from collections.abc import Iterator, Sequence

from ledger.events import Event
from ledger.ports import Row
from ledger.projections import Projection
from ledger.projections.references import references


class MemoryViews:
    """See `ports.Views`: these projections over these events."""

    def __init__(self, projections: Sequence[Projection], events: Sequence[Event]) -> None:
        self._projections = {projection.name: projection for projection in projections}
        self._events = list(events)

    def rows(self, projection: str, size: int) -> Iterator[tuple[str, Row]]:
        return iter(sorted((key, row) for key, (row, _) in self._folded(projection, size).items()))

    def latest(self, projection: str, size: int, after: int = -1) -> Iterator[tuple[str, Row]]:
        by_seq = sorted(self._folded(projection, size).items(), key=lambda item: (item[1][1], item[0]))
        return ((key, row) for key, (row, seq) in by_seq if seq > after)

    def row(self, projection: str, key: str, size: int) -> Row | None:
        return dict(self.rows(projection, size)).get(key)

    def reflected(self) -> int:
        return len(self._events)

    def _folded(self, name: str, size: int) -> dict[str, tuple[Row, int]]:
        """Key → row and the seq since which it is so."""
        projection = self._projections[name]
        rows: dict[str, tuple[Row, int]] = {}
        for event in self._events[:size]:
            for key in projection.keys(event) if event.type in projection.handles else ():
                old = rows[key][0] if key in rows else None
                new = projection.apply(key, old, event, references(event))
                if new is None:
                    rows.pop(key, None)
                elif new != old:
                    rows[key] = (new, event.seq)
        return rows
