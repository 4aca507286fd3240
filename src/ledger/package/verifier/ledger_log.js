// The rules of the ledger log, asked of the part of it that a package holds (docs/formats/ledger-log.md). Left out of that part are other sizes of
// the log: a gap has to be one that entries could fill. What these said is not known here, and that is told.

const LEDGER_PROJECT = "~ledger";
const LEDGER_ENTRIES = "ledger/entries.ndjson";

function blankLog() {
  return { version: 0, origin: "", first: null, size: 0, root: null, lastIndex: -1, closed: false, vkeys: [], retired: [] };
}

class ExtractRules {
  /** `about` is the checkpoint at which the package is cut, `ledger` that of the ledger log. */
  constructor(about, ledger, types, findings) {
    Object.assign(this, { about, ledger, types, findings });
    this.logs = new Map();
    this.origins = new Map();
    this.leftOut = 0;
    this.closed = null;
    this.retiredBy = new Map();
    this.roots = [];
    this.last = { index: -1, at: "" };
  }

  log(project) {
    return this.logs.get(project) ?? blankLog();
  }

  get own() {
    return this.log(this.origins.get(this.about.origin) ?? "");
  }

  get ofLedger() {
    return this.log(LEDGER_PROJECT);
  }

  fault(check, place, expected, found) {
    this.findings.fault("integrity", check, place, expected, found);
  }

  /** The index of the entry, or null where the line is none. */
  consider(number, line) {
    let place = `${LEDGER_ENTRIES} line ${number}`;
    const text = readUtf8(line);
    let event;
    try {
      if (text === null) throw new SchemaFault("not UTF-8");
      parseJson(text);
      event = this.types.read(JSON.parse(text));
    } catch (error) {
      if (!(error instanceof SchemaFault) && !(error instanceof NotCanonical)) throw error;
      this.fault("ledger-entry", place, "an entry of a ledger log", error.message);
      return null;
    }
    place = `${place} (entry ${event.seq} of the ledger log)`;
    if (canonicalText(event) !== text) this.fault("ledger-entry", place, "the entry as a ledger writes it", "another spelling");
    if (event.seq <= this.last.index || event.at < this.last.at) {
      this.fault("ledger-rules", place, `an entry after ${this.last.index}, at ${this.last.at} or later`, `entry ${event.seq}, at ${event.at}`);
      return event.seq;
    }
    this.last = { index: event.seq, at: event.at };
    if (this.belongs(event, place)) this.admit(event, place);
    return event.seq;
  }

  belongs({ data, type }, place) {
    const [named, placed] = [data.project === LEDGER_PROJECT, data.origin === this.ledger.origin];
    if ((named && placed) || (!named && !placed && data.origin === this.about.origin)) {
      if (type !== "log.checkpointed/1") return true;
      if (BigInt(data.size) === this.about.size && data.origin === this.about.origin) return true;
      this.fault("ledger-rules", place, `no other size than that of the package, ${this.about.size}`, `size ${data.size}`);
      return false;
    }
    this.fault("ledger-rules", place, `only entries about ${this.about.origin} and ${this.ledger.origin}`, `${data.origin} of the project ${data.project}`);
    return false;
  }

