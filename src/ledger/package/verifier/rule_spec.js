// Which options of a rule have a meaning together (docs/formats/rules.md, Combinations that are refused).

/** Refuses rules whose options are not defined together; the order in which problems are looked for does not matter to the verdict. */
function checkSpec(spec) {
  for (const place of specProblems(spec)) refuse("rule-undefined", place);
}

function* specProblems(spec) {
  yield* ballotProblems(spec.ballot);
  yield* scoreProblems(spec);
  if (spec.rule === "undeclared") {
    for (const name of ["threshold", "envelopes", "leftover", "max_winners", "equal_shares", "quorum", "lottery"]) if (spec[name] !== undefined) yield `$.${name}`;
    if (spec.exclusive_sets.length) yield "$.exclusive_sets";
    return;
  }
  if (spec.budget_minor === undefined) yield "$.budget_minor";
  yield* ladderProblems(spec);
  if (spec.lottery !== undefined) yield* lotteryProblems(spec.lottery);
  yield* thresholdProblems(spec.threshold);
  if (spec.quorum !== undefined && (spec.quorum.number === undefined) === (spec.quorum.ratio === undefined)) yield "$.quorum";
  for (const { members, retained } of spec.exclusive_sets) {
    if (new Set(members).size !== members.length || (retained !== undefined && !members.includes(retained))) yield "$.exclusive_sets";
  }
  if (spec.rule === "greedy") {
    yield* greedyProblems(spec);
    yield* envelopeProblems(spec);
  } else {
    yield* sharesProblems(spec);
  }
}

function* ballotProblems(form) {
  const bounds = {
    approval: [["min", "max"]],
    cart: [["min_items", "max_items"], ["min_spend_minor", "budget_minor"]],
    cumulative: [["min_items", "max_items"], ["min_sum", "sum"]],
    ranked: [["min_length", "max_length"]],
    score: [["min_score", "max_score"]],
  };
  for (const [least, most] of bounds[form.form] ?? []) {
    if (form[least] !== undefined && form[most] !== undefined && form[least] > form[most]) yield `$.ballot.${least}`;
  }
}

function* scoreProblems({ score, ballot }) {
  const needed = { points: "cumulative", borda: "ranked", plus_minus: "yes_no_blank", grades: "score" };
  if (score.by === "approvals" ? ballot.form === "score" : ballot.form !== needed[score.by]) yield "$.score.by";
  if ((score.by === "borda") !== (score.variant !== undefined)) yield "$.score.variant";
  const fromGreatest = score.variant !== undefined && score.variant !== "ballot_length_to_one";
  if (fromGreatest && ballot.form === "ranked" && ballot.max_length === undefined) yield "$.score.variant";
}

function* ladderProblems({ ties, lottery }) {
  const ends = (rung) => rung === "lot" || rung === "list_order";
  if (new Set(ties).size !== ties.length) yield "$.ties";
  if (ties.includes("lower_cost") && ties.includes("higher_cost")) yield "$.ties";
  if (!ends(ties.at(-1)) || ties.slice(0, -1).some(ends)) yield "$.ties";
  if ((ties.at(-1) === "lot") !== (lottery !== undefined)) yield "$.lottery";
}

function* thresholdProblems(threshold) {
  if (threshold === undefined) return;
  if ((threshold.number === undefined) === (threshold.ratio === undefined)) yield "$.threshold";
  if ((threshold.ratio === undefined) !== (threshold.of === undefined)) yield "$.threshold.of";
  if (threshold.ratio !== undefined && threshold.on === "score") yield "$.threshold.on";
}

function* greedyProblems(spec) {
  if (spec.equal_shares !== undefined) yield "$.equal_shares";
  if ((spec.unaffordable.then === "fund_if_left") !== (spec.unaffordable.ratio !== undefined)) yield "$.unaffordable.ratio";
}

function* envelopeProblems(spec) {
  const { envelopes } = spec;
  if (envelopes === undefined) {
    if (spec.leftover !== undefined) yield "$.leftover";
    return;
  }
  const keys = envelopes.envelopes.map((envelope) => envelope.key);
  if (new Set(keys).size !== keys.length) yield "$.envelopes.envelopes";
  if (envelopes.kind === "own") {
    const sum = envelopes.envelopes.reduce((total, envelope) => total + BigInt(envelope.amount_minor), 0n);
    if (spec.budget_minor !== undefined && sum > BigInt(spec.budget_minor)) yield "$.envelopes.envelopes";
    return;
  }
  if (spec.leftover !== undefined) yield "$.leftover";
  if (spec.unaffordable.then === "fund_if_left") yield "$.unaffordable.then";
}

function* sharesProblems(spec) {
  for (const name of ["envelopes", "leftover", "max_winners"]) if (spec[name] !== undefined) yield `$.${name}`;
  if (spec.exclusive_sets.length) yield "$.exclusive_sets";
  if (spec.unaffordable.then !== "skip") yield "$.unaffordable.then";
  const options = spec.equal_shares;
  if (options === undefined) {
    yield "$.equal_shares";
    return;
  }
  if (options.utility === "points") {
    if (!["points", "grades", "borda"].includes(spec.score.by)) yield "$.equal_shares.utility";
    if (spec.ballot.form === "score" && spec.ballot.min_score < 0) yield "$.ballot.min_score";
  } else if (!["choose_one", "approval", "cart", "cumulative", "ranked"].includes(spec.ballot.form)) {
    yield "$.equal_shares.utility";
  }
  const grows = ["add1", "add1e", "add1u"].includes(options.completion) || options.start === "integral";
  if (grows !== (options.increment_minor !== undefined)) yield "$.equal_shares.increment_minor";
}

function* lotteryProblems(lottery) {
  if (kindsOf(lottery).length + (lottery.seed === undefined ? 0 : 1) !== 1) yield "$.lottery";
  for (const drawing of drawingsOf(lottery)) {
    const parties = drawing.parties ?? [];
    if (new Set(parties).size !== parties.length) yield "$.lottery.parties";
    const draws = (drawing.numbers ?? []).map((draw) => `${draw.date} ${draw.name}`);
    if (new Set(draws).size !== draws.length || knownFrom(drawing) === null) yield "$.lottery.numbers";
  }
  if ((lottery.fallback === undefined) !== (lottery.fallback_after === undefined)) yield "$.lottery.fallback_after";
  if (lottery.fallback !== undefined) yield* fallbackProblems(lottery, lottery.fallback);
}

function* fallbackProblems(lottery, fallback) {
  const [kinds, others] = [kindsOf(fallback), kindsOf(lottery)];
  if (lottery.seed !== undefined) yield "$.lottery.fallback";
  if (kinds.length !== 1 || kinds.join() === others.join()) yield "$.lottery.fallback";
  const after = lottery.fallback_after;
  if (after === undefined) return;
  if (Number.isNaN(timeOf(after))) {
    yield "$.lottery.fallback_after";
    return;
  }
  if ((knownFrom(lottery) ?? []).some((known) => known >= after)) yield "$.lottery.fallback_after";
  if ((knownFrom(fallback) ?? []).some((known) => earlierBy(known, CLOSING_MARGIN) <= after)) yield "$.lottery.fallback";
}
