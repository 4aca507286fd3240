"""A reader of Pabulib files, just good enough to try the rules on real elections. It keeps nothing of a voter but the choices."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.rules.profile import Entries, Item

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "data"


@dataclass(frozen=True)
class Election:
    """What a file says: META, candidates as listed, ballots, and its columns of votes, scores and selections."""

    meta: dict[str, str]
    items: tuple[Item, ...]
    ballots: tuple[Entries, ...]
    votes: tuple[int, ...]
    scores: tuple[int, ...] | None
    selected: tuple[str, ...]

    def position(self, ref: str) -> int:
        return next(item.position for item in self.items if item.ref == ref)

    def positions(self, *refs: str) -> frozenset[int]:
        return frozenset(self.position(ref) for ref in refs)

    def refs(self, positions: frozenset[int] | tuple[int, ...]) -> set[str]:
        return {self.items[position].ref for position in positions}


def shared_folder() -> Path:
    if not FOLDER.is_dir():
        pytest.skip("the real elections are not on this machine")
    return FOLDER


def read(name: str) -> Election:
    """The election in the file `name` (without its ending)."""
    sections = _sections(shared_folder() / "pabulib" / f"{name}.pb")
    meta = {row["key"]: row["value"] for row in sections["META"]}
    projects = sections["PROJECTS"]
    items = tuple(
        Item(
            position=position,
            ref=row["project_id"],
            cost_minor=minor(row["cost"]),
            district=row.get("neighborhood") or row.get("district"),
            category=row.get("category"),
        )
        for position, row in enumerate(projects)
    )
    place = {item.ref: item.position for item in items}
    return Election(
        meta=meta,
        items=items,
        ballots=tuple(_entries(row, place, meta["vote_type"]) for row in sections["VOTES"]),
        votes=tuple(int(row["votes"]) for row in projects),
        scores=tuple(int(row["score"]) for row in projects) if "score" in projects[0] else None,
        selected=tuple(row.get("selected", "") for row in projects),
    )


def minor(amount: str) -> int:
    """An amount of the file, which is in major units, in hundredths."""
    hundredths = Decimal(amount) * 100
    assert hundredths == int(hundredths)
    return int(hundredths)


def _entries(row: dict[str, str], place: dict[str, int], vote_type: str) -> Entries:
    positions = tuple(place[ref] for ref in row["vote"].split(",") if ref)
    if vote_type == "cumulative":
        return tuple(zip(positions, map(int, row["points"].split(",")), strict=True))
    return positions


def _sections(path: Path) -> dict[str, list[dict[str, str]]]:
    sections: dict[str, list[dict[str, str]]] = {}
    header: list[str] | None = None
    rows: list[dict[str, str]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if len(row) == 1 and row[0] in ("META", "PROJECTS", "VOTES"):
                rows = sections.setdefault(row[0], [])
                header = None
            elif row and header is None:
                header = row
            elif row and header is not None:
                rows.append(dict(zip(header, row, strict=False)))
    return sections
