// The report as docs/formats/report.md states it, and beside it what only this page tells: what was not recounted.

function verdictOf(stages) {
  const needed = STAGES.filter((stage) => stage !== "older");
  if (STAGES.some((stage) => stages[stage] === "failed")) return "failed";
  return needed.every((stage) => stages[stage] === "passed") ? "verified" : "failed";
}

function reportOf(verification) {
  const { findings, head, trust, part, shipped, unreadable: isUnreadable } = verification;
  const stages = findings.stages();
  // Whoever believes the ledger log believes what it says of the keys of its projects.
  const given = trust.vkeys.length > 0 || (part !== null && part.trusted);
  if (!given && !isUnreadable) {
    const why = "the key came with the package: what it holds is consistent, but of unproven origin";
    findings.leftOut("integrity", "key-from-package", "whose key signed the checkpoint", why);
  }
  const checkpoint = head && head.checkpoint;
  const known = part !== null && part.keys.signing.length > 0;
  const texts = (vkeys) => vkeys.map(({ text }) => text);
  return {
    format: "participation-ledger-report/1",
    verdict: isUnreadable ? "unreadable" : verdictOf(stages),
    package: verification.name,
    origin: checkpoint ? checkpoint.origin : null,
    size: checkpoint ? Number(checkpoint.size) : null,
    root: checkpoint ? base64(checkpoint.root) : null,
    key: given ? "given" : "from_package",
    vkey: verification.vkey ? verification.vkey.text : null,
    keys: { signing: texts(known ? part.keys.signing : shipped), retired: part === null ? [] : texts(part.keys.retired) },
    witnessed: part === null || part.witnessed === null ? null : { policy: part.policySource, ...part.witnessed },
    ledger: part === null ? null : { origin: part.checkpoint.origin, size: Number(part.checkpoint.size), trusted: part.trusted },
    layout: verification.layout,
    stages,
    findings: findings.listed.slice().sort((one, other) => STAGES.indexOf(one.stage) - STAGES.indexOf(other.stage)),
    unlisted: findings.unlisted(),
    counts: { ...verification.counts, commitments: verification.commitments },
    results: verification.results,
    published_differences: verification.published,
    not_checked: findings.notChecked,
  };
}
