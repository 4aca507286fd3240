// What people say of what others wrote: arguments, stances, reports; and texts written together, groups of people, imports.

law(
  "argument.submitted/1",
  (event, data, state, states) => {
    const step = plannedStep(states, data.step);
    checkOpen(step);
    if (state.version) refuse("already-submitted", data.ref);
    checkSource(event, data, states);
    checkNotSuspended(states, event);
    const about = addressedTarget(states, `contribution/${data.contribution}`, data.step);
    if (!step.argumentsOn.includes(about.kind)) refuse("not-arguable", about.kind);
    if (data.parent !== undefined) {
      const answered = submittedArgument(states, data.parent);
      if (answered.contribution !== data.contribution || answered.step !== data.step) refuse("parent-unrelated", data.parent);
    }
  },
  (event, data, state) => {
    Object.assign(state, { contribution: data.contribution, step: data.step, author: event.actor ?? null, texts: 1 });
  },
);
law(
  "argument.revised/1",
  (event, data, state, states) => {
    checkOpen(plannedStep(states, data.step));
    addressedTarget(states, `argument/${data.ref}`, data.step);
    checkAuthor(event, data.ref, state.author);
    checkNotSuspended(states, event);
  },
  (event, data, state) => {
    state.texts += 1;
  },
);
law(
  "argument.withdrawn/1",
  (event, data, state, states) => {
    plannedStep(states, data.step);
    standingArgument(states, data.ref);
    if (data.step !== state.step) refuse("target-of-other-step", data.ref);
    checkAuthorOrAuthority(event, data.ref, state.author);
  },
  (event, data, state) => {
    state.withdrawn = true;
  },
);

function openStepOfStance(event, data, states) {
  if (event.actor === undefined) refuse("participant-missing", event.type);
  const claimed = event.claimed_at;
  if (claimed !== undefined && (event.channel !== "import" || !claimed.endsWith(":00:00.000Z"))) refuse("claimed-time-unfit", claimed);
  const step = states.step(data.step);
  if (step.status !== "open") checkOpen(plannedStep(states, data.step));
  return step;
}

/** The target takes stances in this step now, on the version named, and the value is one of its scale. */
function checkStance(event, data, states) {
  const step = openStepOfStance(event, data, states);
  const target = addressedTarget(states, data.target, data.step);
  const kind = data.target.startsWith("argument/") ? "argument" : target.kind;
  const scale = Object.hasOwn(step.scales, kind) ? step.scales[kind] : undefined;
  if (scale === undefined) refuse("stances-not-taken", kind);
  if (!Object.hasOwn(FACTS.scales[scale], data.value)) refuse("value-not-on-scale", data.value);
  if (data.target_version > target.texts) refuse("target-version-unknown", String(data.target_version));
}

function checkMayChangeStance(event, data, state) {
  if (!state.version) refuse("stance-not-taken", data.target);
  if (!state.byAgent && isByAgent(event)) refuse("agent-may-not-replace", data.step);
}

function checkOldStance(data, state) {
  same("old_value", state.value, data.old_value);
  same("old_version", state.targetVersion, data.old_version);
}

function takeStance(event, data, state) {
  Object.assign(state, { value: data.value, targetVersion: data.target_version, byAgent: isByAgent(event) });
}

law(
  "stance.cast/1",
  (event, data, state, states) => {
    checkStance(event, data, states);
    if (state.version) refuse("stance-already-taken", data.target);
  },
  takeStance,
);
law(
  "stance.changed/1",
  (event, data, state, states) => {
    checkStance(event, data, states);
    checkMayChangeStance(event, data, state);
    checkOldStance(data, state);
  },
  takeStance,
);
law(
  "stance.withdrawn/1",
  (event, data, state, states) => {
    openStepOfStance(event, data, states);
    if (existingTarget(states, data.target).step !== data.step) refuse("target-of-other-step", data.target);
    checkMayChangeStance(event, data, state);
    if (state.value === null) refuse("stance-withdrawn", data.target);
    checkOldStance(data, state);
  },
  (event, data, state) => {
    Object.assign(state, { value: null, targetVersion: null, byAgent: isByAgent(event) });
  },
);
law("stance.explained/1", (event, data, state, states) => {
  openStepOfStance(event, data, states);
  addressedTarget(states, data.target, data.step);
  checkMayChangeStance(event, data, state);
  if (state.value === null) refuse("stance-withdrawn", data.target);
});
law("report.made/1", (event, data, state, states) => {
  if (event.actor === undefined) refuse("participant-missing", event.type);
  existingTarget(states, data.target);
  checkMotive(states.project, data.motive);
  if (state.version) refuse("already-reported", data.target);
});

