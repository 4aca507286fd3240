// Who has to have cosigned a checkpoint before it is believed (C2SP tlog-policy).

const LARGEST_POLICY = 1 << 18;
const MOST_DEFINED = 256;
const NO_QUORUM = "none";

/** The policy that the bytes of a file state; raises Malformed. Names are octets: they are read as Latin-1, so that none is lost. */
function parsePolicy(bytes) {
  const wrong = (place, why) => {
    throw new Malformed("malformed-policy", place, why);
  };
  if (bytes.length > LARGEST_POLICY) wrong("policy", `it is longer than ${LARGEST_POLICY} bytes`);
  const lines = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("").split("\n");
  if (lines.pop() !== "") wrong(`line ${lines.length + 1}`, "the line does not end");
  const policy = { logs: [], witnesses: [], groups: [], quorum: null };
  const [defined, listed] = [new Set(), new Set()];
  lines.forEach((line, number) => {
    const refuseLine = (why) => wrong(`line ${number + 1}`, why);
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) refuseLine("an octet that cannot stand in a policy");
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    if (!words.length || words[0].startsWith("#")) return;
    const reader = POLICY_LINES[words[0]];
    if (!Object.hasOwn(POLICY_LINES, words[0])) refuseLine("a line begins with log, witness, group, quorum or #");
    reader(policy, words.slice(1), { defined, listed, refuseLine });
  });
  if (policy.quorum === null) wrong("policy", "it has no quorum line");
  return policy;
}

function policyKey(word, type, refuseLine) {
  const text = readUtf8(Uint8Array.from(word, (letter) => letter.charCodeAt(0)));
  let vkey = null;
  try {
    vkey = text === null ? null : parseVkey(text);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  if (vkey === null || vkey.type !== type) refuseLine("the key cannot be read, or is of another type than this line needs");
  return vkey;
}

function defineName(name, { defined, refuseLine }) {
  if (name === NO_QUORUM || defined.has(name)) refuseLine(`the name ${name} is taken`);
  defined.add(name);
}

function addOnce(list, found, refuseLine) {
  if (list.some(({ vkey }) => sameBytes(vkey.key, found.vkey.key))) refuseLine("another line has this key already");
  if (list.length >= MOST_DEFINED) refuseLine(`more than ${MOST_DEFINED} of a kind are not read`);
  list.push(found);
}

const POLICY_LINES = {
  log(policy, words, { refuseLine }) {
    if (words.length !== 1 && words.length !== 2) refuseLine("a log line is `log <vkey> [<url>]`");
    addOnce(policy.logs, { vkey: policyKey(words[0], PLAIN_KEY, refuseLine) }, refuseLine);
  },
  witness(policy, words, reading) {
    const { refuseLine } = reading;
    if (words.length !== 2 && words.length !== 3) refuseLine("a witness line is `witness <name> <vkey> [<url>]`");
    addOnce(policy.witnesses, { name: words[0], vkey: policyKey(words[1], COSIGNING_KEY, refuseLine) }, refuseLine);
    defineName(words[0], reading);
  },
  group(policy, words, reading) {
    const { defined, listed, refuseLine } = reading;
    if (words.length < 3) refuseLine("a group line is `group <name> all|any|<k> <name>...`");
    const [name, asked, ...members] = words;
    for (const one of members) {
      if (!defined.has(one)) refuseLine(`no line before defines ${one}`);
      if (listed.has(one)) refuseLine(`${one} is a member of a group already`);
      listed.add(one);
    }
    const threshold = asked === "all" ? members.length : asked === "any" ? 1 : Number(decimal(asked) ?? 0n);
    if (threshold < 1 || threshold > members.length) refuseLine(`a group of ${members.length} cannot ask for ${asked}`);
    if (policy.groups.length >= MOST_DEFINED) refuseLine(`more than ${MOST_DEFINED} groups are not read`);
    defineName(name, reading);
    policy.groups.push({ name, threshold, members });
  },
  quorum(policy, words, { defined, refuseLine }) {
    if (words.length !== 1 || policy.quorum !== null) refuseLine("there is one quorum line, `quorum <name>`");
    if (words[0] !== NO_QUORUM && !defined.has(words[0])) refuseLine(`no line before defines ${words[0]}`);
    [policy.quorum] = words;
  },
};

/** Who of the witnesses of a policy cosigned the note, when, and whether they are enough. */
function cosignersOf(note, policy) {
  const signed = new Set(verifiedBy(note, policy.witnesses.map(({ vkey }) => vkey)));
  const found = policy.witnesses.filter(({ vkey }) => signed.has(vkey));
  const witnessed = new Set(found.map(({ name }) => name));
  for (const { name, threshold, members } of policy.groups) if (members.filter((one) => witnessed.has(one)).length >= threshold) witnessed.add(name);
  const asked = policy.quorum !== NO_QUORUM;
  return {
    asked,
    met: !asked || witnessed.has(policy.quorum),
    by: found.map(({ name, vkey }) => {
      const times = note.signatures.filter((one) => one.name === vkey.name && one.id === vkey.id).map((one) => cosignedAt(one.signature));
      const at = times.reduce((least, time) => (time < least ? time : least));
      return { name: readUtf8(Uint8Array.from(name, (letter) => letter.charCodeAt(0))) ?? name, at: at <= 253402300799n ? `${new Date(Number(at) * 1000).toISOString().slice(0, 19)}Z` : String(at) };
    }),
  };
}
