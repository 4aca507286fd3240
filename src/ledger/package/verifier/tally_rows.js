// What stances on each target add up to: by value, by side, by version, now and over all acts.

const STANCE_SIDES = new Map(FACTS.stance_values);

/** How many took which stance on each target, and what the steps declared about stances. */
class TallyRows {
  static types = new Set([
    "contribution.submitted", "contribution.revised", "contribution.withdrawn", "contribution.merged_into", "contribution.split_into",
    "argument.submitted", "argument.revised", "argument.withdrawn", "stance.cast", "stance.changed", "stance.withdrawn", "content.hidden",
    "content.limited", "content.restored", "step.stances_set",
  ]);

  constructor() {
    /** Step → { scales, ranking }. */
    this.declared = new Map();
    /** Target → row. */
    this.rows = new Map();
  }

  note(event) {
    const { data } = event;
    const name = event.type.split("/")[0];
    const [family, act] = name.split(".");
    if (family === "step") {
      this.declared.set(data.step, { scales: data.scales, ranking: data.ranking });
      return;
    }
    const target = data.target !== undefined && (family === "stance" || family === "content") ? data.target : `${family}/${data.ref}`;
    if (act === "submitted") this.rows.set(target, family === "argument" ? blankTally(data, "argument", data.contribution) : blankTally(data, data.kind, data.target));
    const row = this.rows.get(target);
    // What was never submitted is no target.
    if (row === undefined || act === "submitted") return;
    if (family === "stance") countStance(row, act, data);
    else TALLY_CHANGES[act](row, data);
  }

  /** The tallies of everything that people can take a stance on, by target. */
  sorted() {
    const tallies = byKey(this.rows).map(([target, row]) => new Tally(target, row, this.declared.get(row.step)));
    return tallies.filter(({ scale, row }) => scale !== null || row.participants > 0);
  }
}

function blankTally(data, kind, about) {
  return {
    step: data.step, kind, text: data.text ?? null, section: data.section ?? null, about: about ?? null, side: data.side ?? null, version: 1,
    stances: new Map(), casts: new Map(), participants: 0, changes: 0, withdrawals: 0, state: "stands", decision: null, counted: true,
  };
}

const TALLY_CHANGES = {
  revised: (row) => {
    row.version += 1;
  },
  withdrawn: (row) => {
    row.state = "withdrawn";
  },
  merged_into: (row) => {
    row.state = "merged";
  },
  split_into: (row) => {
    row.state = "split";
  },
  hidden: (row, data) => decideTally(row, "hidden", data),
  limited: (row, data) => decideTally(row, "limited", data),
  restored: (row) => Object.assign(row, { decision: null, counted: true }),
};

function decideTally(row, decision, data) {
  row.decision = decision;
  if (data.stances === "not_counted") row.counted = false;
}

/** Somebody took, changed or took back a stance. */
function countStance(row, act, data) {
  if (act !== "cast" && data.old_value !== undefined) moveStance(row, data.old_version, data.old_value, -1);
  if (act !== "withdrawn") {
    moveStance(row, data.target_version, data.value, 1);
    addTo(row.casts, data.value, 1);
  }
  row[{ cast: "participants", changed: "changes", withdrawn: "withdrawals" }[act]] += 1;
}

function moveStance(row, version, value, by) {
  const values = row.stances.get(version) ?? new Map();
  addTo(values, value, by);
  if (values.size) row.stances.set(version, values);
  else row.stances.delete(version);
}

/** Never below none, as only a log that nobody admitted would have it. */
function addTo(values, value, by) {
  const count = (values.get(value) ?? 0) + by;
  if (count > 0) values.set(value, count);
  else values.delete(value);
}

/** The tally of one target. `scale` is null where its step takes no stances on its kind. */
class Tally {
  constructor(target, row, declared) {
    const scale = declared?.scales[row.kind] ?? null;
    const ofScale = scale === null ? [] : FACTS.scale_values[scale];
    this.target = target;
    this.row = row;
    this.scale = scale;
    /** Value → people whose stance it is now, in the order of the scale; other values after these. */
    this.values = new Map(ofScale.map((value) => [value, 0]));
    for (const version of [...row.stances.keys()].sort((one, other) => one - other)) {
      const told = row.stances.get(version);
      for (const value of STANCE_SIDES.keys()) if (told.has(value)) this.values.set(value, (this.values.get(value) ?? 0) + told.get(value));
    }
    const cast = [...STANCE_SIDES.keys()].filter((value) => row.casts.has(value) || ofScale.includes(value));
    this.casts = new Map(cast.map((value) => [value, row.casts.get(value) ?? 0]));
    this.counts = sidesOf(this.values);
    this.current = sidesOf(row.stances.get(row.version) ?? new Map());
    this.isRanked = row.state === "stands" && row.counted;
  }
}

/** The three counts that these values come to, and their sum. */
function sidesOf(values) {
  const found = { positive: 0, neutral: 0, negative: 0, stances: 0 };
  for (const [value, count] of values) {
    found[STANCE_SIDES.get(value)] += count;
    found.stances += count;
  }
  return found;
}

FOLDS.set("tallies", TallyRows);
