"""The targets of a step in the order of a method, kind by kind: scales differ from kind to kind, so counts of two kinds do not compare."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.tally import Declared, Json, Tally, aggregates_by_target, declared_by, tallies_of, tally_document
from ledger.projections.source import Source
from ledger.rules.rankings import Score, ranked
from ledger.rules.scales import Ranking

NO_SCORE = Score(None, None)


class Chosen(NamedTuple):
    """Which targets are ranked, among themselves; None = whichever."""

    kind: str | None = None
    section: str | None = None
    about: str | None = None
    """Reference of the contribution that they are about: arguments by support, say."""
    side: str | None = None

    def has(self, tally: Tally) -> bool:
        """Whether the target is one of them."""
        row = tally.row
        told = (row["kind"], row.get("section"), row.get("about"), row.get("side"))
        return all(wanted in (None, found) for wanted, found in zip(self, told, strict=True))


class Place(NamedTuple):
    """One target in its place. `rank` is None where it has none: it does not stand any more, or stances on it do not count."""

    rank: int | None
    tally: Tally
    score: Score


def places(tallies: Iterable[Tally], method: Ranking) -> list[Place]:
    """Kind by kind, by name of the kind: those with a rank, best first, then those without, by target."""
    kinds: dict[str, dict[str, Tally]] = {}
    for tally in tallies:
        kinds.setdefault(tally.row["kind"], {})[tally.target] = tally
    found: list[Place] = []
    for kind in sorted(kinds):
        known = kinds[kind]
        counts = {target: tally.counts for target, tally in known.items() if tally.is_ranked}
        found += [Place(entry.rank, known[entry.target], entry.score) for entry in ranked(method, counts)]
        found += [Place(None, known[target], NO_SCORE) for target in sorted(known) if target not in counts]
    return found


def ranked_steps(source: Source, declared: Mapping[str, Declared]) -> dict[str, list[Place]]:
    """Step → its targets in the order of the method that it declared, by step."""
    steps: dict[str, list[Tally]] = {step: [] for step in declared}
    for tally in tallies_of(source, declared):
        if tally.row["step"] in steps:
            steps[tally.row["step"]].append(tally)
    return {step: places(steps[step], declared[step].ranking) for step in sorted(steps)}


def ranking_document(source: Source, step: str, method: Ranking | None = None, chosen: Chosen | None = None) -> Json | None:
    """The ranking of a step by the method given, else the declared one (docs/formats/rankings.md); None where it takes no stances."""
    declared = declared_by(source).get(step)
    if declared is None:
        return None
    wanted, by = chosen or Chosen(), method or declared.ranking
    tallies = [tally for tally in tallies_of(source, {step: declared}) if tally.row["step"] == step and wanted.has(tally)]
    stated = aggregates_by_target(source)
    targets: list[JsonValue] = [_told(place, stated.get(place.tally.target, ())) for place in places(tallies, by)]
    return {
        "step": step,
        "seq": source.size - 1,
        "method": by,
        "declared": declared.ranking,
        "stances": sum(tally.counts.stances for tally in tallies),
        "counted": sum(tally.counts.stances for tally in tallies if tally.is_counted),
        "targets": targets,
    }


def _told(place: Place, aggregates: Iterable[Row]) -> Json:
    score: Json = {"rank": place.rank, "score": place.score.exact, "decimal": place.score.decimal}
    return {**score, **tally_document(place.tally, aggregates)}
