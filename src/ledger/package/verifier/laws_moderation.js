// What is decided about a content and about an author, and what is erased.

function actingIn(event) {
  return event.by ?? event.actor ?? `client:${event.via}`;
}

law(
  "case.opened/1",
  (event, data, state, states) => {
    existingTarget(states, data.target);
    if (state.opened) refuse("case-already-open", data.target);
  },
  (event, data, state) => {
    state.opened = true;
  },
);

function checkUndecided(data, state, states) {
  existingTarget(states, data.target);
  if (state.decision !== null) refuse("decision-in-force", state.decision);
}

function checkDecided(data, state, states) {
  existingTarget(states, data.target);
  if (state.decision === null) refuse("decision-missing", data.target);
}

function admitDecision(event, data, state, states) {
  checkUndecided(data, state, states);
  checkMotive(states.project, data.motive);
  if (data.until !== undefined && data.until <= event.at) refuse("date-not-ahead", data.until);
}

function decide(event, data, state, decision) {
  Object.assign(state, {
    opened: true, decision, motive: data.motive, moderator: actingIn(event), until: data.until ?? null, appeal: null,
    stancesCounted: data.stances === "counted",
  });
}

law("content.hidden/1", admitDecision, (event, data, state) => decide(event, data, state, "hidden"));
law("content.limited/1", admitDecision, (event, data, state) => decide(event, data, state, data.trash === "visible" ? "limited_visible" : "limited_invisible"));
law("decision.notified/1", (event, data, state, states) => checkDecided(data, state, states));
law(
  "appeal.lodged/1",
  (event, data, state, states) => {
    const { author } = existingTarget(states, data.target);
    if (author === null || event.actor !== author) refuse("not-the-author", data.target);
    checkDecided(data, state, states);
    if (state.appeal !== null) refuse("appeal-already-lodged", state.appeal);
  },
  (event, data, state) => {
    state.appeal = "lodged";
  },
);
law(
  "appeal.decided/1",
  (event, data, state, states) => {
    checkDecided(data, state, states);
    if (state.appeal !== "lodged") refuse("appeal-missing", data.target);
    if ([state.moderator, existingTarget(states, data.target).author].includes(actingIn(event))) refuse("judge-unfit", data.target);
  },
  (event, data, state) => {
    state.appeal = data.outcome;
  },
);
law(
  "content.restored/1",
  (event, data, state, states) => {
    checkDecided(data, state, states);
    if (data.because === "appeal" && state.appeal !== "reversed") refuse("appeal-not-reversed", data.target);
    if (data.because === "expired" && state.until !== null && event.at < state.until) refuse("decision-not-expired", state.until);
  },
  (event, data, state) => {
    Object.assign(state, { opened: false, decision: null, stancesCounted: true });
  },
);
law(
  "report.dismissed/1",
  (event, data, state, states) => checkUndecided(data, state, states),
  (event, data, state) => {
    state.opened = false;
  },
);
law(
  "participant.suspended/1",
  (event, data, state, states) => {
    need(data, event.type, "holder");
    checkMotive(states.project, data.motive);
    if (data.target !== undefined) existingTarget(states, data.target);
    if (data.until <= event.at) refuse("date-not-ahead", data.until);
  },
  (event, data, state) => {
    state.until = data.until;
  },
);
law(
  "participant.readmitted/1",
  (event, data, state) => {
    need(data, event.type, "holder");
    if (state.until === null || event.at >= state.until) refuse("not-suspended", data.holder);
  },
  (event, data, state) => {
    state.until = null;
  },
);

law(
  "erasure.requested/1",
  (event, data, state) => {
    if (event.role === "participant" && event.actor === undefined) refuse("participant-missing", event.type);
    if (data.extent === "content" && data.target === undefined) refuse("extent-unfit", data.extent);
    if (data.extent === "participant" && data.target !== undefined) refuse("extent-unfit", data.extent);
    if (state.requests.has(data.ref)) refuse("ref-taken", `request ${data.ref}`);
  },
  (event, data, state) => {
    state.requests.add(data.ref);
  },
);

/** A hold on a content covers what hangs on it. */
function holdOn(state, stream) {
  const slash = stream.indexOf("/");
  const about = slash < 0 ? "" : stream.slice(slash + 1);
  for (const [hold, target] of state.holds) {
    if (target === null || target === stream || target === about || about.startsWith(`${target}/`)) return hold;
  }
  return null;
}

law(
  "content.erased/1",
  (event, data, state) => {
    if ((data.request === undefined) === (data.authority === undefined)) refuse("basis-unclear");
    if (data.request !== undefined && !state.requests.has(data.request)) refuse("request-unknown", data.request);
    if (data.entry >= event.seq) refuse("entry-unknown", String(data.entry));
    need(data, event.type, "erased");
    need(data, event.type, "digests");
    if (data.digests.some((digest, place) => place && digest <= data.digests[place - 1])) refuse("field-differs", "digests do not ascend");
    if (data.erased.startsWith("ballot/")) refuse("choices-not-erasable", String(data.entry));
    if (state.redacted.has(data.entry)) refuse("already-redacted", String(data.entry));
    const hold = holdOn(state, data.erased);
    if (hold !== null) refuse("legal-hold-stands", hold);
    const erased = state.erased.get(data.entry);
    if (erased !== undefined && data.digests.every((digest) => erased.has(digest))) refuse("already-erased", String(data.entry));
  },
  (event, data, state) => {
    state.erased.set(data.entry, new Set([...(state.erased.get(data.entry) ?? []), ...data.digests]));
  },
);
law(
  "entry.redacted/1",
  (event, data, state) => {
    if (data.entry >= event.seq) refuse("entry-unknown", String(data.entry));
    for (const name of ["leaf_hash", "stream", "type", "version"]) need(data, event.type, name);
    const kind = FACTS.events[data.type]?.redactable ?? null;
    if (kind === null) refuse("entry-not-redactable", data.type);
    if (kindOf(data.stream) !== kind) refuse("field-differs", `stream is ${data.stream}, and has to begin with ${kind}`);
    if (state.redacted.has(data.entry)) refuse("already-redacted", String(data.entry));
  },
  (event, data, state) => {
    state.redacted.add(data.entry);
  },
);
law(
  "scope_key.destroyed/1",
  (event, data, state, states) => {
    const { project } = states;
    if (project.destroyed.has(data.scope)) refuse("scope-destroyed", data.scope);
    if (event.role === "system" && event.at < project.keysDestroyedAt) refuse("keys-not-due", project.keysDestroyedAt);
    if (data.scope.startsWith("step/")) {
      const step = plannedStep(states, data.scope.slice(5));
      if (step.status !== "closed") refuse("step-not-closed", step.ref);
      if (!isOver(step)) refuse("paper-not-closed", step.ref);
    }
  },
  (event, data, state, states) => {
    states.writable("project").destroyed.add(data.scope);
  },
);
law(
  "legal_hold.placed/1",
  (event, data, state) => {
    if (state.holds.has(data.ref) || state.lifted.has(data.ref)) refuse("ref-taken", `legal hold ${data.ref}`);
  },
  (event, data, state) => {
    state.holds.set(data.ref, data.target ?? null);
  },
);
law(
  "legal_hold.lifted/1",
  (event, data, state) => {
    if (!state.holds.has(data.ref)) refuse("hold-unknown", data.ref);
  },
  (event, data, state) => {
    state.holds.delete(data.ref);
    state.lifted.add(data.ref);
  },
);
