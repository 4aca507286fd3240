// The table `arguments`: every argument for or against a contribution, with its text where it may be shown.

/** What each argument says now, about what, and on which side. Withdrawing never removes a row. */
class ArgumentRows {
  static types = new Set(["argument.submitted", "argument.revised", "argument.withdrawn", ...JUDGING]);

  constructor() {
    this.rows = new Map();
  }

  note(event, fields) {
    const { data, seq, at } = event;
    const name = event.type.split("/")[0];
    if (name === "argument.submitted") {
      this.rows.set(data.ref, argumentAsSubmitted(event, fields));
      return;
    }
    const row = this.rows.get(name.startsWith("content.") ? judgedRef(event, "argument") : data.ref);
    if (row === undefined || judgeContent(row, event)) return;
    if (name === "argument.revised") Object.assign(row, { texts: row.texts + 1, last_text: seq, revised_seq: seq, body: fields.body ?? null });
    else {
      const withdrawal = { withdrawn_seq: seq, withdrawn_at: at, withdrawn_code: data.code, withdrawn_reason: fields.reason ?? null };
      Object.assign(row, { state: "withdrawn", ...withdrawal });
    }
  }

  /** Ascending by reference. */
  sorted() {
    return byKey(this.rows).map(([, row]) => row);
  }
}

function argumentAsSubmitted(event, fields) {
  const { data, seq } = event;
  return {
    ref: data.ref, external_ref: data.external_ref ?? null, contribution: data.contribution, step: data.step, side: data.side,
    parent: data.parent ?? null, meeting: data.meeting ?? null, author: event.actor ?? null, state: "submitted", seq, texts: 1, last_text: seq,
    submitted_at: event.at, claimed_at: event.claimed_at ?? null, revised_seq: null, withdrawn_seq: null, withdrawn_at: null,
    withdrawn_code: null, withdrawn_reason: null, moderation: null, moderated: false, erased: new Set(), body: fields.body ?? null,
  };
}

function* argumentRows(replay) {
  const unshown = replay.folds.of("unshown");
  for (const row of replay.folds.of("arguments").sorted()) {
    const told = (...names) => names.map((name) => row[name]);
    const places = [["withdrawn_reason", row.withdrawn_seq, "reason"]];
    if (!withholdsTexts(row.moderation)) places.push(["body", row.last_text, "body"]);
    yield [
      ...told("ref", "external_ref", "contribution", "step", "side", "parent", "state", "author", "meeting"),
      ...replay.contents.worded(row.body),
      ...told("texts", "seq", "submitted_at", "claimed_at", "revised_seq", "withdrawn_seq", "withdrawn_at", "withdrawn_code"),
      replay.contents.worded(row.withdrawn_reason)[1], ...decisionCells(row.moderation), row.moderated,
      spaced(unshown.erased(places, row.erased)),
    ];
  }
}

FOLDS.set("arguments", ArgumentRows);
TABLE_ROWS.set("arguments", argumentRows);
