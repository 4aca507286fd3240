"""Who outside the ledger vouches for a package: witnesses that cosigned the ledger log, and an authority that put a time to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ledger.audit.findings import Findings
from ledger.audit.ledger_extract import LedgerPart
from ledger.audit.report import PolicySource, Witnessing
from ledger.audit.timestamp import LONGEST_TIMESTAMP, check_timestamp
from ledger.audit.trust import Trust
from ledger.audit.witnesses import Cosigner, cosigners
from ledger.errors import FileDamaged, MalformedPolicy
from ledger.package.layout import LEDGER_CHECKPOINT, LEDGER_POLICY, LEDGER_TIMESTAMP
from ledger.package.zip_reader import PackageReader
from ledger.tlog.policy import MAX_POLICY_SIZE, Policy, parse_policy

_LAST_SECOND: Final = 253_402_300_799
"""Of the year 9999, the last that a date can have."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """What was found; `asked` is false where no policy asks for witnesses."""

    witnessing: Witnessing
    asked: bool
    anchored: str | None = None
    """When the authority saw the checkpoint; None where that is not known."""


NOBODY: Final = Vouched(Witnessing("none", None, ()), asked=False)
"""Of a package that says nothing of a ledger log."""


def check_vouching(reader: PackageReader, part: LedgerPart, trust: Trust, findings: Findings) -> Vouched:
    """Who cosigned the checkpoint of the ledger log, as the auditor's policy has it, else that of the package; and when it was there."""
    anchored = _anchored(reader, part, trust, findings)
    shipped = _shipped_policy(reader, findings)
    policy = trust.policy or shipped
    if policy is None:
        return Vouched(Witnessing("none", None, ()), asked=False, anchored=anchored)
    witnessed = cosigners(part.note, policy)
    names = tuple((cosigner.name, _time(cosigner)) for cosigner in witnessed.cosigners)
    source: PolicySource = "from_package" if trust.policy is None else "given"
    met = witnessed.quorum_met if witnessed.quorum_asked else None
    if met is False:
        found = "cosigned by " + (", ".join(witnessed.names) or "nobody")
        findings.notice("integrity", "uncosigned", LEDGER_CHECKPOINT, "as many cosignatures as the policy asks for", found)
    return Vouched(Witnessing(source, met, names), witnessed.quorum_asked, anchored)


def check_certified(vouched: Vouched, steps: Mapping[str, tuple[str, ...]], findings: Findings) -> None:
    """Where a result was certified, in one of these steps, witnesses stand by what it was certified on, if the policy asks for any.

    `steps`: step → the witnesses that the log itself names. Where it names some, it is not left at its word: unless the auditor asks for
    nobody, there is a policy that asks for witnesses.
    """
    witnessing = vouched.witnessing
    found = ", ".join(name for name, _ in witnessing.by) or "nobody"
    for step, named in steps.items():
        place = f"step {step}, {LEDGER_CHECKPOINT}"
        if vouched.asked and not witnessing.quorum_met:
            expected = "a certified result is witnessed as the policy asks"
            findings.fault("integrity", "certified-unwitnessed", place, expected, f"witnessed by {found}")
        elif named and not vouched.asked and witnessing.policy != "given":
            expected = f"cosignatures of the witnesses that the certification names: {', '.join(named)}"
            findings.fault("integrity", "certified-unwitnessed", place, expected, "no policy that says whose cosignatures these are")


def _shipped_policy(reader: PackageReader, findings: Findings) -> Policy | None:
    if LEDGER_POLICY not in reader:
        return None
    try:
        return parse_policy(reader.whole(LEDGER_POLICY, MAX_POLICY_SIZE))
    except FileDamaged as error:
        findings.fault("reading", error.code, LEDGER_POLICY, "a file that can be read back", error.why)
    except MalformedPolicy as error:
        findings.fault("integrity", error.code, f"{LEDGER_POLICY}, {error.place}", "a policy as C2SP tlog-policy has it", error.why)
    return None


def _anchored(reader: PackageReader, part: LedgerPart, trust: Trust, findings: Findings) -> str | None:
    if LEDGER_TIMESTAMP not in reader:
        return None
    try:
        response = reader.whole(LEDGER_TIMESTAMP, LONGEST_TIMESTAMP)
    except FileDamaged as error:
        findings.fault("reading", error.code, LEDGER_TIMESTAMP, "a file that can be read back", error.why)
        return None
    check = check_timestamp(response, part.note.text.encode(), trust.tsa_roots)
    if check.outcome == "refuted":
        expected = f"a timestamp over the text of {LEDGER_CHECKPOINT}, by an authority that you trust"
        findings.fault("integrity", "timestamp", LEDGER_TIMESTAMP, expected, check.why)
    elif check.outcome == "not_checked":
        claimed = f", which says {_iso(check.claimed)}" if check.claimed is not None else ""
        findings.left_out("integrity", "timestamp", f"the timestamp of the ledger log{claimed}", check.why)
    return None if check.at is None else _iso(check.at)


def _time(cosigner: Cosigner) -> str:
    """When a witness says that it cosigned; as a number of seconds where no calendar goes so far."""
    return _iso(datetime.fromtimestamp(cosigner.at, UTC)) if cosigner.at <= _LAST_SECOND else str(cosigner.at)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
