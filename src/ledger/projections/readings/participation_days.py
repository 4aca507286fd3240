"""Participation by day and channel, as it may be told: small numbers do not give away through which channel single people acted.

Texts of people stand in tables of their own, one by one, so those are counted as they are. Of ballots, stances, reports and attendance the
numbers of a day are public too, but not their channels, unless the step has one only: a day is told by channel where each has at least
`SMALLEST` acts; of other days, all channels are told together. Where the days that are left would give those away, by what lacks to the
whole, more days are told together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import Final, NamedTuple, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.source import Source

Json = dict[str, JsonValue]
Cells = Mapping[str, Mapping[str, int]]
"""Day → channel → acts of one kind in one step."""

_DAY: Final = 10
"""Characters of an instant up to its day."""
SMALLEST: Final = 5
"""The least number of acts that a cell with a channel stands for."""
GUARDED: Final = frozenset({"ballot", "stance", "report", "attendance"})
"""Acts of which no other table tells the channel one by one."""


class Told(NamedTuple):
    """One line: acts of a kind in a step on a day. `channel` is None where all channels are told together."""

    day: str
    step: str
    act: str
    kind: str
    channel: str | None
    acts: int


def participation_of(source: Source, step: str | None = None) -> Iterator[Told]:
    """See `participation`, of everything there is in the source."""
    return participation(chain(source.rows("participation"), _ballots(source, step)), casting(source.rows("steps")), step)


def _ballots(source: Source, step: str | None) -> Iterator[tuple[str, Row]]:
    """Rows like those of the projection, for ballots: each counts once, with its last event."""
    cells: Counter[tuple[str, str, str, str]] = Counter()
    for (place, channel, hour, is_withdrawn), ballots in source.ballot_groups(step).items():
        cells[hour[:_DAY], place, channel, "withdrawn" if is_withdrawn else "cast"] += ballots
    for (day, place, channel, kind), acts in cells.items():
        yield "", {"day": day, "step": place, "channel": channel, "act": "ballot", "kind": kind, "acts": acts}


def casting(steps: Iterable[tuple[str, Row]]) -> Set[str]:
    """The steps, by rows of the projection `steps`, in which ballots may still be cast or keyed."""
    return {ref for ref, row in steps if row["closed"] is None or (row["takes_paper"] and row["paper_closed"] is None)}


def participation(rows: Iterable[tuple[str, Row]], counting: Set[str], step: str | None = None) -> Iterator[Told]:
    """The lines of these rows of the projection `participation`, by day, step, act, kind and channel; days without acts have none.

    `counting`: the steps that ballots are still cast in; of those no ballot's channel is told. `step`: of this one only.
    """
    kinds: dict[tuple[str, str, str], dict[str, dict[str, int]]] = {}
    channels: dict[tuple[str, str], set[str]] = {}
    for _, row in rows:
        if step in (None, row["step"]):
            of = cast("tuple[str, str, str]", (row["step"], row["act"], row["kind"]))
            cells = kinds.setdefault(of, {}).setdefault(cast("str", row["day"]), {})
            cells[cast("str", row["channel"])] = cast("int", row["acts"])
            channels.setdefault(of[:2], set()).update(cells)
    lines: list[Told] = []
    for (place, act, kind), days in kinds.items():
        together: Set[str] = frozenset()
        if act == "ballot" and place in counting:
            together = days.keys()
        elif act in GUARDED and len(channels[place, act]) > 1:
            together = told_together(days)
        for day, cells in days.items():
            if day in together:
                lines.append(Told(day, place, act, kind, None, sum(cells.values())))
            else:
                lines += [Told(day, place, act, kind, channel, acts) for channel, acts in cells.items()]
    yield from sorted(lines, key=lambda line: (*line[:4], line.channel or ""))


def told_together(days: Cells) -> Set[str]:
    """The days that are told without channels: those with a small cell, and the next quietest ones until no channel follows from the rest.

    Where none is left to be told by channel, nothing follows.
    """
    together = {day for day, cells in days.items() if min(cells.values()) < SMALLEST}
    quietest = sorted(days.keys() - together, key=lambda day: (sum(days[day].values()), day), reverse=True)
    while quietest and not _kept_apart(days, together):
        together.add(quietest.pop())
    return together


def _kept_apart(days: Cells, together: Set[str]) -> bool:
    """Whether who knows the whole of each channel, and what is told of it, learns of no small number among the days told together."""
    left: dict[str, int] = {}
    for day in together:
        for channel, acts in days[day].items():
            left[channel] = left.get(channel, 0) + acts
    return not left or (len(left) > 1 and min(left.values()) >= SMALLEST)
