// One person's ballot in one step, cast once, replaced or withdrawn until the closing; and what is said of the outcome.

function isByAgent(event) {
  return event.by !== undefined || event.role !== "participant";
}

function acceptingStep(event, data, states) {
  if (event.actor === undefined) refuse("participant-missing", event.type);
  if (event.claimed_at !== undefined) refuse("time-claimed", event.type);
  const step = states.step(data.step);
  if (step.status !== "open" || step.kind !== "ballot" || event.channel === "paper") {
    checkCasting(ballotStep(states, data.step), event.channel);
    if (step.status === "closed" && !isByAgent(event)) refuse("step-closed", data.step); // what is keyed later was cast before, on paper
  }
  if (step.hasRoll) {
    const roll = states.roll(data.step);
    if (!roll.members.has(event.actor)) refuse("not-on-roll", data.step);
    if (event.channel !== "paper" && roll.attended.get(event.actor) === "paper") refuse("attended-on-paper", data.step);
  }
  return step;
}

function checkPaper(data, step, states) {
  if (data.rules !== step.rulesDigest) refuse("rules-differ", `${data.rules}, and those of the step are ${step.rulesDigest}`);
  const selection = states.selection(data.step);
  if (data.candidates !== selection.digest) refuse("candidates-differ", `${data.candidates}, and those of the step are ${selection.digest}`);
  if (step.secrecy === "sealed") {
    if (data.entries !== undefined) refuse("choices-in-clear", data.step);
    if (data._sd === undefined) refuse("choices-missing", data.step);
    return;
  }
  if (data._sd !== undefined) refuse("choices-committed", data.step);
  if (data.entries === undefined) refuse("choices-missing", data.step);
  checkChoices(data.entries, step, selection);
}

/** The choices are possible in the step; too few of them are possible, too, and not counted. */
function checkChoices(entries, step, selection) {
  let check = step.check;
  if (check === null) {
    if (step.rules === null) refuse("rules-missing", step.ref);
    if (selection.digest === null) refuse("candidates-not-sealed", step.ref);
    check = choiceChecker(step.rules.ballot, selection.items);
    if (step.openedSeq !== null) step.check = check;
  }
  const fault = check(entries);
  if (fault !== null) refuse("choices-refused", `${fault.code} at entry ${fault.place}`);
}

function checkMayChange(event, step, state) {
  if (!state.version) refuse("not-voted", step.ref);
  if (isByAgent(event) && !state.byAgent && !step.agentMayReplace) refuse("agent-may-not-replace", step.ref);
}

function castBallot(event, data, state) {
  state.withdrawn = false;
  state.byAgent = isByAgent(event);
}

law(
  "ballot.cast/1",
  (event, data, state, states) => {
    const step = acceptingStep(event, data, states);
    if (state.version) refuse("already-voted", data.step);
    checkPaper(data, step, states);
  },
  castBallot,
);
law(
  "ballot.replaced/1",
  (event, data, state, states) => {
    const step = acceptingStep(event, data, states);
    checkMayChange(event, step, state);
    checkPaper(data, step, states);
  },
  castBallot,
);
law(
  "ballot.withdrawn/1",
  (event, data, state, states) => {
    const step = acceptingStep(event, data, states);
    checkMayChange(event, step, state);
    if (state.withdrawn) refuse("ballot-withdrawn", data.step);
  },
  (event, data, state) => {
    state.withdrawn = true;
    state.byAgent = isByAgent(event);
  },
);
law("participant.described/1", (event, data, state, states) => {
  if (event.actor === undefined) refuse("participant-missing", event.type);
  plannedStep(states, data.step);
  if (state.version) refuse("already-described", data.step);
});

function checkPositions(step, positions, states) {
  const count = states.selection(step).items.length;
  const seen = new Set();
  for (const position of positions) {
    if (position >= count) refuse("position-unknown", `${position} of ${count}`);
    if (seen.has(position)) refuse("position-twice", String(position));
    seen.add(position);
  }
}

law(
  "result.computed/1",
  (event, data, state, states) => {
    const step = countableStep(states, data.step);
    if (state.certified) refuse("already-certified", data.step);
    if (!isDrawn(step.rules.lottery, state.revealed)) refuse("lottery-not-drawn", data.step);
    same("rule", `${step.rules.rule}/${step.rules.version}`, data.rule);
    same("cut_off", cutOffOf(step), data.cut_off);
    need(data, event.type, "digest");
    if (step.rules.rule === "undeclared") {
      if (data.winners !== undefined) refuse("winners-undeclared", data.step);
    } else {
      need(data, event.type, "winners");
    }
    checkPositions(data.step, data.winners ?? [], states);
  },
  (event, data, state) => {
    state.digest = data.digest;
  },
);
law("outcome.published/1", (event, data, state, states) => {
  countableStep(states, data.step);
  checkPositions(data.step, [...data.selected, ...data.outside_rule], states);
  const channels = new Set();
  for (const { channel } of data.ballots_missing) {
    if (channels.has(channel)) refuse("channel-twice", channel);
    channels.add(channel);
  }
});
law("outcome.overridden/1", (event, data, state, states) => {
  countableStep(states, data.step);
  checkPositions(data.step, [data.position], states);
});
law(
  ["result.certified/1", "result.certified/2"],
  (event, data, state, states) => {
    countableStep(states, data.step);
    if (state.digest === null) refuse("result-missing", data.step);
    if (state.certified) refuse("already-certified", data.step);
    if (data.digest !== state.digest) refuse("result-differs", `${data.digest}, and ${state.digest} was computed`);
    const { project } = states;
    const held = new Set([...project.clients, ...project.people].map((holding) => holding.split(" ")[0]));
    data.by_roles.forEach((role, place) => {
      if (data.by_roles.indexOf(role) < place || !held.has(role)) refuse("certifier-unfit", role);
    });
  },
  (event, data, state) => {
    state.certified = true;
  },
);
