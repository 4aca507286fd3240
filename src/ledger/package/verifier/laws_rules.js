// The rules of a ballot step: set before the opening, after it amended in amounts of money only; and the lottery that breaks its ties.

const CLOSING_MARGIN = 60_000;
const QUICKNET_GENESIS = 1_692_803_367_000;
const QUICKNET_PERIOD = 3_000;
const EARLIEST_DAY = 14 * 3_600_000;
const DRAWING_KINDS = ["beacon", "parties", "numbers"];

function kindsOf(drawing) {
  return DRAWING_KINDS.filter((kind) => drawing[kind] !== undefined);
}

function isDrawnLater(lottery) {
  return lottery !== undefined && kindsOf(lottery).length > 0;
}

function drawingsOf(lottery) {
  return lottery.fallback === undefined ? [lottery] : [lottery, lottery.fallback];
}

function partiesOf(lottery) {
  return lottery === undefined ? [] : drawingsOf(lottery).flatMap((drawing) => drawing.parties ?? []);
}

/** The milliseconds of an instant, NaN where there is no such day or time. */
function timeOf(at) {
  const time = Date.parse(at);
  return Number.isNaN(time) || new Date(time).toISOString() !== at ? NaN : time;
}

function instantOf(time) {
  return new Date(time).toISOString();
}

/** The instants from which on the parts of a drawing may be known, ascending; null where a day does not exist. */
function knownFrom(drawing) {
  if (drawing.beacon !== undefined) return [instantOf(QUICKNET_GENESIS + (drawing.beacon.round - 1) * QUICKNET_PERIOD)];
  const days = (drawing.numbers ?? []).map((draw) => draw.date).sort();
  const times = days.map((day) => timeOf(`${day}T00:00:00.000Z`));
  return times.some(Number.isNaN) ? null : times.map((time) => instantOf(time - EARLIEST_DAY));
}

function earlierBy(at, margin) {
  return instantOf(timeOf(at) - margin);
}

function isDrawn(lottery, revealed) {
  return lottery === undefined || !isDrawnLater(lottery) || drawingsOf(lottery).some((drawing) => completes(revealed, drawing));
}

function completes(revealed, drawing) {
  if (drawing.beacon !== undefined) return revealed.beacon !== null;
  if (drawing.parties !== undefined) return drawing.parties.every((party) => revealed.secrets.has(party));
  return drawing.numbers !== undefined && revealed.numbers !== null;
}

/** Nothing that the lot is drawn from can be known before the closing, or now. */
function checkDrawnAfter(step, rules, closesAt, at) {
  if (rules === null || rules.lottery === undefined) return;
  const deadline = rules.lottery.fallback_after === undefined ? [] : [rules.lottery.fallback_after];
  for (const known of [...knownFrom(rules.lottery), ...deadline]) {
    if (closesAt === null) refuse("lottery-undated", step);
    const notBefore = closesAt > at ? closesAt : at;
    if (earlierBy(known, CLOSING_MARGIN) <= notBefore) refuse("lottery-too-early", `${known}, not before ${notBefore}`);
  }
}

/** The rules with the lottery that a new date names, if it names one. */
function movedLottery(step, rules, lottery) {
  if (lottery === undefined) return rules;
  const nature = (of) => JSON.stringify([drawingsOf(of).map(kindsOf), partiesOf(of), of.seed ?? null]);
  if (rules === null || !isDrawnLater(rules.lottery) || nature(lottery) !== nature(rules.lottery)) refuse("lottery-changed", step);
  return { ...rules, lottery };
}

function checkRules(data, step, states) {
  const { rules } = data;
  checkSpec(rules);
  for (const envelope of rules.envelopes?.envelopes ?? []) {
    if (rules.envelopes.by === "district") checkPlaces(states.project, envelope.key, null);
    else checkPlaces(states.project, null, envelope.key);
  }
  const ofRoll = rules.threshold?.of === "enrolled" || rules.quorum?.ratio !== undefined;
  if (ofRoll && !step.hasRoll) refuse("step-has-no-roll", data.step);
  same("digest", digestOf(rules), data.digest);
}

