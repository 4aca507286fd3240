// A rule applied to the counted ballots, and the digest of what comes out (docs/formats/rules.md, Outcome).

/** The outcome as the published JSON has it; numbers are BigInt where they can be large. */
function computeOutcome(spec, items, profile, enrolled, withdrawn, lot) {
  checkSpec(spec);
  const tally = tallyOf(spec, items, profile, enrolled);
  const outcome = {
    rule: `${spec.rule}/${spec.version}`, winners: null, cast: tally.cast, blank: tally.blank, budget_minor: spec.budget_minor ?? null, spent_minor: 0n,
    ties: [], trace: [], enrolled: tally.enrolled,
  };
  if (spec.rule === "undeclared") return { ...outcome, items: itemResults(items, tally, () => ({ code: "no_rule" })) };
  const ladder = new Ladder(spec, items, tally.votes, lot);
  const out = keptOut(spec, items, tally, new Set(withdrawn));
  const eligible = items.filter(({ position }) => !out.has(position)).map(({ position }) => position);
  const found = spec.rule === "greedy" ? runGreedy(spec, items, tally, ladder, eligible) : runShares(spec, items, profile, tally, ladder, eligible);
  const { winners, ties, trace, shares } = found;
  const told = itemResults(items, tally, (position) => found.statuses.get(position) ?? out.get(position));
  return { ...outcome, winners, items: told, spent_minor: found.spent, ties, trace, shares };
}

function itemResults(items, tally, statusOf) {
  return items.map(({ position, cost }) => ({
    position, votes: tally.votes[position], score: tally.score[position], cost_minor: cost, status: statusOf(position),
  }));
}

/** The value without what is not set, as canonical JSON leaves it out. */
function setOnly(value) {
  if (Array.isArray(value)) return value.map(setOnly);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined).map(([name, part]) => [name, setOnly(part)]));
}

function outcomeDigest(inputs, rules, outcome) {
  const body = canonicalText({ inputs, outcome: setOnly(outcome), rules });
  return base64url(sha256(utf8("ledger-outcome/v1\n"), utf8(body)));
}
