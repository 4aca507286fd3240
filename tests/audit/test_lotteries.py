"""A package shows how its lots were drawn, and an audit draws them again."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.beacon import verify_round
from ledger.rules.spec import Beacon, Drawing, Lottery
from tests.drawing_town import BY_NUMBERS, BY_ROUND, REFS, by_secrets, revealed, tied
from tests.drawn import (
    BETWEEN_PARTIES,
    OTHER_ROUND,
    OTHER_SIGNATURE,
    ROUND,
    SECRETS,
    SIGNATURE,
    commitments,
    draws,
    with_fallback,
)
from tests.recorded import ORIGIN, RecordedLog
from tests.tamper.tampering import changed, faults, judged, unpacked

NUMBERS = Lottery(numbers=draws("2023-09-17", "Lotto"))
FORGED = {"beacon": {"round": ROUND, "signature": OTHER_SIGNATURE}}
"""A true signature, of another round."""

needs_library = pytest.mark.skipif(importlib.util.find_spec("drand_verify") is None, reason="the lottery extra is not installed")


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "drand_verify"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "drand_verify", None)
    yield


def result_in(package: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(unpacked(package)["results/vote.json"])
    return document


def drawn_first(*lines: str) -> str:
    """Who comes first by the lot that is drawn from these lines, as anybody can work out."""
    seed = sha256("".join(f"{line}\n" for line in ("ledger-lottery/v1", ORIGIN, "vote", *lines)).encode()).digest()
    return min(REFS, key=lambda ref: sha256(seed + ref.encode()).digest())


@needs_library
def test_true_rounds_are_the_beacons_and_nothing_else_is() -> None:
    assert verify_round(ROUND, SIGNATURE) is True
    assert verify_round(OTHER_ROUND, OTHER_SIGNATURE) is True
    for number, signature in ((ROUND, OTHER_SIGNATURE), (ROUND + 1, SIGNATURE), (0, SIGNATURE), (2**64, SIGNATURE), (-1, SIGNATURE)):
        assert verify_round(number, signature) is False
    for signature in ("", "0" * 96, "f" * 96, SIGNATURE[:-1], SIGNATURE.upper(), f"{SIGNATURE}00", f"{SIGNATURE}\n"):
        assert verify_round(ROUND, signature) is False


@needs_library
@given(st.integers(0, 383))
def test_no_bit_of_a_signature_can_be_another(bit: int) -> None:
    flipped = (int(SIGNATURE, 16) ^ (1 << bit)).to_bytes(48, "big").hex()
    assert verify_round(ROUND, flipped) is False


def test_where_the_library_is_absent_no_round_is_judged(without_library: None) -> None:
    assert verify_round(ROUND, SIGNATURE) is None
    assert verify_round(ROUND, OTHER_SIGNATURE) is None


@needs_library
def test_a_tie_that_a_beacon_broke_is_in_the_package_and_verifies(tmp_path: Path) -> None:
    log = revealed(tied())
    package = log.package()
    report = judged(tmp_path, package, log.signer.vkey)
    assert report.verdict == "verified"
    assert "beacon" not in {left.code for left in report.not_checked}
    result = result_in(package)
    winner = drawn_first("beacon", str(ROUND), SIGNATURE)
    assert result["winners"] == [winner]
    lottery = result["lottery"]
    assert (lottery["drawn_from"], lottery["by_fallback"]) == ("beacon", False)
    assert lottery["seed"] == sha256(f"ledger-lottery/v1\n{ORIGIN}\nvote\nbeacon\n{ROUND}\n{SIGNATURE}\n".encode()).hexdigest()
    assert [reveal["beacon"] for reveal in lottery["reveals"]] == [BY_ROUND["beacon"]]
    [tie] = lottery["ties"]
    assert (tie["members"][0], tie["split"]) == (winner, True)
    assert result["ties"][0]["broken_by"] == ["lot", "lot"]


def test_a_tie_that_parties_broke_together(tmp_path: Path) -> None:
    log = by_secrets(tied(BETWEEN_PARTIES, commit=True))
    package = log.package()
    assert judged(tmp_path, package, log.signer.vkey).verdict == "verified"
    result = result_in(package)
    assert result["winners"] == [drawn_first("parties", *(f"{party} {SECRETS[party]}" for party in sorted(SECRETS)))]
    told = {told["party"]: told["commitment"] for told in result["lottery"]["commitments"]}
    assert told == commitments()
    assert [reveal["secret"]["party"] for reveal in result["lottery"]["reveals"]] == list(SECRETS)


def test_a_tie_that_public_numbers_broke_says_that_nobody_looked_them_up(tmp_path: Path) -> None:
    log = revealed(tied(NUMBERS), BY_NUMBERS)
    package = log.package()
    report = judged(tmp_path, package, log.signer.vkey)
    assert report.verdict == "verified"
    assert [left.what for left in report.not_checked if left.code == "lottery-numbers"] == ["the numbers of 1 drawings of public lotteries"]
    assert result_in(package)["winners"] == [drawn_first("numbers", "3.7.41./")]


def test_a_fallback_that_decided_is_told() -> None:
    lottery = with_fallback(BETWEEN_PARTIES, Drawing(beacon=Beacon(round=ROUND)), "2023-09-15T10:30:00.000Z")
    log = tied(lottery, commit=True)
    lot = result_in(revealed(log).package())
    assert lot["winners"] == [drawn_first("beacon", str(ROUND), SIGNATURE)]
    assert (lot["lottery"]["drawn_from"], lot["lottery"]["by_fallback"]) == ("beacon", True)


def test_before_the_lot_is_drawn_there_is_no_result(tmp_path: Path) -> None:
    log = tied()
    package = log.package()
    assert judged(tmp_path, package, log.signer.vkey).verdict == "verified"
    result = result_in(package)
    assert (result["state"], result["why"], result["ballots"]) == ("pending", "not_drawn", 3)
    assert (result["lottery"]["drawn_from"], result["lottery"]["seed"], result["lottery"]["ties"]) == (None, None, [])


def test_also_sealed_choices_wait_for_the_lot_once_they_are_disclosed() -> None:
    log = tied(secrecy="sealed")
    log.post("ballots.disclosed", step="vote")
    assert result_in(log.package())["why"] == "not_drawn"
    assert result_in(revealed(log).package())["winners"] == [drawn_first("beacon", str(ROUND), SIGNATURE)]


@needs_library
def test_an_invented_round_is_found_although_everything_follows_from_it(tmp_path: Path) -> None:
    log = revealed(tied(), FORGED)
    report = judged(tmp_path, log.package(), log.signer.vkey)
    assert report.verdict == "failed"
    assert list(faults(report)) == ["beacon-signature"]
    finding = faults(report)["beacon-signature"]
    seq = next(seq for seq, entry in enumerate(log.stored) if b'"lottery.revealed/1"' in entry)
    assert (finding.stage, finding.place, finding.found) == ("results", f"entry {seq}, lottery of step vote", OTHER_SIGNATURE)


def test_where_the_library_is_absent_the_round_is_said_not_to_be_checked(tmp_path: Path, without_library: None) -> None:
    log = revealed(tied(), FORGED)
    report = judged(tmp_path, log.package(), log.signer.vkey)
    assert report.verdict == "verified"
    [left] = [left for left in report.not_checked if left.code == "beacon"]
    assert "1 rounds" in left.what
    assert "'lottery'" in left.why


def written(log: RecordedLog, name: str, **fields: Any) -> None:
    """Somebody who controls the ledger records it without being asked whether it may be."""
    event, disclosures = log.sealed_event(name, "organizer", **fields)
    log.record(event, disclosures)


@pytest.mark.parametrize(
    ("part", "check"),
    [
        ({"beacon": {"round": OTHER_ROUND, "signature": OTHER_SIGNATURE}}, "lottery-differs"),
        ({"numbers": BY_NUMBERS["numbers"]}, "lottery-differs"),
        ({"secret": {"party": "town-hall", "secret": SECRETS["town-hall"]}}, "lottery-differs"),
        ({}, "reveal-unclear"),
    ],
)
def test_another_lot_than_was_announced_is_unlawful(tmp_path: Path, part: dict[str, Any], check: str) -> None:
    log = tied()
    written(log, "lottery.revealed", step="vote", **part)
    assert check in faults(judged(tmp_path, log.package(), log.signer.vkey))


def test_a_second_reveal_changes_nothing_and_is_unlawful(tmp_path: Path) -> None:
    log = revealed(tied())
    before = result_in(log.package())["winners"]
    for digit in "0123":
        written(log, "lottery.revealed", step="vote", beacon={"round": ROUND, "signature": digit * 96})
    assert result_in(log.package())["winners"] == before
    assert "lottery-drawn" in faults(judged(tmp_path, log.package(), log.signer.vkey))


def test_a_result_before_the_lot_is_unlawful(tmp_path: Path) -> None:
    log = tied()
    written(log, "result.computed", step="vote", winners=[0], digest="x" * 43)
    found = faults(judged(tmp_path, log.package(), log.signer.vkey))
    assert {"lottery-not-drawn", "result-too-early"} <= set(found)


def test_a_published_lottery_that_was_altered_is_named(tmp_path: Path) -> None:
    log = revealed(tied())
    seed = str(result_in(log.package())["lottery"]["seed"]).encode()
    package = changed(log.package(), {"results/vote.json": lambda content: content.replace(seed, b"0" * 64)})
    assert "results/vote.json" in faults(judged(tmp_path, package, log.signer.vkey))["file-differs"].place


def test_a_lot_that_could_be_known_while_paper_was_keyed_is_flagged() -> None:
    log = tied(takes_paper=True)
    log.post("paper.closed", step="vote")
    flags = result_in(log.package())["beside"]["flags"]
    assert flags == [{"seq": len(log.stored) - 1, "flag": "lottery_known_early"}]
    assert "lottery_known_early" not in str(result_in(revealed(tied()).package()))