function openText(states, ref) {
  const state = states.of(`text/${ref}`);
  if (!state.version) refuse("text-unknown", ref);
  if (state.adopted) refuse("text-adopted", ref);
  return state;
}

function openSection(states, ref, section) {
  const state = openText(states, ref);
  if (!state.sections.has(section)) refuse("section-unknown", section);
  return state;
}

law(
  "text.published/1",
  (event, data, state, states) => {
    if (state.version) refuse("ref-taken", `text ${data.ref}`);
    if (data.step !== undefined) plannedStep(states, data.step);
  },
  (event, data, state) => {
    state.step = data.step ?? null;
  },
);
law(
  "section.added/1",
  (event, data, state, states) => {
    openText(states, data.ref);
    if (state.sections.has(data.section)) refuse("ref-taken", `section ${data.section}`);
    if (data.parent !== undefined && !state.sections.has(data.parent)) refuse("section-unknown", data.parent);
  },
  (event, data, state) => {
    state.sections.set(data.section, data.digest ?? null);
  },
);
law(
  "section.amended/1",
  (event, data, state, states) => {
    const old = openSection(states, data.ref, data.section).sections.get(data.section);
    same("old_digest", old, data.old_digest);
    need(data, event.type, "digest");
    if (data.digest === old) refuse("nothing-changed", event.type);
    for (const ref of data.because_of) submittedContribution(states, ref);
  },
  (event, data, state) => {
    state.sections.set(data.section, data.digest);
  },
);
law(
  "text.adopted/1",
  (event, data, state, states) => {
    openText(states, data.ref);
    same("digest", digestOf([...state.sections]), data.digest);
  },
  (event, data, state) => {
    state.adopted = true;
  },
);

function checkClustering(data, state, states) {
  plannedStep(states, data.step);
  if (state.sealed) refuse("clustering-sealed", data.ref);
}

law(
  "clusters.listed/1",
  (event, data, state, states) => {
    checkClustering(data, state, states);
    checkMembers(data, event.type, (member) => state.groups.has(member), "already-grouped");
  },
  (event, data, state) => {
    for (const member of data.members) state.groups.set(member, data.group);
  },
);
law(
  "clusters.sealed/1",
  (event, data, state, states) => {
    checkClustering(data, state, states);
    if (!state.groups.size) refuse("clustering-empty", data.ref);
    same("groups", new Set(state.groups.values()).size, data.groups);
    same("count", state.groups.size, data.count);
    same("digest", digestOf([...state.groups].sort(([one], [other]) => (one < other ? -1 : 1))), data.digest);
  },
  (event, data, state) => {
    state.sealed = true;
  },
);

function checkImportRuns(data, state) {
  if (!state.version) refuse("import-not-started", data.ref);
  if (state.finished) refuse("import-finished", data.ref);
}

law("import.started/1", (event, data, state) => {
  if (state.version) refuse("import-already-started", data.ref);
});
law(
  "aggregate.recorded/1",
  (event, data, state, states) => {
    checkImportRuns(data, state);
    existingTarget(states, data.target);
    if (state.stated.has(`${data.target} ${data.basis}`)) refuse("aggregate-already-recorded", data.target);
  },
  (event, data, state) => {
    state.stated.add(`${data.target} ${data.basis}`);
  },
);
law(
  "import.finished/1",
  (event, data, state) => checkImportRuns(data, state),
  (event, data, state) => {
    state.finished = true;
  },
);
