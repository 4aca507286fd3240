"""Keys that sign a log change: both sign while one takes over, and one that was retired vouches for nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.audit import Report, Trust
from ledger.audit.ledger_wording import witness_lines
from ledger.audit.wording import title, told
from tests.audit.test_ledger_extract import found, head, report_on
from tests.moderated import debate
from tests.recorded import RecordedLog
from tests.tamper.tampering import changed, faults
from tests.tlog.keys import KnownSigner

SECOND, THIRD = 2, 3


def rotating() -> RecordedLog:
    """A log that is signed with two keys."""
    log = debate()
    log.vouchers()
    log.signers.insert(0, KnownSigner(log.origin, SECOND))
    log.ledger.added(log.origin, log.signers[0].vkey)
    return log


def rotated() -> RecordedLog:
    """A log whose first key was retired."""
    log = rotating()
    log.ledger.retired(log.origin, log.signers.pop().vkey)
    return log


def first_key(log: RecordedLog) -> KnownSigner:
    return KnownSigner(log.origin)


@pytest.mark.parametrize("key", [1, SECOND])
def test_while_one_key_takes_over_either_is_enough(tmp_path: Path, key: int) -> None:
    log = rotating()
    report = report_on(tmp_path, log.package(), Trust((KnownSigner(log.origin, key).vkey,)))
    assert (report.verdict, report.findings) == ("verified", ())
    assert report.signing == tuple(str(signer.vkey) for signer in log.signers)
    assert report.vkey == str(KnownSigner(log.origin, key).vkey)


def test_several_keys_may_be_given_of_which_one_signs(tmp_path: Path) -> None:
    log = rotating()
    given = (KnownSigner(log.origin, THIRD).vkey, log.signers[0].vkey)
    report = report_on(tmp_path, log.package(), Trust(given))
    assert (report.verdict, report.vkey) == ("verified", str(log.signers[0].vkey))


@pytest.mark.parametrize("silent", [0, 1])
def test_while_one_key_takes_over_both_have_to_sign(tmp_path: Path, silent: int) -> None:
    log = rotating()
    vouchers = log.vouchers()
    one = [signer for place, signer in enumerate(log.signers) if place != silent]
    report = report_on(tmp_path, log.package(replace(vouchers, note=log.checkpoint(signers=one), signers=one)))
    assert found(report) == {"signature": "log/checkpoint", "manifest-signature": "datapackage.sig"}
    assert str(log.signers[silent].vkey) in faults(report)["signature"].expected


def test_the_package_names_the_keys_that_sign_now_the_newest_first(tmp_path: Path) -> None:
    log = rotating()
    upside_down = "".join(f"{signer.vkey}\n" for signer in reversed(log.signers)).encode()
    report = report_on(tmp_path, changed(log.package(), {"log/vkey": upside_down}), Trust((log.signer.vkey,)))
    assert found(report)["ledger-keys"] == "log/vkey"


def test_after_a_key_was_retired_the_other_signs_and_the_report_tells_of_both(tmp_path: Path) -> None:
    log = rotated()
    report = report_on(tmp_path, log.package(), Trust((log.signer.vkey,)))
    assert (report.verdict, report.findings) == ("verified", ())
    assert (report.signing, report.retired) == ((str(log.signer.vkey),), (str(first_key(log).vkey),))
    assert str(first_key(log).vkey) in witness_lines(report, "en")[-1]


def test_a_package_that_only_the_retired_key_signed_is_refused_in_plain_words(tmp_path: Path) -> None:
    log = rotated()
    thief = [first_key(log)]
    vouchers = replace(log.vouchers(), note=log.checkpoint(signers=thief), signers=thief)
    report = report_on(tmp_path, log.package(vouchers))
    assert found(report) == {"key-retired": "log/checkpoint", "manifest-signature": "datapackage.sig"}
    finding = faults(report)["key-retired"]
    assert "which the ledger retired (entry 4 of the ledger log): whoever has it can sign what they like" in finding.found
    assert title(finding, "fr") == "Une clé n'est plus valable (key-retired)"
    assert told(finding, "en").endswith("whoever has it can sign what they like")


def given_retired(folder: Path, ledger_keys: bool) -> Report:
    log = rotated()
    keys = (log.ledger.signers[0].vkey,) if ledger_keys else ()
    return report_on(folder, log.package(), Trust((first_key(log).vkey,), keys))


def test_who_gives_a_key_that_was_retired_learns_so_and_which_one_signs_now(tmp_path: Path) -> None:
    report = given_retired(tmp_path, ledger_keys=False)
    assert found(report) == {"key-retired": "log/checkpoint"}
    assert faults(report)["key-retired"].found.startswith(
        "this key was retired (entry 4 of the ledger log); the log is signed with ledger."
    )


def test_where_the_ledger_log_is_trusted_a_retired_key_that_is_given_is_only_told(tmp_path: Path) -> None:
    report = given_retired(tmp_path, ledger_keys=True)
    assert [(finding.check, finding.severity) for finding in report.findings] == [("key-retired", "notice")]
    assert report.verdict == "verified"


def test_an_older_package_signed_with_a_key_that_was_retired_since_is_a_beginning(tmp_path: Path) -> None:
    log = debate()
    older = log.package()
    log.signers.insert(0, KnownSigner(log.origin, SECOND))
    log.ledger.added(log.origin, log.signers[0].vkey)
    log.ledger.retired(log.origin, log.signers.pop().vkey)
    log.post("project.described", description={"en": "More."})
    report = report_on(tmp_path, log.package(), Trust((log.signer.vkey,)), older)
    assert (report.verdict, report.stages["older"]) == ("verified", "passed")


def test_an_older_package_signed_with_a_key_that_the_log_never_had_does_not_count(tmp_path: Path) -> None:
    log = debate()
    stranger = [KnownSigner(log.origin, THIRD)]
    older = log.package(replace(log.vouchers(), note=log.checkpoint(signers=stranger)))
    assert found(report_on(tmp_path, log.package(), older=older)) == {"signature": "older.zip: log/checkpoint"}


def test_the_keys_of_the_ledger_log_change_likewise(tmp_path: Path) -> None:
    log = debate()
    log.vouchers()
    ledger = log.ledger
    old, new = ledger.signers[0], KnownSigner(ledger.origin, 22)
    ledger.added(ledger.origin, new.vkey)
    ledger.signers = [new, old]
    assert report_on(tmp_path, log.package(), Trust(ledger_keys=(old.vkey,))).findings == ()
    one = ledger.extract(head(log), ledger.checkpoint([old]))
    assert found(report_on(tmp_path, log.package(replace(log.vouchers(), extract=one)))) == {"ledger-signature": "ledger/checkpoint"}
    ledger.retired(ledger.origin, old.vkey)
    ledger.signers = [new]
    assert report_on(tmp_path, log.package(), Trust(ledger_keys=(new.vkey,))).findings == ()
    report = report_on(tmp_path, log.package(), Trust((log.signer.vkey,), (old.vkey,)))
    assert found(report) == {"key-retired": "ledger/checkpoint"}
