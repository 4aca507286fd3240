// The report as docs/formats/report.md states it, and beside it what only this page tells: what was not recounted.

function verdictOf(stages) {
  const needed = STAGES.filter((stage) => stage !== "older");
  if (STAGES.some((stage) => stages[stage] === "failed")) return "failed";
  return needed.every((stage) => stages[stage] === "passed") ? "verified" : "failed";
}

function reportOf(verification) {
  const { findings, head, given, unreadable: isUnreadable } = verification;
  const stages = findings.stages();
  if (!given.length && !isUnreadable) {
    const why = "the key came with the package: what it holds is consistent, but of unproven origin";
    findings.leftOut("integrity", "key-from-package", "whose key signed the checkpoint", why);
  }
  const checkpoint = head && head.checkpoint;
  return {
    format: "participation-ledger-report/1",
    verdict: isUnreadable ? "unreadable" : verdictOf(stages),
    package: verification.name,
    origin: checkpoint ? checkpoint.origin : null,
    size: checkpoint ? Number(checkpoint.size) : null,
    root: checkpoint ? base64(checkpoint.root) : null,
    key: given.length ? "given" : "from_package",
    vkey: head && head.vkeys.length ? head.vkeys[0].text : null,
    layout: verification.layout || null,
    stages,
    findings: findings.listed.slice().sort((one, other) => STAGES.indexOf(one.stage) - STAGES.indexOf(other.stage)),
    unlisted: findings.unlisted(),
    counts: { ...verification.counts, commitments: verification.commitments },
    results: verification.results,
    ledger: verification.ledger,
    not_checked: findings.notChecked,
  };
}
