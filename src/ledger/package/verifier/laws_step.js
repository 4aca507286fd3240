// A step: its plan, its dates, what it takes, when it opens and closes.

function plannedStep(states, ref) {
  const step = states.step(ref);
  if (step.status === "unplanned") refuse("step-unknown", ref);
  return step;
}

function ballotStep(states, ref) {
  const step = plannedStep(states, ref);
  if (step.kind !== "ballot") refuse("step-of-other-kind", `${ref} is for ${step.kind}`);
  return step;
}

function checkNotOpened(step) {
  if (step.status === "closed") refuse("step-closed", step.ref);
  if (step.status !== "planned") refuse("step-already-open", step.ref);
}

function checkRunning(step) {
  if (step.status === "planned") refuse("step-not-open", step.ref);
  if (step.status === "closed") refuse("step-closed", step.ref);
}

function checkOpen(step) {
  checkRunning(step);
  if (step.status === "suspended") refuse("step-suspended", step.ref);
}

function checkCasting(step, channel) {
  if (channel !== "paper") {
    checkOpen(step);
    return;
  }
  if (!step.takesPaper) refuse("paper-not-taken", step.ref);
  if (step.openedSeq === null) refuse("step-not-open", step.ref);
  if (step.paperClosedSeq !== null) refuse("paper-closed", step.ref);
  if (step.status === "suspended") refuse("step-suspended", step.ref);
}

function checkDates(opensAt, closesAt, at) {
  if (closesAt === null) return;
  if (closesAt <= at) refuse("date-not-ahead", `closes_at ${closesAt} at ${at}`);
  if (opensAt !== null && closesAt <= opensAt) refuse("dates-out-of-order", `${opensAt} and ${closesAt}`);
}

function noteInProject(step, states) {
  states.writable("project").steps.set(step.ref, isOver(step));
}

law(
  "step.planned/1",
  (event, data, state) => {
    if (state.status !== "unplanned") refuse("step-already-planned", data.step);
    if (data.kind === "ballot") {
      if (data.accepts.length) refuse("option-unfit", "accepts");
    } else {
      for (const option of ["has_roll", "takes_paper", "agent_may_replace"]) if (data[option]) refuse("option-unfit", option);
    }
    checkDates(data.opens_at ?? null, data.closes_at ?? null, event.at);
  },
  (event, data, state, states) => {
    Object.assign(state, {
      ref: data.step, kind: data.kind, status: "planned", opensAt: data.opens_at ?? null, closesAt: data.closes_at ?? null, accepts: data.accepts,
      hasRoll: data.has_roll, takesPaper: data.takes_paper, agentMayReplace: data.agent_may_replace, title: data.title,
    });
    noteInProject(state, states);
  },
);
law(
  "step.rescheduled/2",
  (event, data, state, states) => {
    plannedStep(states, data.step);
    if (state.status === "closed") refuse("step-closed", data.step);
    if (data.opens_at !== undefined) checkNotOpened(state);
    const opensAt = data.opens_at ?? state.opensAt;
    const closesAt = data.closes_at ?? state.closesAt;
    if (opensAt === state.opensAt && closesAt === state.closesAt) refuse("nothing-changed", event.type);
    const rules = movedLottery(data.step, state.rules, data.lottery);
    if (data.lottery !== undefined && rules !== null) checkSpec(rules);
    same("old_opens_at", data.opens_at === undefined ? null : state.opensAt, data.old_opens_at);
    same("old_closes_at", data.closes_at === undefined ? null : state.closesAt, data.old_closes_at);
    same("digest", data.lottery === undefined || state.rules === null ? null : digestOf({ ...state.rules, lottery: data.lottery }), data.digest);
    checkDates(opensAt, closesAt, event.at);
    checkDrawnAfter(data.step, rules, closesAt, event.at);
  },
  (event, data, state) => {
    state.opensAt = data.opens_at ?? state.opensAt;
    state.closesAt = data.closes_at ?? state.closesAt;
    if (data.lottery !== undefined && state.rules !== null) {
      state.rules = state.latest = { ...state.rules, lottery: data.lottery };
      state.rulesDigest = data.digest;
    }
  },
);
law(
  "step.suspended/1",
  (event, data, state, states) => checkOpen(plannedStep(states, data.step)),
  (event, data, state) => {
    state.status = "suspended";
  },
);
law(
  "step.resumed/1",
  (event, data, state, states) => {
    plannedStep(states, data.step);
    if (state.status !== "suspended") refuse("step-not-suspended", data.step);
  },
  (event, data, state) => {
    state.status = "open";
  },
);

