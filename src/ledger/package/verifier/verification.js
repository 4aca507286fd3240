// The whole verification of one package, stage after stage. Whatever the file holds, the answer is a report; nothing is raised.

async function verifyPackage(facts, { file, name, vkeys = [], older = null, olderName = "" }, progress = () => undefined) {
  const findings = new Findings();
  const verification = { findings, head: null, name, given: [], unreadable: false, counts: {}, commitments: {}, results: [], ledger: null, part: null };
  try {
    verification.given = vkeys.map((text) => parseVkey(text.trim()));
    const reader = await PackageReader.open(file, name);
    const earlier = older === null ? null : await PackageReader.open(older, olderName);
    await runStages(verification, facts, reader, earlier, progress);
  } catch (error) {
    if (error instanceof Malformed) return { usage: error.message };
    if (error instanceof PackageRefused) {
      verification.unreadable = true;
      findings.fault("reading", error.code, error.place, "a package as docs/formats/package.md states it", error.why);
    } else {
      findings.fault("reading", "verifier-failed", name, "a package that this page can judge to the end", `${error.name}: ${error.message}`);
    }
  }
  return reportOf(verification);
}

async function runStages(verification, facts, reader, earlier, progress) {
  const { findings, given } = verification;
  for (const name of [EVENTS, CHECKPOINT]) {
    if (!reader.has(name)) throw unreadable(name, "the package holds no such file, and nothing can be judged without it");
  }
  findings.lookedAt.add("reading");
  progress("directory", 0, 0);
  const manifest = await Manifest.read(reader, findings);
  const head = await readHead(reader, given, findings, "integrity", manifest.layout);
  verification.head = head;
  verification.layout = manifest.layout;
  if (head === null) return;
  findings.lookedAt.add("integrity");
  if (given.length) compareKeys(head, given, findings);
  const before = earlier === null ? null : await OlderPackage.read(earlier, head.vkeys, findings);
  const replay = new Replay(reader, head, new EventTypes(facts), findings, progress, before);
  await replay.run();
  verification.counts = replay.counts();
  if (before !== null) await before.compare(reader, head, replay.entries.olderRoot);
  await judge(verification, replay, manifest, progress);
  verification.commitments = Object.fromEntries([...replay.commitments.statuses].filter(([, count]) => count).sort());
}
