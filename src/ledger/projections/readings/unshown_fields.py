"""Rows with their texts, and beside each which of its fields were erased, as far as that can be told.

An erasure names an entry, not the fields. So of an entry from which something was erased, whatever is not shown was erased. While
moderation withholds the content nothing of it is shown, and what was erased is not told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from ledger.projections.projection import Row
from ledger.projections.references import ROWS_AT_ONCE, Place
from ledger.projections.source import Source

Suspects = Callable[[Row], Mapping[str, Place]]
"""Column → where its text was written, of those texts of a row that may have been erased; references stand in the row."""


def with_erased(source: Source, pairs: Iterable[tuple[str, Row]], suspects: Suspects) -> Iterator[tuple[str, Row, tuple[str, ...]]]:
    """(key, row with texts, erased columns) for each pair, in their order. The pairs given hold references."""
    waiting = iter(pairs)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        asked = [suspects(row) for _, row in some]
        unshown = source.unshown({place for places in asked for place in places.values()})
        for (key, row), places in zip(source.shown(some), asked, strict=True):
            yield key, row, tuple(column for column, place in places.items() if place in unshown)
