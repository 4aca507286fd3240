"""Packages of every layout verify, and proofs and notes come out as when their formats were new. A change of format adds a version."""

from pathlib import Path

from ledger.audit import Trust, verify
from ledger.package.layout import FORMAT, FORMAT_2, TABLES_OF
from ledger.tlog.vkey import parse_vkey
from tests.vectors.formats_v1 import FROZEN, frozen_package, notes, packed


def test_every_proof_and_note_is_written_byte_for_byte_as_it_was() -> None:
    assert notes() == {path.name: path.read_bytes() for path in (FROZEN / "notes").iterdir()}


def test_a_package_of_layout_1_verifies_with_every_table_and_result_made_again(tmp_path: Path) -> None:
    path = tmp_path / "frozen.zip"
    path.write_bytes(packed(frozen_package()))
    report = verify(path)
    assert report.findings == ()
    assert (report.verdict, report.counts["not_judged"]) == ("verified", 0)
    assert report.results, "the vote was counted again"
    assert "descriptions" in {left_out.code for left_out in report.not_checked}


def test_a_package_of_layout_2_verifies_with_every_file_made_again(tmp_path: Path) -> None:
    path = tmp_path / "frozen.zip"
    # Of another version than today's, so that pages for people, which are not frozen, are not compared.
    path.write_bytes(packed(frozen_package("package-2"), FORMAT_2, "0.0.1"))
    report = verify(path)
    assert [finding for finding in report.findings if finding.severity == "fault"] == []
    assert report.verdict == "verified"
    assert report.commitments["erased"]
    assert {name.partition("/")[0] for name in frozen_package("package-2")} >= {"cap-collectif", "decidim", "pabulib", "results", "tables"}


def test_a_package_of_layout_3_verifies_with_the_ledger_log_that_vouches_for_it(tmp_path: Path) -> None:
    path = tmp_path / "frozen.zip"
    files = frozen_package("package-3")
    path.write_bytes(packed(files, FORMAT, "0.0.1"))
    report = verify(path, trust=Trust((parse_vkey(files["log/vkey"].decode().strip()),)))
    assert [finding for finding in report.findings if finding.severity == "fault"] == []
    assert (report.verdict, report.key) == ("verified", "given")
    assert report.commitments["erased"] and report.commitments["redacted"]
    assert report.json()["keys"]


def test_a_table_of_layout_1_that_was_altered_is_named(tmp_path: Path) -> None:
    files = frozen_package()
    files["tables/proposals.csv"] = files["tables/proposals.csv"].replace(b",submitted,", b",withdrawn,", 1)
    path = tmp_path / "altered.zip"
    path.write_bytes(packed(files))
    [finding] = verify(path).findings
    assert (finding.check, finding.place) == ("file-differs", "tables/proposals.csv line 2")


def test_a_package_that_states_another_layout_than_it_has_lacks_files_and_one_that_states_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "restated.zip"
    path.write_bytes(packed(frozen_package(), FORMAT_2))
    assert {finding.check for finding in verify(path).findings} >= {"file-missing", "file-unknown"}
    path.write_bytes(packed(frozen_package(), "participation-ledger-package/99"))
    [finding] = verify(path).findings
    assert (finding.check, finding.expected) == ("package-format", " or ".join(TABLES_OF))
