"""Which files a package has, and what they are called (docs/formats/package.md)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ledger.projections.tables import TABLES as PRESENT_TABLES
from ledger.projections.tables import TABLES_1, Table
from ledger.tlog.tile import tiles_of

FORMAT_1: Final = "participation-ledger-package/1"
"""Read for ever, and written no more."""
FORMAT: Final = "participation-ledger-package/2"
"""What is written. Goes up when a verifier of an older package could no longer read a newer one."""
TABLES_OF: Final[Mapping[str, tuple[Table, ...]]] = {FORMAT_1: TABLES_1, FORMAT: PRESENT_TABLES}
"""Format → the tables of a package, by name."""

MANIFEST: Final = "datapackage.json"
"""The last file of the zip, because it states the digests of all others."""
READMES: Final = {"en": "README.en.txt", "fr": "README.fr.txt"}
EVENTS: Final = "events.ndjson"
DISCLOSURES: Final = "disclosures.jsonl"
CHECKPOINT: Final = "log/checkpoint"
VKEY: Final = "log/vkey"
LOG: Final = "log/"

TABLES: Final = "tables/"
CSV: Final = ".csv"
PARQUET: Final = ".parquet"

NEEDED: Final = (EVENTS, CHECKPOINT)
"""Without these there is nothing to judge."""


def fixed_names(size: int) -> Iterator[str]:
    """The names of the files that every package of `size` entries has, whatever happened in the project."""
    yield from (*READMES.values(), DISCLOSURES, EVENTS, CHECKPOINT, VKEY)
    yield from (LOG + tile.path for tile in tiles_of(size))
    yield MANIFEST


def csv_of(table: Table) -> str:
    """The name of the CSV file of a table."""
    return f"{TABLES}{table.name}{CSV}"


def parquet_of(table: str) -> str:
    """The name of the Parquet form of the table in this CSV file."""
    return table.removesuffix(CSV) + PARQUET


def possible_names(size: int, derived: Iterable[str]) -> set[str]:
    """Every name that a package may have: the fixed ones, those that follow from the entries, and Parquet beside each table."""
    names = {*fixed_names(size), *derived}
    return names | {parquet_of(name) for name in names if name.startswith(TABLES)}
