"""How far each group of a recorded clustering agrees on each target of its step (docs/formats/rankings.md).

Groups of fewer than five members are held back, and the next smallest where that is one alone, because the tallies of all would give it
away. The order is that of the exact product over all groups, whatever is held back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.ranking import NO_SCORE
from ledger.projections.readings.tally import Json, Tally, declared_by, sides_document, tallies_of
from ledger.projections.source import Source
from ledger.rules.consensus import GroupCounts, by_consensus
from ledger.rules.rankings import Counts, Score
from ledger.rules.scales import SIDE_OF

SMALLEST: Final = 5
"""The least number of members of a group whose counts are told."""
_PLACES: Final = {"positive": 0, "neutral": 1, "negative": 2}
_NUMBER_OF: Final[Mapping[str, int]] = {str(value): _PLACES[side] for value, side in SIDE_OF.items()}


@dataclass(slots=True)
class Clustering:
    """A sealed clustering. `groups` are its numbers, ascending; `sizes` and `held_back` are by number."""

    row: Row
    group_of: dict[str, int] = field(default_factory=dict)
    """Member → group."""

    @property
    def sizes(self) -> dict[int, int]:
        """Group → members, by group."""
        told = cast("dict[str, int]", self.row["sizes"])
        return {group: told[str(group)] for group in sorted(int(group) for group in told)}

    @property
    def held_back(self) -> frozenset[int]:
        """The groups whose counts are not told."""
        sizes = self.sizes
        small = {group for group, size in sizes.items() if size < SMALLEST}
        others = sorted((size, group) for group, size in sizes.items() if group not in small)
        if len(small) == 1 and others:
            small.add(others[0][1])
        return frozenset(small)


class Agreement(NamedTuple):
    """One target in its place. `groups` are the counts of all groups in their order; None where they are held back.

    `rank` is None where the target has no place: it does not stand any more, or stances on it do not count.
    """

    rank: int | None
    tally: Tally
    groups: tuple[Counts | None, ...]
    score: Score


def clusterings(source: Source, step: str | None = None, ref: str | None = None) -> list[Clustering]:
    """The sealed clusterings with their members, of one step or of that name alone if given; by step and reference."""
    found: dict[str, Clustering] = {}
    for key, row in source.unresolved("clusters"):
        head, _, place = key.partition("/")[2].partition("/")
        if step not in (None, key.partition("/")[0]) or ref not in (None, head):
            continue
        if not place:
            found[key] = Clustering(row)
        else:
            members = cast("list[str]", row["members"])
            found[key.rpartition("/")[0]].group_of.update(dict.fromkeys(members, cast("int", row["group"])))
    return [clustering for clustering in found.values() if clustering.row["sealed_seq"] is not None]


def agreements(source: Source, clustering: Clustering) -> list[Agreement]:
    """The targets of the clustering's step, kind by kind: most consensus first, then those without a rank, by target."""
    step = cast("str", clustering.row["step"])
    order = {group: place for place, group in enumerate(clustering.sizes)}
    counts = _counted(source, step, clustering, order)
    declared = declared_by(source)
    kinds: dict[str, dict[str, Tally]] = {}
    for tally in tallies_of(source, declared):
        if tally.row["step"] == step:
            kinds.setdefault(tally.row["kind"], {})[tally.target] = tally
    nothing = [[0, 0, 0] for _ in order]
    hidden = [group in clustering.held_back for group in order]
    found: list[Agreement] = []
    for kind in sorted(kinds):
        known = kinds[kind]
        told = {target: [Counts(*cell) for cell in counts.get(target, nothing)] for target in known}
        shown = {target: tuple(None if hide else cell for hide, cell in zip(hidden, cells, strict=True)) for target, cells in told.items()}
        seen = {target: [GroupCounts(cell.positive, cell.stances) for cell in told[target]] for target in known if known[target].is_ranked}
        for entry in by_consensus(seen):
            score = _shown(entry.score, hidden)
            found.append(Agreement(entry.rank, known[entry.target], shown[entry.target], score))
        found += [Agreement(None, known[target], shown[target], NO_SCORE) for target in sorted(known) if target not in seen]
    return found


def _counted(source: Source, step: str, clustering: Clustering, order: Mapping[int, int]) -> dict[str, list[list[int]]]:
    """Target → for each group in order [positive, neutral, negative]; people in no group are left out."""
    group_of, counts = clustering.group_of, dict[str, list[list[int]]]()
    for stance in source.stances(step):
        group = group_of.get(stance.actor)
        if group is None or stance.value is None:
            continue
        cells = counts.get(stance.target)
        if cells is None:
            cells = counts[stance.target] = [[0, 0, 0] for _ in order]
        cells[order[group]][_NUMBER_OF[stance.value]] += 1
    return counts


def _shown(score: Score, hidden: list[bool]) -> Score:
    """What is told of a score: it is a product, so beside the factors of the others it gives away what is held back."""
    if not any(hidden):
        return score
    return Score(None, score.decimal) if hidden.count(True) > 1 else NO_SCORE


def consensus_document(source: Source, step: str, ref: str) -> Json | None:
    """The group-informed consensus of a step by a clustering; None where there is none of that name that is sealed."""
    clustering = next(iter(clusterings(source, step, ref)), None)
    if clustering is None:
        return None
    row, hidden = clustering.row, clustering.held_back
    groups: list[JsonValue] = [{"group": group, "members": size, "held_back": group in hidden} for group, size in clustering.sizes.items()]
    targets: list[JsonValue] = [_told(agreement) for agreement in agreements(source, clustering)]
    named = {name: row[name] for name in ("step", "ref", "method", "digest", "sealed_seq")}
    return {**named, "seq": source.size - 1, "groups": groups, "targets": targets}


def _told(agreement: Agreement) -> Json:
    tally = agreement.tally
    groups: list[JsonValue] = [None if counts is None else sides_document(counts) for counts in agreement.groups]
    return {
        "rank": agreement.rank,
        "score": agreement.score.exact,
        "decimal": agreement.score.decimal,
        "target": tally.target,
        "kind": tally.row["kind"],
        "state": tally.state,
        "counted": tally.is_counted,
        "groups": groups,
    }
