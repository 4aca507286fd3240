// Contributions: submitted, revised, answered, merged, split, withdrawn.

const ABOUT_ANOTHER = new Set(["counter_proposal", "answer", "source", "comment"]);
const REPLIES = new Set(["comment", "answer"]);

function submittedContribution(states, ref) {
  const state = states.contribution(ref);
  if (state.kind === null) refuse("contribution-unknown", ref);
  return state;
}

function standingContribution(states, ref) {
  const state = submittedContribution(states, ref);
  if (state.withdrawn) refuse("contribution-withdrawn", ref);
  if (state.mergedInto !== null) refuse("contribution-merged", ref);
  if (state.split) refuse("contribution-split", ref);
  return state;
}

function submittedArgument(states, ref) {
  const state = states.argument(ref);
  if (state.step === "") refuse("argument-unknown", ref);
  return state;
}

function standingArgument(states, ref) {
  const state = submittedArgument(states, ref);
  if (state.withdrawn) refuse("argument-withdrawn", ref);
  return state;
}

/** A target is the name of a stream: contribution/<ref> or argument/<ref>. */
function standingTarget(states, target) {
  const ref = target.slice(target.indexOf("/") + 1);
  return target.startsWith("argument/") ? standingArgument(states, ref) : standingContribution(states, ref);
}

function existingTarget(states, target) {
  const ref = target.slice(target.indexOf("/") + 1);
  return target.startsWith("argument/") ? submittedArgument(states, ref) : submittedContribution(states, ref);
}

function addressedTarget(states, target, step) {
  const state = standingTarget(states, target);
  if (state.step !== step) refuse("target-of-other-step", target);
  checkNotModerated(states, target);
  return state;
}

function checkNotModerated(states, target) {
  const { decision } = states.of(`case/${target}`);
  if (decision !== null) refuse("target-moderated", `${target}, ${decision}`);
}

function checkNotSuspended(states, event) {
  if (event.actor === undefined) return;
  const { until } = states.of(`suspension/${event.actor}`);
  if (until !== null && event.at < until) refuse("author-suspended", until);
}

function checkAuthor(event, ref, author) {
  if (author === null ? event.role !== "organizer" : event.actor !== author) refuse("not-the-author", ref);
}

function checkAuthorOrAuthority(event, ref, author) {
  if (event.role !== "organizer" && event.role !== "moderator") checkAuthor(event, ref, author);
}

function checkAccepted(ref, kind, states) {
  const step = plannedStep(states, ref);
  if (!step.accepts.includes(kind)) refuse("kind-not-accepted", `${kind} in ${ref}`);
  checkOpen(step);
}

/** It is of a person, was said in a meeting, or is brought in by an organizer. */
function checkSource(event, data, states) {
  if (event.actor === undefined) {
    if (event.role === "participant") refuse("participant-missing", event.type);
    if (data.meeting === undefined && event.role !== "organizer") refuse("meeting-missing", data.ref);
  }
  if (data.meeting !== undefined && !states.project.meetings.has(data.meeting)) refuse("meeting-unknown", data.meeting);
}

/** The step is the contribution's own, or one whose ballot it is listed for. */
function checkRelated(states, data, contribution) {
  plannedStep(states, data.step);
  if (data.step !== contribution.step && !states.selection(data.step).positions.has(data.ref)) refuse("step-unrelated", data.step);
}

law(
  "contribution.submitted/2",
  (event, data, state, states) => {
    checkAccepted(data.step, data.kind, states);
    checkPlaces(states.project, data.district, data.category);
    if (state.version) refuse("already-submitted", data.ref);
    checkSource(event, data, states);
    if (data.derived_from !== undefined) submittedContribution(states, data.derived_from);
    if (event.type === "contribution.submitted/1") return; // what schema 1 admitted stays admitted
    checkNotSuspended(states, event);
    checkSubject(data, states);
  },
  (event, data, state) => {
    Object.assign(state, {
      kind: data.kind, step: data.step, author: event.actor ?? null, texts: 1, target: data.target ?? null, derivedFrom: data.derived_from ?? null,
    });
  },
);

