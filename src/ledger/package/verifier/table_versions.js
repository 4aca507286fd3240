// The table `versions`: what every version of a contribution or an argument says, where it may be shown.

/** Each version of a text. A later one changes none before it. */
class VersionRows {
  static types = new Set(["contribution.submitted", "contribution.revised", "argument.submitted", "argument.revised", "content.erased"]);

  constructor() {
    /** `<target>/<seq in 12 digits>` → row. */
    this.rows = new Map();
  }

  note(event, fields) {
    const { data, seq, at } = event;
    const [family] = event.type.split(".");
    if (family === "content") {
      this.rows.get(versionKey(data.erased, data.entry))?.erased.add(data.entry);
      return;
    }
    const target = `${family}/${data.ref}`;
    this.rows.set(versionKey(target, seq), {
      target, family, seq, at, claimed_at: event.claimed_at ?? null, author: event.actor ?? null, role: event.role, erased: new Set(), ...textsOf(fields),
    });
  }
}

function versionKey(target, seq) {
  return `${target}/${String(seq).padStart(12, "0")}`;
}

function* versionRows(replay) {
  const { contents, folds } = replay;
  const unshown = folds.of("unshown");
  const judged = decisionsInForce(folds);
  let [target, version] = [null, 0];
  for (const [, row] of byKey(folds.of("versions").rows)) {
    version = row.target === target ? version + 1 : 1;
    target = row.target;
    const decision = judged.get(target) ?? null;
    const names = row.family === "argument" ? ["body"] : VERSION_TEXTS;
    const places = withholdsTexts(decision) ? [] : names.map((name) => [name, row.seq, name]);
    const [title, body] = [contents.worded(row.title), contents.worded(row.body)];
    yield [
      target, version, row.seq, row.at, row.claimed_at, row.author, row.role, title[0] ?? body[0], title[1], body[1], ...placeCells(row.location),
      fieldsText(row.fields), ...decisionCells(decision), spaced(unshown.erased(places, row.erased)),
    ];
  }
}

/** Target → the decision in force against it. */
function decisionsInForce(folds) {
  const found = new Map();
  for (const [family, fold] of [["contribution", "contributions"], ["argument", "arguments"]]) {
    for (const [ref, { moderation }] of folds.of(fold).rows) if (moderation !== null) found.set(`${family}/${ref}`, moderation);
  }
  return found;
}

FOLDS.set("versions", VersionRows);
TABLE_ROWS.set("versions", versionRows);
