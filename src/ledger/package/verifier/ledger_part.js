// What a package of layout 3 holds of the ledger log: each entry is proven into one checkpoint, which the ledger signed and witnesses may have seen.

const LEDGER_CHECKPOINT = "ledger/checkpoint";
const LEDGER_VKEY = "ledger/vkey";
const LEDGER_POLICY = "ledger/policy";
const LEDGER_TIMESTAMP = "ledger/timestamp.tsr";
const LARGEST_EXTRACT = 16 << 20;

/** The part of the ledger log, checked; null where its checkpoint cannot be read. */
async function readLedgerPart(reader, about, trust, findings) {
  const part = { files: [], witnessed: null, trusted: false };
  try {
    part.bytes = await reader.whole(LEDGER_CHECKPOINT, LARGEST_NOTE);
    part.note = parseNote(part.bytes);
    part.checkpoint = parseCheckpoint(part.note.text);
    if (part.checkpoint.extensions.length) throw new Malformed("malformed-note", "line 4", "extension lines are not read here");
  } catch (error) {
    if (error instanceof FileDamaged) findings.fault("reading", error.code, LEDGER_CHECKPOINT, "a file that can be read back", error.why);
    else if (error instanceof Malformed) findings.fault("integrity", error.code, LEDGER_CHECKPOINT, "a checkpoint of the ledger log as a signed note", error.message);
    else throw error;
    return null;
  }
  part.rules = new ExtractRules(about, part.checkpoint, new EventTypes({ ...FACTS, events: FACTS.ledger_events }), findings);
  await readLedgerEntries(reader, part, findings);
  part.rules.finish();
  const newest = (texts) => [...texts].reverse().map(parseVkey);
  const { own, ofLedger } = part.rules;
  part.keys = { signing: newest(own.vkeys), retired: newest(own.retired) };
  part.ledgerKeys = { signing: newest(ofLedger.vkeys), retired: newest(ofLedger.retired) };
  await compareLedgerKeys(reader, part, findings);
  checkLedgerSignature(part, trust, findings);
  await checkWitnesses(reader, part, trust, findings);
  await tellTimestamp(reader, part, findings);
  return part;
}

async function readLedgerEntries(reader, part, findings) {
  let content;
  try {
    content = await reader.whole(LEDGER_ENTRIES, LARGEST_EXTRACT);
  } catch (error) {
    if (!(error instanceof FileDamaged)) throw error;
    findings.fault("reading", error.code, LEDGER_ENTRIES, "a file that can be read back", error.why);
    return;
  }
  let [number, start] = [0, 0];
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
    const line = content.subarray(start, end);
    start = end + 1;
    number += 1;
    const index = part.rules.consider(number, line);
    if (index === null) continue;
    part.files.push(`ledger/proofs/${index}`);
    await checkLedgerProof(reader, index, line, part, findings);
  }
  if (start < content.length) findings.fault("integrity", "ledger-entry", `${LEDGER_ENTRIES} line ${number + 1}`, "a line that ends", "one that does not");
}

async function checkLedgerProof(reader, index, entry, part, findings) {
  const name = `ledger/proofs/${index}`;
  let proof;
  try {
    const bytes = await reader.whole(name, LARGEST_NOTE + 8192);
    proof = parseTlogProof(bytes);
  } catch (error) {
    if (error instanceof FileDamaged) findings.fault("reading", error.code, name, "a file that can be read back", error.why);
    else if (error instanceof Malformed) findings.fault("integrity", "ledger-proof", name, "a proof as C2SP tlog-proof has it", error.message);
    else throw error;
    return;
  }
  const { size, root } = part.checkpoint;
  if (!sameBytes(proof.noteBytes, part.bytes) || proof.hasExtra) {
    findings.fault("integrity", "ledger-proof", name, `a proof into ${LEDGER_CHECKPOINT}, and nothing else`, "another checkpoint");
  } else if (proof.index !== BigInt(index) || !verifyInclusion(leafHash(entry), index, size, proof.path, root)) {
    findings.fault("integrity", "ledger-proof", name, `a proof that this entry stands at ${index} of the ledger log's ${size}`, "it does not lead there");
  }
}

async function compareLedgerKeys(reader, part, findings) {
  let content;
  try {
    content = await reader.whole(LEDGER_VKEY, 1 << 16);
  } catch (error) {
    if (!(error instanceof FileDamaged)) throw error;
    findings.fault("reading", error.code, LEDGER_VKEY, "a file that can be read back", error.why);
    return;
  }
  const { signing } = part.ledgerKeys;
  const expected = signing.map(({ text }) => `${text}\n`).join("");
  if (signing.length && !sameBytes(content, utf8(expected))) {
    findings.fault("integrity", "ledger-keys", LEDGER_VKEY, signing.map(({ text }) => text).join(", "), readUtf8(content) ?? "not text");
  }
}

