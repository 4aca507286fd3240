// Signed notes, verifier keys, checkpoints and proofs, in the spellings of C2SP and no others (docs/formats/log.md).

class Malformed extends Error {
  constructor(code, place, why) {
    super(`${place}: ${why}`);
    this.code = code;
    this.place = place;
    this.why = why;
  }
}

const LARGEST_NOTE = 1_000_000;
const MOST_SIGNATURES = 100;
const LARGEST_NUMBER = (1n << 63n) - 1n;
const PLAIN_KEY = 1;
const COSIGNING_KEY = 4;
// What counts as a space is what Python's str.isspace counts.
const NO_KEY_NAME = /[\u0000-\u0020+\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff]/;

/** The number as BigInt, or null. */
function decimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) return null;
  const number = BigInt(text);
  return number <= LARGEST_NUMBER ? number : null;
}

function isKeyName(name) {
  const surrogatesApart = name.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "x");
  return name !== "" && !NO_KEY_NAME.test(surrogatesApart);
}

function keyId(name, type, key) {
  return sha256(utf8(name), new Uint8Array([10, type]), key).subarray(0, 4);
}

function parseVkey(text) {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  const name = first < 0 ? text : text.slice(0, first);
  const id = second < 0 ? "" : text.slice(first + 1, second);
  const content = second < 0 ? null : unbase64(text.slice(second + 1));
  if (content === null || !content.length || !/^[0-9a-f]{8}$/.test(id)) throw new Malformed("malformed-vkey", "vkey", "not name+id+key");
  const type = content[0];
  if (type !== PLAIN_KEY && type !== COSIGNING_KEY) throw new Malformed("malformed-vkey", "type", `signatures of type ${type} are not read here`);
  const key = content.subarray(1);
  if (!isKeyName(name)) throw new Malformed("malformed-vkey", "name", "this cannot be the name of a key");
  if (key.length !== 32) throw new Malformed("malformed-vkey", "key", `${key.length} bytes are not an Ed25519 public key`);
  const right = hex(keyId(name, type, key));
  if (right !== id) throw new Malformed("malformed-vkey", "id", `the id of this name and key is ${right}, not ${id}`);
  return { name, type, key, id, text };
}

function parseNote(bytes) {
  if (bytes.length > LARGEST_NOTE) throw new Malformed("malformed-note", "note", `longer than ${LARGEST_NOTE} bytes`);
  const written = readUtf8(bytes);
  if (written === null) throw new Malformed("malformed-note", "note", "not UTF-8");
  const blank = written.lastIndexOf("\n\n");
  if (blank < 0 || !written.endsWith("\n") || written.length < blank + 3) {
    throw new Malformed("malformed-note", "note", "it does not end with an empty line and complete signature lines");
  }
  const text = written.slice(0, blank + 1);
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw new Malformed("malformed-note", "text", "a control character cannot stand in a note");
  const lines = written.slice(blank + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) throw new Malformed("malformed-note", "note", `more than ${MOST_SIGNATURES} signatures`);
  const first = text.split("\n").length + 1;
  return { text, signatures: lines.map((line, at) => parseSignature(line, `line ${first + at}`)) };
}

function parseSignature(line, place) {
  const match = /^— ([^ ]+) ([^ ]+)$/.exec(line);
  const content = match ? unbase64(match[2]) : null;
  if (match === null || !isKeyName(match[1]) || content === null || content.length <= 4) {
    throw new Malformed("malformed-note", place, "this is not a signature line");
  }
  return { name: match[1], id: hex(content.subarray(0, 4)), signature: content.subarray(4) };
}

function verifiesNote(vkey, text, signature) {
  if (vkey.type === PLAIN_KEY) return verifyEd25519(vkey.key, signature, text);
  const seconds = cosignedAt(signature);
  const message = joined([utf8(`cosignature/v1\ntime ${seconds}\n`), text]);
  return seconds <= LARGEST_NUMBER && verifyEd25519(vkey.key, signature.subarray(8), message);
}

function cosignedAt(signature) {
  let seconds = 0n;
  for (const byte of signature.subarray(0, 8)) seconds = (seconds << 8n) | BigInt(byte);
  return seconds;
}

/** Those of `vkeys` that signed the note. One bad signature under the name and id of one of them makes the note worthless: none did. */
function verifiedBy(note, vkeys) {
  const text = utf8(note.text);
  const known = new Map(vkeys.map((vkey) => [`${vkey.name}+${vkey.id}`, vkey]));
  const signed = new Set();
  for (const signature of note.signatures) {
    const vkey = known.get(`${signature.name}+${signature.id}`);
    if (vkey === undefined) continue;
    if (!verifiesNote(vkey, text, signature.signature)) return [];
    signed.add(vkey);
  }
  return [...known.values()].filter((vkey) => signed.has(vkey));
}

function signedBy(note, name, vkeys) {
  return verifiedBy(note, vkeys).some((vkey) => vkey.name === name && vkey.type === PLAIN_KEY);
}

function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() !== "" || lines.some((line) => line === "")) {
    throw new Malformed("malformed-note", "checkpoint", "a checkpoint is at least three lines, none of them empty");
  }
  const size = decimal(lines[1]);
  if (size === null) throw new Malformed("malformed-note", "line 2", "the tree size is not a decimal number");
  const root = unbase64(lines[2]);
  if (root === null || root.length !== HASH_SIZE) throw new Malformed("malformed-note", "line 3", "the root is not the base64 of 32 bytes");
  return { origin: lines[0], size, root, extensions: lines.slice(3) };
}

/** A C2SP tlog-proof@v1: { index, path, note, noteBytes, hasExtra }. */
function parseTlogProof(bytes) {
  let blank = -1;
  for (let at = 0; at + 1 < bytes.length && blank < 0; at += 1) if (bytes[at] === 10 && bytes[at + 1] === 10) blank = at;
  if (blank < 0) throw new Malformed("malformed-proof", "proof", "there is no empty line with a checkpoint after it");
  const head = readUtf8(bytes.subarray(0, blank));
  if (head === null || !/^[\u0000-\u007f]*$/.test(head)) throw new Malformed("malformed-proof", "proof", "a character before the checkpoint is not ASCII");
  const note = parseNote(bytes.subarray(blank + 2));
  parseCheckpoint(note.text);
  const lines = head.split("\n");
  if (lines[0] !== "c2sp.org/tlog-proof@v1") throw new Malformed("malformed-proof", "line 1", "it is not c2sp.org/tlog-proof@v1");
  let place = 1;
  let hasExtra = false;
  if (lines.length > 1 && lines[1].startsWith("extra ")) {
    const extra = unbase64(lines[1].slice(6));
    if (extra === null || !extra.length) throw new Malformed("malformed-proof", "line 2", "the extra data is not base64, or empty");
    place = 2;
    hasExtra = true;
  }
  const index = lines.length > place && lines[place].startsWith("index ") ? decimal(lines[place].slice(6)) : null;
  if (index === null) throw new Malformed("malformed-proof", `line ${place + 1}`, "it is not `index` and a decimal number");
  return { index, path: parseProofPath(lines.slice(place + 1), place + 2), note, noteBytes: bytes.subarray(blank + 2), hasExtra };
}

function parseProofPath(lines, first) {
  if (lines.length > 63) throw new Malformed("malformed-proof", `line ${first + 63}`, "the proof has more than 63 hashes");
  return lines.map((line, at) => {
    const part = unbase64(line);
    if (part === null || part.length !== HASH_SIZE) throw new Malformed("malformed-proof", `line ${first + at}`, "not the base64 of 32 bytes");
    return part;
  });
}
