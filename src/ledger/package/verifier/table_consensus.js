// The table `consensus`: what each group of a clustering says of each target, and the group-informed consensus that follows.

const SMALLEST_GROUP = 5;

/** Each clustering: its groups with their members, and whether it was sealed. */
class ClusterRows {
  static types = new Set(["clusters.listed", "clusters.sealed"]);

  constructor() {
    /** `<step>/<ref>` → row. */
    this.rows = new Map();
  }

  note(event) {
    const { data } = event;
    const key = `${data.step}/${data.ref}`;
    if (!this.rows.has(key)) this.rows.set(key, { step: data.step, ref: data.ref, sizes: new Map(), groupOf: new Map(), sealed: false });
    const row = this.rows.get(key);
    if (event.type.startsWith("clusters.sealed/")) {
      row.sealed = true;
      return;
    }
    const members = data.members ?? [];
    row.sizes.set(data.group, (row.sizes.get(data.group) ?? 0) + members.length);
    for (const member of members) row.groupOf.set(member, data.group);
  }
}

/** [group, members] by group. */
function sizesOf(clustering) {
  return [...clustering.sizes].sort(([one], [other]) => one - other);
}

/** The groups whose counts are not told: small ones, and the next smallest where that is one alone. */
function groupsHeldBack(sizes) {
  const small = new Set(sizes.filter(([, size]) => size < SMALLEST_GROUP).map(([group]) => group));
  const others = sizes.filter(([group]) => !small.has(group)).sort((one, other) => one[1] - other[1] || one[0] - other[0]);
  if (small.size === 1 && others.length) small.add(others[0][0]);
  return small;
}

/** Target → group → the three counts of its members, and their sum. */
function countsByGroup(clustering, stances) {
  const counts = new Map();
  for (const { step, target, actor, value } of stances) {
    const group = clustering.groupOf.get(actor);
    if (step !== clustering.step || group === undefined || value === null) continue;
    if (!counts.has(target)) counts.set(target, new Map());
    const ofTarget = counts.get(target);
    if (!ofTarget.has(group)) ofTarget.set(group, sidesOf([]));
    ofTarget.get(group)[STANCE_SIDES.get(value)] += 1;
    ofTarget.get(group).stances += 1;
  }
  return counts;
}

/** The product over all groups of (for + 1) / (seen + 2). */
function groupInformed(counts) {
  const product = (number) => counts.reduce((sofar, one) => sofar * BigInt(number(one)), 1n);
  return new Fraction(product(({ positive }) => positive + 1), product(({ stances }) => stances + 2));
}

function* consensusRows(replay) {
  const tallies = replay.folds.of("tallies").sorted();
  for (const [, clustering] of byKey(replay.folds.of("clusters").rows)) {
    if (!clustering.sealed) continue;
    const sizes = sizesOf(clustering);
    const hidden = groupsHeldBack(sizes);
    const counts = countsByGroup(clustering, replay.stances.rows.values());
    const countsOf = ({ target }) => sizes.map(([group]) => counts.get(target)?.get(group) ?? sidesOf([]));
    const valueOf = (tally) => {
      const value = groupInformed(countsOf(tally));
      return { value, score: scoreBeside(hidden.size, scoreOf(value)) };
    };
    for (const { rank, tally, score } of placesByKind(tallies.filter(({ row }) => row.step === clustering.step), valueOf)) {
      const told = countsOf(tally);
      for (const [place, [group, members]] of sizes.entries()) {
        const { stances, positive, neutral, negative } = hidden.has(group) ? {} : told[place];
        yield [
          clustering.step, clustering.ref, tally.target, rank, score.exact, score.decimal, group, members, hidden.has(group), stances, positive,
          neutral, negative,
        ];
      }
    }
  }
}

/** What is told of a product: beside the factors of the others it would give away a factor that is held back. */
function scoreBeside(hidden, score) {
  if (!hidden) return score;
  return hidden > 1 ? { exact: null, decimal: score.decimal } : NO_SCORE;
}

FOLDS.set("clusters", ClusterRows);
TABLE_ROWS.set("consensus", consensusRows);
