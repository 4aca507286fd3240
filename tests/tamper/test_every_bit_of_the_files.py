"""One bit of one file of a package is turned. Whoever only turns it is caught by a digest, whoever states all anew by another check.

Each is judged by the whole verification, with nothing known from elsewhere; every fault names the place. Nothing may differ in a package
without a fault but what `MAY_DIFFER` lists. How many bits are taken is said in `tests.tamper.mutating`.
"""

import json
import re
from collections.abc import Callable
from typing import Final

import pytest

from ledger import VERSION
from ledger.audit import Trust
from ledger.audit.comparison import first_difference
from ledger.audit.files import Manifest
from ledger.audit.findings import Findings
from ledger.package.zip_reader import PackageReader
from tests.tamper.mutating import ALL, StoredPackage, bits_of, flipped, line_of
from tests.tamper.small_log import small_log, small_package
from tests.tamper.tampering import faults, unpacked

FILES: Final = unpacked(small_package(small_log()))
NAMES: Final = list(FILES)
LARGE: Final = {"verify.html": 2111, "datapackage.json": 201}
"""Files of 100 KB and more: of their bits even `EVERY_BIT` takes only each so many-th."""
DERIVED: Final = ("tables/", "results/", "pabulib/", "polis/", "decidim/", "cap-collectif/", "README.")
NOTHING: Final = Trust()
Counted = Callable[[str, object], None]
"""Notes a number in the test report (`--junitxml`)."""


def share(name: str, *, usual: int, lines: bool = True) -> list[int]:
    """The bits of the file that are turned here: all of evidence if `ALL` are asked for, and one in every byte of what follows from it.

    What follows from entries is made again and compared, so every bit of it is asked of the comparison alone, below.
    """
    content = FILES[name]
    if not ALL:
        return list(bits_of(content, usual, lines=lines and name not in LARGE))
    return list(range(0, 8 * len(content), LARGE.get(name, 9 if name.startswith(DERIVED) else 1)))


def places(name: str, line: int) -> tuple[str, ...]:
    """What names this line of the file: the file, or the entry that the line is, or is about."""
    lines = FILES[name].split(b"\n")
    match name:
        case "events.ndjson":
            return (name, f"entry {line - 1}")
        case "disclosures.jsonl":
            return (name, f"entry {json.loads(lines[line - 1])['seq']}")
        case "ledger/entries.ndjson":
            return (name, f"ledger/proofs/{json.loads(lines[line - 1])['seq']}")
        case "ledger/checkpoint":
            return (name, "ledger/proofs/")  # each of which holds the same checkpoint
        case _:
            return (name,)


BY_DIGEST: Final = {
    # Where it states an earlier layout, which had no signature, the one that is there belongs to nothing.
    "datapackage.json": {("manifest-signature", "datapackage.sig"), ("file-unstated", "datapackage.sig")},
    "datapackage.sig": {("manifest-signature", "datapackage.sig")},
    # Without a checkpoint that can be read there is nothing to judge.
    "log/checkpoint": {("file-digest", "log/checkpoint"), ("malformed-note", "log/checkpoint")},
}
"""File → the checks by which a bit is found in it that was only turned, with their places; of others by their digest."""


def bits_of_member(member: str) -> range:
    """The bits of this text of `datapackage.json`."""
    found = re.search(rb'"%b": "(participation-ledger-package/3|[0-9.]+)"' % member.encode(), FILES["datapackage.json"])
    assert found is not None
    return range(8 * found.start(1), 8 * found.end(1))


def _is_text(byte: int) -> bool:
    return 0x20 <= byte < 0x80 and chr(byte) not in '"\\'


