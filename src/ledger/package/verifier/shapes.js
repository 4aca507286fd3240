// Files in the shapes of other platforms: what all of them need, and which of them this page makes (docs/formats/package.md).

/** First part of a name → the rows of cells of such a file and its delimiter, from (replay, name, step). */
const SHAPES = new Map();

/** Which decision about a content is in force, since when, and why in words. */
class DecisionsInForce {
  static types = new Set(["content.hidden", "content.limited", "content.restored"]);

  constructor() {
    this.of = new Map();
  }

  note({ type, at, data }, fields) {
    if (type.startsWith("content.restored/")) this.of.delete(data.target);
    else this.of.set(data.target, { since: at, reason: fields.reason ?? null });
  }
}

FOLDS.set("decisions", DecisionsInForce);

/** The lines of a file of a shape, or null where the name is of none. */
function shapeLines(name, replay) {
  const [family, folder] = name.split("/");
  if (!SHAPES.has(family)) return null;
  const isOf = (ref) => (family === "polis" ? folderOf(ref) === folder : `${ref}.csv` === folder);
  const step = [...replay.rows.rows.keys()].find(isOf);
  return step === undefined ? null : SHAPES.get(family)(replay, name, step);
}

function* delimitedLines(rows, delimiter = ",") {
  const written = (cell) => (delimiter !== "," && cell.includes(delimiter) ? `"${cell.replace(/"/g, '""')}"` : quotedCell(cell));
  for (const row of rows) yield* row.map((cell) => written(String(cell ?? ""))).join(delimiter).split("\n");
}

/** The kinds of contribution on which a step takes stances by this scale; arguments are none. */
function kindsOnScale(replay, step, scale) {
  const scales = replay.folds.of("tallies").declared.get(step)?.scales ?? {};
  return new Set(Object.keys(scales).filter((kind) => scales[kind] === scale && kind !== "argument"));
}

/** The stances of a step, by target and pseudonym as one word. */
function stancesOf(replay, step) {
  replay.stances.inOrder ??= byKey(replay.stances.rows).map(([, stance]) => stance);
  return replay.stances.inOrder.filter((stance) => stance.step === step);
}

/** The milliseconds of the hour that an instant lies in; null where it names none. */
function hourTime(at) {
  const time = Date.parse(at);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 13) !== at.slice(0, 13)) return null;
  return time - (time % 3_600_000);
}

/** The hour of an instant as platforms write it, in UTC; empty where there is none. */
function wallClock(at) {
  return at && hourTime(at) !== null ? `${at.slice(0, 10)} ${at.slice(11, 13)}:00:00` : "";
}

function wordsOf(replay, texts) {
  return replay.contents.worded(texts ?? null)[1] ?? "";
}
