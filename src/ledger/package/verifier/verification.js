// The whole verification of one package, stage after stage. Whatever the file holds, the answer is a report; nothing is raised.

async function verifyPackage(facts, { file, name, older = null, olderName = "", ...brought }, progress = () => undefined) {
  const findings = new Findings();
  const verification = {
    findings, name, head: null, vkey: null, shipped: [], part: null, trust: { vkeys: [], ledgerVkeys: [], policy: null }, unreadable: false, layout: null,
    counts: {}, commitments: {}, results: [], published: [],
  };
  forgetSignatures();
  try {
    verification.trust = readTrust(brought);
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
  const signatures = await confirmedSignatures();
  if (signatures !== null && signatures.refused) {
    findings.fault("integrity", "signature", name, "signatures that the browser's own cryptography accepts, too", `${signatures.refused} that it refuses`);
  }
  return { ...reportOf(verification), confirmed_by_browser: signatures === null ? null : signatures.confirmed };
}

/** What the reader believes without the package saying so; raises Malformed. */
function readTrust({ vkeys = [], ledgerVkeys = [], policy = null }) {
  const read = (texts) => texts.map((text) => parseVkey(text.trim()));
  return { vkeys: read(vkeys), ledgerVkeys: read(ledgerVkeys), policy: policy === null ? null : parsePolicy(utf8(policy.endsWith("\n") ? policy : `${policy}\n`)) };
}

async function runStages(verification, facts, reader, earlier, progress) {
  const { findings } = verification;
  for (const name of [EVENTS, CHECKPOINT]) {
    if (!reader.has(name)) throw unreadable(name, "the package holds no such file, and nothing can be judged without it");
  }
  findings.lookedAt.add("reading");
  progress("directory", 0, 0);
  const manifest = await Manifest.read(reader, findings);
  verification.layout = manifest.layout;
  verification.head = await readHead(reader, findings);
  if (verification.head === null) return;
  findings.lookedAt.add("integrity");
  await checkKeys(verification, reader, manifest);
  const before = earlier === null ? null : await OlderPackage.read(earlier, keysOfThePast(verification), findings);
  const replay = new Replay(reader, verification.head, new EventTypes(facts), findings, progress, before);
  await replay.run();
  verification.counts = replay.counts();
  if (before !== null) {
    await before.compare(reader, verification.head, replay.entries.olderRoot, replay.redactions.entries);
    if (verification.part !== null) await before.compareLedgerLog(reader);
  }
  if (verification.part !== null) verification.part.rules.checkFirst(replay.entries.leaf(0));
  await judge(verification, replay, manifest, progress);
  if (replay.whole) verification.published = publishedDifferences(replay);
  verification.commitments = Object.fromEntries([...replay.commitments.statuses].filter(([, count]) => count).sort());
}

/** Who vouches for the package: the keys of the log, the ledger log about them, and whoever watched that from outside. */
async function checkKeys(verification, reader, manifest) {
  const { findings, head, trust } = verification;
  verification.shipped = await shippedKeys(reader, findings);
  if (manifest.layout < 3) {
    const why = `a package of the form ${manifest.format ?? manifest.layout} does not say; ask for a newer one`;
    findings.leftOut("integrity", "ledger-log", "whether the log stands in the ledger's own log, and who witnessed it", why);
  } else {
    verification.part = await readLedgerPart(reader, head.checkpoint, trust, findings);
  }
  if (verification.part !== null) await checkManifestSignature(reader, head, verification.part, findings);
  verification.vkey = checkHead(head, verification.shipped, trust.vkeys, verification.part, findings);
}

function keysOfThePast({ part, shipped, trust }) {
  const known = part === null ? [] : [...part.keys.signing, ...part.keys.retired];
  const keys = new Map([...trust.vkeys, ...(known.length ? known : shipped)].map((vkey) => [vkey.text, vkey]));
  return [...keys.values()];
}
