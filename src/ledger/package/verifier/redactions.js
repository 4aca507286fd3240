// Entries whose bytes a court has ordered to be withheld: each is explained by a later event of the same log, or it is a fault.

class Redactions {
  constructor(findings, commitments) {
    this.findings = findings;
    this.commitments = commitments;
    this.entries = new Map();
    this.said = new Map();
  }

  /** False where what stands in place of the entry is of a kind that is never redacted. */
  note(redacted, lines, states) {
    const { seq, type, stream, authority } = redacted;
    this.entries.set(seq, redacted);
    for (const line of lines) {
      this.fault("disclosure-redacted", `entry ${seq}, field ${line.name}`, `no text, redacted by order of ${authority}`, "its disclosure");
    }
    const kind = FACTS.events[type]?.redactable ?? null;
    if (kind === null || kindOf(stream) !== kind) {
      this.fault("redaction-unfit", `entry ${seq}`, "an entry of a kind that can be redacted", `${type} in ${stream}`);
      return false;
    }
    const sealed = states.step(stream.split("/")[1] ?? "").secrecy === "sealed";
    this.commitments.count("redacted", isBallotChoices(type) ? Number(sealed) : Object.keys(FACTS.events[type].committed).length);
    return true;
  }

  noteEvent(event) {
    if (!this.said.has(event.data.entry)) this.said.set(event.data.entry, event);
  }

  finish() {
    for (const [seq, redacted] of this.entries) {
      const said = this.said.get(seq);
      const place = `entry ${seq}, version ${redacted.version} of ${redacted.stream}`;
      if (said === undefined || !saysTheSame(said.data, redacted)) {
        const expected = `its bytes, or a later entry.redacted that states leaf hash ${base64url(redacted.leaf)} and the rest of its line`;
        this.fault("redaction-unexplained", place, expected, said === undefined ? "none" : `entry ${said.seq}, which states otherwise`);
      } else {
        const found = `withheld by order of ${redacted.authority} (${said.data.code}), entry ${said.seq}`;
        this.findings.notice("integrity", "redacted", place, `the bytes of a ${redacted.type}`, found);
      }
    }
    for (const [seq, event] of this.said) {
      if (!this.entries.has(seq)) {
        this.fault("redaction-disregarded", `entry ${seq}`, `no bytes, redacted by entry ${event.seq} (${event.data.authority})`, "its bytes");
      }
    }
  }

  /** The redacted entries on which the result of a step would rest. */
  restingOn(step, items) {
    const candidates = new Set(items.map(({ ref }) => `contribution/${ref}`));
    const missing = [...this.entries.values()].filter(({ stream }) => stream.startsWith(`ballot/${step}/`) || candidates.has(stream));
    return missing.sort((one, other) => one.seq - other.seq);
  }

  /** What a result says of a redacted entry: not whose it was. */
  told({ seq, type, authority }) {
    return { entry: seq, type, authority, seq: this.said.get(seq)?.seq ?? null };
  }

  /** The people of whose ballots in the step something is redacted. */
  touchedBallots(step) {
    const prefix = `ballot/${step}/`;
    return new Set([...this.entries.values()].filter(({ stream }) => stream.startsWith(prefix)).map(({ stream }) => stream.slice(prefix.length)));
  }

  fault(check, place, expected, found) {
    this.findings.fault("integrity", check, place, expected, found);
  }
}

function saysTheSame(data, redacted) {
  const { authority, leaf, stream, type, version } = redacted;
  return data.authority === authority && data.leaf_hash === base64url(leaf) && data.stream === stream && data.type === type && data.version === version;
}
