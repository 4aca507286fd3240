"""The files in the shapes of other platforms are made again by the auditor, and a change of any of them is found in its line."""

from pathlib import Path

import pytest

from tests.package.shapes import BOX, DEBATE, TALK, shaped
from tests.recorded import RecordedLog
from tests.tamper.tampering import changed, faults, judged


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return shaped()


def test_a_package_with_all_shapes_is_verified(tmp_path: Path, log: RecordedLog) -> None:
    report = judged(tmp_path, log.package(), log.signer.vkey)
    assert (report.findings, report.verdict) == ((), "verified")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (f"{TALK}votes.csv", b",0,1\n", b",0,0\n"),
        (f"{TALK}comments.csv", b"Perhaps", b"Perhaps not"),
        (DEBATE, b"opinion.show.vote.nok", b"opinion.show.vote.ok"),
        (BOX, b";accepted;", b";rejected;"),
    ],
)
def test_a_changed_cell_is_found(tmp_path: Path, log: RecordedLog, name: str, old: bytes, new: bytes) -> None:
    package = changed(log.package(), {name: lambda content: content.replace(old, new, 1)})
    finding = faults(judged(tmp_path, package))["file-differs"]
    assert finding.place.startswith(f"{name} line ")