function closeStep(event, data, state, states) {
  state.status = "closed";
  state.closedSeq = event.seq;
  noteInProject(state, states);
}

law(
  "step.closed/1",
  (event, data, state, states) => {
    checkRunning(plannedStep(states, data.step));
    if (event.role === "system") {
      if (state.closesAt === null || event.at < state.closesAt) refuse("not-due", `${event.at}, announced for ${state.closesAt}`);
    } else if (state.closesAt !== null) {
      refuse("closes-by-the-clock", state.closesAt);
    }
  },
  closeStep,
);
law(
  "step.closed_early/1",
  (event, data, state, states) => {
    plannedStep(states, data.step);
    if (state.status === "closed") refuse("step-closed", data.step);
    if (state.status === "planned") return; // a step that will not take place is closed without ever opening
    if (state.closesAt === null) refuse("not-early", data.step);
    if (event.at >= state.closesAt) refuse("closes-by-the-clock", state.closesAt);
  },
  closeStep,
);
law(
  "paper.closed/1",
  (event, data, state, states) => {
    plannedStep(states, data.step);
    if (!state.takesPaper) refuse("paper-not-taken", data.step);
    if (state.openedSeq === null) refuse("step-not-open", data.step);
    if (state.paperClosedSeq !== null) refuse("paper-closed", data.step);
  },
  (event, data, state, states) => {
    state.paperClosedSeq = event.seq;
    noteInProject(state, states);
  },
);
law(
  "step.stances_set/1",
  (event, data, state, states) => {
    checkNotOpened(plannedStep(states, data.step));
    if (state.kind === "ballot") refuse("option-unfit", "stances");
  },
  (event, data, state) => {
    state.scales = data.scales;
    state.ranking = data.ranking;
    state.argumentsOn = data.arguments_on;
  },
);
law(
  "step.opened/1",
  (event, data, state, states) => {
    checkNotOpened(plannedStep(states, data.step));
    if (event.role === "system") {
      if (state.opensAt === null || event.at < state.opensAt) refuse("not-due", `${event.at}, announced for ${state.opensAt}`);
    } else if (state.opensAt !== null) {
      refuse("opens-by-the-clock", state.opensAt);
    }
    if (state.kind === "ballot") checkReadyForBallots(state, states, event.at);
    need(data, event.type, "step_key");
  },
  (event, data, state) => {
    state.status = "open";
    state.openedSeq = event.seq;
    state.announced = state.rules;
  },
);

function checkReadyForBallots(step, states, at) {
  if (step.rules === null) refuse("rules-missing", step.ref);
  const selection = states.selection(step.ref);
  if (selection.digest === null) refuse("candidates-not-sealed", step.ref);
  for (const exclusive of step.rules.exclusive_sets) {
    for (const ref of exclusive.members) if (!selection.positions.has(ref)) refuse("exclusive-unknown", ref);
  }
  if (step.hasRoll && step.rollCount === null) refuse("roll-not-sealed", step.ref);
  const { commitments } = states.of(`result/${step.ref}`);
  const missing = partiesOf(step.rules.lottery).filter((party) => !commitments.has(party));
  if (missing.length) refuse("lottery-uncommitted", missing.join(", "));
  checkDrawnAfter(step.ref, step.rules, step.closesAt, at);
}
