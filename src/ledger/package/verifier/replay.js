// All entries read once: hashed, admitted again, matched with their disclosures, and folded into what a count needs.

class Replay {
  constructor(reader, head, types, findings, progress, before) {
    Object.assign(this, { reader, findings, progress });
    this.entries = new EntryReader(reader, head.checkpoint, types, findings, progress, before === null ? null : before.size);
    this.admission = new Admission(findings);
    this.ballots = new Ballots();
    this.rows = new StepRows();
    this.stances = new StanceRows();
    this.contents = new Contents();
    this.folds = new Folds();
    this.shippedChoices = new Map();
    this.attendance = new Map();
    this.currency = "";
    this.folded = true;
    this.first = null;
  }

  get states() {
    return this.admission.states;
  }

  get whole() {
    return this.folded && this.entries.complete;
  }

  async run() {
    const shipped = await readDisclosures(this.reader, this.findings, this.progress);
    this.commitments = new Commitments(this.findings, shipped);
    this.redactions = new Redactions(this.findings, this.commitments);
    await this.entries.run((event, redacted) => this.take(event, redacted));
    this.progress("tiles", 0, 0);
    await this.entries.finish();
    this.redactions.finish();
    if (this.whole) this.admission.finish();
    this.commitments.finish(this.states, this.whole, this.redactions.entries);
  }

  take(event, redacted) {
    if (!this.folded) return;
    const seq = event === null ? redacted.seq : event.seq;
    try {
      if (event === null) this.takeRedacted(redacted);
      else this.fold(event);
    } catch (error) {
      this.folded = false;
      const found = `${error.name}: ${error.message}`;
      this.findings.fault("lawfulness", "not-replayable", `entry ${seq}`, "an event that can follow on those before it", found);
    }
  }

  takeRedacted(redacted) {
    const lines = this.commitments.shipped.of.get(redacted.seq) ?? [];
    this.commitments.shipped.of.delete(redacted.seq);
    this.commitments.streams[redacted.seq] = redacted.stream;
    if (this.redactions.note(redacted, lines, this.states)) this.admission.passOver(redacted);
    else this.folded = false;
  }

  fold(event) {
    if (event.type === "entry.redacted/1") this.redactions.noteEvent(event);
    this.admission.consider(event);
    const fields = this.commitments.match(event, this.states);
    // What could not be admitted is folded all the same: its fault is told, and what is published says what the log says.
    const kind = kindOf(event.stream);
    if (kind === "ballot") {
      this.ballots.note(event, fields);
      if (event.data._sd !== undefined && Object.hasOwn(fields, "entries")) listed(this.shippedChoices, event.data.step).push(event.seq);
    } else if (kind === "step" || kind === "result" || kind === "selection") this.rows.note(event, fields);
    else if (kind === "stance") this.stances.note(event, fields);
    else if (event.type === "attendance.marked/1") listed(this.attendance, event.data.step).push(event.seq);
    else if (event.type === "project.opened/1") this.currency = event.data.currency;
    this.contents.note(event, fields);
    this.folds.note(event, fields);
  }

  counts() {
    const { entries, commitments, admission, redactions } = this;
    return { entries: entries.size, disclosures: commitments.shipped.count, not_judged: admission.notJudged, redacted: redactions.entries.size };
  }
}

/** The list under the key, which is made where there is none. */
function listed(lists, key) {
  if (!lists.has(key)) lists.set(key, []);
  return lists.get(key);
}
