"""Where counts that a source published of its own acts differ from what the same acts come to in the log.

Such a difference is a finding about the world, not about the log: the source counted otherwise, or gave fewer acts than it counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, cast, get_args

from ledger.canonical import JsonValue
from ledger.events.imported import CountName
from ledger.projections.projection import Row
from ledger.projections.readings.tally import STANDS, Tally, tally_of
from ledger.projections.source import Source

NAMES: Final[tuple[str, ...]] = get_args(CountName)
_ABOUT: Final[Mapping[str, str]] = {"source": "sources", "comment": "comments", "amendment": "versions"}
"""Kind of contribution → the count of those about a target."""
_LINKED: Final = frozenset({"arguments", "arguments_for", "arguments_against", *_ABOUT.values()})


class Replay(NamedTuple):
    """What one count comes to in the log. `all_rows`: see `PublishedDifference`."""

    now: int
    all_rows: int | None


@dataclass(frozen=True, slots=True)
class PublishedDifference:
    """One count of one target that is not what was published; `published` is None where nothing was, though it was of others like it.

    `replayed_all_rows` counts every time anybody took a stance, changes too, as some platforms publish; None for counts of other things.
    """

    target: str
    ref: str
    """Of the contribution or argument."""
    import_ref: str
    count: str
    published: int | None
    replayed: int
    replayed_all_rows: int | None

    def json(self) -> dict[str, JsonValue]:
        """The difference as JSON values (docs/formats/report.md)."""
        return {
            "target": self.target,
            "ref": self.ref,
            "import": self.import_ref,
            "count": self.count,
            "published": self.published,
            "replayed": self.replayed,
            "replayed_all_rows": self.replayed_all_rows,
        }


def published_differences(source: Source) -> list[PublishedDifference]:
    """The differences by target, then import, then in the order of `CountName`; none where everything published follows.

    A contribution of which an import states nothing, though it states the votes on others of its kind and step, is told with its votes: an
    import leaves out what cannot be read in its file, and nobody should take that for agreement.
    """
    found = list(_unstated(source))
    for row, replayed in replays(source):
        target, counts = cast("str", row["target"]), cast("dict[str, int]", row["counts"])
        for name in NAMES:
            if name in counts and counts[name] != replayed[name].now:
                said, ref, import_ref = counts[name], target.partition("/")[2], cast("str", row["import"])
                found.append(PublishedDifference(target, ref, import_ref, name, said, *replayed[name]))
    return sorted(found, key=lambda each: (each.target, each.import_ref, NAMES.index(each.count)))


def _unstated(source: Source) -> Iterator[PublishedDifference]:
    stated = [row for _, row in source.unresolved("aggregates") if row["basis"] == "published" and "votes" in cast("Row", row["counts"])]
    if not stated:
        return
    tallies, _ = _tallies(source)
    known = {cast("str", row["target"]) for row in stated}
    like: dict[tuple[JsonValue, JsonValue], str] = {}
    """Kind and step → the import that states the votes on such contributions."""
    for row in stated:
        if (tally := tallies.get(cast("str", row["target"]))) is not None:
            like.setdefault((tally.row["kind"], tally.row["step"]), cast("str", row["import"]))
    for target, tally in tallies.items():
        import_ref = like.get((tally.row["kind"], tally.row["step"]))
        if import_ref is not None and target not in known:
            votes = _replayed(tally, {})["votes"]
            yield PublishedDifference(target, target.partition("/")[2], import_ref, "votes", None, *votes)


def replays(source: Source) -> Iterator[tuple[Row, Mapping[str, Replay]]]:
    """(row of an aggregate, what the log comes to, by name of the count), for what sources publish of acts that are in the log; by key."""
    stated = [row for _, row in source.unresolved("aggregates") if row["basis"] == "published"]
    if stated:
        tallies, linked = _tallies(source)
        for row in stated:
            target = cast("str", row["target"])
            yield row, _replayed(tallies.get(target), linked.get(target, {}))


def _tallies(source: Source) -> tuple[dict[str, Tally], dict[str, dict[str, int]]]:
    """Target → its tally, and target → how many of what is about it stand and are public."""
    tallies: dict[str, Tally] = {}
    linked: dict[str, dict[str, int]] = {}
    for target, row in source.unresolved("tallies"):
        tally = tallies[target] = tally_of(target, row, {})
        about, kind = tally.row.get("about"), tally.row["kind"]
        if about is None or tally.state != STANDS or "decision" in tally.row:
            continue
        names = ["arguments", f"arguments_{tally.row.get('side')}"] if kind == "argument" else [_ABOUT[kind]] if kind in _ABOUT else []
        counts = linked.setdefault(f"contribution/{about}", {})
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return tallies, linked


def _replayed(tally: Tally | None, linked: Mapping[str, int]) -> dict[str, Replay]:
    """What the log comes to, for every name of a count."""
    now: Mapping[str, int] = {} if tally is None else tally.values
    casts: Mapping[str, int] = {} if tally is None else tally.row["casts"]
    found = {name: Replay(linked.get(name, 0), None) if name in _LINKED else Replay(now.get(name, 0), casts.get(name, 0)) for name in NAMES}
    return {**found, "votes": Replay(sum(now.values()), sum(casts.values()))}
