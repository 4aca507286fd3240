"""A CSV file with a header, read whole: each row with its line, and the rows that do not have the header's number of cells."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from ledger.errors import ForeignFileDamaged
from ledger.ids import MAX_INT

_LONGEST_CELL: Final = 1 << 20
_NUMBER: Final = re.compile(r"[0-9]{1,16}")


@dataclass(slots=True)
class Table:
    """A file. `rows` are (line, cells); `misshapen` the lines of rows that have more or fewer cells than the header."""

    name: str
    columns: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    misshapen: list[int] = field(default_factory=list)

    def column(self, name: str) -> int:
        """The place of a column, -1 where the file has none of that name."""
        return self.columns.index(name) if name in self.columns else -1

    def named(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row as its line and its cells by column."""
        return ((line, dict(zip(self.columns, cells, strict=True))) for line, cells in self.rows)

    def filled(self, column: str) -> bool:
        """Whether any row has something in the column."""
        place = self.column(column)
        return place >= 0 and any(cells[place] for _, cells in self.rows)


def read_table(content: bytes, name: str, needed: Sequence[str], *, delimiters: str = ",") -> Table:
    """The file's rows. Raises `ForeignFileDamaged` with the line where it is no CSV file or lacks a needed column.

    Of several delimiters it is the one that the header has most of, the first of them where it has none.
    """
    text = read_text(content, name)
    delimiter = max(delimiters, key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        table = Table(name, [cell.strip() for cell in next(reader, [])])
        _check_header(table, needed)
        width = len(table.columns)
        for cells in reader:
            if len(cells) == width:
                table.rows.append((reader.line_num, cells))
            elif any(cells):
                table.misshapen.append(reader.line_num)
    except csv.Error as error:
        raise ForeignFileDamaged(f"{name}:{reader.line_num}", str(error)) from None
    return table


def read_text(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark; raises `ForeignFileDamaged` where it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignFileDamaged(name, f"byte {error.start} is not UTF-8") from None
    if "\0" in text:
        raise ForeignFileDamaged(name, "holds a NUL character")
    return text


def number_of(cell: str) -> int | None:
    """The whole number in a cell, None where it is none that every JSON reader keeps."""
    if not _NUMBER.fullmatch(cell):
        return None
    number = int(cell)
    return number if number <= MAX_INT else None


def _check_header(table: Table, needed: Sequence[str]) -> None:
    for column in needed:
        if column not in table.columns:
            raise ForeignFileDamaged(f"{table.name}:1", f"there is no column {column}")
    if len(set(table.columns)) != len(table.columns):
        raise ForeignFileDamaged(f"{table.name}:1", "a column is named twice")
