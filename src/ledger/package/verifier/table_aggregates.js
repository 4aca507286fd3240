// The table `aggregates`: counts that a source states, one a row, beside what the log comes to where the acts are in it.

/** What sources say of each target; the first statement of an import holds. */
class AggregateRows {
  static types = new Set(["aggregate.recorded"]);

  constructor() {
    this.rows = new Map();
  }

  note({ data, seq }) {
    const key = `${data.target}/${data.basis}/${data.ref}`;
    if (!this.rows.has(key)) this.rows.set(key, { seq, target: data.target, basis: data.basis, import: data.ref, counts: data.counts });
  }
}

const LINKED_KINDS = new Map([["source", "sources"], ["comment", "comments"], ["amendment", "versions"]]);
const LINKED_COUNTS = new Set(["arguments", "arguments_for", "arguments_against", ...LINKED_KINDS.values()]);

/** Target → name of a count → how many of what is about it stand and are public. */
function linkedCounts(tallies) {
  const linked = new Map();
  for (const { about, kind, state, decision, side } of tallies.values()) {
    if (about === null || state !== "stands" || decision !== null) continue;
    const target = `contribution/${about}`;
    if (!linked.has(target)) linked.set(target, new Map());
    const names = kind === "argument" ? ["arguments", `arguments_${side}`] : LINKED_KINDS.has(kind) ? [LINKED_KINDS.get(kind)] : [];
    for (const name of names) addTo(linked.get(target), name, 1);
  }
  return linked;
}

/** [now, all rows] of one count of a target: what the acts in the log come to, of each person the last one, and every time one was taken. */
function replayedCount(name, tally, linked) {
  if (LINKED_COUNTS.has(name)) return [linked?.get(name) ?? 0, null];
  const [now, casts] = [tally?.values ?? new Map(), tally?.row.casts ?? new Map()];
  const sum = (values) => [...values.values()].reduce((one, other) => one + other, 0);
  return name === "votes" ? [sum(now), sum(casts)] : [now.get(name) ?? 0, casts.get(name) ?? 0];
}

function* aggregateRows(replay) {
  const tallies = replay.folds.of("tallies").rows;
  const linked = linkedCounts(tallies);
  for (const [, row] of byKey(replay.folds.of("aggregates").rows)) {
    const { target, basis, counts, seq } = row;
    const isReplayed = basis === "published";
    const tally = isReplayed && tallies.has(target) ? new Tally(target, tallies.get(target), undefined) : undefined;
    for (const name of Object.keys(counts).sort()) {
      const replayed = isReplayed ? replayedCount(name, tally, linked.get(target)) : [null, null];
      yield [target, basis, row.import, name, counts[name], isReplayed, ...replayed, seq];
    }
  }
}

FOLDS.set("aggregates", AggregateRows);
TABLE_ROWS.set("aggregates", aggregateRows);
