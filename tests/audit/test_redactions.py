"""A log of which a court had something withheld: its tree still holds, every gap has to be explained, what cannot be judged is told."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.audit import Report
from ledger.canonical import canonical
from ledger.errors import Malformed
from ledger.events.redacted import Redacted, is_redacted, leaves_of, read_redacted
from ledger.sealing import digest_text
from ledger.tlog.tree import leaf_hash
from tests.moderated import ARGUMENT, OPINION, debate, moderated
from tests.recorded import RecordedLog, proposals, town, vote
from tests.redacted import redact, seqs_of, withhold
from tests.tamper.tampering import changed, faults, judged, unpacked

LEFT = Redacted(authority="court-7", leaf_hash="A" * 43, seq=4, stream=OPINION, type="contribution.submitted/2", version=1)


def leaf_text(entry: bytes) -> str:
    return digest_text(leaf_hash(entry))


def report_on(folder: Path, log: RecordedLog, older: bytes | None = None) -> Report:
    return judged(folder, log.package(), log.signer.vkey, older)


def told(report: Report) -> set[tuple[str, str]]:
    """Notices, and what was not checked."""
    return {(finding.severity, finding.check) for finding in report.findings} | {("left", left.code) for left in report.not_checked}


def test_what_is_left_of_an_entry_is_one_canonical_line_with_the_leaf_hash_that_it_had() -> None:
    line = LEFT.line()
    assert line == canonical(orjson.loads(line))
    assert is_redacted(line)
    assert read_redacted(line) == LEFT
    assert leaves_of([line, b"{}"]) == [bytes(32), leaf_hash(b"{}")]


@pytest.mark.parametrize(
    "line",
    [
        b'{"redacted":{}}',
        b'{"redacted":null}',
        b'{"redacted":',
        LEFT.line().replace(b":", b": ", 1),
        LEFT.line().replace(b'"seq":4', b'"seq":-4'),
        LEFT.line().replace(b"A" * 43, b"A" * 42 + b"B"),
        LEFT.line().replace(b"}}", b',"why":1}}'),
        LEFT.line().replace(b"court-7", b"the court"),
        LEFT.line().replace(b"contribution/", b"contribution//"),
        LEFT.line() + b" ",
    ],
)
def test_what_is_not_exactly_such_a_line_is_none(line: bytes) -> None:
    with pytest.raises(Malformed):
        read_redacted(line)


def test_a_package_without_the_bytes_of_an_entry_verifies_and_says_which(tmp_path: Path) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    redaction = redact(log, seq)
    report = report_on(tmp_path, log)
    assert report.verdict == "verified"
    [finding] = report.findings
    assert (finding.severity, finding.check, finding.place) == ("notice", "redacted", f"entry {seq}, version 1 of {ARGUMENT}")
    assert finding.found == f"withheld by order of court-7 (defamation), entry {redaction.seq}"
    assert report.commitments["redacted"] == 1
    assert [left.code for left in report.not_checked] == ["not-replayable"]
    assert b"It costs." not in log.package()


def test_with_the_package_from_before_it_is_seen_that_nothing_else_changed(tmp_path: Path) -> None:
    log = debate()
    before = log.package()
    [seq] = seqs_of(log, OPINION)
    redact(log, seq)
    after = log.package()
    report = judged(tmp_path, after, log.signer.vkey, before)
    assert (report.verdict, report.stages["older"]) == ("verified", "passed")
    redact(log, seqs_of(log, ARGUMENT)[0])
    assert report_on(tmp_path, log, after).verdict == "verified"
    assert report_on(tmp_path, log, before).verdict == "verified"


@pytest.mark.parametrize(
    "lie",
    [{"stream": ARGUMENT, "type": "argument.submitted/1"}, {"type": "contribution.revised/1"}, {"version": 2}],
    ids=["stream", "type", "version"],
)
def test_with_the_package_from_before_it_is_seen_when_what_is_left_is_a_lie(tmp_path: Path, lie: dict[str, Any]) -> None:
    log = debate()
    before = log.package()
    [seq] = seqs_of(log, OPINION)
    redact(log, seq, **lie)
    report = report_on(tmp_path, log, before)
    assert (report.verdict, report.stages["older"]) == ("failed", "failed")
    assert faults(report)["older-entries"].place.endswith(f"(entry {seq})")


def test_bytes_that_are_not_there_without_a_later_event_that_says_so_are_a_fault(tmp_path: Path) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    left = Redacted(
        authority="court-7", leaf_hash=leaf_text(log.stored[seq]), seq=seq, stream=ARGUMENT, type="argument.submitted/1", version=1
    )
    withhold(log, seq, left.line())
    report = report_on(tmp_path, log)
    assert (report.verdict, report.stages["integrity"]) == ("failed", "failed")
    assert set(faults(report)) == {"redaction-unexplained"}


@pytest.mark.parametrize("name, other", [("authority", "court-8"), ("type", "argument.withdrawn/1"), ("stream", "argument/other")])
def test_a_later_event_that_says_something_else_explains_nothing(tmp_path: Path, name: str, other: str) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    redact(log, seq)
    said = orjson.loads(log.stored[seq])["redacted"]
    changed_line = canonical({"redacted": {**said, name: other}})
    package = changed(log.package(), {"events.ndjson": lambda content: content.replace(log.stored[seq], changed_line)})
    assert "redaction-unexplained" in faults(judged(tmp_path, package, log.signer.vkey))


def test_another_leaf_hash_is_not_that_of_the_tree(tmp_path: Path) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    redact(log, seq)
    said = orjson.loads(log.stored[seq])["redacted"]
    line = canonical({"redacted": {**said, "leaf_hash": leaf_text(b"something else")}})
    package = changed(log.package(), {"events.ndjson": lambda content: content.replace(log.stored[seq], line)})
    assert {"root", "tile", "redaction-unexplained"} <= set(faults(judged(tmp_path, package, log.signer.vkey)))


def test_bytes_that_a_court_ordered_to_withhold_are_not_shown(tmp_path: Path) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    entry = log.stored[seq]
    redact(log, seq)
    package = changed(log.package(), {"events.ndjson": lambda content: content.replace(log.stored[seq], entry)})
    assert "redaction-disregarded" in faults(judged(tmp_path, package, log.signer.vkey))


def test_nor_are_its_texts(tmp_path: Path) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    texts = [(place, text) for place, text in log.shown.items() if place[0] == seq]
    redact(log, seq)
    log.shown.update(texts)
    assert "disclosure-redacted" in faults(report_on(tmp_path, log))


@pytest.mark.parametrize(
    "line, check",
    [
        (b'{"redacted":{"seq":12}}', "redaction-malformed"),
        (LEFT.line(), "entry-misplaced"),
    ],
)
def test_damage_to_what_is_left_is_named_and_raises_nothing(tmp_path: Path, line: bytes, check: str) -> None:
    log = debate()
    [seq] = seqs_of(log, ARGUMENT)
    redact(log, seq)
    package = changed(log.package(), {"events.ndjson": lambda content: content.replace(log.stored[seq], line)})
    report = judged(tmp_path, package, log.signer.vkey)
    assert report.verdict == "failed"
    assert f"entry {seq}" in faults(report)[check].place


@pytest.mark.parametrize(
    "kind, stream", [("step.opened/1", "step/debate"), ("role.granted/1", "project"), ("letter.written/1", "letter/x")]
)
def test_what_may_never_be_withheld_is_a_fault_whatever_is_said_of_it(tmp_path: Path, kind: str, stream: str) -> None:
    log = debate()
    left = {"authority": "court-7", "seq": 2, "version": 2, "leaf_hash": leaf_text(log.stored[2]), "stream": stream, "type": kind}
    log.stored[2] = canonical({"redacted": left})
    package = changed(log.package(), {})
    report = judged(tmp_path, package, log.signer.vkey)
    assert report.verdict == "failed"
    assert {"redaction-unfit", "redaction-unexplained"} <= set(faults(report))
    assert {left.code for left in report.not_checked} >= {"replay-incomplete"}


def test_events_that_look_at_its_stream_are_not_judged_and_all_others_are(tmp_path: Path) -> None:
    log = moderated()
    [opinion] = seqs_of(log, OPINION)
    after = sum(1 for entry in log.stored[opinion + 1 :] if OPINION.encode() in entry or b'"contribution":"open-data"' in entry)
    redact(log, opinion)
    report = report_on(tmp_path, log)
    assert report.verdict == "verified"
    assert ("left", "stream-redacted") in told(report)
    assert 0 < report.counts["not_judged"] <= after
    assert report.commitments["redacted"] == 5


def test_of_what_says_nothing_that_others_rest_on_everything_is_still_judged(tmp_path: Path) -> None:
    log = moderated()
    [notified] = [seq for seq, entry in enumerate(log.stored) if b'"type":"decision.notified/1"' in entry]
    redact(log, notified)
    report = report_on(tmp_path, log)
    assert (report.verdict, report.counts["not_judged"]) == ("verified", 0)


def test_a_version_is_missed_also_where_its_neighbour_is_withheld(tmp_path: Path) -> None:
    log = debate()
    log.post("contribution.revised", "participant", who="ana", ref="open-data", step="debate", title={"en": "Open it"})
    first, _ = seqs_of(log, OPINION)
    redact(log, first, version=3)
    assert "version-differs" in faults(report_on(tmp_path, log))


@pytest.mark.parametrize("sealed", [False, True], ids=["open", "sealed"])
def test_a_result_that_rests_on_a_withheld_ballot_is_told_not_to_be_replayable(tmp_path: Path, sealed: bool) -> None:
    log = town(sealed=sealed)
    before = log.package()
    cast = next(event for event in log.ballots if event.type == "ballot.cast/1")
    redact(log, cast.seq)
    report = report_on(tmp_path, log, before)
    assert report.verdict == "verified", report.findings
    assert {("notice", "redacted"), ("notice", "result-not-replayable"), ("left", "not-replayable")} <= told(report)
    assert ("left", "stream-redacted") not in told(report)
    assert report.commitments.get("redacted", 0) == int(sealed)


@pytest.mark.parametrize("sealed", [False, True], ids=["open", "sealed"])
@pytest.mark.parametrize("version", [1, 2])
def test_whichever_entry_of_a_replaced_ballot_is_withheld_the_package_verifies(tmp_path: Path, sealed: bool, version: int) -> None:
    log = town(sealed=sealed)
    replaced = next(event for event in log.ballots if event.type == "ballot.replaced/1" and event.version == 2)
    redact(log, seqs_of(log, replaced.stream)[version - 1])
    report = report_on(tmp_path, log)
    assert report.verdict == "verified", report.findings


def test_a_sealed_ballot_withheld_before_all_are_disclosed_is_not_missed(tmp_path: Path) -> None:
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "Town budget"}, owner={"en": "Town"}, languages=["en"], currency="EUR",
        time_zone="Europe/Paris", keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("role.granted", granted="agent", client="desk")
    log.post("district.defined", ref="north", name={"en": "North"})
    proposals(log)
    vote(log, True, 12, disclosed=None)
    standing = sum(1 for ballot in log.source.ballots("vote") if ballot.withdrawn is None)
    once = next(event for event in log.ballots if len(seqs_of(log, event.stream)) == 1 and event.channel == "web")
    redact(log, once.seq)
    disclosed = log.post("ballots.disclosed", step="vote")
    assert getattr(disclosed.data, "count") == standing - 1  # noqa: B009
    log.post("result.computed", step="vote")
    report = report_on(tmp_path, log)
    assert report.verdict == "verified", report.findings
    assert report.commitments["redacted"] == 1


def test_a_result_says_itself_what_it_rests_on_that_is_withheld() -> None:
    log = town()
    assert "redacted" not in orjson.loads(unpacked(log.package())["results/vote.json"])
    cast = next(event for event in log.ballots if event.type == "ballot.cast/1")
    redact(log, cast.seq)
    assert orjson.loads(unpacked(log.package())["results/vote.json"])["redacted"] == [
        {"entry": cast.seq, "type": "ballot.cast/1", "authority": "court-7", "seq": log.size() - 1}
    ]


def test_a_candidate_whose_withdrawal_is_withheld_leaves_the_result_unreplayable(tmp_path: Path) -> None:
    log = town()
    log.post("contribution.withdrawn", "participant", who="author of tree", ref="tree", step="vote", code="second_thoughts")
    redact(log, log.size() - 1)
    report = report_on(tmp_path, log)
    assert report.verdict == "verified", report.findings
    assert ("notice", "result-not-replayable") in told(report)


def test_what_was_erased_of_an_entry_before_it_was_withheld_is_no_riddle(tmp_path: Path) -> None:
    log = debate()
    [seq] = seqs_of(log, OPINION)
    log.erase(seq, "body")
    redact(log, seq)
    report = report_on(tmp_path, log)
    assert report.verdict == "verified", report.findings
    assert (report.commitments["redacted"], "erased" in report.commitments) == (5, False)


def test_keys_that_outlived_their_date_are_told_of(tmp_path: Path) -> None:
    log = debate()
    log.until("2030-01-01T00:00:30.000Z")
    log.post("project.described", description={"en": "Still here"})
    assert report_on(tmp_path, log).findings == ()
    log.wait(minutes=5)
    log.post("project.described", description={"en": "And still"})
    report = report_on(tmp_path, log)
    assert (report.verdict, [(finding.severity, finding.check) for finding in report.findings]) == (
        "verified",
        [("notice", "keys-overdue")],
    )
    log.post("scope_key.destroyed", "system", scope="author", code="announced_date")
    log.post("scope_key.destroyed", "system", scope="report", code="announced_date")
    assert report_on(tmp_path, log).findings == ()
