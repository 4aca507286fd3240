// Who vouches for a package: the checkpoint, and the keys that signed it. The keys that the reader brought decide; without any, those that the
// ledger log names; without these, those that came along.

/** { note, checkpoint } or null where the checkpoint cannot be read. */
async function readHead(reader, findings, stage = "integrity") {
  const place = stage === "older" ? `${reader.place}: ${CHECKPOINT}` : CHECKPOINT;
  let note;
  let checkpoint;
  try {
    note = parseNote(await reader.whole(CHECKPOINT, LARGEST_NOTE));
    checkpoint = parseCheckpoint(note.text);
  } catch (error) {
    if (error instanceof FileDamaged) findings.fault("reading", error.code, place, "a file that can be read back", error.why);
    else if (error instanceof Malformed) findings.fault(stage, error.code, `${place}, ${error.place}`, "a checkpoint as a signed note", error.why);
    else throw error;
    return null;
  }
  if (checkpoint.extensions.length) {
    findings.fault(stage, "checkpoint-extended", `${place}, line 4`, "origin, size and root, and nothing else", checkpoint.extensions[0]);
  }
  return { note, checkpoint };
}

/** The keys that came with the package; none where they cannot be read, which is a finding. */
async function shippedKeys(reader, findings) {
  try {
    const text = readUtf8(await reader.whole(VKEY, 1 << 16));
    if (text === null || !text.endsWith("\n")) throw new Malformed("malformed-vkey", "vkey", "the line does not end");
    return text.slice(0, -1).split("\n").map(parseVkey);
  } catch (error) {
    if (error instanceof FileDamaged) findings.fault("reading", error.code, VKEY, "a verifier key", error.why);
    else if (error instanceof Malformed) findings.fault("integrity", error.code, `${VKEY}, ${error.place}`, "a verifier key", error.why);
    else throw error;
    return [];
  }
}

/** Those of the keys that signed the checkpoint under the log's own name. */
function headSigners({ note, checkpoint }, vkeys) {
  return verifiedBy(note, vkeys).filter(({ name, type }) => name === checkpoint.origin && type === PLAIN_KEY);
}

function claimedSigners({ note }) {
  return `signatures of ${note.signatures.map(({ name, id }) => `${name} (${id})`).join(", ")}`;
}

/** The key that vouches for the checkpoint, with findings where none does; null where no key is known at all. */
function checkHead(head, shipped, given, part, findings) {
  const known = part !== null && part.keys.signing.length > 0;
  const expected = (vkey) => `a valid signature of ${head.checkpoint.origin} with the key ${vkey.text}`;
  const refuseKey = (vkey) => findings.fault("integrity", "signature", CHECKPOINT, expected(vkey), claimedSigners(head));
  if (known) checkKeyHistory(head, shipped, part, refuseKey, findings);
  if (given.length) {
    const signers = headSigners(head, given);
    if (!signers.length) refuseGiven(given, part, refuseKey, findings);
    else if (!known) {
      for (const vkey of shipped) {
        if (!given.some(({ text }) => text === vkey.text)) findings.notice("integrity", "key-differs", VKEY, given.map(({ text }) => text).join(", "), vkey.text);
      }
    }
    return signers[0] ?? given[0];
  }
  if (known) return headSigners(head, part.keys.signing)[0] ?? part.keys.signing[0];
  const signers = headSigners(head, shipped);
  if (shipped.length && !signers.length) refuseKey(shipped[0]);
  return signers[0] ?? shipped[0] ?? null;
}

/** All keys that the ledger log names now signed the checkpoint, and the package names these and no others. */
function checkKeyHistory(head, shipped, part, refuseKey, findings) {
  const { signing, retired } = part.keys;
  const signers = new Set(headSigners(head, [...signing, ...retired]).map(({ text }) => text));
  const texts = (vkeys) => vkeys.map(({ text }) => text).join(", ");
  if (shipped.length && texts(shipped) !== texts(signing)) findings.fault("integrity", "ledger-keys", VKEY, texts(signing), texts(shipped));
  if (signers.size && !signing.some(({ text }) => signers.has(text))) {
    const [gone] = signers;
    const found = `one with a key alone that the ledger retired (entry ${part.rules.retiredBy.get(gone)} of the ledger log): ${gone}`;
    findings.fault("integrity", "key-retired", CHECKPOINT, `a signature with the key that signs this log now, ${signing[0].text}`, found);
    return;
  }
  for (const vkey of signing) if (!signers.has(vkey.text)) refuseKey(vkey);
}

/** None of the keys that the reader brought signed it: one that was retired since is told apart from one that never signed. */
function refuseGiven(given, part, refuseKey, findings) {
  for (const vkey of given) {
    if (part === null || !part.keys.retired.some(({ text }) => text === vkey.text)) {
      refuseKey(vkey);
      continue;
    }
    const entry = part.rules.retiredBy.get(vkey.text);
    const found = `this key was retired (entry ${entry} of the ledger log); the log is signed with ${part.keys.signing[0]?.text} now`;
    const tell = part.trusted ? "notice" : "fault";
    findings[tell]("integrity", "key-retired", CHECKPOINT, `a signature with ${vkey.text}`, found);
  }
}
