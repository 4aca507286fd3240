// The entries of a package: each hashed as it stands, asked whether its bytes are what they should be, and handed on as an event.

const REDACTED_LINE = compileSchema(FACTS.redacted, {});

class EntryReader {
  constructor(reader, checkpoint, types, findings, progress, olderSize) {
    Object.assign(this, { reader, checkpoint, types, findings, progress, olderSize });
    this.stated = Number(checkpoint.size);
    this.complete = true;
    this.olderRoot = null;
    this.upper = [];
    this.leaves = [];
    this.tree = new GrowingTree((level, hash) => {
      while (this.upper.length < level) this.upper.push([]);
      this.upper[level - 1].push(hash);
    });
  }

  get size() {
    return this.tree.size;
  }

  leaf(seq) {
    return this.leaves[seq];
  }

  /** Hands every event to `take`, in the order of the log. */
  async run(take) {
    this.noteOlder();
    try {
      for await (const lines of this.reader.lines(EVENTS, this.types.facts.entry_limit)) {
        for (const line of lines) this.line(line, take);
        this.progress("entries", this.size, this.stated);
      }
    } catch (error) {
      if (!(error instanceof FileDamaged)) throw error;
      this.complete = false;
      this.findings.fault("reading", error.code, error.place, "a file that can be read back", error.why);
    }
  }

  line(line, take) {
    const seq = this.size;
    const text = readUtf8(line);
    let value;
    try {
      value = text === null ? undefined : JSON.parse(text);
    } catch {
      value = undefined;
    }
    const isLeft = text !== null && text.startsWith('{"redacted":');
    const redacted = isLeft ? this.redacted(seq, value, text) : null;
    const leaf = redacted === null ? leafHash(line) : redacted.leaf;
    this.tree.add(leaf);
    this.leaves.push(leaf);
    this.noteOlder();
    if (redacted !== null) take(null, redacted);
    if (isLeft) return;
    const event = this.event(seq, value, text);
    if (event !== null) take(event, null);
  }

  /** What stands in place of an entry whose bytes are withheld by order of a court; null where the line is not of that form. */
  redacted(seq, value, text) {
    let left;
    try {
      left = REDACTED_LINE(member(value, "redacted") ?? null, "$.redacted");
      if (canonicalText({ redacted: left }) !== text || unbase64url(left.leaf_hash) === null) faultAt("$.redacted", "not written as a ledger writes it");
    } catch (error) {
      if (!(error instanceof SchemaFault)) throw error;
      this.complete = false;
      this.fault("redaction-malformed", seq, "what is left of an entry, as docs/formats/entry.md states it", error.message);
      return null;
    }
    if (left.seq !== seq) {
      this.fault("entry-misplaced", seq, `seq ${seq}`, `seq ${left.seq}`);
      this.complete = false;
    }
    return { ...left, seq, leaf: unbase64url(left.leaf_hash) };
  }

  event(seq, value, text) {
    let event;
    try {
      if (value === undefined) throw new SchemaFault("not JSON in UTF-8");
      event = this.types.read(value);
    } catch (error) {
      if (!(error instanceof SchemaFault)) throw error;
      this.complete = false;
      this.fault("entry-malformed", seq, "an event as docs/formats/entry.md states it", error.message);
      return null;
    }
    if (canonicalText(event) !== text || text.includes("\\u0000")) this.explainBytes(seq, text);
    if (event.seq !== seq) {
      this.fault("entry-misplaced", seq, `seq ${seq}`, `seq ${event.seq}`);
      this.complete = false;
    }
    if (event.log !== this.checkpoint.origin) this.fault("entry-of-another-log", seq, this.checkpoint.origin, event.log);
    return event;
  }

  explainBytes(seq, text) {
    try {
      const written = canonicalText(parseJson(text));
      const found = written === text ? "canonical JSON that says the same otherwise" : "the bytes are not the canonical form of the value they write";
      this.fault("entry-not-canonical", seq, "the event as a ledger writes it, in canonical JSON (RFC 8785)", found);
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      this.fault("entry-not-canonical", seq, "canonical JSON (RFC 8785)", error.message);
    }
  }

  /** The tree is compared with the checkpoint, and its tiles with those of the package. */
  async finish() {
    const { findings, checkpoint, tree } = this;
    if (BigInt(tree.size) !== checkpoint.size) {
      findings.fault("integrity", "size", EVENTS, `${checkpoint.size} entries, as the checkpoint states`, String(tree.size));
    }
    if (!sameBytes(tree.root(), checkpoint.root)) {
      findings.fault("integrity", "root", EVENTS, `root ${base64(checkpoint.root)}, as the checkpoint states`, base64(tree.root()));
    }
    const levels = [this.leaves, ...this.upper];
    for (const [level, index, width] of tilesOf(tree.size)) {
      await this.checkTile(level, index, levels[level].slice(index * FULL_WIDTH, index * FULL_WIDTH + width));
    }
  }

  async checkTile(level, index, hashes) {
    const name = `log/${tilePath(level, index, hashes.length)}`;
    let found;
    try {
      found = await this.reader.whole(name, FULL_WIDTH * HASH_SIZE);
    } catch (error) {
      if (!(error instanceof FileDamaged)) throw error;
      this.findings.fault("reading", error.code, name, "a hash tile that can be read back", error.why);
      return;
    }
    if (sameBytes(found, joined(hashes))) return;
    let place = 0;
    while (place < hashes.length && sameBytes(found.subarray(place * HASH_SIZE, (place + 1) * HASH_SIZE), hashes[place])) place += 1;
    const which = `${name}, hash ${place}${level ? "" : ` (entry ${index * FULL_WIDTH + place})`}`;
    const words = found.length === hashes.length * HASH_SIZE ? "another hash" : `${found.length} bytes`;
    this.findings.fault("integrity", "tile", which, "the hash that follows from the entries", words);
  }

  noteOlder() {
    if (this.tree.size === this.olderSize) this.olderRoot = this.tree.root();
  }

  fault(check, seq, expected, found) {
    this.findings.fault("integrity", check, `${EVENTS} line ${seq + 1} (entry ${seq})`, expected, found);
  }
}