/** The checkpoint of the ledger log is signed by all keys that it names, and by one that the reader brought. */
function checkLedgerSignature(part, trust, findings) {
  const { origin } = part.checkpoint;
  const { signing, retired } = part.ledgerKeys;
  const given = [...trust.ledgerVkeys, ...(trust.policy === null ? [] : trust.policy.logs.map(({ vkey }) => vkey).filter(({ name }) => name === origin))];
  const signers = new Set(verifiedBy(part.note, [...signing, ...retired, ...given]).filter(({ name }) => name === origin).map(({ text }) => text));
  const names = `signatures of ${part.note.signatures.map(({ name, id }) => `${name} (${id})`).join(", ")}`;
  for (const { text } of signing) {
    if (!signers.has(text)) findings.fault("integrity", "ledger-signature", LEDGER_CHECKPOINT, `a valid signature with ${text}`, names);
  }
  part.trusted = given.some(({ text }) => signers.has(text));
  if (!given.length || part.trusted) return;
  for (const { text } of given) {
    const gone = retired.some((vkey) => vkey.text === text);
    findings.fault("integrity", gone ? "key-retired" : "ledger-signature", LEDGER_CHECKPOINT, `a valid signature of ${origin} with the key ${text}`, names);
  }
}

async function checkWitnesses(reader, part, trust, findings) {
  let shipped = null;
  if (reader.has(LEDGER_POLICY)) {
    try {
      shipped = parsePolicy(await reader.whole(LEDGER_POLICY, LARGEST_POLICY));
    } catch (error) {
      if (error instanceof FileDamaged) findings.fault("reading", error.code, LEDGER_POLICY, "a file that can be read back", error.why);
      else if (error instanceof Malformed) findings.fault("integrity", error.code, `${LEDGER_POLICY}, ${error.place}`, "a policy as C2SP tlog-policy has it", error.why);
      else throw error;
    }
  }
  const policy = trust.policy ?? shipped;
  part.policySource = trust.policy !== null ? "given" : shipped !== null ? "from_package" : "none";
  if (policy === null) return;
  part.witnessed = cosignersOf(part.note, policy);
  if (part.witnessed.asked && !part.witnessed.met) {
    const found = part.witnessed.by.map(({ name }) => name).join(", ") || "nobody";
    findings.notice("integrity", "uncosigned", LEDGER_CHECKPOINT, "as many cosignatures as the policy asks for", `cosigned by ${found}`);
  }
}

async function tellTimestamp(reader, part, findings) {
  if (!reader.has(LEDGER_TIMESTAMP)) return;
  try {
    const response = await reader.whole(LEDGER_TIMESTAMP, 1 << 20);
    // A DER sequence that holds the whole file; whose signature it is, a page without certificates cannot say.
    if (response.length > 1 << 16 || response[0] !== 0x30) {
      findings.fault("integrity", "timestamp", LEDGER_TIMESTAMP, `a timestamp over the text of ${LEDGER_CHECKPOINT}`, "it is no timestamp response");
      return;
    }
    findings.leftOut("integrity", "timestamp", "the timestamp of the ledger log", "this page has no certificates of timestamp authorities; ledger verify --tsa-root checks it");
  } catch (error) {
    if (!(error instanceof FileDamaged)) throw error;
    findings.fault("reading", error.code, LEDGER_TIMESTAMP, "a file that can be read back", error.why);
  }
}

/** The manifest is the one that the ledger signed, with every key that signs the log; with its own keys where the log has ended. */
async function checkManifestSignature(reader, head, part, findings) {
  const digest = reader.digests.get(MANIFEST);
  if (digest === undefined) return; // it could not be read, which is a finding already
  let note;
  try {
    note = parseNote(await reader.whole(SIGNATURE, LARGEST_NOTE));
  } catch (error) {
    if (error instanceof FileDamaged) findings.fault("reading", error.code, SIGNATURE, "a file that can be read back", error.why);
    else if (error instanceof Malformed) findings.fault("integrity", "manifest-signature", `${SIGNATURE}, ${error.place}`, "a signed note", error.why);
    else throw error;
    return;
  }
  const { origin, size } = head.checkpoint;
  const bytes = Uint8Array.from(digest.match(/../g), (pair) => parseInt(pair, 16));
  if (note.text !== `ledger-package/v1\n${origin}\n${size}\n${base64(bytes)}\n`) {
    findings.fault("integrity", "manifest-signature", SIGNATURE, `a signature over ${MANIFEST} as it is`, "a signature over another file, or of another log or size");
    return;
  }
  const signing = part.rules.closed === null ? part.keys.signing : part.ledgerKeys.signing;
  const signers = new Set(verifiedBy(note, signing).map(({ text }) => text));
  for (const { text } of signing) {
    if (!signers.has(text)) findings.fault("integrity", "manifest-signature", SIGNATURE, `a valid signature with ${text}`, "no such signature");
  }
}

/**
 * Where a result was certified, witnesses stand by what it was certified on, if the policy asks for any. Where the log itself names some,
 * it is not left at its word.
 */
function checkCertified(part, results, findings) {
  const witnessed = part === null ? null : part.witnessed;
  const asked = witnessed !== null && witnessed.asked;
  if (asked && witnessed.met) return;
  const found = (witnessed === null ? [] : witnessed.by).map(({ name }) => name).join(", ") || "nobody";
  for (const { step, row } of results) {
    if (!row.certified.length) continue;
    const place = `step ${step.ref}, ${LEDGER_CHECKPOINT}`;
    const named = (row.certified.at(-1).witnessed ?? { witnesses: [] }).witnesses;
    if (asked) {
      findings.fault("integrity", "certified-unwitnessed", place, "a certified result is witnessed as the policy asks", `witnessed by ${found}`);
    } else if (named.length && (part === null || part.policySource !== "given")) {
      const expected = `cosignatures of the witnesses that the certification names: ${named.join(", ")}`;
      findings.fault("integrity", "certified-unwitnessed", place, expected, "no policy that says whose cosignatures these are");
    }
  }
}
