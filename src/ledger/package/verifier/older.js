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

  /** `redacted`: by seq, what stands in the newer package in place of entries that were redacted since. */
  async compare(newer, head, root, redacted) {
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
      await this.compareEntries(newer, redacted);
    } catch (error) {
      if (!(error instanceof FileDamaged)) throw error;
      findings.fault("older", error.code, error.place, "entries that can be read back", error.why);
    }
  }

  /** What the older package holds of the ledger log stands in the newer one, too, but for what is of one size of the log. */
  async compareLedgerLog(newer) {
    if (!this.reader.has(LEDGER_ENTRIES) || !newer.has(LEDGER_ENTRIES)) return;
    const linesOf = async (reader) => (readUtf8(await reader.whole(LEDGER_ENTRIES, LARGEST_EXTRACT)) ?? "").split("\n").slice(0, -1);
    try {
      const now = new Set(await linesOf(newer));
      (await linesOf(this.reader)).forEach((entry, number) => {
        if (now.has(entry) || entry.includes('"type":"log.checkpointed/1"')) return;
        const place = `${this.reader.place}: ${LEDGER_ENTRIES} line ${number + 1}`;
        this.findings.fault("older", "older-ledger", place, "an entry that the newer package has, too", "no such entry there");
      });
    } catch (error) {
      if (!(error instanceof FileDamaged)) throw error;
      this.findings.fault("older", error.code, error.place, "entries that can be read back", error.why);
    }
  }

  /** The older file of events, byte for byte, is how the newer one begins. */
  async compareEntries(newer, redacted) {
    const mine = lineByLine(this.reader.lines(EVENTS, 1 << 20));
    const theirs = lineByLine(newer.lines(EVENTS, 1 << 20));
    for (let line = 1; ; line += 1) {
      const one = await mine.next();
      const other = line <= this.size ? await theirs.next() : { done: true };
      if (one.done && other.done) return;
      if (!one.done && !other.done && isLeftOf(redacted.get(line - 1), one.value)) continue;
      if (one.done || other.done || !sameBytes(one.value, other.value)) {
        const told = (side) => (side.done ? "no such entry" : readUtf8(side.value) ?? hex(side.value));
        this.findings.fault("older", "older-entries", `${this.reader.place}: ${EVENTS} line ${line} (entry ${line - 1})`, told(one), told(other));
        return;
      }
    }
  }
}

/** True when what is left of an entry is left of this one. */
function isLeftOf(left, line) {
  if (left === undefined || !sameBytes(left.leaf, leafHash(line))) return false;
  const { stream, type, version } = JSON.parse(readUtf8(line));
  return left.stream === stream && left.type === type && left.version === version;
}

async function* lineByLine(batches) {
  for await (const lines of batches) yield* lines;
}
