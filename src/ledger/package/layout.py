"""Which files a package has, and what they are called (docs/formats/package.md)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ledger.projections.tables import TABLES as PRESENT_TABLES
from ledger.projections.tables import TABLES_1, Table
from ledger.tlog.tile import tiles_of

FORMAT_1: Final = "participation-ledger-package/1"
FORMAT_2: Final = "participation-ledger-package/2"
"""Like the first: read for ever, and written no more."""
FORMAT: Final = "participation-ledger-package/3"
"""What is written. Goes up when a verifier of an older package could no longer read a newer one."""
TABLES_OF: Final[Mapping[str, tuple[Table, ...]]] = {FORMAT_1: TABLES_1, FORMAT_2: PRESENT_TABLES, FORMAT: PRESENT_TABLES}
"""Format → the tables of a package, by name."""
WITHOUT_LEDGER_LOG: Final = frozenset({FORMAT_1, FORMAT_2})
"""Formats whose packages say nothing of the ledger log."""

MANIFEST: Final = "datapackage.json"
"""The last file of the zip that says something, because it states the digests of all others."""
MANIFEST_SIGNATURE: Final = "datapackage.sig"
"""The last file of the zip: the signature over the manifest, which cannot state it."""
READMES: Final = {"en": "README.en.txt", "fr": "README.fr.txt"}
VERIFIER: Final = "verify.html"
EVENTS: Final = "events.ndjson"
DISCLOSURES: Final = "disclosures.jsonl"
CHECKPOINT: Final = "log/checkpoint"
VKEY: Final = "log/vkey"
LOG: Final = "log/"

LEDGER_CHECKPOINT: Final = "ledger/checkpoint"
LEDGER_VKEY: Final = "ledger/vkey"
LEDGER_ENTRIES: Final = "ledger/entries.ndjson"
LEDGER_POLICY: Final = "ledger/policy"
LEDGER_TIMESTAMP: Final = "ledger/timestamp.tsr"
LEDGER_PROOFS: Final = "ledger/proofs/"

TABLES: Final = "tables/"
CSV: Final = ".csv"
PARQUET: Final = ".parquet"

NEEDED: Final = (EVENTS, CHECKPOINT)
"""Without these there is nothing to judge."""


def fixed_names(size: int, layout: str = FORMAT) -> Iterator[str]:
    """The names of the files that every package of `size` entries has, whatever happened in the project, in the order of the zip."""
    of_the_ledger_log = layout not in WITHOUT_LEDGER_LOG
    yield from READMES.values()
    if of_the_ledger_log:
        yield VERIFIER
    yield from (DISCLOSURES, EVENTS, CHECKPOINT)
    yield from (LOG + tile.path for tile in tiles_of(size))
    yield VKEY
    if of_the_ledger_log:
        yield from (LEDGER_CHECKPOINT, LEDGER_VKEY, LEDGER_ENTRIES)
    yield MANIFEST
    if of_the_ledger_log:
        yield MANIFEST_SIGNATURE


def proof_of(index: int) -> str:
    """The name of the proof that an entry of the ledger log stands at this index of it."""
    return f"{LEDGER_PROOFS}{index}"


def csv_of(table: Table) -> str:
    """The name of the CSV file of a table."""
    return f"{TABLES}{table.name}{CSV}"


def parquet_of(table: str) -> str:
    """The name of the Parquet form of the table in this CSV file."""
    return table.removesuffix(CSV) + PARQUET


def possible_names(size: int, derived: Iterable[str], layout: str = FORMAT, proven: Iterable[int] = ()) -> set[str]:
    """Every name that a package may have: the fixed ones, those that follow from the entries, and Parquet beside each table.

    `proven`: the indices of the entries of the ledger log in it.
    """
    names = {*fixed_names(size, layout), *derived}
    if layout not in WITHOUT_LEDGER_LOG:
        names |= {LEDGER_POLICY, LEDGER_TIMESTAMP, *map(proof_of, proven)}
    return names | {parquet_of(name) for name in names if name.startswith(TABLES)}
