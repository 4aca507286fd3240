// Who would have won under another declared option (docs/formats/rules.md, Counterfactuals). Nothing here is a result.

/** The rules without some of their options. */
function withoutOptions(spec, ...names) {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !names.includes(name)));
}

function areSameRules(one, other) {
  return canonicalText(one) === canonicalText(other);
}

/** The same rules without thresholds and exclusive sets: what is left of them when only scores and money decide. */
function plainRules(spec) {
  const plain = { ...withoutOptions(spec, "threshold"), exclusive_sets: [] };
  if (spec.envelopes === undefined) return plain;
  return { ...plain, envelopes: { ...spec.envelopes, envelopes: spec.envelopes.envelopes.map((envelope) => withoutOptions(envelope, "min_votes")) } };
}

/** Name of the alternative → winners in order of funding. `withdrawn` is a set of positions. */
function counterfactualsOf(spec, election, outcome, withdrawn) {
  if (spec.rule === "undeclared") return new Map();
  const sums = sumsOf(outcome);
  const count = readyCount(spec, election, sums, withdrawn);
  const found = spec.rule === "greedy" ? greedyOptions(spec, election, count) : sharesOptions(spec, election, count);
  found.set("ties_reversed", winnersOf(spec, election, { ...count, ladder: count.ladder.reversed() }));
  for (const [name, other, othersWithdrawn] of lesserRules(spec, withdrawn)) {
    found.set(name, winnersOf(other, election, readyCount(other, election, sums, othersWithdrawn)));
  }
  return found;
}

/** [name, rules, withdrawn]: the rules with each of their conditions taken away, and with all. */
function* lesserRules(spec, withdrawn) {
  const plain = plainRules(spec);
  const bareThresholds = { ...plain, exclusive_sets: spec.exclusive_sets };
  if (!areSameRules(bareThresholds, spec)) yield ["without_thresholds", bareThresholds, withdrawn];
  if (spec.exclusive_sets.length) yield ["without_exclusive_sets", { ...spec, exclusive_sets: [] }, withdrawn];
  if (withdrawn.size) yield ["without_withdrawals", spec, new Set()];
  if (withdrawn.size || !areSameRules(plain, spec)) yield ["plain", plain, new Set()];
}

function greedyOptions(spec, election, count) {
  const found = new Map();
  for (const then of ["skip", "stop"]) {
    if (spec.unaffordable.then !== then) found.set(`unaffordable_${then}`, winnersOf({ ...spec, unaffordable: { then } }, election, count));
  }
  return found;
}

function sharesOptions(spec, election, count) {
  const made = prepareShares(spec, election, count);
  const byCompletion = winnersByCompletion(made);
  const instead = greedyInstead(made);
  const { completion, comparison } = made.options;
  const found = new Map([["greedy", instead]]);
  if (comparison !== "none") found.set("comparison_none", byCompletion.get(completion));
  for (const [name, winners] of byCompletion) {
    if (name !== completion) found.set(`completion_${name}`, isGreedyKept(made, winners, instead) ? instead : winners);
  }
  return found;
}
