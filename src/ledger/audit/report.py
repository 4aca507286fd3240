"""What `verify` answers: a verdict, what was looked at, and every finding (docs/formats/report.md)."""

from dataclasses import asdict, dataclass, field
from typing import Final, Literal, TypeAlias

from ledger.audit.findings import STAGES, Finding, Findings, NotChecked, Stage
from ledger.canonical import JsonValue
from ledger.projections.readings.published_differences import PublishedDifference

Verdict = Literal["verified", "failed", "unreadable"]
KeySource = Literal["given", "from_package"]
PolicySource = Literal["given", "from_package", "none"]
StageStatus: TypeAlias = Literal["passed", "failed", "not_checked"]

REPORT_FORMAT: Final = "participation-ledger-report/2"


@dataclass(frozen=True, slots=True)
class Witnessing:
    """Who cosigned the ledger log, which vouches for the package: (name, time) in the order of the policy, which is the auditor's or not.

    `quorum_met` is None where no policy asks for witnesses.
    """

    policy: PolicySource
    quorum_met: bool | None
    by: tuple[tuple[str, str], ...]

    def json(self) -> JsonValue:
        """The same as JSON values."""
        return {"policy": self.policy, "quorum_met": self.quorum_met, "by": [{"name": name, "at": at} for name, at in self.by]}


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one verification. `origin`, `size` and `root` are what the package's checkpoint states, None where it has none."""

    verdict: Verdict
    package: str
    key: KeySource
    stages: dict[Stage, StageStatus]
    origin: str | None = None
    size: int | None = None
    root: str | None = None
    vkey: str | None = None
    signing: tuple[str, ...] = ()
    """The keys that sign the log now, the newest first, as the ledger log says; else those that came with the package."""
    retired: tuple[str, ...] = ()
    """The keys that no longer do."""
    witnessed: Witnessing = Witnessing("none", None, ())
    anchored: str | None = None
    """When a timestamp authority saw the checkpoint of the ledger log; None where that is not known."""
    findings: tuple[Finding, ...] = ()
    unlisted: dict[str, int] = field(default_factory=dict)
    """For each check with more findings than are listed: how many more."""
    counts: dict[str, int] = field(default_factory=dict)
    commitments: dict[str, int] = field(default_factory=dict)
    results: tuple[JsonValue, ...] = ()
    published_differences: tuple[PublishedDifference, ...] = ()
    """A finding about the world: neither the verdict nor a stage depends on it."""
    not_checked: tuple[NotChecked, ...] = ()

    def json(self) -> dict[str, JsonValue]:
        """The report as JSON values, in the order in which the format lists them."""
        return {
            "format": REPORT_FORMAT,
            "verdict": self.verdict,
            "package": self.package,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "key": self.key,
            "vkey": self.vkey,
            "keys": {"signing": list(self.signing), "retired": list(self.retired)},
            "witnessed": self.witnessed.json(),
            "anchored": self.anchored,
            "stages": {stage: self.stages[stage] for stage in STAGES},
            "findings": [asdict(finding) for finding in self.findings],
            "unlisted": dict(self.unlisted),
            "counts": {**self.counts, "commitments": dict(self.commitments)},
            "results": list(self.results),
            "published_differences": [difference.json() for difference in self.published_differences],
            "not_checked": [asdict(left) for left in self.not_checked],
        }


def verdict_of(stages: dict[Stage, StageStatus]) -> Verdict:
    """`verified` only where every stage that is not asked for extra has passed."""
    if any(status == "failed" for status in stages.values()):
        return "failed"
    needed = [stages[stage] for stage in STAGES if stage != "older"]
    return "verified" if all(status == "passed" for status in needed) else "failed"


def status_of(findings: Findings, looked_at: set[Stage]) -> dict[Stage, StageStatus]:
    """For each stage: failed where there is a fault, passed where it was gone through without one."""
    return {stage: "failed" if findings.faults[stage] else "passed" if stage in looked_at else "not_checked" for stage in STAGES}