/** What the contribution is about is clear, exists, and can be addressed. */
function checkSubject(data, states) {
  if (data.kind === "amendment") {
    const ofText = data.text !== undefined || data.section !== undefined;
    if (ofText === (data.target !== undefined) || (ofText && data.section === undefined)) refuse("amendment-unclear", data.ref);
  }
  if (ABOUT_ANOTHER.has(data.kind) && data.target === undefined) refuse("target-missing", data.ref);
  if (data.section !== undefined) {
    if (data.text === undefined) refuse("text-missing", data.ref);
    openSection(states, data.text, data.section);
  } else if (data.text !== undefined) {
    openText(states, data.text);
  }
  if (data.target !== undefined) addressedTarget(states, `contribution/${data.target}`, data.step);
  if (data.reply_to !== undefined) {
    const replied = submittedContribution(states, data.reply_to);
    const fits = REPLIES.has(data.kind) && REPLIES.has(replied.kind) && data.target !== undefined && replied.target === data.target;
    if (!fits) refuse("reply-unfit", data.reply_to);
  }
}

function checkWritable(event, data, state, states) {
  if (state.kind !== null) checkAccepted(data.step, state.kind, states);
  checkNotModerated(states, `contribution/${data.ref}`);
  checkNotSuspended(states, event);
}

law(
  "contribution.revised/1",
  (event, data, state, states) => {
    standingContribution(states, data.ref);
    checkAuthor(event, data.ref, state.author);
    checkWritable(event, data, state, states);
    checkPlaces(states.project, data.district, data.category);
  },
  (event, data, state) => {
    state.texts += 1;
  },
);
law("contribution.attached/1", (event, data, state, states) => {
  standingContribution(states, data.ref);
  checkAuthorOrAuthority(event, data.ref, state.author);
  checkWritable(event, data, state, states);
});
law("contribution.formalised_with/1", (event, data, state, states) => checkRelated(states, data, standingContribution(states, data.ref)));
law("contribution.answered/1", (event, data, state, states) => checkRelated(states, data, submittedContribution(states, data.ref)));
law(
  "contribution.withdrawn/1",
  (event, data, state, states) => {
    if (submittedContribution(states, data.ref).withdrawn) refuse("contribution-withdrawn", data.ref);
    checkRelated(states, data, state);
    checkAuthorOrAuthority(event, data.ref, state.author);
  },
  (event, data, state) => {
    state.withdrawn = true;
  },
);

/** Both contributions are of the step, stand, and are not the same; the step is open. */
function checkPair(data, states) {
  checkOpen(plannedStep(states, data.step));
  const own = addressedTarget(states, `contribution/${data.ref}`, data.step);
  if (data.into === data.ref) refuse("merged-into-itself", data.ref);
  return [own, addressedTarget(states, `contribution/${data.into}`, data.step)];
}

law(
  "contribution.merge_proposed/1",
  (event, data, state, states) => {
    const [own, other] = checkPair(data, states);
    if (event.role !== "organizer" && event.role !== "moderator") {
      if (event.actor === undefined || (event.actor !== own.author && event.actor !== other.author)) refuse("not-the-author", data.ref);
    }
    if (state.mergeProposed.has(data.into)) refuse("nothing-changed", event.type);
  },
  (event, data, state) => {
    state.mergeProposed.add(data.into);
  },
);
law(
  "contribution.merge_accepted/1",
  (event, data, state, states) => {
    checkPair(data, states);
    checkAuthor(event, data.ref, state.author);
    if (!state.mergeProposed.has(data.into)) refuse("merge-not-proposed", data.into);
    if (state.mergeAccepted.has(data.into)) refuse("nothing-changed", event.type);
  },
  (event, data, state) => {
    state.mergeAccepted.add(data.into);
  },
);
law(
  "contribution.merge_refused/1",
  (event, data, state, states) => {
    standingContribution(states, data.ref);
    plannedStep(states, data.step);
    if (data.step !== state.step) refuse("target-of-other-step", data.ref);
    checkAuthor(event, data.ref, state.author);
    if (!state.mergeProposed.has(data.into)) refuse("merge-not-proposed", data.into);
  },
  (event, data, state) => {
    state.mergeProposed.delete(data.into);
    state.mergeAccepted.delete(data.into);
  },
);
law(
  "contribution.merged_into/1",
  (event, data, state, states) => {
    checkPair(data, states);
    if (!state.mergeAccepted.has(data.into)) refuse("merge-not-accepted", data.into);
  },
  (event, data, state) => {
    state.mergedInto = data.into;
  },
);
law(
  "contribution.split_into/1",
  (event, data, state, states) => {
    checkOpen(plannedStep(states, data.step));
    addressedTarget(states, `contribution/${data.ref}`, data.step);
    checkAuthorOrAuthority(event, data.ref, state.author);
    data.parts.forEach((part, place) => {
      if (data.parts.indexOf(part) < place) refuse("part-twice", part);
      if (standingContribution(states, part).derivedFrom !== data.ref) refuse("part-unrelated", part);
    });
  },
  (event, data, state) => {
    state.split = true;
  },
);
