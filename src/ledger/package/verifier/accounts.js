// What is told of a count beside its outcome: by how much, what if, and why the published one differs.

/** { margins, counterfactuals, explained } of a step that is counted. */
function accountOfResult({ step, row, count, outcome, lot }, replay) {
  const election = { items: count.items, profile: count.profile, enrolled: count.enrolled, lot };
  const withdrawn = new Set(count.withdrawn);
  const published = row.published.at(-1) ?? null;
  const explained = () => explainPublished(step.rules, election, outcome, new Set(published.selected), factsOf(step, row, withdrawn, published, replay));
  return {
    margins: marginsOf(step.rules, election, outcome, withdrawn),
    counterfactuals: counterfactualsOf(step.rules, election, outcome, withdrawn),
    explained: published === null ? new Map() : explained(),
  };
}

/** What is recorded that can explain a difference. */
function factsOf(step, row, withdrawn, published, replay) {
  const amendments = [];
  let before = row.announced === null ? step.rules : withSameLottery(row.announced, step);
  for (const { rules } of row.amendments) {
    const after = withSameLottery(rules, step);
    amendments.push({ before, after });
    before = after;
  }
  return {
    withdrawn, amendments, missing: published.ballots_missing,
    withdrawnAfter: new Set(withdrawnAfter(step, replay).map(({ position }) => position)),
    overridden: new Set(row.overrides.map(({ position }) => position)),
    outsideRule: new Set(published.outside_rule),
  };
}

/** The rules with the lottery in force: when it was to be drawn before the closing was moved explains nothing. */
function withSameLottery(rules, step) {
  const { lottery } = step.rules;
  return lottery === undefined ? withoutOptions(rules, "lottery") : { ...rules, lottery };
}
