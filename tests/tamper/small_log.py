"""The smallest log whose package has every kind of file and of line that a package can have, and what vouches for it from outside."""

from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from unittest.mock import patch

from ledger.events.ledger_log import ledger_origin
from ledger.exports import Vouchers
from ledger.sealing import digest_text
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note
from tests.recorded import RecordedLog
from tests.tlog.keys import KnownSigner
from tests.vouched import LoggedLedger

WITNESS: Final = KnownSigner("witness.example/paper", 31)
AT: Final = 1_772_359_200
"""When the witness cosigned, in Unix seconds."""
_SCALES: Final = {"proposal": "agree_mixed_disagree", "opinion": "agree_pass_disagree"}
_RULES: Final[dict[str, Any]] = {
    "rule": "greedy", "ballot": {"form": "approval", "max": 1}, "score": {"by": "approvals"}, "budget_minor": 9,
    "unaffordable": {"then": "skip"}, "ties": ["list_order"],
}  # fmt: skip


def small_log(origin: str = "a.example/p/s", *, counted: bool = True) -> RecordedLog:
    """A log of a step with something of each shape and of a sealed vote whose result is certified; not `counted`: of its first events."""
    log = RecordedLog(origin)
    log.ledger = LoggedLedger(ledger_origin("a.example"))
    log.post(
        "project.opened", title={"en": "T"}, owner={"en": "O"}, languages=["en"], currency="EUR", time_zone="UTC",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("step.planned", step="i", kind="consultation", title={"en": "I"}, accepts=["proposal", "opinion"])
    log.post("step.stances_set", step="i", scales=_SCALES)
    log.post("step.opened", step="i")
    log.post("contribution.submitted", "participant", who="a", ref="p", step="i", kind="proposal", cost_minor=9, title={"en": "=P"})
    if counted:
        _vote(log)
    return log


def _vote(log: RecordedLog) -> None:
    log.post("role.granted", granted="guarantor", client="g")
    log.post("contribution.submitted", "participant", who="b", ref="o", step="i", kind="opinion", title={"en": "O"})
    log.post("stance.cast", "participant", who="b", step="i", target="contribution/o", target_version=1, value="agree")
    log.post("step.planned", step="v", kind="ballot", title={"en": "V"})
    log.post("step.rules_set", step="v", rules=_RULES, secrecy="sealed")
    log.post("candidates.listed", step="v", items=[{"ref": "p", "cost_minor": 9}])
    log.post("candidates.sealed", step="v")
    log.post("step.opened", step="v")
    log.post("ballot.cast", "participant", who="a", step="v", entries=[0])
    log.post("step.closed", step="v")
    log.post("ballots.disclosed", step="v")
    log.post("result.computed", step="v")
    by: dict[str, Any] = {"by_roles": ["guarantor"], "quorum": 1, "digest": log.aggregates.result("v").digest}
    witnessed_by = {"policy": digest_text(sha256(policy()).digest()), "size": 3, "witnesses": [WITNESS.vkey.name]}
    log.post("result.certified", "guarantor", via="g", step="v", witnessed=witnessed_by, **by)


def policy() -> bytes:
    """A policy that asks for the witness."""
    vkey, _ = WITNESS.cosign("x\n", 0)
    return f"witness w {vkey}\nquorum w\n".encode()


def witnessed(log: RecordedLog, timestamp: bytes | None = None) -> Vouchers:
    """What vouches for the log at its present size, with the cosignature of the witness, and the policy that asks for it."""
    vouchers = log.vouchers()
    note = parse_note(vouchers.extract.checkpoint)
    cosigned = note.with_signatures([WITNESS.cosign(note.text, AT)[1]])
    about = parse_checkpoint(parse_note(vouchers.note).text)
    return replace(vouchers, extract=replace(log.ledger.extract(about, cosigned.encode()), policy=policy(), timestamp=timestamp))


def small_package(log: RecordedLog, timestamp: bytes | None = None) -> bytes:
    """The package of the log as a server without the `parquet` extra makes it."""
    with patch("ledger.exports.export.arrow", return_value=None):
        return log.package(witnessed(log, timestamp))
