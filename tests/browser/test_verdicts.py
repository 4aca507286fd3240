"""The page in a browser and `ledger verify` come to the same verdict, stage by stage, on good packages and on what forgers make of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.audit import Trust, verify
from ledger.events.envelope import entry_bytes
from ledger.package.layout import FORMAT_2
from ledger.package.verifier_page import verifier_page
from tests.browser.browsing import Verifier
from tests.recorded import EQUAL_SHARES, RecordedLog, town
from tests.redacted import redact
from tests.tamper.tampering import changed, packed, unpacked
from tests.tamper.test_rewritten_logs import opened, recorded, voted, with_clock
from tests.vectors.formats_v1 import frozen_package
from tests.vectors.formats_v1 import packed as frozen

NOT_MADE_AGAIN = {"file-differs", "parquet-differs"}
"""Checks that rest on files that this page does not make again, which it says."""
FOLLOWING = NOT_MADE_AGAIN | {"file-unknown", "file-missing", "result-digest", "result-winners", "disclosure-root", "disclosure-count"}
"""Checks of what follows from entries: where these are at fault themselves, two programs need not guess alike what would follow."""


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return town(sealed=True)


@pytest.fixture(scope="module")
def package(log: RecordedLog) -> bytes:
    return log.package()


def same(verifier: Verifier, folder: Path, package: bytes) -> dict[str, Any]:
    """The report of the page, which says the same as that of the command line."""
    path = folder / "export.zip"
    path.write_bytes(package)
    report = verify(path)
    found = verifier.report(package)
    faults = {finding.check for finding in report.findings if finding.severity == "fault"}
    mine = {finding["check"] for finding in found["findings"] if finding["severity"] == "fault"}
    assert found["verdict"] == report.verdict, (report.findings, found["findings"])
    stages = {str(stage): str(status) for stage, status in report.stages.items()}
    misled = report.stages["lawfulness"] != "passed" or bool(faults & {"root", "size", "tile"})
    if misled or faults & NOT_MADE_AGAIN:
        del stages["results"]
    if misled:
        # The command line takes the hashes of disclosed ballots from tiles, which may be false; this page from the entries.
        del stages["integrity"], stages["lawfulness"]
    assert {stage: found["stages"][stage] for stage in stages} == stages, (report.findings, found["findings"])
    beside = FOLLOWING if misled else NOT_MADE_AGAIN
    assert mine - beside == faults - beside
    if report.verdict == "verified":
        assert found["counts"]["commitments"] == report.commitments
    return found


@pytest.mark.parametrize("made", [town, lambda: town(sealed=True), lambda: town(rules=EQUAL_SHARES), with_clock])
def test_a_package_as_written_is_verified(verifier: Verifier, tmp_path: Path, made: Callable[[], RecordedLog]) -> None:
    log = made()
    if log.aggregates.step("vote").status == "open":
        log.post("step.closed", "system", step="vote")
    found = same(verifier, tmp_path, log.package())
    assert found["verdict"] == "verified"
    assert found["results"], "the vote was counted again"


@pytest.mark.parametrize(("folder", "layout"), [("package", None), ("package-2", FORMAT_2)])
def test_packages_of_earlier_layouts_verify(verifier: Verifier, tmp_path: Path, folder: str, layout: str | None) -> None:
    files = frozen_package(folder)
    package = frozen(files) if layout is None else frozen(files, layout, "0.0.1")
    assert same(verifier, tmp_path, package)["verdict"] == "verified"


def test_each_file_missing_damaged_or_added_is_found_as_by_the_command_line(verifier: Verifier, tmp_path: Path, package: bytes) -> None:
    files = unpacked(package)
    names = [name for name in files if not name.startswith("tables/") or name == "tables/ballots.csv"]
    for name in names:
        same(verifier, tmp_path, packed({other: content for other, content in files.items() if other != name}))
        content = files[name]
        flipped = content[: len(content) // 2] + bytes([content[len(content) // 2] ^ 4]) + content[len(content) // 2 + 1 :]
        same(verifier, tmp_path, changed(package, {name: flipped}, restated=False))
    for name in ("log/tile/0/001", "notes.txt", "results/other.json", "tables/ballots.parquet"):
        same(verifier, tmp_path, packed({**files, name: b"added\n"}))


def test_a_result_that_is_false_is_found_although_the_manifest_states_it(verifier: Verifier, tmp_path: Path, package: bytes) -> None:
    false = changed(package, {"results/vote.json": lambda content: content.replace(b'"won": true', b'"won": false', 1)})
    path = tmp_path / "false.zip"
    path.write_bytes(false)
    found = verifier.report(false)
    assert (found["verdict"], verify(path).verdict) == ("failed", "failed")
    assert "file-differs" in {finding["check"] for finding in found["findings"]}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tables/ballots.csv", b",true,", b",false,"),
        ("tables/turnout.csv", b"vote,", b"vote2,"),
        ("tables/budget_result.csv", b",true,funded", b",false,funded"),
        ("tables/stances.csv", b"step,", b"stage,"),
        ("pabulib/vote.pb", b"num_votes;", b"num_votes;1"),
    ],
)
def test_a_table_of_the_vote_that_is_false_is_found_although_it_is_signed(
    verifier: Verifier, tmp_path: Path, package: bytes, name: str, old: bytes, new: bytes
) -> None:
    false = changed(package, {name: lambda content: content.replace(old, new, 1)})
    path = tmp_path / "false.zip"
    path.write_bytes(false)
    found = verifier.report(false)
    assert (found["stages"]["results"], verify(path).stages["results"]) == ("failed", "failed")
    assert [finding["place"].split(" ")[0] for finding in found["findings"] if finding["check"] == "file-differs"] == [name]


def rewritten() -> Iterator[RecordedLog]:
    """Logs that somebody who holds the signing key wrote against the rules."""
    log = voted()
    recorded(log, "ballot.cast", role="participant", who="late", step="vote", entries=[0])
    yield log
    log = with_clock()
    log.post("ballot.cast", "participant", who="a", step="vote", entries=[0])
    recorded(log, "ballot.cast", role="participant", who="a", step="vote", entries=[])
    yield log
    log = with_clock()
    log.wait(minutes=5)
    log.post("step.closed", "system", step="vote")
    yield log
    log = opened()
    recorded(log, "district.defined", via="somebody", ref="south", name={"en": "South"})
    yield log
    log = opened()
    recorded(log, "district.defined", ref="south", name={"en": "South"}, change=lambda event: replace(event, at="2026-02-28T08:00:00.000Z"))
    yield log
    log = voted(sealed=True)
    del log.shown[min(seq for seq, name in log.shown if name == "entries"), "entries"]
    yield log
    log = voted()
    recorded(log, "step.rules_set", step="vote", rules={**EQUAL_SHARES}, secrecy="open")
    yield log
    log = voted()
    recorded(log, "candidates.listed", step="vote", items=[{"ref": "lamp", "cost_minor": 1}])
    yield log


def test_logs_that_were_rewritten_and_signed_again_fail_for_the_same_reasons(verifier: Verifier, tmp_path: Path) -> None:
    for log in rewritten():
        found = same(verifier, tmp_path, log.package())
        assert found["verdict"] == "failed"


def test_entries_edited_deleted_and_reordered_are_found(verifier: Verifier, tmp_path: Path, package: bytes) -> None:
    def reordered(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        lines[3], lines[4] = lines[4], lines[3]
        return b"".join(lines)

    changes: list[Callable[[bytes], bytes]] = [
        lambda content: content.replace(b'"channel":"web"', b'"channel":"api"', 1),
        lambda content: content.partition(b"\n")[2],
        lambda content: b"".join(content.splitlines(keepends=True)[:-1]),
        reordered,
        lambda content: content.replace(b'{"', b'{ "', 1),
        lambda content: content[:-1],
        lambda content: content + content.splitlines(keepends=True)[-1],
    ]
    for change in changes:
        for restated in (False, True):
            assert same(verifier, tmp_path, changed(package, {"events.ndjson": change}, restated=restated))["verdict"] == "failed"


def test_another_key_and_an_older_package_are_judged_alike(verifier: Verifier, tmp_path: Path, log: RecordedLog, package: bytes) -> None:
    other = town().signer.vkey
    path, earlier = tmp_path / "export.zip", tmp_path / "older.zip"
    path.write_bytes(package)
    for vkey in (log.signer.vkey, other):
        report = verify(path, trust=Trust(keys=(vkey,)))
        assert verifier.report(package, keys=[str(vkey)])["verdict"] == report.verdict
    for older in (package, town().package()):
        earlier.write_bytes(older)
        report = verify(path, older=earlier)
        found = verifier.report(package, older=older)
        assert (found["verdict"], found["stages"]["older"]) == (report.verdict, report.stages["older"])
    assert "usage" in verifier.report(package, keys=["no key"])


def test_a_redacted_entry_is_told_and_the_rest_is_verified(verifier: Verifier, tmp_path: Path) -> None:
    log = town()
    seq = next(event.seq for event, _ in log._folded if event.type == "contribution.submitted/2")
    redact(log, seq)
    same(verifier, tmp_path, log.package())


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + bytes(18), bytes(100_000)])
def test_what_is_no_package_is_unreadable(verifier: Verifier, tmp_path: Path, data: bytes) -> None:
    assert same(verifier, tmp_path, data)["verdict"] == "unreadable"


def test_a_log_of_another_origin_is_refused_entry_by_entry(verifier: Verifier, tmp_path: Path) -> None:
    log = opened()
    first = log._folded[0][0]
    log.stored[0] = entry_bytes(replace(first, log="ledger.example/p/other"))
    same(verifier, tmp_path, log.package())


def test_the_page_is_the_same_each_time_and_holds_nothing_from_elsewhere() -> None:
    page = verifier_page()
    verifier_page.cache_clear()
    assert verifier_page() == page
    for outside in (b"http://", b"<link", b"<img", b"import(", b"fetch(", b"XMLHttpRequest", b"WebSocket", b"localStorage", b"eval("):
        assert outside not in page.replace(b"http://www.w3.org/2000/svg", b"")
