"""Who witnessed the ledger log is told; where a result is certified, it has to be as many as the policy asks for."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.audit import Trust
from ledger.audit.ledger_wording import witness_lines
from ledger.exports import Vouchers
from ledger.tlog.note import parse_note
from ledger.tlog.policy import parse_policy
from tests.audit.test_ledger_extract import found, head, report_on
from tests.moderated import debate
from tests.recorded import RecordedLog, town
from tests.tamper.tampering import faults
from tests.tamper.test_rewritten_logs import voted
from tests.tlog.keys import KnownSigner

AT = 1_772_359_200
PAPER, TOWN = KnownSigner("witness.example/paper", 31), KnownSigner("witness.example/town", 32)


def policy(*, quorum: str = "both", log: bytes = b"") -> bytes:
    """The newspaper and the neighbouring town, and how many of them are asked for."""
    keys = {name: signer.cosign("x\n", 0)[0] for name, signer in (("paper", PAPER), ("town", TOWN))}
    lines = [f"witness {name} {key}" for name, key in keys.items()]
    groups = ["group both all paper town"] if quorum == "both" else []
    return log + "".join(f"{line}\n" for line in [*lines, *groups, f"quorum {quorum}"]).encode()


def witnessed(log: RecordedLog, *witnesses: KnownSigner, stated: bytes | None = None) -> Vouchers:
    """What vouches for the log, after these have cosigned the ledger log; `stated` is the policy in the package."""
    vouchers = log.vouchers()
    note = parse_note(log.ledger.checkpoint())
    cosigned = note.with_signatures(witness.cosign(note.text, AT + place)[1] for place, witness in enumerate(witnesses))
    return replace(vouchers, extract=replace(log.ledger.extract(head(log), cosigned.encode()), policy=stated))


@cache
def certified() -> RecordedLog:
    """A project whose result was certified."""
    return town(voters=8)


def test_who_witnessed_is_told_with_the_time_and_whose_list_it_was(tmp_path: Path) -> None:
    log = certified()
    report = report_on(tmp_path, log.package(witnessed(log, PAPER, TOWN, stated=policy())), Trust((log.signer.vkey,)))
    assert (report.verdict, report.findings) == ("verified", ())
    by = [{"name": "paper", "at": "2026-03-01T10:00:00Z"}, {"name": "town", "at": "2026-03-01T10:00:01Z"}]
    assert report.json()["witnessed"] == {"policy": "from_package", "quorum_met": True, "by": by}
    first, enough, whose = witness_lines(report, "en")
    assert first == "Witnessed by paper (at 2026-03-01T10:00:00Z), town (at 2026-03-01T10:00:01Z)."
    assert (enough, whose.startswith("The list of witnesses came with the package")) == ("These are as many as the list asks for.", True)


def test_the_list_that_the_auditor_brings_decides(tmp_path: Path) -> None:
    log = certified()
    report = report_on(
        tmp_path, log.package(witnessed(log, PAPER, stated=policy(quorum="none"))), Trust(policy=parse_policy(policy(quorum="paper")))
    )
    assert (report.verdict, report.witnessed.policy, report.witnessed.quorum_met) == ("verified", "given", True)
    assert [name for name, _ in report.witnessed.by] == ["paper"]


@pytest.mark.parametrize(("witnesses", "names"), [((), "nobody"), ((PAPER,), "paper")])
def test_a_certified_result_without_the_quorum_is_a_fault(tmp_path: Path, witnesses: tuple[KnownSigner, ...], names: str) -> None:
    log = certified()
    report = report_on(tmp_path, log.package(witnessed(log, *witnesses, stated=policy())), Trust((log.signer.vkey,)))
    assert found(report) == {"certified-unwitnessed": "step vote, ledger/checkpoint"}
    assert faults(report)["certified-unwitnessed"].found == f"witnessed by {names}"
    assert (report.verdict, report.witnessed.quorum_met) == ("failed", False)


def test_without_a_certified_result_too_few_witnesses_are_only_told(tmp_path: Path) -> None:
    log = debate()
    report = report_on(tmp_path, log.package(witnessed(log, PAPER, stated=policy())))
    assert [(finding.check, finding.severity) for finding in report.findings] == [("uncosigned", "notice")]
    assert report.findings[0].found == "cosigned by paper"
    assert report.verdict == "verified"
    assert "These are fewer than the list asks for." in witness_lines(report, "en")


def test_a_certified_result_where_nobody_asks_for_witnesses_is_in_order(tmp_path: Path) -> None:
    log = certified()
    report = report_on(tmp_path, log.package(witnessed(log, stated=policy(quorum="none"))))
    assert (report.verdict, report.findings, report.witnessed.quorum_met) == ("verified", (), None)


@cache
def certified_before_the_paper() -> RecordedLog:
    """A project whose certification itself says that the newspaper stood by it."""
    log = voted()
    log.post("role.granted", granted="guarantor", client="guarantor")
    log.post("result.computed", step="vote")
    named = {"policy": "A" * 43, "size": 3, "witnesses": [PAPER.vkey.name]}
    by: dict[str, Any] = {"by_roles": ["guarantor"], "quorum": 1, "digest": log.aggregates.result("vote").digest}
    log.post("result.certified", "guarantor", via="guarantor", step="vote", witnessed=named, **by)
    return log


@pytest.mark.parametrize(
    ("stated", "brought", "fault"),
    [
        (None, None, "no policy that says whose cosignatures these are"),
        ("none", None, "no policy that says whose cosignatures these are"),
        ("paper", None, None),
        (None, "paper", None),
        (None, "none", None),
        (None, "town", "witnessed by paper"),
    ],
)
def test_witnesses_that_a_certification_names_are_not_taken_at_its_word(
    tmp_path: Path, stated: str | None, brought: str | None, fault: str | None
) -> None:
    log = certified_before_the_paper()
    shipped = None if stated is None else policy(quorum=stated)
    trust = Trust((log.signer.vkey,), policy=None if brought is None else parse_policy(policy(quorum=brought)))
    report = report_on(tmp_path, log.package(witnessed(log, PAPER, stated=shipped)), trust)
    assert {check: finding.found for check, finding in faults(report).items()} == (
        {} if fault is None else {"certified-unwitnessed": fault}
    )


def test_a_bad_cosignature_counts_for_nothing(tmp_path: Path) -> None:
    log = certified()
    note = parse_note(log.vouchers().extract.checkpoint)
    vkey, good = PAPER.cosign(note.text, AT)
    bad = note.with_signatures([replace(good, signature=bytes(72))])
    extract = replace(log.ledger.extract(head(log), bad.encode()), policy=policy(quorum="paper"))
    report = report_on(tmp_path, log.package(replace(log.vouchers(), extract=extract)))
    assert (report.witnessed.by, report.verdict, vkey.name) == ((), "failed", "witness.example/paper")


def test_the_log_line_of_a_policy_is_a_key_of_the_ledger_log(tmp_path: Path) -> None:
    log = debate()
    for signer, key in ((log.ledger.signers[0], "given"), (KnownSigner(log.ledger.origin, 9), "from_package")):
        brought = parse_policy(policy(quorum="none", log=f"log {signer.vkey}\n".encode()))
        report = report_on(tmp_path, log.package(), Trust(policy=brought))
        assert (report.key, report.verdict) == (key, "verified" if key == "given" else "failed")


def test_a_time_that_no_calendar_has_is_told_as_a_number(tmp_path: Path) -> None:
    log = debate()
    note = parse_note(log.vouchers().extract.checkpoint)
    late = note.with_signatures([PAPER.cosign(note.text, 2**62)[1]])
    extract = replace(log.ledger.extract(head(log), late.encode()), policy=policy(quorum="paper"))
    report = report_on(tmp_path, log.package(replace(log.vouchers(), extract=extract)))
    assert report.witnessed.by == (("paper", str(2**62)),)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> "Authority":
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return Authority(tmp_path_factory.mktemp("tsa"))


class Authority:
    """A timestamp authority, made with openssl."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tsa.cnf").write_text(_SETTINGS, encoding="ascii")
        (folder / "serial").write_text("01\n", encoding="ascii")
        self._call(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=Root"
        )
        self._call("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Authority")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "tsa_ext")
        self._call("x509", "-req", "-in", "tsa.csr", *signing, "-out", "tsa.pem")

    @property
    def root(self) -> bytes:
        return (self.folder / "ca.pem").read_bytes()

    def stamp(self, text: bytes) -> bytes:
        """The response of the authority over this text."""
        (self.folder / "text").write_bytes(text)
        self._call("ts", "-query", "-data", "text", "-sha256", "-cert", "-out", "query.tsq")
        self._call("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "query.tsq", "-out", "reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()

    def _call(self, *arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


_SETTINGS = """\
[tsa]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[tsa_ext]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
basicConstraints = CA:FALSE
"""


def stamped(log: RecordedLog, response: bytes) -> bytes:
    vouchers = log.vouchers()
    return log.package(replace(vouchers, extract=replace(vouchers.extract, timestamp=response)))


def ledger_text(log: RecordedLog) -> bytes:
    return parse_note(log.vouchers().extract.checkpoint).text.encode()


def test_a_timestamp_by_an_authority_that_was_given_is_told(tmp_path: Path, authority: Authority) -> None:
    pytest.importorskip("rfc3161_client")
    log = debate()
    report = report_on(tmp_path, stamped(log, authority.stamp(ledger_text(log))), Trust((log.signer.vkey,), tsa_roots=authority.root))
    assert (report.verdict, report.findings, report.not_checked) == ("verified", (), ())
    assert report.anchored is not None
    assert abs((datetime.now(UTC) - datetime.fromisoformat(report.anchored)).total_seconds()) < 3600
    assert any(report.anchored in line for line in witness_lines(report, "en"))


def test_a_timestamp_over_something_else_is_a_fault(tmp_path: Path, authority: Authority) -> None:
    pytest.importorskip("rfc3161_client")
    log = debate()
    report = report_on(tmp_path, stamped(log, authority.stamp(b"something else\n")), Trust(tsa_roots=authority.root))
    assert (found(report), report.anchored) == ({"timestamp": "ledger/timestamp.tsr"}, None)


def test_without_the_certificates_of_an_authority_a_timestamp_is_not_checked(tmp_path: Path, authority: Authority) -> None:
    pytest.importorskip("rfc3161_client")
    log = debate()
    report = report_on(tmp_path, stamped(log, authority.stamp(ledger_text(log))), Trust((log.signer.vkey,)))
    assert (report.verdict, report.anchored) == ("verified", None)
    assert [left.code for left in report.not_checked] == ["timestamp"]


def test_without_the_library_a_timestamp_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    log = debate()
    report = report_on(tmp_path, stamped(log, b"whatever it holds"), Trust((log.signer.vkey,)))
    assert (report.verdict, [left.code for left in report.not_checked]) == ("verified", ["timestamp"])
