// Counting again under recorded facts: the rules before or after an amendment, with or without a withdrawal, a tie the other way round.
// A scenario is { spec, withdrawn, towards, tied }: rules, who is withdrawn under them, and to whom ties go among which candidates.

function scenarioOf(spec, withdrawn) {
  return { spec, withdrawn, towards: new Set(), tied: new Set() };
}

function ascending(positions) {
  return [...positions].sort((one, other) => one - other);
}

function keyOfScenario({ spec, withdrawn, towards, tied }) {
  return canonicalText([spec, ...[withdrawn, towards, tied].map(ascending)]);
}

function union(...sets) {
  return new Set(sets.flatMap((set) => [...set]));
}

function without(set, ...others) {
  return new Set([...set].filter((one) => !others.some((other) => other.has(one))));
}

function holdsAll(set, part) {
  return [...part].every((one) => set.has(one));
}

/** Winners of one election under many scenarios; one that was met before is not counted twice. */
class Recount {
  constructor(spec, election, outcome) {
    Object.assign(this, { spec, election, sums: sumsOf(outcome), known: new Map() });
  }

  winners(scenario) {
    const key = keyOfScenario(scenario);
    if (!this.known.has(key)) this.known.set(key, this.winnersWith(scenario, this.sumsOf(scenario.spec)));
    return this.known.get(key);
  }

  /** The winners if the ballots added up to these sums. */
  winnersWith({ spec, withdrawn, towards, tied }, sums) {
    const count = readyCount(spec, this.election, sums, withdrawn);
    if (tied.size) count.ladder = count.ladder.preferring(towards, this.election.items, tied);
    return new Set(winnersOf(spec, this.election, count));
  }

  sumsOf(spec) {
    if (areSameRules([spec.score, spec.ballot], [this.spec.score, this.spec.ballot])) return this.sums;
    const { items, profile, enrolled } = this.election;
    return tallyOf(spec, items, profile, enrolled);
  }

  /** Candidates that take part and are equal by score, the groups by score, greatest first. Equal shares: everyone, as one group. */
  tiedGroups({ spec, withdrawn }) {
    const { eligible, tally: { score } } = readyCount(spec, this.election, this.sumsOf(spec), withdrawn);
    if (spec.rule === "equal-shares") return [new Set(eligible)];
    const byScore = new Map();
    for (const position of eligible) listed(byScore, score[position]).push(position);
    const groups = [...byScore].filter(([, members]) => members.length > 1);
    return groups.sort(([one], [other]) => (one > other ? -1 : 1)).map(([, members]) => new Set(members));
  }
}

/** The rules as announced, as in force for the computed outcome, and as they were in the end. */
function stagesOf(spec, { amendments }) {
  if (!amendments.length) return { announced: spec, inForce: spec, final: spec };
  return { announced: amendments[0].before, inForce: spec, final: amendments.at(-1).after };
}

/** True when the announced and the final rules differ in budget and envelopes alone. */
function onlyMoneyDiffers({ announced, final }) {
  const rest = (spec) => withoutOptions(spec, "budget_minor", "envelopes");
  return areSameRules(rest(announced), rest(final));
}

/** The scenarios that recorded facts make, the one of the computed outcome first, then with ever more facts. */
function factScenarios({ announced, inForce, final }, { withdrawn, withdrawnAfter: after }) {
  const all = [inForce, final, announced].flatMap((spec) => [scenarioOf(spec, withdrawn), scenarioOf(spec, union(withdrawn, after))]);
  const keys = all.map(keyOfScenario);
  return all.filter((_, place) => keys.indexOf(keys[place]) === place);
}

/** What the computed outcome has that the plain rule lacks, in the order in which it is looked for. */
function featuresOf({ announced, inForce: spec }, { withdrawn }) {
  const found = [
    ["withdrawn", withdrawn.size > 0],
    ["excluded_by", spec.exclusive_sets.length > 0],
    ["below_threshold", !areSameRules({ ...plainRules(spec), exclusive_sets: spec.exclusive_sets }, spec)],
    ["budget_amended", !areSameRules(announced, spec)],
  ];
  return found.filter(([, present]) => present).map(([name]) => name);
}

/** The scenario of the computed outcome with some of its features taken away. */
function withoutFeatures({ announced, inForce }, { withdrawn }, removed) {
  let spec = removed.includes("budget_amended") ? announced : inForce;
  if (removed.includes("below_threshold")) spec = { ...plainRules(spec), exclusive_sets: spec.exclusive_sets };
  if (removed.includes("excluded_by")) spec = { ...spec, exclusive_sets: [] };
  return scenarioOf(spec, removed.includes("withdrawn") ? new Set() : withdrawn);
}
