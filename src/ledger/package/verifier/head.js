// Who vouches for a package: the checkpoint, and the keys that signed it.

const LONGEST_VKEYS = 16384;

/** { note, checkpoint, vkeys } or null where the checkpoint cannot be read. `given` are the keys that the reader trusts. */
async function readHead(reader, given, findings, stage, layout) {
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
  const shipped = stage === "older" && given.length ? null : await shippedKeys(reader, findings, stage, layout);
  const vkeys = given.length ? given : shipped || [];
  const needed = given.length ? [] : vkeys;
  const signed = verifiedBy(note, vkeys);
  const signedByLog = signed.some((vkey) => vkey.name === checkpoint.origin && vkey.type === PLAIN_KEY);
  if (vkeys.length && (!signedByLog || needed.some((vkey) => !signed.includes(vkey)))) {
    const signers = note.signatures.map((signature) => `${signature.name} (${signature.id})`).join(", ");
    const keys = vkeys.map((vkey) => vkey.text).join(", ");
    findings.fault(stage, "signature", place, `a valid signature of ${checkpoint.origin} with ${keys}`, `signatures of ${signers}`);
  }
  return { note, checkpoint, vkeys, shipped };
}

/** The keys that came with the package, or null where they cannot be read. Before layout 3 there is one. */
async function shippedKeys(reader, findings, stage, layout) {
  try {
    const text = readUtf8(await reader.whole(VKEY, LONGEST_VKEYS));
    if (text === null || !text.endsWith("\n")) throw new Malformed("malformed-vkey", "vkey", "the line does not end");
    const lines = text.slice(0, -1).split("\n");
    if (layout < 3 && lines.length > 1) throw new Malformed("malformed-vkey", "vkey", "one key, in one line");
    return lines.map(parseVkey);
  } catch (error) {
    if (error instanceof FileDamaged) findings.fault("reading", error.code, VKEY, "a verifier key", error.why);
    else if (error instanceof Malformed) findings.fault(stage, error.code, `${VKEY}, ${error.place}`, "a verifier key", error.why);
    else throw error;
    return null;
  }
}

function compareKeys(head, given, findings) {
  const known = new Set(given.map((vkey) => vkey.text));
  for (const vkey of head.shipped || []) if (!known.has(vkey.text)) findings.notice("integrity", "key-differs", VKEY, [...known].join(", "), vkey.text);
}
