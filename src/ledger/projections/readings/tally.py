"""What the tally of a target says, in numbers that people compare: by value, by side, by version, now and over all acts.

Tables, rankings and answers are made from it, so all of them tell the same numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.source import Source
from ledger.projections.tallies import TallyRow
from ledger.rules.rankings import Counts
from ledger.rules.scales import SCALES, SIDE_OF, Ranking, Scale

Json = dict[str, JsonValue]
STANDS: Final = "stands"
_SIDES: Final[Mapping[str, str]] = {str(value): side for value, side in SIDE_OF.items()}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a step takes stances on, on which scale, and how that is ranked."""

    scales: Mapping[str, Scale]
    ranking: Ranking

    def kinds_on(self, scale: Scale) -> frozenset[str]:
        """The kinds of contribution that stances are taken on by this scale; arguments are none."""
        return frozenset(kind for kind, declared in self.scales.items() if declared == scale and kind != "argument")


@dataclass(frozen=True, slots=True)
class Tally:
    """The tally of one target. `scale` is None where its step takes no stances on its kind."""

    target: str
    row: TallyRow
    scale: Scale | None

    @property
    def ref(self) -> str:
        """The reference of the contribution or argument."""
        return self.target.partition("/")[2]

    @property
    def values(self) -> dict[str, int]:
        """Value → people whose stance it is now, on whichever version; in the order of the scale, values of nobody too."""
        found = dict.fromkeys(_values(self.scale), 0)
        for version in self.versions:
            for value, count in self.of_version(version).items():
                found[value] = found.get(value, 0) + count
        return found

    @property
    def versions(self) -> list[int]:
        """The versions of the text on which there are stances now, ascending."""
        return sorted(int(version) for version in self.row["stances"])

    def of_version(self, version: int) -> dict[str, int]:
        """The same for the stances on one version of the text; values of nobody are left out."""
        told = self.row["stances"].get(str(version), {})
        return {value: told[value] for value in _SIDES if value in told}

    @property
    def casts(self) -> dict[str, int]:
        """Value → how often anybody took it: a change counts as one more, as platforms publish that count all rows."""
        told = self.row["casts"]
        return {value: told.get(value, 0) for value in _SIDES if value in told or value in _values(self.scale)}

    @property
    def counts(self) -> Counts:
        """The three counts of now."""
        return sides(self.values)

    @property
    def current(self) -> Counts:
        """The three counts of those who addressed the present version of the text."""
        return sides(self.of_version(self.row["version"]))

    @property
    def state(self) -> str:
        """`stands`, or `withdrawn`, `merged`, `split`."""
        return self.row.get("gone", STANDS)

    @property
    def is_counted(self) -> bool:
        """False while a decision of moderation says that stances on it do not count."""
        return not self.row.get("uncounted", False)

    @property
    def is_ranked(self) -> bool:
        """True where it has a place among others: it stands, and stances on it count."""
        return self.state == STANDS and self.is_counted


def _values(scale: Scale | None) -> Iterable[str]:
    return () if scale is None else cast("Iterable[str]", SCALES[scale])


def sides(values: Mapping[str, int]) -> Counts:
    """The three counts that these values come to."""
    found = {"positive": 0, "neutral": 0, "negative": 0}
    for value, count in values.items():
        found[_SIDES[value]] += count
    return Counts(**found)


def declared_by(source: Source) -> dict[str, Declared]:
    """What each step that takes stances declared, by step."""
    found: dict[str, Declared] = {}
    for ref, row in source.unresolved("steps"):
        match row["stances"]:
            case {"scales": dict(scales), "ranking": str(ranking)}:
                found[ref] = Declared(cast("Mapping[str, Scale]", scales), cast("Ranking", ranking))
    return found


def tally_of(target: str, row: Row, declared: Mapping[str, Declared]) -> Tally:
    """A row of the projection `tallies` as a tally."""
    told = cast("TallyRow", row)
    step = declared.get(told["step"])
    return Tally(target, told, None if step is None else step.scales.get(told["kind"]))


def tallies_of(source: Source, declared: Mapping[str, Declared] | None = None) -> Iterator[Tally]:
    """The tallies of everything that people can take a stance on, by target."""
    known = declared_by(source) if declared is None else declared
    tallies = (tally_of(target, row, known) for target, row in source.unresolved("tallies"))
    return (tally for tally in tallies if tally.scale is not None or tally.row["participants"])


def tally_document(tally: Tally, aggregates: Iterable[Row] = ()) -> Json:
    """The tally as JSON values (docs/formats/rankings.md); `aggregates`: rows of what sources state of the target."""
    row, counts = tally.row, tally.counts
    by_version: list[JsonValue] = [{"version": version, **_numbers(tally.of_version(version))} for version in tally.versions]
    return {
        "target": tally.target,
        "step": row["step"],
        "kind": row["kind"],
        "text": row.get("text"),
        "section": row.get("section"),
        "about": row.get("about"),
        "side": row.get("side"),
        "state": tally.state,
        "decision": row.get("decision"),
        "counted": tally.is_counted,
        "scale": tally.scale,
        **sides_document(counts),
        "values": {**tally.values},
        "version": row["version"],
        "current": sides_document(tally.current),
        "by_version": by_version,
        "casts": {**tally.casts},
        "participants": row["participants"],
        "changes": row["changes"],
        "withdrawals": row["withdrawals"],
        "aggregates": [stated(aggregate) for aggregate in aggregates],
    }


def sides_document(counts: Counts) -> Json:
    """The three counts and their sum."""
    return {"stances": counts.stances, "positive": counts.positive, "neutral": counts.neutral, "negative": counts.negative}


def _numbers(values: dict[str, int]) -> Json:
    return {**sides_document(sides(values)), "values": {**values}}


def stated(aggregate: Row) -> Json:
    """What a source states of a target, marked where nobody can verify it."""
    return {name: aggregate[name] for name in ("import", "basis", "verifiable", "counts")}


def aggregates_by_target(source: Source) -> dict[str, list[Row]]:
    """Target → the rows of what sources state of it, by basis and import."""
    found: dict[str, list[Row]] = {}
    for _, row in source.unresolved("aggregates"):
        found.setdefault(cast("str", row["target"]), []).append(row)
    return found
