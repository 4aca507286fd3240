// What stands on a ballot paper, who is on the roll, and when sealed choices are disclosed.

function checkInPreparation(data, state, states) {
  checkNotOpened(ballotStep(states, data.step));
  if (state.digest !== null) refuse("candidates-sealed", data.step);
}

law(
  "proposal.selected/1",
  (event, data, state, states) => {
    checkInPreparation(data, state, states);
    standingContribution(states, data.ref);
    if (state.selected.has(data.ref)) refuse("already-selected", data.ref);
  },
  (event, data, state) => {
    state.selected.add(data.ref);
    state.deselected.delete(data.ref);
  },
);
law(
  "proposal.deselected/1",
  (event, data, state, states) => {
    checkInPreparation(data, state, states);
    if (!state.selected.has(data.ref)) refuse("not-selected", data.ref);
    if (state.positions.has(data.ref)) refuse("already-listed", data.ref);
  },
  (event, data, state) => {
    state.selected.delete(data.ref);
    state.deselected.add(data.ref);
  },
);
law(
  "candidates.listed/1",
  (event, data, state, states) => {
    checkInPreparation(data, state, states);
    const named = new Set();
    for (const candidate of data.items) {
      if (state.positions.has(candidate.ref) || named.has(candidate.ref)) refuse("already-listed", candidate.ref);
      if (state.deselected.has(candidate.ref)) refuse("not-selected", candidate.ref);
      standingContribution(states, candidate.ref);
      checkPlaces(states.project, candidate.district, candidate.category);
      named.add(candidate.ref);
    }
  },
  (event, data, state) => {
    for (const { ref, cost_minor, district, category } of data.items) {
      const position = state.items.length;
      state.items.push({ position, ref, cost: cost_minor, district: district ?? null, category: category ?? null });
      state.positions.set(ref, position);
    }
  },
);
law(
  "candidates.sealed/1",
  (event, data, state, states) => {
    checkInPreparation(data, state, states);
    if (!state.items.length) refuse("candidates-missing", data.step);
    same("count", state.items.length, data.count);
    same("digest", candidatesDigest(state.items), data.digest);
  },
  (event, data, state) => {
    state.digest = data.digest;
  },
);

function candidatesDigest(items) {
  return digestOf(
    items.map(({ ref, cost, district, category }) => {
      const line = { ref, cost_minor: cost };
      if (district !== null) line.district = district;
      if (category !== null) line.category = category;
      return line;
    }),
  );
}

function checkRollInPreparation(step) {
  if (!step.hasRoll) refuse("step-has-no-roll", step.ref);
  checkNotOpened(step);
  if (step.rollCount !== null) refuse("roll-sealed", step.ref);
}

/** Members ascend, and none of them is known already. */
function checkMembers(data, type, isKnown, code) {
  if (!data.members || !data.members.length) refuse("field-missing", `members of ${type} is missing`);
  let before = "";
  for (const member of data.members) {
    if (member <= before) refuse("members-unordered", data.step);
    if (isKnown(member)) refuse(code, member);
    before = member;
  }
}

law(
  "roll.listed/1",
  (event, data, state, states) => {
    checkRollInPreparation(ballotStep(states, data.step));
    checkMembers(data, event.type, (member) => state.members.has(member), "already-on-roll");
  },
  (event, data, state) => {
    for (const member of data.members) state.members.add(member);
  },
);
law(
  "attendance.marked/1",
  (event, data, state, states) => {
    if (event.actor === undefined) refuse("participant-missing", event.type);
    const step = ballotStep(states, data.step);
    if (!step.hasRoll) refuse("step-has-no-roll", data.step);
    checkCasting(step, event.channel);
    if (!state.members.has(event.actor)) refuse("not-on-roll", data.step);
    if (state.attended.has(event.actor)) refuse("already-attended", state.attended.get(event.actor));
  },
  (event, data, state) => {
    state.attended.set(event.actor, event.channel);
  },
);
law(
  "roll.sealed/1",
  (event, data, state, states) => {
    checkRollInPreparation(ballotStep(states, data.step));
    const { members } = states.roll(data.step);
    if (!members.size) refuse("roll-empty", data.step);
    same("count", members.size, data.count);
    same("root", base64url(treeRoot([...members].sort().map((member) => leafHash(utf8(member))))), data.root);
  },
  (event, data, state) => {
    state.rollCount = data.count;
  },
);

/** The state of a ballot step in which the casting is over. */
function castStep(states, ref) {
  const step = ballotStep(states, ref);
  if (step.openedSeq === null) refuse("step-not-open", ref);
  if (step.status !== "closed") refuse("step-not-closed", ref);
  if (!isOver(step)) refuse("paper-not-closed", ref);
  return step;
}

/** The state of a ballot step whose outcome may be known. */
function countableStep(states, ref) {
  const step = castStep(states, ref);
  if (step.secrecy === "sealed" && !step.disclosed) refuse("ballots-undisclosed", ref);
  return step;
}

function checkStillSealed(step) {
  if (step.secrecy === null) refuse("rules-missing", step.ref);
  if (step.secrecy !== "sealed") refuse("ballots-not-sealed", step.ref);
  if (step.disclosed) refuse("already-disclosed", step.ref);
}

law(
  "results.embargoed/1",
  (event, data, state, states) => checkStillSealed(ballotStep(states, data.step)),
  (event, data, state) => {
    state.embargoUntil = data.until;
  },
);
law(
  "ballots.disclosed/1",
  (event, data, state, states) => {
    checkStillSealed(castStep(states, data.step));
    if (state.embargoUntil !== null && event.at < state.embargoUntil) refuse("embargo-lasts", state.embargoUntil);
    need(data, event.type, "count");
    need(data, event.type, "root");
  },
  (event, data, state) => {
    Object.assign(state, { disclosed: true, disclosure: { seq: event.seq, count: data.count, root: data.root } });
  },
);