MAY_DIFFER: Final[dict[str, frozenset[int]]] = {
    # Whoever signs the manifest may say that another version wrote the package. Its pages for people and the wording of the manifest are
    # then not compared, which the report says; all else is. A bit that makes the version no text (a quote, a control character) is a fault.
    "datapackage.json": frozenset(bit for bit in bits_of_member("version") if _is_text(flipped(FILES["datapackage.json"], bit)[bit // 8]))
}
"""File → the bits that its signer can turn without a fault."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> StoredPackage:
    return StoredPackage(FILES, tmp_path_factory.mktemp("package"))


def test_the_package_itself_is_verified(package: StoredPackage) -> None:
    assert (package.judged({}, NOTHING).verdict, package.judged({}, NOTHING).findings) == ("verified", ())
    assert f'"version": "{VERSION}"'.encode() in FILES["datapackage.json"]


@pytest.mark.parametrize("name", NAMES)
def test_a_bit_that_is_only_turned_is_found_by_the_digest(package: StoredPackage, name: str, record_property: Counted) -> None:
    bits = share(name, usual=4, lines=False)
    record_property("flips", len(bits))
    expected = BY_DIGEST.get(name, {("file-digest", name)})
    for bit in bits:
        report = package.judged({name: flipped(FILES[name], bit)}, NOTHING)
        assert report.verdict == "failed", (name, bit)
        found = {(check, fault.place.partition(",")[0]) for check, fault in faults(report).items()}
        assert found & expected, (name, bit, report.findings)


@pytest.mark.parametrize("name", NAMES)
def test_a_bit_that_is_stated_and_signed_anew_is_found_by_what_the_file_says(
    package: StoredPackage, name: str, record_property: Counted
) -> None:
    bits = share(name, usual=8 if name.startswith(DERIVED) else 50)
    record_property("flips", len(bits))
    for bit in bits:
        report = package.judged(package.restated(name, flipped(FILES[name], bit)), NOTHING)
        if report.verdict == "verified":
            assert bit in MAY_DIFFER.get(name, ()), (name, bit)
            continue
        assert report.verdict == "failed", (name, bit)
        assert "not-countable" not in faults(report) or name in ("events.ndjson", "disclosures.jsonl"), "a file that follows from entries"
        named = places(name, line_of(FILES[name], bit))
        assert any(place in fault.place for fault in faults(report).values() for place in named), (name, bit, report.findings)


@pytest.mark.parametrize("member", ["format", "version"])
def test_of_what_the_manifest_says_of_itself_exactly_the_listed_bits_may_differ(package: StoredPackage, member: str) -> None:
    name = "datapackage.json"
    for bit in bits_of_member(member):
        report = package.judged(package.restated(name, flipped(FILES[name], bit)), NOTHING)
        if bit in MAY_DIFFER[name]:
            assert (report.verdict, report.findings) == ("verified", ())
            assert "descriptions" in {left.code for left in report.not_checked}
        else:
            assert report.verdict == "failed", bit


def test_every_bit_of_every_digest_counts(package: StoredPackage) -> None:
    """So a file whose SHA-256 is another is found, whatever became of it."""
    package.judged({}, NOTHING)
    findings = Findings()
    with PackageReader(package.path) as reader:
        stated = Manifest(reader, findings)
        stated.check_digests()
        assert not findings.counts
        for name, digest in list(reader.digests.items()):
            if name.startswith("datapackage"):
                continue
            for bit in range(256):
                reader.digests[name] = flipped(bytes.fromhex(digest), bit).hex()
                stated.check_digests()
                assert [(found.check, found.place) for found in findings.listed] == [("file-digest", name)]
                findings.listed.clear()
                findings.counts.clear()
            reader.digests[name] = digest


@pytest.mark.parametrize("name", [name for name in NAMES if name in LARGE or name.startswith(DERIVED)])
def test_a_comparison_names_the_line_wherever_a_bit_differs(name: str, record_property: Counted) -> None:
    content = FILES[name]
    bits = range(0, 8 * len(content), (3 if name in LARGE else 1) if ALL else 4001 if name in LARGE else 29)
    record_property("flips", len(bits))
    for bit in bits:
        difference = first_difference([content], iter([flipped(content, bit)]))
        assert difference is not None
        assert difference.line == line_of(content, bit)


def test_of_a_careful_forger_the_digests_and_the_signature_say_nothing(package: StoredPackage) -> None:
    """So what is found of a bit that was stated and signed anew is found by other checks."""
    for name in NAMES:
        report = package.judged(package.restated(name, flipped(FILES[name], 8 * (len(FILES[name]) // 2))), NOTHING)
        assert not {"file-digest", "manifest-signature"} & set(faults(report)) or name.startswith("datapackage"), name
