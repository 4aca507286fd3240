// All entries read once: hashed, admitted again, matched with their disclosures.

class Replay {
  constructor(reader, head, types, findings, progress, before) {
    Object.assign(this, { reader, findings, progress });
    this.entries = new EntryReader(reader, head.checkpoint, types, findings, progress, before === null ? null : before.size);
    this.folded = true;
  }

  get whole() {
    return this.folded && this.entries.complete && !this.entries.redacted;
  }

  async run() {
    await this.entries.run((event, withheld) => this.take(event, withheld));
    await this.entries.finish();
  }

  take() {}

  counts() {
    return { entries: this.entries.size };
  }
}

/** What can be said only when all entries were replayed. */
async function judge(verification, replay, manifest, progress) {
  const { findings } = verification;
  for (const stage of ["lawfulness", "results"]) findings.leftOut(stage, "not-ported", "this stage", "this version of the page does not judge it");
  await manifest.checkDigests(progress);
}
