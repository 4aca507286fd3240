"""The export as it stands, each row with its line and with what is certain of it.

Some published files have rows of which the cells stand one column too far to the left from some cell on, or that end early. Such a row is
told by the forms of its cells. What stands before the first cell that can have moved is certain; the rest is read only where whoever
imports the file says so (`realign`), and never where the forms allow it more than one reading.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal

from ledger.errors import ForeignFileDamaged
from ledger.importers.cap_collectif.columns import fits, kind_of_column, plain_kind, plain_name, trash_of

_LONGEST_FIELD = 1 << 20

Fault = Literal["row-cut", "row-shifted", "row-unread"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file. `cells` are certain; `doubtful` ones may stand under a name that is not theirs."""

    line: int
    kind: str
    cells: dict[str, str]
    fault: Fault | None = None
    doubtful: dict[str, str] = field(default_factory=dict)
    realigned: bool = False

    @property
    def may_be_trashed(self) -> bool:
        """Whether a cell of which the column is in doubt speaks of a trash."""
        return not self.realigned and any(trash_of(cell) for cell in self.doubtful.values())


@dataclass(slots=True)
class Export:
    """A whole file. `unknown` are rows of a kind that is not known; `columns` are all columns by their plain names."""

    name: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    """How many rows fill a column."""


def read_export(content: bytes, name: str, *, realign: bool) -> Export:
    """The file's rows. Raises `ForeignFileDamaged` with the line where it is not such a file, before anything is imported."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignFileDamaged(name, f"byte {error.start} is not UTF-8") from None
    if "\0" in text:
        raise ForeignFileDamaged(name, "holds a NUL character")
    csv.field_size_limit(_LONGEST_FIELD)
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    try:
        export = Export(name, _header(next(reader, []), name))
        for row in reader:
            if any(row):
                _add(export, reader.line_num, row, realign=realign)
    except csv.Error as error:
        raise ForeignFileDamaged(f"{name}:{reader.line_num}", str(error)) from None
    if not any(row.kind == "opinion" for row in export.rows):
        raise ForeignFileDamaged(name, "holds no opinion")
    return export


def _header(row: Sequence[str], name: str) -> list[str]:
    columns = [plain_name(cell) for cell in row]
    for needed in ("type", "id", "title", "votes_id", "votes_related_id", "votes_value"):
        if needed not in columns:
            raise ForeignFileDamaged(f"{name}:1", f"there is no column {needed}; is it the export of a consultation?")
    if len(set(columns)) != len(columns):
        raise ForeignFileDamaged(f"{name}:1", "a column is named twice")
    return columns


def _add(export: Export, line: int, row: list[str], *, realign: bool) -> None:
    cells = dict(zip(export.columns, [*row, *[""] * (len(export.columns) - len(row))], strict=False))
    export.filled.update(column for column, cell in cells.items() if cell)
    kind = plain_kind(cells["type"])
    if kind is None:
        export.unknown.append((line, cells["type"]))
        return
    own = [column for column in export.columns if kind_of_column(column) == kind]
    strays = any(cell for column, cell in cells.items() if column != "type" and cell and column not in own)
    if strays or any(row[len(export.columns) :]):
        export.rows.append(Row(line, kind, {}, "row-unread", {column: cell for column, cell in cells.items() if cell}))
    else:
        export.rows.append(_judged(line, kind, own, [cells[column] for column in own], realign=realign))


def _judged(line: int, kind: str, own: list[str], cells: list[str], *, realign: bool) -> Row:
    """The row with what its cells' forms say of their places: a cell may be missing, or the row may end early."""
    misfit = next((place for place, cell in enumerate(cells) if not fits(own[place], kind, cell)), None)
    if misfit is None:
        return Row(line, kind, dict(zip(own, cells, strict=True)))
    last = len(own) - 1
    filled = 1 + max((place for place, cell in enumerate(cells) if cell), default=-1)
    lacks_one = not cells[last] and all(fits(own[place + 1], kind, cells[place]) for place in range(misfit, last))
    ends = misfit >= filled
    if not lacks_one and not ends:
        return Row(line, kind, {}, "row-unread", dict(zip(own, cells, strict=True)))
    # Where a cell is missing it is this one, or one before it from which on every cell looks like one of the next column too.
    doubt = misfit
    while lacks_one and doubt and fits(own[doubt], kind, cells[doubt - 1]):
        doubt -= 1
    if ends and filled <= doubt:
        return Row(line, kind, dict(zip(own[:filled], cells, strict=False)), "row-cut")
    certain, doubtful = dict(zip(own[:doubt], cells, strict=False)), dict(zip(own[doubt:], cells[doubt:], strict=True))
    if not realign or ends:
        return Row(line, kind, certain, "row-shifted", doubtful)
    moved = dict(zip(own[misfit + 1 :], cells[misfit:last], strict=True))
    return Row(line, kind, certain | moved, "row-shifted", doubtful, realigned=True)
