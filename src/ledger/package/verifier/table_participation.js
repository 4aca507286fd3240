// The table `participation`: acts of people by day, step, kind and channel, without channels where these would point at somebody.

const EVERYTHING = "*";
/** Acts of which no other table tells the channel one by one. */
const GUARDED = new Set(["ballot", "stance", "report", "attendance"]);
/** Events with what they count as; without a kind it is that of the contribution, the side of the argument, or the motive of the report. */
const ACTS = {
  "contribution.submitted": ["contribution", null],
  "contribution.revised": ["contribution_change", "revised"],
  "contribution.withdrawn": ["contribution_change", "withdrawn"],
  "argument.submitted": ["argument", null],
  "argument.revised": ["argument_change", "revised"],
  "argument.withdrawn": ["argument_change", "withdrawn"],
  "stance.cast": ["stance", "cast"],
  "stance.changed": ["stance", "changed"],
  "stance.withdrawn": ["stance", "withdrawn"],
  "stance.explained": ["stance", "explained"],
  "attendance.marked": ["attendance", "marked"],
  "report.made": ["report", null],
};

class ParticipationRows {
  static types = new Set(Object.keys(ACTS));

  constructor() {
    this.cells = new ActCells();
  }

  note({ type, at, channel, claimed_at: claimed, data }) {
    const [act, kind] = ACTS[type.split("/")[0]];
    const day = ((channel === "import" ? claimed : undefined) ?? at).slice(0, 10);
    this.cells.add(day, data.step ?? "", act, kind ?? (act === "argument" ? data.side : act === "report" ? data.motive : data.kind), channel, 1);
  }
}

/** Acts by step, act and kind, then by day and channel. */
class ActCells {
  constructor() {
    this.kinds = new Map();
  }

  add(day, step, act, kind, channel, acts) {
    const key = `${step}/${act}/${kind}`;
    if (!this.kinds.has(key)) this.kinds.set(key, { step, act, kind, days: new Map() });
    const { days } = this.kinds.get(key);
    if (!days.has(day)) days.set(day, new Map());
    const channels = days.get(day);
    channels.set(channel, (channels.get(channel) ?? 0) + acts);
  }
}

/** Ballots each count once, with their last event. */
function ballotCells(replay) {
  const cells = new ActCells();
  for (const [step, ballots] of replay.ballots.steps) {
    for (const { hour, channel, withdrawn } of ballots.values()) cells.add(hour.slice(0, 10), step, "ballot", withdrawn ? "withdrawn" : "cast", channel, 1);
  }
  return cells;
}

function sumOf(channels) {
  let sum = 0;
  for (const acts of channels.values()) sum += acts;
  return sum;
}

/** The days that are told without channels: those with a small cell, and the next quietest ones until no channel follows from the rest. */
function toldTogether(days) {
  const together = new Set([...days].filter(([, channels]) => Math.min(...channels.values()) < SMALLEST_CELL).map(([day]) => day));
  const left = [...days].filter(([day]) => !together.has(day)).map(([day, channels]) => [sumOf(channels), day]);
  left.sort((one, other) => other[0] - one[0] || byCodePoint(other[1], one[1]));
  while (left.length && !isKeptApart(days, together)) together.add(left.pop()[1]);
  return together;
}

/** Whether who knows the whole of each channel, and what is told of it, learns of no small number among the days told together. */
function isKeptApart(days, together) {
  const left = new Map();
  for (const day of together) for (const [channel, acts] of days.get(day)) left.set(channel, (left.get(channel) ?? 0) + acts);
  return !left.size || (left.size > 1 && Math.min(...left.values()) >= SMALLEST_CELL);
}

/** True while ballots may still be cast or keyed in the step. */
function isCasting(step, replay) {
  const row = replay.rows.rows.get(step);
  return row !== undefined && (row.closed === null || (row.takes_paper && row.paper_closed === null));
}

function* participationLines(replay) {
  const kinds = [...replay.folds.of("participation").cells.kinds.values(), ...ballotCells(replay).kinds.values()];
  const channels = new Map();
  for (const { step, act, days } of kinds) {
    const key = `${step}/${act}`;
    if (!channels.has(key)) channels.set(key, new Set());
    for (const cells of days.values()) for (const channel of cells.keys()) channels.get(key).add(channel);
  }
  for (const { step, act, kind, days } of kinds) {
    let together = new Set();
    if (act === "ballot" && isCasting(step, replay)) together = new Set(days.keys());
    else if (GUARDED.has(act) && channels.get(`${step}/${act}`).size > 1) together = toldTogether(days);
    for (const [day, cells] of days) {
      if (together.has(day)) yield [day, step, act, kind, "", sumOf(cells)];
      else for (const [channel, acts] of cells) yield [day, step, act, kind, channel, acts];
    }
  }
}

FOLDS.set("participation", ParticipationRows);
TABLE_ROWS.set("participation", function* (replay) {
  const lines = [...participationLines(replay)];
  lines.sort((one, other) => [0, 1, 2, 3, 4].reduce((order, place) => order || byCodePoint(one[place], other[place]), 0));
  for (const [day, step, act, kind, channel, acts] of lines) yield [day, step || EVERYTHING, act, kind, channel || EVERYTHING, acts];
});
