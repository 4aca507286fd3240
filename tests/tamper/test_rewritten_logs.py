"""What an operator could do who holds the log, the database and the signing key: the package is signed, and still it does not verify."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events import Event, read_event
from ledger.events.envelope import entry_bytes
from ledger.sealing import commit
from tests.recorded import RecordedLog, proposals, town, vote
from tests.tamper.tampering import changed, faults, judged, unpacked


def opened() -> RecordedLog:
    """A project with proposals, before its vote."""
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "Town"}, owner={"en": "Town"}, languages=["en"], currency="EUR", time_zone="Europe/Paris",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("role.granted", granted="agent", client="desk")
    log.post("district.defined", ref="north", name={"en": "North"})
    proposals(log)
    return log


def voted(sealed: bool = False) -> RecordedLog:
    """A project whose vote is over."""
    log = opened()
    vote(log, sealed, voters=12)
    return log


def recorded(log: RecordedLog, name: str, /, *, change: Callable[[Event], Event] = lambda event: event, **posted: Any) -> Event:
    """The event is written into the log without being admitted, as `change` makes it."""
    role = posted.pop("role", "organizer")
    event, disclosures = log.sealed_event(name, role, **posted)
    event = change(event)
    log.record(event, disclosures)
    return event


def code_of(report_of: RecordedLog, folder: Path) -> dict[str, str]:
    report = judged(folder, report_of.package(), report_of.signer.vkey)
    assert report.verdict == "failed"
    assert report.stages["integrity"] == "passed" or "integrity" in {finding.stage for finding in report.findings}
    return {check: finding.place for check, finding in faults(report).items()}


def test_a_ballot_after_the_closing(tmp_path: Path) -> None:
    log = voted()
    event = recorded(log, "ballot.cast", role="participant", who="late", step="vote", entries=[0])
    found = code_of(log, tmp_path)
    assert found["step-closed"] == f"entry {event.seq}, stream {event.stream}"


def test_a_second_first_ballot_of_one_person(tmp_path: Path) -> None:
    log = with_clock()
    log.post("ballot.cast", "participant", who="a", step="vote", entries=[0])
    event = recorded(log, "ballot.cast", role="participant", who="a", step="vote", entries=[])
    log.post("step.closed", "system", step="vote")
    assert code_of(log, tmp_path)["already-voted"] == f"entry {event.seq}, stream {event.stream}"


def test_a_version_that_does_not_follow(tmp_path: Path) -> None:
    log = opened()
    event = recorded(
        log, "district.defined", ref="south", name={"en": "South"}, change=lambda event: replace(event, version=event.version + 1)
    )
    assert code_of(log, tmp_path)["version-differs"] == f"entry {event.seq}, stream project"


def test_events_of_a_stream_that_went_wrong_are_counted_and_not_judged(tmp_path: Path) -> None:
    log = opened()
    recorded(log, "district.defined", ref="north", name={"en": "North"})
    log.post("district.defined", ref="south", name={"en": "South"})
    report = judged(tmp_path, log.package())
    assert list(faults(report)) == ["ref-taken"]
    assert report.counts["not_judged"] == 1
    assert "stream-lost" in [left.code for left in report.not_checked]


def test_an_organizer_who_is_none(tmp_path: Path) -> None:
    log = opened()
    recorded(log, "district.defined", via="somebody", ref="south", name={"en": "South"})
    assert "role-not-held" in code_of(log, tmp_path)


def test_a_time_that_runs_backwards(tmp_path: Path) -> None:
    log = opened()
    earlier = "2026-02-28T08:00:00.000Z"
    event = recorded(log, "district.defined", ref="south", name={"en": "South"}, change=lambda event: replace(event, at=earlier))
    assert code_of(log, tmp_path)["time-backwards"] == f"entry {event.seq}"


@pytest.mark.parametrize(("at", "check"), [("2026-03-01T09:01:00.000Z", "time-too-fine"), ("2026-03-01T07:00:00.000Z", "time-backwards")])
def test_a_participant_is_dated_by_the_hour_and_not_before_what_was_recorded(tmp_path: Path, at: str, check: str) -> None:
    log = opened()
    log.post("step.planned", step="more", kind="collection", title={"en": "More"}, accepts=["proposal"])
    log.post("step.opened", step="more")
    fields: dict[str, Any] = {"ref": "late", "step": "more", "kind": "proposal", "title": {"en": "Late"}}
    event = recorded(log, "contribution.submitted", role="participant", who="a", change=lambda event: replace(event, at=at), **fields)
    assert code_of(log, tmp_path)[check] == f"entry {event.seq}"


def test_a_closing_that_comes_too_late(tmp_path: Path) -> None:
    log = with_clock()
    log.wait(minutes=5)
    event = log.post("step.closed", "system", step="vote")
    assert code_of(log, tmp_path)["clock-off"] == f"entry {event.seq}, closing of step vote"


def test_a_closing_that_comes_late_and_says_why_is_a_notice(tmp_path: Path) -> None:
    log = with_clock()
    log.wait(minutes=5)
    log.post("step.closed", "system", step="vote", delayed_by="outage")
    report = judged(tmp_path, log.package())
    assert report.verdict == "verified"
    assert [(finding.check, finding.severity) for finding in report.findings] == [("clock-delayed", "notice")]


def test_an_opening_that_comes_late_is_a_notice_and_so_is_one_that_never_comes(tmp_path: Path) -> None:
    log = opened()
    passed = log.wait(hours=1)
    log.wait(hours=1)
    log.post("step.planned", step="more", kind="collection", title={"en": "More"}, accepts=["proposal"], opens_at=passed)
    log.post("project.described", description={"en": "Life goes on."})
    report = judged(tmp_path, log.package())
    assert [(finding.check, finding.severity) for finding in report.findings] == [("clock-overdue", "notice")]
    log.post("step.opened", "system", step="more")
    report = judged(tmp_path, log.package())
    assert report.verdict == "verified"
    assert [(finding.check, finding.severity) for finding in report.findings] == [("clock-delayed", "notice")]


def test_an_early_closing_is_a_notice(tmp_path: Path) -> None:
    log = with_clock()
    log.wait(minutes=-30)
    log.post("step.closed_early", step="vote", code="flood")
    report = judged(tmp_path, log.package())
    assert report.verdict == "verified"
    assert [(finding.check, finding.severity) for finding in report.findings] == [("closed-early", "notice")]


def test_a_closing_that_never_comes(tmp_path: Path) -> None:
    log = with_clock()
    log.wait(hours=1)
    log.post("project.described", description={"en": "Life goes on."})
    assert code_of(log, tmp_path)["clock-overdue"] == "step vote"


def with_clock() -> RecordedLog:
    """A vote that the clock opened; the time is that of its closing."""
    log = opened()
    opens, closes = log.wait(minutes=10), log.wait(minutes=50)
    log.wait(hours=-1)
    log.post("step.planned", step="vote", kind="ballot", title={"en": "Vote"}, opens_at=opens, closes_at=closes)
    rules = {
        "rule": "greedy", "ballot": {"form": "approval"}, "score": {"by": "approvals"}, "budget_minor": 9, "unaffordable": {"then": "skip"},
        "ties": ["lower_cost", "more_votes", "list_order"],
    }  # fmt: skip
    log.post("step.rules_set", step="vote", rules=rules, secrecy="open")
    log.post("candidates.listed", step="vote", items=[{"ref": "lamp", "cost_minor": 5}])
    log.post("candidates.sealed", step="vote")
    log.until(opens)
    log.post("step.opened", "system", step="vote")
    log.until(closes)
    return log


def test_sealed_ballots_that_go_missing(tmp_path: Path) -> None:
    log = voted_sealed(count=3)
    assert code_of(log, tmp_path).keys() >= {"disclosure-count"}


def test_other_sealed_ballots_than_were_cast(tmp_path: Path) -> None:
    log = voted_sealed(root="A" * 43)
    assert list(code_of(log, tmp_path)) == ["disclosure-root"]


def voted_sealed(**said: Any) -> RecordedLog:
    """A sealed vote, at whose end the ledger says something else of the ballots than is true."""
    log = opened()
    vote(log, True, 12, disclosed=said)
    return log


def test_a_sealed_ballot_that_is_not_disclosed_with_the_others(tmp_path: Path) -> None:
    log = voted(sealed=True)
    seq = min(seq for seq, name in log.shown if name == "entries")
    del log.shown[seq, "entries"]
    assert code_of(log, tmp_path)["commitment-unexplained"] == f"entry {seq}, step vote"


def test_choices_that_are_not_those_that_were_sealed(tmp_path: Path) -> None:
    log = voted(sealed=True)
    seq = min(seq for seq, name in log.shown if name == "entries")
    log.shown[seq, "entries"] = commit("entries", [3], b"0123456789abcdef").text
    assert code_of(log, tmp_path)["disclosure-unmatched"] == f"entry {seq}, field entries"


def test_choices_of_a_replaced_ballot_that_are_disclosed(tmp_path: Path) -> None:
    log = opened()
    vote(log, True, 12, disclosed=None)
    cast = [event for event in log.ballots if event.type == "ballot.cast/1"]
    replaced = next(event for event in cast if any(later.stream == event.stream and later is not event for later in log.ballots))
    log.shown[replaced.seq, "entries"] = log.choices_of(replaced)
    log.post("ballots.disclosed", step="vote")
    assert code_of(log, tmp_path)["disclosed-though-superseded"] == f"entry {replaced.seq}, step vote"


def test_choices_that_are_disclosed_before_the_others(tmp_path: Path) -> None:
    log = opened()
    vote(log, True, 12, disclosed=None)
    first = log.ballots[1]
    log.shown[first.seq, "entries"] = log.choices_of(first)
    assert code_of(log, tmp_path)["disclosed-early"] == f"entry {first.seq}, step vote"


def test_sealed_choices_that_the_step_does_not_allow(tmp_path: Path) -> None:
    log = opened()
    vote(log, True, 12, first=[0, 1, 2, 3])
    assert code_of(log, tmp_path)["sealed-choices"] == f"entry {log.ballots[0].seq}"


def test_a_result_that_the_ballots_do_not_give(tmp_path: Path) -> None:
    log = voted()
    honest, _ = log.sealed_event("result.computed", "organizer", step="vote")
    event = log.post("result.computed", step="vote", winners=[3], digest=getattr(honest.data, "digest"))  # noqa: B009  # of any event type
    assert code_of(log, tmp_path) == {"result-winners": f"entry {event.seq}, result of step vote"}


def test_a_digest_of_a_result_that_is_not_its_own(tmp_path: Path) -> None:
    log = voted()
    event = log.post("result.computed", step="vote", winners=[0, 2], digest="A" * 43)
    assert code_of(log, tmp_path) == {"result-digest": f"entry {event.seq}, result of step vote"}


def test_a_past_that_was_rewritten_and_signed_again_is_no_continuation(tmp_path: Path) -> None:
    older = opened()
    earlier = older.package()
    log = opened()
    log.stored[2] = log.stored[2].replace(b'"ref":"north"', b'"ref":"nprth"')
    log.post("project.described", description={"en": "As if nothing had been."})
    report = judged(tmp_path, log.package(), log.signer.vkey, earlier)
    found = faults(report)
    assert report.stages["older"] == "failed"
    assert "older-root" in found
    assert found["older-entries"].place == "older.zip: events.ndjson line 3 (entry 2)"


def test_a_shorter_past_and_another_log_are_no_continuation(tmp_path: Path) -> None:
    log = opened()
    shorter = log.package()
    log.post("project.described", description={"en": "More."})
    longer = log.package()
    assert list(faults(judged(tmp_path, shorter, log.signer.vkey, longer))) == ["older-is-newer"]
    elsewhere = RecordedLog("ledger.example/p/other")
    elsewhere.post(
        "project.opened", title={"en": "Other"}, owner={"en": "Town"}, languages=["en"], currency="EUR", time_zone="Europe/Paris",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    assert "older-of-another-log" in faults(judged(tmp_path, longer, None, elsewhere.package()))


def test_an_older_package_signed_with_another_key_does_not_count(tmp_path: Path) -> None:
    log = opened()
    older = log.package()
    spoilt = changed(older, {"log/checkpoint": lambda content: content.replace(b"\n\n", b"\nx\n\n", 1)})
    assert "signature" in faults(judged(tmp_path, older, log.signer.vkey, spoilt))


def test_an_older_file_that_is_no_package_is_unreadable(tmp_path: Path) -> None:
    report = judged(tmp_path, opened().package(), None, b"not a zip")
    assert report.verdict == "unreadable"
    assert faults(report)["package-unreadable"].place == "older.zip"


def test_entries_that_no_fold_can_follow_end_in_a_report(tmp_path: Path) -> None:
    """Every event of a whole process, each once, in an order in which nothing makes sense."""
    log = town(sealed=True, voters=8)
    files = unpacked(log.package())
    lines = files["events.ndjson"].splitlines()
    upside_down = RecordedLog()
    for seq, line in enumerate(reversed(lines)):
        event = replace(read_event(line), seq=seq)
        upside_down.stored.append(entry_bytes(event))
    spoilt = changed(
        log.package(),
        {"events.ndjson": b"\n".join(upside_down.stored) + b"\n", "log/checkpoint": upside_down.checkpoint(), "disclosures.jsonl": b""},
    )
    report = judged(tmp_path, spoilt)
    assert report.verdict == "failed"
    assert report.stages["lawfulness"] == "failed"
    assert "project-not-open" in faults(report)


@settings(max_examples=40)
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(["drop", "twice", "swap", "move"]), st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=3
    )
)
def test_a_log_cut_and_pasted_and_signed_again_ends_in_a_report(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int]]
) -> None:
    """Entries are dropped, doubled and moved, then numbered and signed anew: whatever that makes of the history, the tables show it."""
    lines = list(whole().stored)
    for how, one, other in edits:
        at, to = one % len(lines), other % len(lines)
        if how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "twice":
            lines.insert(to, lines[at])
        elif how == "swap":
            lines[at], lines[to] = lines[to], lines[at]
        else:
            lines.insert(to, lines.pop(at))
    forged = RecordedLog()
    forged.stored = [entry_bytes(replace(read_event(line), seq=seq)) for seq, line in enumerate(lines)]
    changes = {"events.ndjson": b"".join(entry + b"\n" for entry in forged.stored), "log/checkpoint": forged.checkpoint()}
    report = judged(tmp_path_factory.getbasetemp(), changed(whole().package(), changes))
    assert (report.verdict == "verified") == (forged.stored == whole().stored)


@cache
def whole() -> RecordedLog:
    """A small process from its opening to its certified result."""
    return town(sealed=True, voters=8)
