"""Where counts that a source published of its own acts differ from what the same acts come to in the log.

Such a difference is a finding about the world, not about the log: the source counted otherwise, or gave fewer acts than it counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast, get_args

from ledger.canonical import JsonValue
from ledger.events.imported import CountName
from ledger.projections.source import Source
from ledger.projections.tally import STANDS, Tally, tally_of

NAMES: Final[tuple[str, ...]] = get_args(CountName)
_ABOUT: Final[Mapping[str, str]] = {"source": "sources", "comment": "comments", "amendment": "versions"}
"""Kind of contribution → the count of those about a target."""
_LINKED: Final = frozenset({"arguments", "arguments_for", "arguments_against", *_ABOUT.values()})


@dataclass(frozen=True, slots=True)
class PublishedDifference:
    """One count of one target that is not what was published.

    `replayed_all_rows` counts every time anybody took a stance, changes too, as some platforms publish; None for counts of other things.
    """

    target: str
    ref: str
    """Of the contribution or argument."""
    import_ref: str
    count: str
    published: int
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
    """The differences by target, then import, then in the order of `CountName`; none where everything published follows."""
    stated = [row for _, row in source.rows("aggregates") if row["basis"] == "published"]
    if not stated:
        return []
    tallies, linked = _tallies(source)
    found: list[PublishedDifference] = []
    for row in sorted(stated, key=lambda row: (cast("str", row["target"]), cast("str", row["import"]))):
        target, counts = cast("str", row["target"]), cast("dict[str, int]", row["counts"])
        for name, replayed, all_rows in _replayed(tallies.get(target), linked.get(target, {})):
            if name in counts and counts[name] != replayed:
                ref, import_ref = target.partition("/")[2], cast("str", row["import"])
                found.append(PublishedDifference(target, ref, import_ref, name, counts[name], replayed, all_rows))
    return found


def _tallies(source: Source) -> tuple[dict[str, Tally], dict[str, dict[str, int]]]:
    """Target → its tally, and target → how many of what is about it stand and are public."""
    tallies: dict[str, Tally] = {}
    linked: dict[str, dict[str, int]] = {}
    for target, row in source.rows("tallies"):
        tally = tallies[target] = tally_of(target, row, {})
        about, kind = tally.row.get("about"), tally.row["kind"]
        if about is None or tally.state != STANDS or "decision" in tally.row:
            continue
        names = ["arguments", f"arguments_{tally.row.get('side')}"] if kind == "argument" else [_ABOUT[kind]] if kind in _ABOUT else []
        counts = linked.setdefault(f"contribution/{about}", {})
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return tallies, linked


def _replayed(tally: Tally | None, linked: Mapping[str, int]) -> Iterator[tuple[str, int, int | None]]:
    """(name, what the log comes to, the same over all rows) of every count, in the order of `CountName`."""
    now: Mapping[str, int] = {} if tally is None else tally.values
    casts: Mapping[str, int] = {} if tally is None else tally.row["casts"]
    for name in NAMES:
        if name in _LINKED:
            yield name, linked.get(name, 0), None
        elif name == "votes":
            yield name, sum(now.values()), sum(casts.values())
        else:
            yield name, now.get(name, 0), casts.get(name, 0)
