"""A package as the ledger wrote it is verified, and the report says what was looked at."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ledger.audit import verify
from tests.recorded import EQUAL_SHARES, RecordedLog, town
from tests.tamper.tampering import changed, faults, judged, packed, unpacked
from tests.tlog.keys import KnownSigner

STAGES = {"reading": "passed", "integrity": "passed", "lawfulness": "passed", "results": "passed", "older": "not_checked"}


@pytest.fixture(scope="module", params=["open", "sealed"])
def log(request: pytest.FixtureRequest) -> RecordedLog:
    return town(sealed=request.param == "sealed")


@pytest.fixture(scope="module")
def package(log: RecordedLog) -> bytes:
    return log.package()


def test_a_package_as_written_is_verified(tmp_path: Path, package: bytes, log: RecordedLog) -> None:
    report = judged(tmp_path, package, log.signer.vkey)
    assert report.findings == ()
    assert (report.verdict, report.key, report.stages) == ("verified", "given", STAGES)
    assert (report.origin, report.size) == (log.origin, log.size())
    assert report.not_checked == ()


def test_without_a_key_the_report_says_that_the_origin_is_unproven(tmp_path: Path, package: bytes) -> None:
    report = judged(tmp_path, package)
    assert (report.verdict, report.key) == ("verified", "from_package")
    assert [left.code for left in report.not_checked] == ["key-from-package"]


def test_the_same_log_gives_the_same_package(package: bytes, log: RecordedLog) -> None:
    assert log.package() == package


def test_a_package_that_somebody_packed_again_is_verified(tmp_path: Path, package: bytes) -> None:
    files = unpacked(package)
    assert judged(tmp_path, packed(dict(reversed(files.items())))).verdict == "verified"


def test_every_commitment_is_accounted_for(tmp_path: Path, package: bytes, log: RecordedLog) -> None:
    report = judged(tmp_path, package)
    sealed = log.aggregates.step("vote").secrecy == "sealed"
    assert set(report.commitments) == ({"disclosed", "superseded"} if sealed else {"disclosed"})
    assert sum(report.commitments.values()) == sum(entry.count(b'"_sd":["') and _digests(entry) for entry in log.stored)
    assert report.counts == {"entries": log.size(), "disclosures": report.commitments["disclosed"], "not_judged": 0}


def _digests(entry: bytes) -> int:
    return len(json.loads(entry)["data"]["_sd"])


def test_results_are_told(tmp_path: Path, package: bytes) -> None:
    (result,) = judged(tmp_path, package).results
    assert isinstance(result, dict)
    assert (result["step"], result["winners"], result["agrees"]) == ("vote", ["No. lamp", "No. bench"], True)


@pytest.mark.parametrize("stop", ["empty", "ideas", "sealed vote"])
def test_a_log_is_verified_at_any_point_of_its_life(tmp_path: Path, stop: str) -> None:
    log = RecordedLog() if stop == "empty" else unfinished(sealed=stop == "sealed vote")
    report = judged(tmp_path, log.package())
    assert report.findings == ()
    assert report.verdict == "verified"
    if stop == "sealed vote":
        assert report.commitments["sealed"] == 3


def unfinished(sealed: bool) -> RecordedLog:
    """A project in which a vote is on."""
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "Town"}, owner={"en": "Town"}, languages=["en"], currency="EUR", time_zone="Europe/Paris",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("step.planned", step="ideas", kind="collection", title={"en": "Ideas"}, accepts=["proposal"])
    log.post("step.opened", step="ideas")
    log.post(
        "contribution.submitted", "participant", who="a", ref="lamp", step="ideas", kind="proposal", cost_minor=5, title={"en": "Lamp"}
    )
    if sealed:
        log.post("step.planned", step="vote", kind="ballot", title={"en": "Vote"})
        rules = {
            "rule": "greedy", "ballot": {"form": "approval", "max": 3}, "score": {"by": "approvals"}, "budget_minor": 10,
            "unaffordable": {"then": "skip"}, "ties": ["lower_cost", "more_votes", "list_order"],
        }  # fmt: skip
        log.post("step.rules_set", step="vote", rules=rules, secrecy="sealed")
        log.post("candidates.listed", step="vote", items=[{"ref": "lamp", "cost_minor": 5}])
        log.post("candidates.sealed", step="vote")
        log.post("step.opened", step="vote")
        for voter in ("a", "b"):
            log.post("ballot.cast", "participant", who=voter, step="vote", entries=[0])
        log.post("ballot.replaced", "participant", who="a", step="vote", entries=[])
    return log


def test_tiles_of_several_levels_are_compared(tmp_path: Path) -> None:
    log = unfinished(sealed=True)
    for voter in range(600):
        log.post("ballot.cast", "participant", who=f"voter {voter}", step="vote", entries=[0])
    package = log.package()
    assert [name for name in unpacked(package) if "tile" in name] == [
        "log/tile/0/000", "log/tile/0/001", f"log/tile/0/002.p/{log.size() - 512}", "log/tile/1/000.p/2",
    ]  # fmt: skip
    assert judged(tmp_path, package).verdict == "verified"
    spoilt = changed(package, {"log/tile/1/000.p/2": lambda content: content[:40] + b"x" + content[41:]})
    found = faults(judged(tmp_path, spoilt))
    assert found["tile"].place == "log/tile/1/000.p/2, hash 1"


def test_an_older_package_is_a_beginning_of_a_newer_one(tmp_path: Path) -> None:
    log = unfinished(sealed=True)
    older = log.package()
    log.post("ballot.cast", "participant", who="c", step="vote", entries=[0])
    report = judged(tmp_path, log.package(), log.signer.vkey, older)
    assert report.findings == ()
    assert (report.verdict, report.stages["older"]) == ("verified", "passed")


def test_the_key_in_the_package_is_compared_with_the_one_that_the_ledger_log_names(
    tmp_path: Path, log: RecordedLog, package: bytes
) -> None:
    other = KnownSigner(log.origin, 2).vkey
    report = judged(tmp_path, changed(package, {"log/vkey": f"{other}\n".encode()}), log.signer.vkey)
    assert [(finding.check, finding.place) for finding in report.findings] == [("ledger-keys", "log/vkey")]
    assert (report.verdict, report.signing) == ("failed", (str(log.signer.vkey),))


@pytest.mark.parametrize("exhaustive", [False, True])
def test_equal_shares_are_counted_again_by_the_reference(tmp_path: Path, exhaustive: bool) -> None:
    log = town(voters=24, rules=EQUAL_SHARES)
    report = verify(log.export(tmp_path / "export.zip"), exhaustive=exhaustive)
    assert report.findings == ()
    assert report.verdict == "verified"
    (result,) = report.results
    assert isinstance(result, dict)
    assert result["rule"] == "equal-shares/1"


@pytest.fixture
def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    yield


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="the parquet extra is not installed")
def test_where_the_parquet_extra_is_absent_its_values_are_not_checked(tmp_path: Path, package: bytes, without_pyarrow: None) -> None:
    report = judged(tmp_path, package)
    assert report.verdict == "verified"
    assert "parquet" in [left.code for left in report.not_checked]


def test_a_server_without_the_parquet_extra_exports_without_parquet_and_says_so(
    tmp_path: Path, log: RecordedLog, without_pyarrow: None
) -> None:
    files = unpacked(log.package())
    assert not [name for name in files if name.endswith(".parquet")]
    assert "no Parquet" in json.loads(files["datapackage.json"])["ledger"]["parquet"]
    assert judged(tmp_path, packed(files)).verdict == "verified"


def test_progress_is_told_up_to_the_last_entry(tmp_path: Path, log: RecordedLog) -> None:
    told: list[tuple[str, int, int]] = []
    verify(log.export(tmp_path / "export.zip"), progress=lambda *how: told.append(how))
    assert ("entries", log.size(), log.size()) in told
    assert ("tables/ballots.csv", 0, 0) in told


def test_the_report_as_json_has_the_form_that_is_documented(tmp_path: Path, package: bytes) -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats" / "report.md").read_text(encoding="utf-8")
    schema = json.loads(page.partition("```json\n")[2].partition("\n```")[0])
    Draft202012Validator.check_schema(schema)
    broken = changed(package, {"tables/turnout.csv": b"x\n"})
    for report in (judged(tmp_path, package), judged(tmp_path, broken), judged(tmp_path, b"no zip")):
        Draft202012Validator(schema).validate(report.json())
