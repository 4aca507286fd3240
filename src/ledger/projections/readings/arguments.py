"""The arguments about a contribution as a conversation: answers under what they answer, those with most support first."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.tally import tally_of

Json = dict[str, JsonValue]


def support_of(tallies: Mapping[str, Row | None]) -> dict[str, int]:
    """Argument → people who support it, from the rows of its tally; none where there is no tally, or stances on it do not count."""
    tallied = {ref: tally_of(f"argument/{ref}", row, {}) for ref, row in tallies.items() if row is not None}
    return {ref: tally.counts.positive if tally.is_counted else 0 for ref, tally in tallied.items()}


def threads(arguments: Iterable[Row], support: Mapping[str, int]) -> Iterator[Json]:
    """The arguments with `support` and `depth`: each before what answers it; those that answer the same by support, then by seq.

    An answer to an argument that is not among them stands as if it answered none, and so does one that answers itself in the end, as only a
    log that nobody admitted has it.
    """
    rows = sorted(arguments, key=lambda row: (-support.get(str(row["ref"]), 0), cast("int", row["seq"])))
    refs = {row["ref"] for row in rows}
    under: dict[object, list[Row]] = {}
    for row in rows:
        under.setdefault(row["parent"] if row["parent"] in refs else None, []).append(row)
    told: set[object] = set()
    for root in (*under.get(None, ()), *rows):
        waiting = [(0, root)]
        while waiting:
            depth, row = waiting.pop()
            if row["ref"] in told:
                continue
            told.add(row["ref"])
            yield {**row, "support": support.get(str(row["ref"]), 0), "depth": depth}
            waiting += [(depth + 1, answer) for answer in reversed(under.get(row["ref"], []))]