  admit(event, place) {
    const { data, type } = event;
    if (type !== "log.opened/1") this.bridge(data, event.version);
    try {
      this.check(event);
      if (data.vkey !== undefined) checkLogKey(data.vkey, data.project === LEDGER_PROJECT ? this.ledger.origin : this.about.origin);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Malformed)) throw error;
      this.fault("ledger-rules", place, `an entry that may follow here: ${type}`, error.message);
      return;
    }
    this.evolve(event);
    if (type === "log.checkpointed/1") this.roots.push(data.root);
    else if (type === "log.closed/1" && data.project !== LEDGER_PROJECT) this.closed = data;
    else if (type === "key.retired/1" && data.project !== LEDGER_PROJECT) this.retiredBy.set(data.vkey, event.seq);
  }

  /** Where entries about the log can have been left out before this one, it is judged as what follows on them. */
  bridge(data, version) {
    const state = this.logs.get(data.project);
    if (state === undefined || data.project === LEDGER_PROJECT) return; // of the ledger log nothing is left out
    const missing = version - state.version - 1;
    if (missing > 0 && missing <= data.previous - state.lastIndex) {
      this.leftOut += missing;
      Object.assign(state, { version: version - 1, lastIndex: data.previous });
    }
  }

  check(event) {
    const { data, type } = event;
    if (event.stream !== `log/${data.project}`) refuse("stream-differs", event.stream);
    const plain = event.log === this.ledger.origin && event.role === "system" && event.via === LEDGER_CLIENT && event.actor === undefined;
    if (!plain) refuse("ledger-envelope-unfit", String(event.seq));
    const state = this.log(data.project);
    if (type === "log.opened/1") {
      if (state.version) refuse("log-already-opened", data.project);
      if (this.origins.has(data.origin)) refuse("origin-twice", data.origin);
    } else {
      if (!state.version) refuse("log-not-opened", data.project);
      if (data.origin !== state.origin) refuse("origin-differs", data.origin);
      if (data.previous !== state.lastIndex) refuse("log-chain-broken", `${data.previous}, and ${state.lastIndex} is the entry before`);
      if (state.closed) refuse("log-closed-already", data.project);
      checkAgainstLog(data, type, state);
    }
    if (event.version !== state.version + 1) refuse("version-differs", `version ${event.version} follows on ${state.version}`);
  }

  evolve({ data, type, seq, version }) {
    if (!this.logs.has(data.project)) this.logs.set(data.project, blankLog());
    const state = this.logs.get(data.project);
    switch (type) {
      case "log.opened/1":
        Object.assign(state, { origin: data.origin, first: data.first ?? null, vkeys: [data.vkey] });
        this.origins.set(data.origin, data.project);
        break;
      case "log.closed/1":
        state.closed = true;
      // falls through: it states size and root, too
      case "log.checkpointed/1":
        Object.assign(state, { size: data.size, root: data.root });
        break;
      case "key.added/1":
        state.vkeys.push(data.vkey);
        break;
      default:
        state.vkeys = state.vkeys.filter((vkey) => vkey !== data.vkey);
        state.retired.push(data.vkey);
    }
    Object.assign(state, { version, lastIndex: seq });
  }

  /** All entries were considered: the log is known, and it stands there as the package has it. */
  finish() {
    const { about, ledger } = this;
    for (const [origin, state] of [[about.origin, this.own], [ledger.origin, this.ofLedger]]) {
      if (!state.version) this.fault("ledger-rules", LEDGER_ENTRIES, `the entry that opens the log ${origin}`, "no such entry");
    }
    if (this.closed !== null) this.checkClosed(this.closed);
    if (about.size === 0n) this.roots.push(base64url(emptyRoot()));
    const expected = `root ${base64(about.root)} at ${about.size} entries, as ${about.origin} signed it`;
    if (!this.roots.length && this.own.version) this.fault("ledger-root", LEDGER_ENTRIES, expected, "nothing about this size");
    for (const stated of this.roots) {
      if (stated !== base64url(about.root)) this.fault("ledger-root", LEDGER_ENTRIES, expected, `another root at that size: ${stated}`);
    }
    if (this.leftOut) {
      const why = "a package does not hold them; whoever follows the whole ledger log (ledger monitor) sees what they say";
      this.findings.leftOut("integrity", "ledger-left-out", `${this.leftOut} entries of the ledger log about this log`, why);
    }
  }

  checkClosed(closed) {
    if (this.about.size > BigInt(closed.size)) {
      const expected = `at most ${closed.size} entries: the ledger log says that this log ended there (${closed.code})`;
      this.fault("ledger-closed", LEDGER_ENTRIES, expected, `${this.about.size} entries`);
      return;
    }
    if (this.about.size === BigInt(closed.size)) this.roots.push(closed.root);
    const after = closed.successor === undefined ? "" : `, and goes on as ${closed.successor}`;
    this.findings.notice("integrity", "log-closed", LEDGER_ENTRIES, "a log that goes on", `it ended at ${closed.size} entries (${closed.code})${after}`);
  }

  /** `leaf`: of the first entry in the package; it is the one with which the log was opened. */
  checkFirst(leaf) {
    if (!this.own.version || leaf === undefined) return;
    const [expected, found] = [this.own.first ?? "none", base64url(leaf)];
    if (found !== expected) this.fault("ledger-first", "entry 0", `the entry with which this log was opened, leaf hash ${expected}`, found);
  }
}

function checkAgainstLog(data, type, state) {
  const isShorter = data.size < state.size;
  if (type === "log.checkpointed/1" && data.size <= state.size) refuse("log-not-grown", String(data.size));
  if (type === "log.closed/1" && (isShorter || (data.size === state.size && state.root !== null && data.root !== state.root))) {
    refuse("log-not-grown", String(data.size));
  }
  if (type === "key.added/1" && (state.vkeys.includes(data.vkey) || state.retired.includes(data.vkey))) refuse("key-already-added", data.vkey);
  if (type === "key.retired/1" && (!state.vkeys.includes(data.vkey) || state.vkeys.length === 1)) refuse("key-not-active", data.vkey);
}

function checkLogKey(text, origin) {
  const vkey = parseVkey(text);
  if (vkey.name !== origin || vkey.type !== PLAIN_KEY) throw new Malformed("malformed-vkey", "vkey", `it is not a key that signs as ${origin}`);
}
