// Whether an older package is a beginning of this one: nothing was rewritten between the two.

class OlderPackage {
  /** `vkeys` are the keys that may have signed an older package of the log. */
  static async read(reader, vkeys, findings) {
    findings.lookedAt.add("older");
    const older = new OlderPackage();
    Object.assign(older, { reader, findings, head: await readHead(reader, findings, "older") });
    if (older.head !== null && vkeys.length && !headSigners(older.head, vkeys).length) {
      const keys = vkeys.map(({ text }) => text).join(", ");
      findings.fault("older", "signature", `${reader.place}: ${CHECKPOINT}`, `a valid signature with ${keys}`, claimedSigners(older.head));
    }
    return older;
  }

  get size() {
    return this.head === null ? null : Number(this.head.checkpoint.size);
  }

  async compare(newer, head, root) {
    if (this.head === null) return;
    const { findings } = this;
    const [before, after] = [this.head.checkpoint, head.checkpoint];
    const place = this.reader.place;
    if (before.origin !== after.origin) {
      findings.fault("older", "older-of-another-log", place, after.origin, before.origin);
      return;
    }
    if (before.size > after.size) {
      findings.fault("older", "older-is-newer", place, `at most ${after.size} entries`, String(before.size));
      return;
    }
    if (root !== null && !sameBytes(root, before.root)) {
      findings.fault("older", "older-root", place, `root ${base64(before.root)} at ${before.size} entries`, base64(root));
    }
    try {
      await this.compareEntries(newer);
    } catch (error) {
      if (!(error instanceof FileDamaged)) throw error;
      findings.fault("older", error.code, error.place, "entries that can be read back", error.why);
    }
  }

  /** The older file of events, byte for byte, is how the newer one begins. */
  async compareEntries(newer) {
    const mine = lineByLine(this.reader.lines(EVENTS, 1 << 20));
    const theirs = lineByLine(newer.lines(EVENTS, 1 << 20));
    for (let line = 1; ; line += 1) {
      const one = await mine.next();
      const other = line <= this.size ? await theirs.next() : { done: true };
      if (one.done && other.done) return;
      if (one.done || other.done || !sameBytes(one.value, other.value)) {
        const told = (side) => (side.done ? "no such entry" : readUtf8(side.value) ?? hex(side.value));
        this.findings.fault("older", "older-entries", `${this.reader.place}: ${EVENTS} line ${line} (entry ${line - 1})`, told(one), told(other));
        return;
      }
    }
  }
}

async function* lineByLine(batches) {
  for await (const lines of batches) yield* lines;
}
