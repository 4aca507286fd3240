"""What a package holds of the ledger log bears it out, or the report says in which file it does not."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.audit import Report, Trust, verify
from ledger.audit.ledger_wording import witness_lines
from ledger.events.ledger_log import KeyAdded, KeyRetired, LogCheckpointed, LoggedEvent, LogOpened
from ledger.exports import Vouchers
from ledger.package.ledger_extract import LedgerExtract
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tlog_proof import parse_tlog_proof
from tests.moderated import debate
from tests.recorded import RecordedLog
from tests.tamper.tampering import changed, faults, judged, packed, restate, unpacked
from tests.tlog.keys import KnownSigner
from tests.vouched import OPENED_AT

OTHER = b"x" * 32


def head(log: RecordedLog) -> Checkpoint:
    """The present checkpoint of the log."""
    return parse_checkpoint(parse_note(log.checkpoint()).text)


def package_with(log: RecordedLog, extract: LedgerExtract) -> bytes:
    """The package with this of the ledger log: made by the operator, who signs it all."""
    return log.package(replace(log.vouchers(), extract=extract))


def report_on(folder: Path, package: bytes, trust: Trust = Trust(), older: bytes | None = None) -> Report:  # noqa: B008  # it is frozen
    (folder / "export.zip").write_bytes(package)
    if older is not None:
        (folder / "older.zip").write_bytes(older)
    return verify(folder / "export.zip", trust=trust, older=folder / "older.zip" if older is not None else None)


def found(report: Report) -> dict[str, str]:
    """Check → place, of everything that is wrong."""
    return {check: finding.place for check, finding in faults(report).items()}


def test_a_log_that_stands_in_the_ledger_log_is_verified_and_nobody_witnessed_it(tmp_path: Path) -> None:
    log = debate()
    report = report_on(tmp_path, log.package(), Trust((log.signer.vkey,), (log.ledger.signers[0].vkey,)))
    assert (report.verdict, report.findings, report.not_checked) == ("verified", (), ())
    assert (report.signing, report.retired, report.anchored) == ((str(log.signer.vkey),), (), None)
    assert report.json()["witnessed"] == {"policy": "none", "quorum_met": None, "by": []}
    assert witness_lines(report, "en")[0].startswith("Witnessed by nobody")
    assert witness_lines(report, "fr")[0].startswith("Témoins : personne")


def test_whoever_trusts_the_ledger_log_need_not_know_the_key_of_the_project(tmp_path: Path) -> None:
    log = debate()
    report = report_on(tmp_path, log.package(), Trust(ledger_keys=(log.ledger.signers[0].vkey,)))
    assert (report.verdict, report.key, report.not_checked) == ("verified", "given", ())


def test_a_key_that_never_signed_the_ledger_log_does_not_vouch_for_it(tmp_path: Path) -> None:
    log = debate()
    report = report_on(tmp_path, log.package(), Trust(ledger_keys=(KnownSigner(log.ledger.origin, 77).vkey,)))
    assert (found(report), report.key) == ({"ledger-signature": "ledger/checkpoint"}, "from_package")


def test_sizes_that_are_not_in_the_package_are_counted_as_not_seen(tmp_path: Path) -> None:
    log = debate()
    log.package()
    log.post("project.described", description={"en": "More."})
    report = report_on(tmp_path, log.package())
    assert report.verdict == "verified"
    assert {left.code: left.what for left in report.not_checked}["ledger-left-out"] == "1 entries of the ledger log about this log"
    assert len(unpacked(log.package())["ledger/entries.ndjson"].splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "change", "check", "place"),
    [
        ("ledger/checkpoint", b"nothing", "malformed-note", "ledger/checkpoint"),
        ("ledger/checkpoint", None, "file-damaged", "ledger/checkpoint"),
        ("ledger/checkpoint", lambda old: old.replace(b"\n3\n", b"\n4\n"), "ledger-signature", "ledger/checkpoint"),
        ("ledger/vkey", f"{KnownSigner('ledger.example/ledger', 9).vkey}\n".encode(), "ledger-keys", "ledger/vkey"),
        ("ledger/entries.ndjson", None, "file-damaged", "ledger/entries.ndjson"),
        ("ledger/entries.ndjson", lambda old: old[:-1], "ledger-entry", "ledger/entries.ndjson line 3"),
        ("ledger/entries.ndjson", lambda old: old.replace(b'{"at"', b'{ "at"', 1), "ledger-entry", "ledger/entries.ndjson line 1"),
        ("ledger/entries.ndjson", lambda old: old.replace(b"log.opened/1", b"log.open/1"), "ledger-entry", "ledger/entries.ndjson line 1"),
        ("ledger/entries.ndjson", lambda old: old.replace(b'"seq":2', b'"seq":7'), "file-damaged", "ledger/proofs/7"),
        ("ledger/entries.ndjson", lambda old: old.replace(b'"export"', b'"grown"'), "ledger-proof", "ledger/proofs/2"),
        ("ledger/proofs/1", None, "file-damaged", "ledger/proofs/1"),
        ("ledger/proofs/1", b"nothing", "ledger-proof", "ledger/proofs/1"),
        ("ledger/proofs/1", lambda old: old.replace(b"index 1", b"index 0"), "ledger-proof", "ledger/proofs/1"),
        ("ledger/proofs/3", b"more", "file-unknown", "ledger/proofs/3"),
        ("ledger/policy", b"quorum somebody\n", "malformed-policy", "ledger/policy, line 1"),
        ("ledger/timestamp.tsr", b"nothing", "timestamp", "ledger/timestamp.tsr"),
        ("datapackage.sig", None, "file-damaged", "datapackage.sig"),
        ("datapackage.sig", b"nothing", "manifest-signature", "datapackage.sig, note"),
        ("datapackage.sig", lambda old: old.replace(b"ledger-package/v1", b"ledger-package/v2"), "manifest-signature", "datapackage.sig"),
        ("verify.html", b"<script>alert('verified')</script>", "file-differs", "verify.html line 1"),
        ("verify.html", None, "file-missing", "verify.html"),
    ],
)  # fmt: skip
def test_a_changed_file_is_named(tmp_path: Path, name: str, change: Any, check: str, place: str) -> None:
    log = debate()
    package = log.package()
    if callable(change):
        assert change(unpacked(package)[name]) != unpacked(package)[name]
    report = judged(tmp_path, changed(package, {name: change}, restated=not name.startswith("datapackage.")))
    assert found(report)[check] == place
    assert report.verdict == "failed"


def test_a_proof_into_another_checkpoint_of_the_same_log_is_none(tmp_path: Path) -> None:
    log = debate()
    one = unpacked(log.package())
    log.post("project.described", description={"en": "More."})
    later = unpacked(log.package())
    report = judged(tmp_path, changed(log.package(), {"ledger/proofs/1": one["ledger/proofs/1"]}))
    assert one["ledger/entries.ndjson"].splitlines()[1] == later["ledger/entries.ndjson"].splitlines()[1]
    assert found(report) == {"ledger-proof": "ledger/proofs/1"}


def test_a_proof_holds_nothing_that_nobody_vouches_for(tmp_path: Path) -> None:
    package = debate().package()
    proof = parse_tlog_proof(unpacked(package)["ledger/proofs/1"])
    assert found(judged(tmp_path, changed(package, {"ledger/proofs/1": replace(proof, extra=b"more").encode()}))) == {
        "ledger-proof": "ledger/proofs/1"
    }


def test_a_log_that_the_ledger_log_states_otherwise_is_a_fork(tmp_path: Path) -> None:
    log = debate()
    log.ledger.open(log.origin, log.signer.vkey, log.stored[0])
    log.ledger.grown(Checkpoint(log.origin, log.size(), OTHER))
    finding = faults(report_on(tmp_path, log.package()))["ledger-root"]
    assert finding.found == "nothing about this size", "an entry about another root is no entry about this package"
    extract = log.ledger.extract(Checkpoint(log.origin, log.size(), OTHER))
    assert "another root" in faults(report_on(tmp_path, package_with(log, extract)))["ledger-root"].found


def test_a_package_longer_than_the_ledger_log_says_is_not_borne_out(tmp_path: Path) -> None:
    log = debate()
    before = log.vouchers().extract
    log.post("project.described", description={"en": "More."})
    report = report_on(tmp_path, package_with(log, before))
    assert list(found(report)) == ["ledger-rules", "ledger-root"]


def test_another_log_of_the_same_name_begins_otherwise(tmp_path: Path) -> None:
    log = debate()
    log.ledger.open(log.origin, log.signer.vkey, b"another beginning")
    assert found(report_on(tmp_path, log.package())) == {"ledger-first": "entry 0"}


def test_a_log_of_which_nothing_was_said_at_its_opening_is_not_borne_out(tmp_path: Path) -> None:
    log = debate()
    log.ledger.open(log.origin, log.signer.vkey, None)
    assert found(report_on(tmp_path, log.package())) == {"ledger-first": "entry 0"}


Breaking = Callable[[RecordedLog], tuple[LoggedEvent, dict[str, Any]]]


def opening(log: RecordedLog, **fields: Any) -> LogOpened:
    return LogOpened(**{"project": "town-2026", "origin": log.origin, "opened_at": OPENED_AT, "vkey": str(log.signer.vkey), **fields})


def added(log: RecordedLog, **fields: Any) -> KeyAdded:
    return KeyAdded(**{**log.ledger.about(log.origin), "vkey": str(KnownSigner(log.origin, 4).vkey), **fields})


BREAKING: dict[str, Breaking] = {
    "the log is opened twice": lambda log: (opening(log), {}),
    "another project has this origin": lambda log: (opening(log, project="twin"), {}),
    "the ledger log is opened twice": lambda log: (opening(log, project="~ledger", origin=log.ledger.origin), {}),
    "the ledger log has another origin": lambda log: (opening(log, project="~ledger"), {}),
    "a log that is neither": lambda log: (opening(log, project="other", origin="ledger.example/p/other"), {}),
    "another size": lambda log: (LogCheckpointed(**log.ledger.about(log.origin), size=log.size() + 1, root="A" * 43, cause="grown"), {}),
    "the last key is retired": lambda log: (KeyRetired(**log.ledger.about(log.origin), vkey=str(log.signer.vkey), code="stolen"), {}),
    "a key is added again": lambda log: (added(log, vkey=str(log.signer.vkey)), {}),
    "a key that signs for somebody else": lambda log: (added(log, vkey=str(KnownSigner("elsewhere", 4).vkey)), {}),
    "a key that is none": lambda log: (added(log, vkey="none"), {}),
    "a chain that does not hold": lambda log: (added(log, previous=0), {}),
    "more left out than there is room for": lambda log: (added(log), {"version": 40}),
    "a version before": lambda log: (added(log), {"version": 2}),
    "somebody who posted it": lambda log: (added(log), {"via": "somebody"}),
    "another stream": lambda log: (added(log), {"stream": "log/other"}),
    "another ledger log": lambda log: (added(log), {"log": "elsewhere.example/ledger"}),
    "a time before the last": lambda log: (added(log), {"at": "2020-01-01T00:00:00.000Z"}),
    "a place before the last": lambda log: (added(log), {"seq": 1}),
}  # fmt: skip


@pytest.mark.parametrize("how", BREAKING)
def test_an_entry_that_breaks_the_rules_of_the_ledger_log_is_found(tmp_path: Path, how: str) -> None:
    log = debate()
    log.vouchers()
    data, envelope = BREAKING[how](log)
    log.ledger.append(data, admitted=False, **envelope)
    report = report_on(tmp_path, log.package(replace(vouchers_of(log), extract=log.ledger.holding(0, 1, 2, 3))))
    assert found(report)["ledger-rules"].startswith("ledger/entries.ndjson line 4 (entry ")


def vouchers_of(log: RecordedLog) -> Vouchers:
    """The note and the keys, without a look at the ledger log."""
    return Vouchers(log.checkpoint(), (str(log.signer.vkey),), log.ledger.holding(0), [log.signer])


@pytest.mark.parametrize(("indices", "missing"), [((1, 2), "ledger.example/ledger"), ((0,), "ledger.example/p/town-2026")])
def test_without_the_entry_that_opened_a_log_nothing_follows(tmp_path: Path, indices: tuple[int, ...], missing: str) -> None:
    log = debate()
    log.vouchers()
    report = report_on(tmp_path, log.package(replace(vouchers_of(log), extract=log.ledger.holding(*indices))))
    assert faults(report)["ledger-rules"].expected == f"the entry that opens the log {missing}"


def closed(log: RecordedLog) -> RecordedLog:
    """The log has ended where it stands, and its keys are gone."""
    log.vouchers()
    log.ledger.closed(head(log))
    return log


def sealed_by_ledger(log: RecordedLog) -> bytes:
    """The package as it is made of a log that has ended."""
    return log.package(replace(log.vouchers(), signers=log.ledger.signers))


def test_a_log_that_has_ended_is_vouched_for_by_the_ledger_log(tmp_path: Path) -> None:
    log = closed(debate())
    report = report_on(tmp_path, sealed_by_ledger(log), Trust((log.signer.vkey,)))
    assert [(finding.check, finding.severity) for finding in report.findings] == [("log-closed", "notice")]
    assert report.verdict == "verified"
    assert "key_compromised" in report.findings[0].found


def test_whoever_stole_the_key_of_a_log_that_has_ended_cannot_sign_a_package_with_it(tmp_path: Path) -> None:
    log = closed(debate())
    assert found(report_on(tmp_path, log.package(), Trust((log.signer.vkey,)))) == {"manifest-signature": "datapackage.sig"}


def test_a_log_that_grew_after_its_end_is_not_genuine(tmp_path: Path) -> None:
    log = closed(debate())
    log.post("project.described", description={"en": "As if nothing had been."})
    assert "ledger-closed" in found(report_on(tmp_path, sealed_by_ledger(log)))


def test_nothing_is_said_of_a_log_after_its_end(tmp_path: Path) -> None:
    log = closed(debate())
    log.ledger.append(added(log), admitted=False)
    assert "ledger-rules" in found(report_on(tmp_path, sealed_by_ledger(log)))


def test_an_empty_log_needs_no_size_in_the_ledger_log(tmp_path: Path) -> None:
    log = RecordedLog()
    assert report_on(tmp_path, log.package(), Trust((log.signer.vkey,))).findings == ()


def test_the_older_package_may_not_hold_what_the_newer_does_not(tmp_path: Path) -> None:
    log = debate()
    older = log.package()
    log.post("project.described", description={"en": "More."})
    assert report_on(tmp_path, log.package(), older=older).findings == ()
    rewritten = debate()
    rewritten.post("project.described", description={"en": "More."})
    rewritten.ledger.stored[0] = rewritten.ledger.stored[0].replace(b"08:00:00", b"08:00:01")
    report = report_on(tmp_path, rewritten.package(), older=older)
    assert found(report) == {"older-ledger": "older.zip: ledger/entries.ndjson line 1"}
    assert report.stages["older"] == "failed"


def test_an_older_package_of_layout_2_is_held_against_the_entries_alone(tmp_path: Path) -> None:
    log = debate()
    files = {name: content for name, content in unpacked(log.package()).items() if not name.startswith(("ledger/", "verify"))}
    del files["datapackage.sig"]
    document = json.loads(files["datapackage.json"])
    document["ledger"]["format"] = "participation-ledger-package/2"
    files["datapackage.json"] = json.dumps(document).encode()
    older = packed(restate(files))
    assert report_on(tmp_path, older).verdict == "verified"
    assert report_on(tmp_path, log.package(), older=older).stages["older"] == "passed"


def test_the_same_vouchers_give_the_same_bytes() -> None:
    log = debate()
    vouchers = log.vouchers()
    log.ledger.added(log.origin, KnownSigner(log.origin, 4).vkey)
    assert log.package(vouchers) == log.package(vouchers)
