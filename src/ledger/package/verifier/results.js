// What is published follows from the entries: the ballots of every step are counted again, and what is published of them is compared.

/** Every step whose rules were set, counted where it can be: { step, row, why, count, outcome, digest, lot, account }. */
function countSteps(replay) {
  const { states, ballots, entries } = replay;
  return stepsWithRules(states).map((step) => {
    const row = replay.rows.of(step.ref);
    const lot = drawnLot(entries.checkpoint.origin, step, states.of(`result/${step.ref}`).revealed);
    const why = whyPending(step, lot);
    if (why !== null) return { step, row, why, lot, count: null, outcome: null, digest: null, account: null };
    const count = new BallotCount(step.ref, states, ballots, replay.contents.withdrawals, entries.size);
    const outcome = computeOutcome(step.rules, count.items, count.profile, count.enrolled, count.withdrawn, lot);
    const digest = outcomeDigest(count.inputsDigest(lot), step.rules, outcome);
    return { step, row, why, lot, count, outcome, digest, account: accountOfResult({ step, row, count, outcome, lot }, replay) };
  });
}

/** Every `result.computed` states what counting the ballots gives, but for steps of which not all is known any more. */
function checkComputed(results, unreplayable, findings) {
  for (const { step, row, why, outcome, digest } of results) {
    if (unreplayable.has(step.ref)) continue;
    for (const said of row.computed) {
      const place = `entry ${said.seq}, result of step ${step.ref}`;
      if (why !== null) {
        findings.fault("results", "result-too-early", place, "no result before the ballots can be counted", String(said.digest));
        continue;
      }
      const [mine, theirs] = [JSON.stringify(outcome.winners), JSON.stringify(said.winners)];
      if (mine !== theirs) findings.fault("results", "result-winners", place, `winners ${mine}`, `winners ${theirs}`);
      if (said.digest !== digest) findings.fault("results", "result-digest", place, `digest ${digest}`, `digest ${said.digest}`);
    }
  }
}

/** What was counted, in short, for people: every candidate with its sums. */
function summaryOf(result, replay) {
  const { step, row, count, outcome } = result;
  const winners = new Set(outcome.winners ?? []);
  return {
    step: step.ref,
    title: row.title,
    rule: outcome.rule,
    winners: (outcome.winners ?? []).map((position) => shownRef(result, replay, position)),
    counted: count.counted,
    not_counted: Object.fromEntries(count.notCounted),
    currency: replay.currency,
    candidates: outcome.items.map(({ position, votes, score, cost_minor }) => ({
      ref: shownRef(result, replay, position), title: replay.contents.titles.get(count.items[position].ref) ?? null,
      votes: Number(votes), score: Number(score), cost_minor, won: winners.has(position),
    })),
  };
}

/** The steps whose results rest on redacted entries, which is told. */
function tellUnreplayable(replay, findings) {
  const { redactions, states } = replay;
  const steps = new Set();
  if (!redactions.entries.size) return steps;
  const why = (missing) => `redacted: entry ${missing.slice(0, 3).map(({ seq, type, authority }) => `${seq} (${type}, order ${authority})`).join(", ")}`;
  for (const { ref } of stepsWithRules(states)) {
    const missing = redactions.restingOn(ref, states.selection(ref).items);
    if (!missing.length) continue;
    steps.add(ref);
    findings.notice("results", "result-not-replayable", `step ${ref}`, "a result that follows from every entry it rests on", why(missing));
    findings.leftOut("results", "not-replayable", `the result of step ${ref} as it was before the redaction`, why(missing));
  }
  return steps;
}
