"""Bits turned in a Parquet file, stated and signed anew: its rows are as they were, or the verification says what differs.

Parquet files are the only ones of a package that are compared by their values, not by their bytes, as these depend on the library that
wrote them. So bits may differ that no row depends on: statistics, the name of the writing program, other encodings of the same values.
"""

import io
from pathlib import Path
from typing import Final

import pytest

from ledger.audit import Trust
from tests.tamper.mutating import ALL, StoredPackage, bits_of, flipped
from tests.tamper.small_log import small_log, witnessed
from tests.tamper.tampering import faults, unpacked

parquet = pytest.importorskip("pyarrow.parquet")
NAME: Final = "tables/turnout.parquet"


def test_a_turned_bit_of_a_parquet_file_is_found_or_changes_no_row(tmp_path: Path) -> None:
    log = small_log()
    files = unpacked(log.package(witnessed(log)))
    package, content = StoredPackage(files, tmp_path), files[NAME]
    rows = parquet.read_table(io.BytesIO(content)).to_pylist()
    assert rows
    found = 0
    for bit in bits_of(content, 150, lines=False):
        turned = flipped(content, bit)
        report = package.judged(package.restated(NAME, turned), Trust())
        if report.verdict == "verified":
            assert parquet.read_table(io.BytesIO(turned)).to_pylist() == rows, bit
        else:
            found += 1
            assert report.verdict == "failed"
            assert all(fault.place.startswith(NAME) for fault in faults(report).values()), (bit, report.findings)
    assert found > (8 * len(content) if ALL else 150) / 4


def test_a_turned_bit_of_any_parquet_file_that_is_not_stated_anew_is_found_by_its_digest(tmp_path: Path) -> None:
    log = small_log()
    package = StoredPackage(unpacked(log.package(witnessed(log))), tmp_path)
    for name, content in package.files.items():
        if name.endswith(".parquet"):
            for bit in bits_of(content, 3, lines=False, always=True):
                assert faults(package.judged({name: flipped(content, bit)}, Trust()))["file-digest"].place == name


@pytest.mark.parametrize("name", ["tables/timeline.parquet", "tables/contributions.parquet", "tables/ballots.parquet"])
def test_a_damaged_parquet_file_leads_to_a_finding_and_nothing_else(tmp_path: Path, name: str) -> None:
    log = small_log()
    package = StoredPackage(unpacked(log.package(witnessed(log))), tmp_path)
    for bit in bits_of(package.files[name], 30, lines=False, always=True):
        report = package.judged(package.restated(name, flipped(package.files[name], bit)), Trust())
        assert report.verdict == "verified" or {fault.place.partition(",")[0] for fault in faults(report).values()} == {name}, bit
