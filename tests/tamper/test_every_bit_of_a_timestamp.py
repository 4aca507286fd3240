"""Every bit of a timestamp turned: it is refuted, but for those that its format leaves unsigned, which say nothing of text and time."""

from pathlib import Path
from typing import Final

import pytest

from ledger.audit import Trust
from ledger.audit.timestamp import check_timestamp
from ledger.tlog.note import parse_note
from tests.tamper.mutating import StoredPackage, bits_of, flipped
from tests.tamper.small_log import small_log, small_package
from tests.tamper.tampering import faults, judged, packed, restate, unpacked
from tests.witness.authority import Authority

pytest.importorskip("rfc3161_client")
NAME: Final = "ledger/timestamp.tsr"
ECDSA_WITH_SHA256: Final = bytes.fromhex("06082a8648ce3d040302")
"""The object identifier in DER."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def unsigned(response: bytes) -> set[int]:
    """The bits that CMS (RFC 5652) has in a response outside what is signed, and that verifiers do not need.

    The version of the signed data, that of the signer's part, and by which algorithm it was signed, as the key tells that already. The
    highest bit of a version would make it negative, and that of the end of an identifier would leave it without an end.
    """
    versions = [response.index(b"\x02\x01\x03\x31") + 2, response.rindex(b"\x02\x01\x01\x30") + 2]
    start = response.rindex(ECDSA_WITH_SHA256) + 2
    identifier = range(8 * start, 8 * (start + len(ECDSA_WITH_SHA256) - 2) - 1)
    return {8 * place + bit for place in versions for bit in range(7)} | set(identifier)


def test_every_bit_of_a_timestamp_is_signed_or_says_nothing_of_text_and_time(authority: Authority) -> None:
    text = b"a.example/ledger\n3\nroot\n"
    response = authority.stamp(text)
    good = check_timestamp(response, text, authority.roots)
    found = {bit: check_timestamp(flipped(response, bit), text, authority.roots) for bit in range(8 * len(response))}
    assert {bit for bit, check in found.items() if check.outcome != "refuted"} == unsigned(response)
    assert {found[bit] for bit in unsigned(response)} == {good}
    assert all(check.why for check in found.values() if check.outcome == "refuted")


def test_what_is_accepted_here_is_accepted_by_openssl(authority: Authority) -> None:
    text = b"a.example/ledger\n3\nroot\n"
    response = authority.stamp(text)
    for bit in sorted(unsigned(response))[::9]:
        assert authority.accepts(flipped(response, bit), text)


def test_of_a_package_a_bit_of_its_timestamp_is_found_by_whoever_knows_the_authority(authority: Authority, tmp_path: Path) -> None:
    log = small_log()
    response = authority.stamp(parse_note(log.vouchers().extract.checkpoint).text.encode())
    package = StoredPackage(unpacked(small_package(log, response)), tmp_path)
    trust = Trust(tsa_roots=authority.roots)
    assert package.judged({}, trust).anchored is not None
    for bit in bits_of(response, 60, lines=False):
        report = package.judged(package.restated(NAME, flipped(response, bit)), trust)
        if bit not in unsigned(response):
            assert faults(report)["timestamp"].place == NAME
        # Who knows no authority is told that nothing was checked, unless it is no timestamp at all.
        untrusting = package.judged(package.restated(NAME, flipped(response, bit)), Trust())
        assert untrusting.verdict == "failed" or "timestamp" in {left.code for left in untrusting.not_checked}
    # The ledger may leave it out: then nobody says when.
    report = judged(tmp_path, packed(restate({name: content for name, content in package.files.items() if name != NAME})))
    assert (report.verdict, report.anchored) == ("verified", None)
