"""One's own ballot in a package: counted exactly where the result counts it, told alike by the package and by the rows of the service."""

import csv
import io
from pathlib import Path
from typing import Any, cast, get_args

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit.my_ballot import BallotReport, find_ballot
from ledger.audit.my_ballot_wording import CODES, STATUSES, lines
from ledger.projections.readings.counting import Reason
from ledger.sealing import participant_key, pseudonym
from tests.recorded import RecordedLog, _secret, town
from tests.redacted import redact
from tests.tamper.tampering import changed, unpacked
from tests.tlog.keys import KnownSigner


def k_of(who: str) -> bytes:
    return participant_key(_secret("step/vote"), "town", who)


def found(report: BallotReport) -> dict[str, Any]:
    assert (report.verdict, report.faults) == ("found", ())
    for language in ("en", "fr"):
        assert all(line and "{" not in line and "None" not in line for line in lines(report, language))
    orjson.dumps(report.json())
    return cast("dict[str, Any]", report.ballot)


@pytest.fixture(scope="module", params=["open", "sealed"])
def log(request: pytest.FixtureRequest) -> RecordedLog:
    return town(sealed=request.param == "sealed")


@pytest.fixture(scope="module")
def package(log: RecordedLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log.export(tmp_path_factory.mktemp("export") / "town.zip")


VOTERS = [*(f"voter {number}" for number in range(40)), *(f"paper {number}" for number in range(10))]


def test_everybody_hears_of_their_ballot_what_the_published_table_says(package: Path, log: RecordedLog) -> None:
    table = csv.DictReader(io.StringIO(unpacked(package.read_bytes())["tables/ballots.csv"].decode()))
    rows = {row["pseudonym"]: row for row in table}
    assert len(rows) == 50
    for who in VOTERS:
        told = found(find_ballot(package, "vote", k_of(who), (log.signer.vkey,)))
        row = rows[pseudonym(k_of(who), log.origin, "step/vote")]
        assert told["pseudonym"] == row["pseudonym"]
        assert told["status"] == ("counted" if row["counted"] == "true" else "not_counted")
        assert told["code"] == (row["reason"] or None)
        assert (told["choices"] or "") == row["choices"]
        assert (told["entries"][-1]["seq"], len(told["entries"])) == (int(row["seq"]), int(row["revision"]))


def test_what_was_replaced_and_what_came_on_paper_is_told(package: Path) -> None:
    replaced = found(find_ballot(package, "vote", k_of("voter 7")))
    assert [(entry["type"], entry["became"]) for entry in replaced["entries"]] == [
        ("ballot.cast/1", "replaced"),
        ("ballot.replaced/1", "last"),
    ]
    [paper] = found(find_ballot(package, "vote", k_of("paper 1")))["entries"]
    assert (paper["channel"], paper["role"], paper["via"], paper["by_somebody_else"]) == ("paper", "agent", "desk", True)


def test_a_name_that_nobody_used_is_told_to_be_unused(package: Path) -> None:
    report = find_ballot(package, "vote", k_of("somebody else"))
    assert found(report)["status"] == "nobody_used_this_name"
    assert lines(report, "en")[0] == "Nobody has voted under your name in this step."


def test_a_k_of_another_log_finds_nothing_here(package: Path) -> None:
    assert found(find_ballot(package, "vote", participant_key(_secret("author"), "town", "voter 7")))["entries"] == []


def test_a_step_without_ballots_is_no_step_to_look_in(package: Path) -> None:
    for step in ("ideas", "nowhere"):
        report = find_ballot(package, step, k_of("voter 7"))
        assert (report.verdict, report.ballot) == ("no_step", None)
        assert lines(report, "fr")


def test_a_package_that_was_changed_tells_nothing(package: Path, tmp_path: Path, log: RecordedLog) -> None:
    def without_last(content: bytes) -> bytes:
        return b"".join(content.splitlines(keepends=True)[:-1])

    spoilt = tmp_path / "spoilt.zip"
    spoilt.write_bytes(changed(package.read_bytes(), {"events.ndjson": without_last}))
    report = find_ballot(spoilt, "vote", k_of("voter 7"))
    assert (report.verdict, report.ballot) == ("failed", None)
    assert "root" in {fault.check for fault in report.faults}
    other = find_ballot(package, "vote", k_of("voter 7"), (KnownSigner(log.origin, 9).vkey,))
    assert (other.verdict, other.ballot) == ("failed", None)
    spoilt.write_bytes(b"no zip")
    assert find_ballot(spoilt, "vote", k_of("voter 7")).verdict == "unreadable"


def test_a_ballot_that_a_court_had_redacted_is_told_to_be_gone(tmp_path: Path) -> None:
    log = town(voters=9)
    actor = pseudonym(k_of("voter 5"), log.origin, "step/vote")
    [seq] = [event.seq for event in log.ballots if event.actor == actor]
    redact(log, seq)
    report = find_ballot(log.export(tmp_path / "town.zip"), "vote", k_of("voter 5"))
    told = found(report)
    assert (told["status"], told["code"], told["choices"]) == ("not_counted", "redacted", None)
    assert told["entries"] == [{"seq": seq, "type": "ballot.cast/1", "became": "last", "redacted": "court-7"}]


def test_every_reason_of_the_count_has_its_words() -> None:
    assert {*get_args(Reason)} - {"replaced"} <= set(CODES), "a last ballot is not replaced"
    for words in (*CODES.values(), *STATUSES.values()):
        assert set(words) == {"en", "fr"}


_PACKAGE: list[bytes] = []


@given(at=st.integers(0, 10**6), into=st.binary(min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_damaged_packages_never_raise(tmp_path_factory: pytest.TempPathFactory, at: int, into: bytes) -> None:
    if not _PACKAGE:
        _PACKAGE.append(town(voters=9).package())
    whole = _PACKAGE[0]
    place = at % len(whole)
    path = tmp_path_factory.getbasetemp() / "damaged ballots.zip"
    path.write_bytes(whole[:place] + into + whole[place + len(into) :])
    report = find_ballot(path, "vote", k_of("voter 7"))
    for language in ("en", "fr"):
        assert lines(report, language)
