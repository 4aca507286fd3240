// The table `timeline`: every event of the process in words. Events of one person each are left out: ballots, marks of attendance, stances and
// reports, and what a platform knows of a participant.

const OF_ONE_PERSON = new Set([
  "ballot.cast", "ballot.replaced", "ballot.withdrawn", "attendance.marked", "participant.described", "stance.cast", "stance.changed",
  "stance.withdrawn", "stance.explained", "report.made",
]);

class TimelineRows {
  static types = new Set(Object.keys(FACTS.events).map((type) => type.split("/")[0]).filter((name) => !OF_ONE_PERSON.has(name)));

  constructor() {
    this.rows = [];
  }

  note(event, fields) {
    const { seq, at, type, role, via, data, fact } = event;
    const words = ["reason", "statement", "text"].find((name) => fact.committed[name] === "public");
    this.rows.push({
      seq, reason: words === undefined ? null : fields[words] ?? null,
      told: [at, type, data.step, data.ref || data.target, role, via, ...sentencesOf(event), data.code || data.criterion || data.motive],
    });
  }
}

/** Seq → flags of the event there, in the order they were set (docs/formats/tables.md). */
function flagsOf(replay) {
  const found = new Map();
  for (const [, row] of byKey(replay.rows.rows)) for (const { seq, flag: name } of row.flags) listed(found, seq).push(name);
  for (const step of stepsWithRules(replay.states)) {
    for (const { ref } of withdrawnAfter(step, replay)) {
      const flags = listed(found, replay.contents.withdrawals.get(ref).seq);
      if (!flags.includes("withdrawn_after_close")) flags.push("withdrawn_after_close");
    }
  }
  return found;
}

FOLDS.set("timeline", TimelineRows);
TABLE_ROWS.set("timeline", function* (replay) {
  const flags = flagsOf(replay);
  for (const { seq, told, reason } of replay.folds.of("timeline").rows) {
    yield [seq, ...told, replay.contents.worded(reason)[1], spaced(flags.get(seq) ?? [])];
  }
});
