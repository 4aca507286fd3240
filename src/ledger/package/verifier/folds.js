// What tables are made of: folds that read the events of some types, in the order of the log. A file of a table registers its fold and its rows
// here, and nothing else has to know of it.

/** Name → class of a fold: `types` are the names of the events that it reads, without their schema; `note(event, fields)` takes one of them. */
const FOLDS = new Map();

/** Table → its rows of cells, from (replay, results). */
const TABLE_ROWS = new Map();

/** All folds of one log. `last` is the time of the last event. */
class Folds {
  constructor() {
    this.last = "";
    this.made = new Map([...FOLDS].map(([name, Fold]) => [name, new Fold()]));
    this.readers = new Map();
    for (const type of Object.keys(FACTS.events)) {
      const [name] = type.split("/");
      const readers = [...FOLDS].filter(([, Fold]) => Fold.types.has(name)).map(([fold]) => this.made.get(fold));
      if (readers.length) this.readers.set(type, readers);
    }
  }

  /** `fields` are the committed fields of the event that are disclosed. */
  note(event, fields) {
    this.last = event.at;
    const readers = this.readers.get(event.type);
    if (readers !== undefined) for (const reader of readers) reader.note(event, fields);
  }

  of(name) {
    return this.made.get(name);
  }
}

/** Whole seconds from one instant to another, null without both; 0 where the later one comes first. */
function secondsBetween(start, end) {
  if (typeof start !== "string" || typeof end !== "string") return null;
  const [from, to] = [timeOf(start), timeOf(end)];
  return Number.isNaN(from) || Number.isNaN(to) ? null : Math.max(0, Math.floor((to - from) / 1000));
}

/** Pairs of a map by key, by code point. */
function byKey(map) {
  return [...map].sort(([one], [other]) => byCodePoint(one, other));
}

/** Names set apart by blanks; null where there are none. */
function spaced(names) {
  return names.length ? names.join(" ") : null;
}
