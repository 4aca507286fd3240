"""The files as they stand: which of them holds what, told by its columns.

The platform writes nested names with slashes (`title/fr`, `author/id`), lists with commas, and an apostrophe before texts that a
spreadsheet would take for a formula (github.com/decidim/decidim, decidim-core/lib/decidim/exporters/csv.rb).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ledger.errors import ForeignFileDamaged
from ledger.importers.folder import Folder
from ledger.importers.report import ImportReport
from ledger.importers.table import Table, read_table

Kind = Literal["proposals", "projects", "results", "moderations", "moderated_users"]

KINDS: Final[tuple[tuple[Kind, frozenset[str]], ...]] = (
    ("moderations", frozenset({"reportable_type", "reportable_id", "hidden_at"})),
    ("moderated_users", frozenset({"user_id", "blocked_at"})),
    ("projects", frozenset({"id", "budget_amount"})),
    ("results", frozenset({"id", "progress"})),
    ("proposals", frozenset({"id", "state"})),
)
"""What a file holds → columns that tell so; the first that fits."""
_DELIMITERS: Final = ";,"
_GUARDED: Final = re.compile(r"'[=+\-@]")


@dataclass(frozen=True, slots=True)
class Line:
    """A row: where it stands, the columns of its file, and its cells by column, empty ones left out."""

    place: str
    columns: Sequence[str]
    cells: Mapping[str, str]

    def cell(self, *columns: str) -> str:
        """The cell of the first of these columns that is filled; empty where none is."""
        return next((self.cells[column] for column in columns if column in self.cells), "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file."""

    kind: Kind
    table: Table

    def lines(self) -> Iterator[Line]:
        """Its rows, in order."""
        for line, named in self.table.named():
            cells = {column: _unguarded(cell.strip()) for column, cell in named.items() if cell.strip()}
            yield Line(f"{self.table.name}:{line}", self.table.columns, cells)


def read_sheets(folder: Folder, report: ImportReport) -> list[Sheet]:
    """The files by what they hold, then by name. Raises `ForeignFileDamaged` where one is of no known kind, before anything is imported."""
    sheets: list[Sheet] = []
    for name, content in folder.files.items():
        if not content.removeprefix(b"\xef\xbb\xbf").strip():
            report.note("file-empty", name, "the platform writes no columns where there are no rows")
            continue
        table = read_table(content, name, (), delimiters=_DELIMITERS)
        kind = next((kind for kind, columns in KINDS if columns <= set(table.columns)), None)
        if kind is None:
            known = ", ".join(kind.replace("_", " ") for kind, _ in KINDS)
            raise ForeignFileDamaged(f"{name}:1", f"has the columns of none of: {known}")
        sheets.append(Sheet(kind, table))
        for line in table.misshapen:
            report.lose("row-unread", f"{name}:{line}", f"the row does not have the header's {len(table.columns)} cells")
    if not any(sheet.table.rows for sheet in sheets):
        raise ForeignFileDamaged(folder.name, "holds no row")
    order = [kind for kind, _ in reversed(KINDS)]
    return sorted(sheets, key=lambda sheet: (order.index(sheet.kind), sheet.table.name))


def listed(cell: str) -> list[str]:
    """The members of a list in a cell."""
    return [member.strip() for member in cell.split(",") if member.strip()]


def is_true(cell: str) -> bool:
    """Whether a cell says yes; anything but the platform's `true` does not."""
    return cell.lower() in {"true", "t", "1"}


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
