"""Packages of every layout that was ever written, as they are frozen: bits turned in them, and files taken out, are found as ever.

In layouts 1 and 2 the manifest is not signed, so anybody can state a file anew. The pages for people and the wording of the manifest are
compared by the version that wrote them alone, which is not this one: of these only the digests are judged.
"""

import json
from pathlib import Path
from typing import Final

import pytest

from ledger.audit import Trust
from ledger.package.layout import FORMAT, FORMAT_1, FORMAT_2, MANIFEST, MANIFEST_SIGNATURE, READMES, VERIFIER
from tests.tamper.mutating import StoredPackage, bits_of, flipped, line_of, signature_over, stored
from tests.tamper.tampering import faults, judged, unpacked
from tests.vectors.formats_v1 import frozen_package, packed

FROZEN: Final = {FORMAT_1: ("package", "0.1.0"), FORMAT_2: ("package-2", "0.0.1"), FORMAT: ("package-3", "0.0.1")}
NOT_COMPARED: Final = (MANIFEST, VERIFIER, *READMES.values())
NOTHING: Final = Trust()


@pytest.fixture(scope="module", params=FROZEN)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> StoredPackage:
    folder, version = FROZEN[request.param]
    return StoredPackage(unpacked(packed(frozen_package(folder), request.param, version)), tmp_path_factory.mktemp("frozen"))


def test_a_turned_bit_of_any_file_is_found(package: StoredPackage) -> None:
    assert package.judged({}, NOTHING).verdict == "verified"
    for name, content in package.files.items():
        for bit in bits_of(content, 1, lines=False, always=True):
            report = package.judged({name: flipped(content, bit)}, NOTHING)
            signed = name == MANIFEST and MANIFEST_SIGNATURE in package.files
            assert report.verdict == "failed" or (name == MANIFEST and not signed), (name, bit)


def test_a_turned_bit_that_is_stated_anew_is_found_in_whatever_this_version_compares(package: StoredPackage) -> None:
    for name, content in package.files.items():
        if name in NOT_COMPARED or name.endswith(".parquet"):
            continue
        for bit in bits_of(content, 2, lines=False, always=True):
            report = package.judged(package.restated(name, flipped(content, bit)), NOTHING)
            assert report.verdict == "failed", (name, bit, line_of(content, bit))
            places = [fault.place for fault in faults(report).values()]
            entry = f"entry {line_of(content, bit) - 1}" if name == "events.ndjson" else "entry " if name == "disclosures.jsonl" else name
            assert any(name in place or entry in place or "ledger/proofs/" in place for place in places), (name, bit, report.findings)


def test_of_a_page_for_people_that_is_stated_anew_the_report_says_that_it_was_not_compared(package: StoredPackage) -> None:
    for name in NOT_COMPARED:
        if name == MANIFEST or name not in package.files:
            continue
        report = package.judged(package.restated(name, flipped(package.files[name], 80)), NOTHING)
        assert report.verdict == "verified"
        assert "descriptions" in {left.code for left in report.not_checked}


def test_each_file_that_is_taken_out_is_missed(package: StoredPackage, tmp_path: Path) -> None:
    for name in package.files:
        report = judged(tmp_path, stored(without(package, name)))
        assert report.verdict in ("failed", "unreadable"), name
        assert any(name in fault.place or "entry " in fault.place for fault in faults(report).values()), (name, report.findings)


def without(package: StoredPackage, name: str) -> dict[str, bytes]:
    """The files of the package but this one, of which the manifest knows nothing."""
    files = {other: content for other, content in package.files.items() if other != name}
    if name.startswith("datapackage"):
        return files
    document = json.loads(files[MANIFEST])
    del document["files"][name]
    files[MANIFEST] = json.dumps(document).encode()
    if MANIFEST_SIGNATURE in files:
        files[MANIFEST_SIGNATURE] = signature_over(files[MANIFEST], package.about)
    return files
