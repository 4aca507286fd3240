"""The files of a folder as they stand: proposals, comments, and the hierarchy of comments, each with its line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from ledger.errors import ForeignFileDamaged
from ledger.importers.folder import Folder
from ledger.importers.report import ImportReport
from ledger.importers.table import Table, number_of, read_table

PROPOSALS: Final = "proposals.csv"
COMMENTS: Final = "comments.csv"
HIERARCHY: Final = "comment_hierarchy.csv"
FILES: Final = (PROPOSALS, COMMENTS, HIERARCHY)
"""The files that are read; the first two have to be there."""
NO_PARENT: Final = "-1"
_ROOT: Final = "0"
"""What the hierarchy gives as the parent of a proposal's own row."""

_PROPOSAL: Final = (
    "id", "code", "url", "title", "summary", "text", "userId", "date", "numComments", "status", "numSupports", "isAssociation",
)  # fmt: skip
_COMMENT: Final = (
    "id", "parentId", "proposalId", "userId", "userType", "date", "time", "text", "numVotes", "numPositiveVotes", "numNegativeVotes",
)  # fmt: skip
_PLACED: Final = ("proposalId", "commendId", "parentId")
_PROPOSAL_COUNTS: Final = {"numComments": "comments", "numSupports": "support"}
_COMMENT_COUNTS: Final = {"numVotes": "votes", "numPositiveVotes": "up", "numNegativeVotes": "down"}
_NAMELESS: Final = ""
"""The column of row numbers that the files begin with."""
_CLOCK: Final = re.compile(r"(?:0 days )?([0-9]{2}:[0-9]{2}:[0-9]{2})")
_EARLIEST: Final = 1970


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells by column, its counts by name, and its wall clock; `dated` tells whether that is of a day only."""

    line: int
    cells: dict[str, str]
    counts: dict[str, int]
    wall: datetime
    dated: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of the hierarchy."""

    line: int
    proposal: str
    comment: str
    parent: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """What a folder holds; `hierarchy` is None where that file is not there."""

    proposals: list[Row]
    comments: list[Row]
    hierarchy: list[Placed] | None


def read_consulted(folder: Folder, report: ImportReport) -> Consulted:
    """What the files say. Raises `ForeignFileDamaged` where they are none of this format, before anything is imported.

    A row of which a cell cannot be one of its column is left out, and reported.
    """
    proposals = read_table(folder.content(PROPOSALS), PROPOSALS, _PROPOSAL)
    comments = read_table(folder.content(COMMENTS), COMMENTS, _COMMENT)
    hierarchy = read_table(folder.files[HIERARCHY], HIERARCHY, _PLACED) if HIERARCHY in folder.files else None
    found = Consulted(
        _rows(proposals, _PROPOSAL, _PROPOSAL_COUNTS, ("id", "userId"), report),
        _rows(comments, _COMMENT, _COMMENT_COUNTS, ("id", "userId", "proposalId"), report),
        None if hierarchy is None else _placed(hierarchy, report),
    )
    if not found.proposals:
        raise ForeignFileDamaged(PROPOSALS, "holds no proposal that can be read")
    return found


def _rows(table: Table, read: Sequence[str], counted: dict[str, str], ids: Sequence[str], report: ImportReport) -> list[Row]:
    """The rows that can be read, once for each id."""
    rows: list[Row] = []
    lines: dict[str, int] = {}
    for line, cells in table.named():
        place = f"{table.name}:{line}"
        counts = {name: number for column, name in counted.items() if (number := number_of(cells[column])) is not None}
        wall = _wall(cells["date"], cells.get("time"))
        if wall is None or len(counts) < len(counted) or any(number_of(cells[column]) is None for column in ids):
            report.lose("row-unread", place, "a cell is no id, time or count")
        elif cells["id"] in lines:
            report.lose("id-repeated", place, f"{cells['id']} stands in line {lines[cells['id']]} already")
        else:
            lines[cells["id"]] = line
            rows.append(Row(line, cells, counts, wall, "time" not in cells))
    _note_misshapen(table, report)
    for column in table.columns:
        if column not in (*read, _NAMELESS) and table.filled(column):
            report.note("column-left-out", f"{table.name}:1", f"{column} is not recorded")
    return rows


def _placed(table: Table, report: ImportReport) -> list[Placed]:
    """The places of comments; the rows of the proposals themselves are not theirs."""
    placed = [Placed(line, *(cells[column] for column in _PLACED)) for line, cells in table.named()]
    _note_misshapen(table, report)
    return [one for one in placed if one.parent != _ROOT]


def _wall(day: str, clock: str | None) -> datetime | None:
    """The wall clock that the cells show, the beginning of the day where there is no column of times; None where they show none."""
    shown = _CLOCK.fullmatch("00:00:00" if clock is None else clock)
    try:
        wall = None if shown is None else datetime.combine(datetime.strptime(day, "%Y-%m-%d"), time.fromisoformat(shown[1]))  # noqa: DTZ007 - its zone is an option of the import
    except ValueError:
        return None
    return wall if wall is not None and wall.year >= _EARLIEST else None


def _note_misshapen(table: Table, report: ImportReport) -> None:
    for line in table.misshapen:
        report.lose("row-unread", f"{table.name}:{line}", f"the row does not have the header's {len(table.columns)} cells")