law(
  "step.rules_set/2",
  (event, data, state, states) => {
    ballotStep(states, data.step);
    if (state.status !== "planned") refuse("rules-frozen", data.step);
    checkRules(data, state, states);
    checkDrawnAfter(data.step, data.rules, state.closesAt, event.at);
  },
  (event, data, state) => {
    Object.assign(state, { rules: data.rules, latest: data.rules, rulesDigest: data.digest, secrecy: data.secrecy });
  },
);
law(
  "step.rules_amended/2",
  (event, data, state, states) => {
    ballotStep(states, data.step);
    if (state.rules === null || state.openedSeq === null) refuse("step-not-open", data.step);
    checkRules(data, state, states);
    const options = amendedBeyondMoney(state.rules, data.rules);
    if (options.length) refuse("amendment-too-wide", options.join(", "));
    if (canonicalText(data.rules) === canonicalText(state.latest)) refuse("nothing-changed", event.type);
  },
  (event, data, state) => {
    state.latest = data.rules;
    if (state.status !== "closed") Object.assign(state, { rules: data.rules, rulesDigest: data.digest });
  },
);

function amendedBeyondMoney(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const written = (value) => (value === undefined ? "" : canonicalText(value));
  return names
    .filter((name) => name !== "budget_minor" && written(before[name]) !== written(after[name]))
    .filter((name) => !(name === "envelopes" && onlyAmountsDiffer(before.envelopes, after.envelopes)));
}

function onlyAmountsDiffer(before, after) {
  if (before === undefined || after === undefined || before.by !== after.by || before.kind !== after.kind) return false;
  const minimum = new Map(before.envelopes.map((envelope) => [envelope.key, envelope.min_votes]));
  return after.envelopes.every((envelope) => envelope.min_votes === minimum.get(envelope.key));
}

function declaredLottery(step) {
  if (step.rules === null || !isDrawnLater(step.rules.lottery)) refuse("lottery-undeclared", step.ref);
  return step.rules.lottery;
}

law(
  "lottery.committed/1",
  (event, data, state, states) => {
    const step = ballotStep(states, data.step);
    checkNotOpened(step);
    if (step.rules === null) refuse("rules-missing", data.step);
    if (!partiesOf(declaredLottery(step)).includes(data.party)) refuse("party-unknown", data.party);
    if (state.commitments.has(data.party)) refuse("already-committed", data.party);
  },
  (event, data, state) => {
    state.commitments.set(data.party, data.commitment);
  },
);
law(
  "lottery.revealed/1",
  (event, data, state, states) => {
    const step = castStep(states, data.step);
    const lottery = declaredLottery(step);
    if (isDrawn(lottery, state.revealed)) refuse("lottery-drawn", data.step);
    const drawing = drawingInTurn(data, lottery, event.at);
    if (data.secret !== undefined) {
      checkSecret(data.step, data.secret, drawing, state);
      return;
    }
    const [expected, found] = [inWords(drawing), inWords(data)];
    if (expected !== found) refuse("lottery-differs", `${found}, and the rules name ${expected}`);
    const due = knownFrom(drawing).at(-1);
    if (event.at < due) refuse("lottery-not-due", `${event.at}, not before ${due}`);
  },
  (event, data, state) => {
    if (data.beacon !== undefined) state.revealed.beacon = data.beacon;
    if (data.secret !== undefined) state.revealed.secrets.set(data.secret.party, data.secret.secret);
    if (data.numbers !== undefined) state.revealed.numbers = data.numbers.map((draw) => draw.numbers);
  },
);

/** What the lot is drawn from at this time: up to the deadline what the rules name first, from then on the fallback. */
function drawingInTurn(data, lottery, at) {
  const kinds = [["beacon", data.beacon], ["parties", data.secret], ["numbers", data.numbers]].filter(([, part]) => part !== undefined);
  if (kinds.length !== 1) refuse("reveal-unclear");
  const [[kind]] = kinds;
  const deadline = lottery.fallback_after;
  let [inTurn, other] = [lottery, lottery.fallback];
  if (other !== undefined && deadline !== undefined && at >= deadline) [inTurn, other] = [other, lottery];
  if (kindsOf(inTurn).includes(kind)) return inTurn;
  if (other === undefined || deadline === undefined || !kindsOf(other).includes(kind)) refuse("lottery-differs", kind);
  return refuse(other === lottery ? "lottery-overdue" : "lottery-not-due", deadline);
}

function checkSecret(step, told, drawing, state) {
  if (!(drawing.parties ?? []).includes(told.party)) refuse("party-unknown", told.party);
  if (state.revealed.secrets.has(told.party)) refuse("already-revealed", told.party);
  const commitment = base64url(sha256(utf8(`ledger-lottery-commitment/v1\n${step}\n${told.party}\n${told.secret}\n`)));
  if (commitment !== state.commitments.get(told.party)) refuse("commitment-differs", told.party);
}

function inWords(drawing) {
  if (drawing.beacon !== undefined) return `round ${drawing.beacon.round}`;
  return (drawing.numbers ?? []).map((draw) => `${draw.name} of ${draw.date}`).join(", ");
}
