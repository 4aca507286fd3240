"""The files as they stand: investments, whose columns and values are in the language of the platform, and votes, whose columns are not.

The words are those of github.com/consuldemocracy/consuldemocracy, app/models/budget/investment/exporter.rb and config/locales, in English
and Spanish; a column in another language is renamed by whoever imports the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ledger.errors import ForeignFileDamaged
from ledger.importers.folder import Folder
from ledger.importers.report import ImportReport
from ledger.importers.table import Table, read_table

_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (),
    "title": ("título",),
    "description": ("descripción",),
    "supports": ("apoyos",),
    "admin": ("administrator", "administrador"),
    "valuator": ("evaluador",),
    "valuation_group": ("valuation group", "grupos evaluadores"),
    "geozone": ("heading", "scope of operation", "ámbito de actuación", "partida"),
    "feasibility": ("viabilidad", "price"),
    "valuation_finished": ("val. fin.", "ev. fin."),
    "unfeasibility_explanation": ("unfeasibility explanation", "informe de inviabilidad"),
    "selected": ("seleccionado",),
    "visible_to_valuators": ("show to valuators", "mostrar a evaluadores"),
    "author_username": ("author username", "usuario autor"),
}
"""Column → what it is called besides."""
_PLAIN: Final = {label: column for column, labels in _LABELS.items() for label in (column, *labels)}
_YES: Final = frozenset({"yes", "sí", "si", "true", "t"})
_NO: Final = frozenset({"no", "false", "f"})
_FEASIBLE: Final = re.compile(r"(feasible|viable)\b.*", re.IGNORECASE | re.DOTALL)
_UNFEASIBLE: Final = frozenset({"unfeasible", "inviable"})
_UNDECIDED: Final = frozenset({"undecided", "sin decidir", ""})
VOTE: Final = ("id", "votable_id", "votable_type", "vote_flag")
"""The columns of votes that are read."""


@dataclass(slots=True)
class Sheets:
    """All files: rows with their places, cells by their plain columns. `unknown` are filled columns that become nothing, by file."""

    investments: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    votes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


def read_sheets(folder: Folder, report: ImportReport) -> Sheets:
    """The files, in the order of their names. Raises `ForeignFileDamaged` where one holds neither, before anything is imported."""
    sheets = Sheets()
    for name, content in sorted(folder.files.items()):
        table = read_table(content, name, (), delimiters=",;")
        if set(VOTE) <= set(table.columns):
            sheets.votes += _rows(table)
            read = set(VOTE)
        else:
            table.columns = [_PLAIN.get(column.lower(), column) for column in table.columns]
            _check(table)
            sheets.investments += _rows(table)
            read = set(_LABELS)
        sheets.unknown += ((name, column) for column in table.columns if column not in read and table.filled(column))
        for line in table.misshapen:
            report.lose("row-unread", f"{name}:{line}", f"the row does not have the header's {len(table.columns)} cells")
    if not sheets.investments and not sheets.votes:
        raise ForeignFileDamaged(folder.name, "holds no investment and no vote")
    return sheets


def truth_of(cell: str) -> bool | None:
    """Whether a cell says yes, None where it says neither yes nor no."""
    return True if cell.lower() in _YES else False if cell.lower() in _NO else None


def feasibility_of(cell: str) -> str | None:
    """`feasible`, `unfeasible` or `undecided`, None where the cell says none of them."""
    if _FEASIBLE.fullmatch(cell):
        return "feasible"
    return "unfeasible" if cell.lower() in _UNFEASIBLE else "undecided" if cell.lower() in _UNDECIDED else None


def _check(table: Table) -> None:
    for column in ("id", "title"):
        if column not in table.columns:
            words = f"there is no column {column}, and not all of {', '.join(VOTE)}: neither investments nor votes, or in another language"
            raise ForeignFileDamaged(f"{table.name}:1", words)
    if len(set(table.columns)) != len(table.columns):
        raise ForeignFileDamaged(f"{table.name}:1", "a column is named twice")


def _rows(table: Table) -> Iterator[tuple[str, dict[str, str]]]:
    return ((f"{table.name}:{line}", {column: cell.strip() for column, cell in cells.items()}) for line, cells in table.named())
