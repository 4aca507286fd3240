// What became of each commitment of a log: disclosed, or why not. Only what nothing explains is a fault (docs/formats/commitments.md).

const LONGEST_DISCLOSURE = 32 << 20;
const DISCLOSURE_LINE = /^\{"disclosure":"([A-Za-z0-9_-]*)","name":"([a-z_]{1,64})","seq":(0|[1-9][0-9]{0,15})\}$/;
const ERASURE = "content.erased/1";
const PLAIN_CHOICES = /^\["[A-Za-z0-9_-]{22}","entries",(\[[-0-9,[\]]*\])\]$/;

/** The lines of disclosures.jsonl by entry. */
async function readDisclosures(reader, findings, progress) {
  const shipped = new Map();
  const found = { of: shipped, count: 0, left: null };
  let [lastSeq, lastName] = [-1, ""];
  try {
    for await (const lines of reader.lines(DISCLOSURES, LONGEST_DISCLOSURE)) {
      for (const line of lines) {
        found.count += 1;
        const place = `${DISCLOSURES} line ${found.count}`;
        const match = DISCLOSURE_LINE.exec(readUtf8(line) ?? "");
        if (match === null) {
          findings.fault("integrity", "disclosure-malformed", place, "entry, name and disclosure", "another form");
          continue;
        }
        const [text, name, seq] = [match[1], match[2], Number(match[3])];
        if (seq < lastSeq || (seq === lastSeq && name <= lastName)) {
          findings.fault("integrity", "disclosure-order", place, "lines in the order of the log", `entry ${seq}, ${name}`);
          continue;
        }
        [lastSeq, lastName] = [seq, name];
        if (shipped.has(seq)) shipped.get(seq).push({ name, text, place });
        else shipped.set(seq, [{ name, text, place }]);
      }
      progress("disclosures", found.count, 0);
    }
  } catch (error) {
    if (!(error instanceof FileDamaged)) throw error;
    findings.fault("reading", error.code, error.place, "a file that can be read back", error.why);
  }
  return found;
}

/** { name, value, digest } of a disclosure, or the reason why it is none. */
function openDisclosure(text) {
  const bytes = unbase64url(text);
  const written = bytes === null ? null : readUtf8(bytes);
  if (written === null) return { why: "not base64url of UTF-8" };
  let array;
  try {
    array = parseJson(written);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    return { why: error.message };
  }
  if (!Array.isArray(array) || array.length !== 3 || typeof array[0] !== "string" || typeof array[1] !== "string") {
    return { why: "not an array of salt, name and value" };
  }
  return { name: array[1], value: array[2], digest: base64url(sha256(utf8(text))), written };
}

class Commitments {
  constructor(findings, shipped) {
    this.findings = findings;
    this.shipped = shipped;
    this.statuses = new Map();
    /** Step → commitments of its ballots that were not disclosed so far. */
    this.undisclosed = new Map();
    this.missing = new Map();
    this.erasures = new Map();
    this.shown = new Map();
    this.known = new Map();
    /** Entries with commitments that an erasure may name, and the stream of every entry. */
    this.committing = new Map();
    this.streams = [];
  }

