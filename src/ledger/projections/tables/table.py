"""What a public table is: columns with their meaning in English and French, and rows of a reading, streamed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.projections.readings.reading import Reading

Cell: TypeAlias = str | int | bool | None
ColumnType: TypeAlias = Literal["string", "integer", "boolean", "datetime", "date"]
"""Types of Table Schema (Data Package v2)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `free`: it holds words of people, so a spreadsheet could take a cell for a formula (docs/formats/tables.md)."""

    name: str
    type: ColumnType
    title_en: str
    title_fr: str
    description_en: str
    description_fr: str
    free: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One public table. `rows` gives cells in the order of the columns; their order is total and told in the description."""

    name: str
    title_en: str
    title_fr: str
    description_en: str
    description_fr: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    rows: Callable[[Reading], Iterator[tuple[Cell, ...]]]
