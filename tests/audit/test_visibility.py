"""What is hidden or erased is not in a package, every gap is explained by an event, and what is not explained is a fault."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.audit import Report, Trust, verify
from ledger.events import read_event
from ledger.package.disclosure_lines import disclosure_lines
from ledger.sealing import commit, digest_text
from tests.moderated import ARGUMENT, IDEA, OPINION, debate
from tests.recorded import RecordedLog
from tests.tamper.tampering import changed, faults, judged

Doing = Callable[[RecordedLog], None]


def hide(target: str) -> Doing:
    return lambda log: _moderate(log, "content.hidden", target=target, motive="insult", reason={"en": "Rude"})


def limit(target: str, trash: str) -> Doing:
    return lambda log: _moderate(log, "content.limited", target=target, motive="spam", trash=trash, reason={"en": "Thrice"})


def restore(target: str) -> Doing:
    return lambda log: _moderate(log, "content.restored", target=target, because="mistake")


def _moderate(log: RecordedLog, name: str, **fields: Any) -> None:
    log.post(name, "moderator", via="office", **fields)


def erase(stream: str, *names: str) -> Doing:
    def done(log: RecordedLog) -> None:
        for seq in entries_of(log, stream):
            log.erase(seq, *names)

    return done


def entries_of(log: RecordedLog, stream: str) -> list[int]:
    """The entries of a stream that commit to something."""
    events = [read_event(entry) for entry in log.stored]
    return [event.seq for event in events if event.stream == stream and event.data.sd]


def said(log: RecordedLog, *doings: Doing) -> RecordedLog:
    for doing in doings:
        doing(log)
    return log


def report_on(tmp_path: Path, log: RecordedLog) -> Report:
    return verify(log.export(tmp_path / "export.zip"), trust=Trust((log.signer.vkey,)))


@pytest.mark.parametrize(
    ("doings", "expected"),
    [
        ([], {"disclosed": 11}),
        ([hide(OPINION)], {"disclosed": 7, "withheld": 5}),
        ([hide(ARGUMENT)], {"disclosed": 11, "withheld": 1}),
        ([limit(IDEA, "invisible")], {"disclosed": 7, "withheld": 5}),
        ([limit(IDEA, "visible")], {"disclosed": 12}),
        ([hide(OPINION), restore(OPINION)], {"disclosed": 13}),
        ([erase(OPINION)], {"disclosed": 6, "erased": 5}),
        ([erase(OPINION, "body")], {"disclosed": 10, "erased": 1}),
        ([erase(OPINION, "body"), erase(OPINION, "title", "fields")], {"disclosed": 8, "erased": 3}),
        ([erase(OPINION, "body"), hide(OPINION)], {"disclosed": 7, "erased": 1, "withheld": 4}),
        ([hide(OPINION), erase(OPINION, "body")], {"disclosed": 7, "erased": 1, "withheld": 4}),
        ([hide(OPINION), erase(f"case/{OPINION}")], {"disclosed": 6, "erased": 1, "withheld": 5}),
    ],
)
def test_each_commitment_is_accounted_for(tmp_path: Path, doings: list[Doing], expected: dict[str, int]) -> None:
    log = said(debate(), *doings)
    report = report_on(tmp_path, log)
    assert report.findings == ()
    assert report.verdict == "verified"
    assert report.commitments == expected
    assert sum(expected.values()) == sum(len(orjson.loads(entry)["data"].get("_sd", ())) for entry in log.stored)


def test_revisions_are_withheld_with_what_they_revise_and_answers_are_not(tmp_path: Path) -> None:
    log = debate()
    log.post("contribution.revised", "participant", who="ana", ref="open-data", step="debate", body={"en": "Nearly all"})
    log.post("contribution.answered", ref="open-data", step="debate", code="noted", body={"en": "Seen"})
    hide(OPINION)(log)
    report = report_on(tmp_path, log)
    assert (report.verdict, report.commitments) == ("verified", {"disclosed": 8, "withheld": 9})
    rows = dict(log.source.rows("contributions"))
    assert rows["open-data"]["title"] is rows["open-data"]["body"] is None
    package = log.package()
    assert b"Nearly all" not in package


def test_a_private_field_is_erased_like_any_other(tmp_path: Path) -> None:
    log = debate()
    for person in ("eve", "joe"):
        log.post("report.made", "participant", who=person, target=OPINION, motive="insult", details={"en": f"I am {person}"})
    report, _ = (event.seq for event in map(read_event, log.stored) if event.type == "report.made/1")
    assert report_on(tmp_path, log).commitments == {"disclosed": 11, "private": 2}
    digests = list(read_event(log.stored[report]).data.sd or ())
    log.erase(report, digests=digests)
    found = report_on(tmp_path, log)
    assert (found.verdict, found.commitments) == ("verified", {"disclosed": 11, "erased": 1, "private": 1})


def test_a_text_that_nothing_explains_is_a_fault(tmp_path: Path) -> None:
    log = said(debate(), hide(IDEA), restore(IDEA))
    seq = entries_of(log, OPINION)[0]
    del log.shown[seq, "title"], log.shown[seq, "body"]
    report = report_on(tmp_path, log)
    unexplained = [finding.place for finding in report.findings if finding.check == "commitment-unexplained"]
    assert unexplained == [f"entry {seq}, field title", f"entry {seq}, field body"]
    assert report.commitments["unexplained"] == 2
    assert report.verdict == "failed"


def test_a_decision_that_ended_explains_nothing_and_one_about_another_neither(tmp_path: Path) -> None:
    log = said(debate(), hide(IDEA), restore(IDEA), hide(OPINION))
    seq = entries_of(log, IDEA)[0]
    for name in ("title", "body", "location", "fields", "collective_name"):
        del log.shown[seq, name]
    report = report_on(tmp_path, log)
    assert report.commitments["unexplained"] == report.commitments["withheld"] == 5
    assert report.verdict == "failed"


def test_the_reasons_of_a_decision_are_not_withheld_by_it(tmp_path: Path) -> None:
    log = said(debate(), hide(OPINION))
    seq = entries_of(log, f"case/{OPINION}")[0]
    del log.shown[seq, "reason"]
    assert faults(report_on(tmp_path, log))["commitment-unexplained"].place == f"entry {seq}, field reason"


def test_where_more_is_missing_than_was_erased_the_rest_is_a_fault(tmp_path: Path) -> None:
    log = said(debate(), erase(OPINION, "title"))
    seq = entries_of(log, OPINION)[0]
    del log.shown[seq, "body"]
    finding = faults(report_on(tmp_path, log))["commitment-unexplained"]
    assert finding.place == f"entry {seq}, 1 of the fields title, body"


def with_disclosures(log: RecordedLog, package: bytes) -> bytes:
    """The package with these disclosures in it, whatever events say."""
    lines = disclosure_lines((seq, name, text) for (seq, name), text in sorted(log.shown.items()))
    return changed(package, {"disclosures.jsonl": b"".join(lines)})


def test_a_text_that_is_shipped_though_hidden_is_a_fault(tmp_path: Path) -> None:
    log = said(debate(), hide(OPINION))
    report = judged(tmp_path, with_disclosures(log, log.package()))
    finding = faults(report)["disclosure-withheld"]
    assert finding.place == f"entry {entries_of(log, OPINION)[0]}, stream {OPINION}"
    assert report.verdict == "failed"


def test_a_text_that_is_shipped_though_erased_is_a_fault(tmp_path: Path) -> None:
    log = debate()
    seq = entries_of(log, OPINION)[0]
    before = dict(log.shown)
    erasure = log.erase(seq, "title")
    log.shown |= {(seq, "title"): before[seq, "title"]}
    report = judged(tmp_path, with_disclosures(log, log.package()))
    finding = faults(report)["disclosure-erased"]
    assert (finding.place, finding.expected) == (f"entry {seq}", f"no text, erased by entry {erasure.seq}")


def test_an_erasure_of_what_the_entry_never_held_is_a_fault(tmp_path: Path) -> None:
    log = debate()
    seq = entries_of(log, OPINION)[0]
    invented = commit("title", {"en": "Another"}, b"sixteen bytes!!!").digest
    erasure = log.erase(seq, digests=[invented])
    report = report_on(tmp_path, log)
    finding = faults(report)["erasure-unmatched"]
    assert (finding.place, finding.found) == (f"entry {erasure.seq}, about entry {seq}", invented)
    assert "commitment-unexplained" in faults(report), "what is missing is not explained by it"


def test_an_erasure_that_names_another_stream_is_a_fault(tmp_path: Path) -> None:
    log = debate()
    seq = entries_of(log, OPINION)[0]
    log.erase(seq, "title", erased=IDEA)
    finding = faults(report_on(tmp_path, log))["erasure-misplaced"]
    assert (finding.expected, finding.found) == (f"stream {OPINION}", IDEA)


def test_erasing_everything_leaves_a_package_that_is_verified_and_holds_no_text(tmp_path: Path) -> None:
    log = said(debate(), hide(OPINION))
    for seq in sorted({seq for seq, _ in log.shown}):
        log.erase(seq)
    report = report_on(tmp_path, log)
    assert (report.verdict, set(report.commitments)) == ("verified", {"erased"})
    assert (report.counts["disclosures"], b"Open the data" in log.package()) == (0, False)


def test_a_text_is_the_one_whose_digest_stands_in_clear(tmp_path: Path) -> None:
    log = debate()
    right = log.post("text.published", ref="bill", title={"en": "Bill"})
    log.post(
        "section.added", ref="bill", section="s1", title={"en": "One"}, body={"en": "As it stands"}, digest=body_digest("As it stands")
    )
    log.post("section.added", ref="bill", section="s2", title={"en": "A heading"})
    assert report_on(tmp_path, log).verdict == "verified"
    log.post("section.added", ref="bill", section="s3", title={"en": "Three"}, body={"en": "Said so"}, digest=body_digest("Meant so"))
    log.post("section.added", ref="bill", section="s4", title={"en": "Four"}, digest=body_digest("Nothing"))
    report = report_on(tmp_path, log)
    assert [(finding.check, finding.place) for finding in report.findings] == [
        ("digest-differs", f"entry {right.seq + place}, field digest") for place in (3, 4)
    ]


def body_digest(text: str) -> str:
    return digest_text(sha256(orjson.dumps({"en": text})).digest())