  count(status, number = 1) {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + number);
  }

  fault(check, event, name, expected, found) {
    this.findings.fault("integrity", check, `entry ${event.seq}, field ${name}`, expected, found);
  }

  /** The committed fields that are disclosed of an event. `states` are those after it. */
  match(event, states) {
    const lines = this.shipped.of.get(event.seq) ?? [];
    if (lines.length) this.shipped.of.delete(event.seq);
    this.streams[event.seq] = event.stream;
    if (event.type === ERASURE) this.noteErasure(event);
    const { fact, data } = event;
    if (lines.length === 1 && isBallotChoices(event.type)) {
      const entries = this.knownChoices(data, lines[0]);
      if (entries !== null) {
        this.count("disclosed");
        return { entries };
      }
    }
    if (data._sd === undefined) {
      for (const line of lines) this.fault("disclosure-unmatched", event, line.name, "no disclosure: the entry commits to nothing", line.text);
      return {};
    }
    if (!isBallotChoices(event.type)) this.committing.set(event.seq, event);
    const disclosed = this.openAll(event, lines);
    const digests = data._sd;
    if (digests.some((digest, place) => place && digest <= digests[place - 1])) {
      this.fault("commitments-order", event, "_sd", "digests ascending, each once", digests.join(" "));
    }
    const missing = fact.names.filter((name) => !Object.hasOwn(disclosed.fields, name));
    if (missing.length) this.explain(event, missing, new Set(digests.filter((digest) => !disclosed.opened.has(digest))));
    if (fact.withheld && Object.keys(disclosed.fields).length && !this.shown.has(event.stream)) this.shown.set(event.stream, event.seq);
    this.compareDigests(event, disclosed.fields);
    if (isBallotChoices(event.type) && Object.hasOwn(disclosed.fields, "entries")) this.checkPossible(event, disclosed, states);
    return disclosed.fields;
  }

  openAll(event, lines) {
    const { fact, data } = event;
    const disclosed = { fields: {}, opened: new Set(), written: null };
    for (const line of lines) {
      const found = openDisclosure(line.text);
      if (found.why !== undefined) this.fault("disclosure-malformed", event, line.name, "salt, name and value", found.why);
      else if (!data._sd.includes(found.digest) || disclosed.opened.has(found.digest)) {
        this.fault("disclosure-unmatched", event, line.name, "a digest that stands in the entry", found.digest);
      } else if (found.name !== line.name || !Object.hasOwn(fact.committed, line.name)) {
        this.fault("disclosure-misnamed", event, line.name, fact.names.join(", "), found.name);
      } else if (fact.committed[line.name] === "private") {
        this.fault("disclosure-private", event, line.name, "a field that is never disclosed stays closed", "its disclosure");
      } else {
        disclosed.opened.add(found.digest);
        disclosed.fields[line.name] = found.value;
        disclosed.written = found.written;
        this.count("disclosed");
      }
    }
    return disclosed;
  }

  explain(event, missing, unopened) {
    const open = [];
    for (const name of missing) {
      switch (event.fact.committed[name]) {
        case "private":
          this.count("private");
          break;
        case "sealed":
          this.undisclosed.set(event.data.step, (this.undisclosed.get(event.data.step) ?? 0) + 1);
          break;
        default:
          open.push(name);
      }
    }
    if (open.length) this.missing.set(event.seq, { event, names: open, digests: unopened });
  }

  compareDigests(event, fields) {
    for (const [field, name] of Object.entries(event.fact.digested)) {
      if (!Object.hasOwn(fields, name)) continue;
      const digest = fields[name] === null ? null : digestOf(fields[name]);
      const stated = event.data[field] ?? null;
      if (stated !== digest) this.fault("digest-differs", event, field, `digest ${digest}, of the ${name} that is disclosed`, String(stated));
    }
  }

  /** Choices that were found possible in this step before: only digest and form are left to look at. */
  knownChoices(data, line) {
    if (!this.known.size || data._sd === undefined || data._sd.length !== 1 || line.name !== "entries") return null;
    const bytes = unbase64url(line.text);
    const match = bytes === null ? null : PLAIN_CHOICES.exec(readUtf8(bytes) ?? "");
    if (match === null) return null;
    const entries = this.known.get(`${data.step} ${match[1]}`);
    return entries !== undefined && base64url(sha256(utf8(line.text))) === data._sd[0] ? entries : null;
  }

  checkPossible(event, disclosed, states) {
    const { data } = event;
    const entries = asEntries(disclosed.fields.entries);
    const place = `entry ${event.seq}`;
    if (entries === null) {
      const found = canonicalText(disclosed.fields.entries);
      this.findings.fault("lawfulness", "sealed-choices", place, "positions, or pairs of position and value", found);
      return;
    }
    try {
      checkChoices(entries, states.step(data.step), states.selection(data.step));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.findings.fault("lawfulness", "sealed-choices", place, "choices that the step allows", error.message);
      return;
    }
    const match = PLAIN_CHOICES.exec(disclosed.written);
    if (match !== null && this.known.size < 1 << 15) this.known.set(`${data.step} ${match[1]}`, entries);
  }

  noteErasure(event) {
    const { entry, erased, digests } = event.data;
    const erasure = this.erasures.get(entry) ?? { seqs: [], streams: new Set(), digests: new Set() };
    erasure.seqs.push(event.seq);
    erasure.streams.add(erased ?? "");
    for (const digest of digests ?? []) erasure.digests.add(digest);
    this.erasures.set(entry, erasure);
  }

  /** No line is about an entry that there is not; what was left open is explained by the whole log, or it is a fault. */
  finish(states, whole, redacted) {
    for (const [seq, lines] of this.shipped.of) {
      for (const line of lines) this.findings.fault("integrity", "disclosure-misplaced", line.place, "an entry of the log", `entry ${seq}`);
    }
    if (!whole) return;
    for (const [entry, erasure] of this.erasures) if (!redacted.has(entry)) this.judgeErasure(entry, erasure);
    for (const [seq, missing] of this.missing) this.judgeMissing(seq, missing, states);
    for (const [stream, seq] of this.shown) {
      if (isWithheld(stream, states)) {
        this.findings.fault("integrity", "disclosure-withheld", `entry ${seq}, stream ${stream}`, "no text of it while it is hidden", "its disclosure");
      }
    }
  }

  judgeMissing(seq, missing, states) {
    const left = missing.digests.size;
    if (missing.event.fact.withheld && isWithheld(missing.event.stream, states)) {
      this.count("withheld", left);
      return;
    }
    if (!left) return;
    this.count("unexplained", left);
    const expected = "its disclosure, or an event that says why there is none";
    const apart = missing.names.length === left;
    const places = apart ? missing.names.map((name) => `entry ${seq}, field ${name}`) : [`entry ${seq}, ${left} of the fields ${missing.names.join(", ")}`];
    for (const place of places) this.findings.fault("integrity", "commitment-unexplained", place, expected, "nothing");
  }

  /** The erasures of one entry are held against the entry, and explain what is missing of it. */
  judgeErasure(entry, erasure) {
    const place = `entry ${erasure.seqs.at(-1)}, about entry ${entry}`;
    const event = this.committing.get(entry) ?? { stream: this.streams[entry] };
    if (erasure.streams.size !== 1 || !erasure.streams.has(event.stream)) {
      this.findings.fault("integrity", "erasure-misplaced", place, `stream ${event.stream}`, [...erasure.streams].sort().join(", "));
    }
    const committed = new Set(event.data === undefined ? [] : event.data._sd ?? []);
    const isPrivate = event.fact !== undefined && Object.values(event.fact.committed).includes("private");
    const missing = this.missing.get(entry);
    const unopened = isPrivate ? committed : missing === undefined ? new Set() : missing.digests;
    let explained = 0;
    for (const digest of [...erasure.digests].sort()) {
      if (!committed.has(digest)) this.findings.fault("integrity", "erasure-unmatched", place, `a digest that stands in entry ${entry}`, digest);
      else if (!unopened.has(digest)) {
        this.findings.fault("integrity", "disclosure-erased", `entry ${entry}`, `no text, erased by entry ${erasure.seqs.at(-1)}`, `what opens ${digest}`);
      } else explained += 1;
    }
    this.count("erased", explained);
    if (isPrivate) this.count("private", -explained);
    else if (missing !== undefined) for (const digest of erasure.digests) missing.digests.delete(digest);
  }
}

/** True while the content of this stream is hidden, or in a trash that nobody can read. */
function isWithheld(stream, states) {
  const { decision } = states.of(`case/${stream}`);
  return decision === "hidden" || decision === "limited_invisible";
}
