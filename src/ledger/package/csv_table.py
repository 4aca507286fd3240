"""A public table as CSV (docs/formats/tables.md): RFC 4180, UTF-8 without a mark, lines end in LF, a header, quotes only where needed.

Written here and not by the `csv` module, whose quoting changed between versions of Python: an auditor rebuilds the bytes years later.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from ledger.projections.readings.reading import Reading
from ledger.projections.tables import Cell, Column, Table

LINES_AT_ONCE: Final = 2048
_NEEDS_QUOTES: Final = re.compile(r'[",\r\n]')
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def csv_file(table: Table, reading: Reading) -> Iterator[bytes]:
    """The bytes of a table, in pieces; memory does not grow with the number of rows."""
    yield (",".join(column.name for column in table.columns) + "\n").encode()
    rows = table.rows(reading)
    free = [index for index, column in enumerate(table.columns) if column.free]
    while lines := list(islice(rows, LINES_AT_ONCE)):
        yield _written(lines, table.columns, free).encode()


def _written(rows: Sequence[tuple[Cell, ...]], columns: Sequence[Column], free: Sequence[int]) -> str:
    """Lines of CSV. Most tables hold nothing to be quoted: that is seen on the whole piece, and only otherwise cell by cell."""
    lines = [[cell if type(cell) is str else str(cell) if type(cell) is int else cell_text(cell) for cell in row] for row in rows]
    if free:
        for line in lines:
            for index in free:
                line[index] = guarded(line[index])
    plain = "\n".join(",".join(line) for line in lines) + "\n"
    commas = (len(columns) - 1) * len(lines)
    if plain.count(",") == commas and plain.count("\n") == len(lines) and '"' not in plain and "\r" not in plain:
        return plain
    return "".join(",".join(map(quoted, line)) + "\n" for line in lines)


def cell_text(cell: Cell) -> str:
    """A cell as text: nothing for None, `true` and `false`, digits for numbers."""
    if cell is None:
        return ""
    if cell is True:
        return "true"
    if cell is False:
        return "false"
    return str(cell)


def guarded(text: str) -> str:
    """Words of people, so that no spreadsheet takes them for a formula: an apostrophe goes before `=`, `+`, `-`, `@`, tab and CR.

    Texts that begin with apostrophes before one of these get one more, so that taking one away always gives back what was written.
    """
    return "'" + text if text and _FORMULA.match(text) else text


def quoted(text: str) -> str:
    """A cell in quotes where RFC 4180 needs them."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
