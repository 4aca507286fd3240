// Which ballots count, and why the others do not (docs/formats/results.md). Of each person's ballot the last event speaks.

/** The last event of every ballot by step and person, as the log tells it. */
class Ballots {
  constructor() {
    this.steps = new Map();
  }

  note(event, disclosed) {
    const { data, actor } = event;
    if (!this.steps.has(data.step)) this.steps.set(data.step, new Map());
    const ballots = this.steps.get(data.step);
    const before = ballots.get(actor);
    const isWithdrawal = event.type === "ballot.withdrawn/1";
    const withdrawals = (before === undefined ? 0 : before.withdrawals) + (isWithdrawal ? 1 : 0);
    ballots.set(actor, {
      actor, hour: hourOf(event.at), seq: event.seq, revision: event.version, channel: event.channel, withdrawn: isWithdrawal, withdrawals, entries: data.entries ?? null,
      disclosed: disclosed.entries ?? null, unknown: data.unknown_entries ?? 0,
    });
  }

  /** Ascending by seq. */
  of(step) {
    return [...(this.steps.get(step) ?? new Map()).values()].sort((one, other) => one.seq - other.seq);
  }
}

/** The seq below which a ballot of this channel counts. */
function ballotLimit(step, channel, size) {
  return (channel === "paper" && step.takesPaper ? step.paperClosedSeq : step.closedSeq) ?? size;
}

class BallotCount {
  /** Counts the ballots of a step whose choices may be known. */
  constructor(ref, states, ballots, withdrawals, size) {
    const step = states.step(ref);
    this.step = step;
    this.items = states.selection(ref).items;
    this.candidatesDigest = states.selection(ref).digest;
    this.cutOff = cutOffOf(step) ?? size;
    this.enrolled = step.rollCount;
    this.size = size;
    this.notCounted = new Map();
    /** Channel → last events of ballots, and those of them that count. */
    this.lastByChannel = new Map();
    this.byChannel = new Map();
    this.unknown = 0;
    this.counted = 0;
    /** Canonical text of entries → { entries, count }, alike ones together. */
    this.choices = new Map();
    this.reasons = new Map();
    this.check = choiceChecker(step.rules.ballot, this.items);
    this.roll = step.hasRoll ? states.roll(ref) : null;
    this.withdrawn = this.items.filter(({ ref: of }) => (withdrawals.get(of)?.seq ?? Infinity) < this.cutOff).map(({ position }) => position);
    for (const ballot of ballots.of(ref)) this.take(ballot);
    this.profile = this.grouped();
  }

  take(ballot) {
    this.lastByChannel.set(ballot.channel, (this.lastByChannel.get(ballot.channel) ?? 0) + 1);
    if (ballot.revision > 1) {
      const cast = ballot.revision - ballot.withdrawals;
      this.add("withdrawn", ballot.withdrawals);
      this.add("replaced", cast - ballot.withdrawals - (ballot.withdrawn ? 0 : 1));
    }
    const written = this.entriesOf(ballot);
    const reason = this.reason(ballot, written);
    if (reason !== null) {
      if (reason !== "withdrawn") this.add(reason, 1);
      return;
    }
    this.counted += 1;
    this.byChannel.set(ballot.channel, (this.byChannel.get(ballot.channel) ?? 0) + 1);
    this.unknown += ballot.unknown;
    const alike = this.choices.get(written);
    if (alike === undefined) this.choices.set(written, { entries: ballot.entries ?? ballot.disclosed, count: 1 });
    else alike.count += 1;
  }

  add(reason, count) {
    if (count) this.notCounted.set(reason, (this.notCounted.get(reason) ?? 0) + count);
  }

  entriesOf(ballot) {
    const sealed = this.step.secrecy === "sealed";
    const entries = ballot.entries ?? (sealed && this.step.disclosed && ballot.seq < this.cutOff ? ballot.disclosed : null);
    return entries === null ? null : canonicalText(entries);
  }

  reason(ballot, written) {
    if (ballot.withdrawn) return "withdrawn";
    if (ballot.seq >= ballotLimit(this.step, ballot.channel, this.size)) return "after_close";
    if (this.roll !== null) {
      if (!this.roll.members.has(ballot.actor)) return "not_on_roll";
      if (ballot.channel !== "paper" && this.roll.attended.get(ballot.actor) === "paper") return "paper_attendance";
    }
    if (written === null) return "undisclosed";
    if (!this.reasons.has(written)) this.reasons.set(written, this.choicesReason(ballot.entries ?? ballot.disclosed));
    return this.reasons.get(written);
  }

  choicesReason(choices) {
    const entries = asEntries(choices);
    if (entries === null || this.check(entries) !== null) return this.step.secrecy === "sealed" ? "invalid_after_disclosure" : "invalid";
    return isBelowMinimum(entries, this.step.rules.ballot, this.items) ? "under_minimum" : null;
  }

  /** Alike ballots together: where the order of entries has no meaning, they are sorted first. */
  grouped() {
    const alike = new Map();
    const ranked = this.step.rules.ballot.form === "ranked";
    for (const { entries, count } of this.choices.values()) {
      const sorted = ranked ? entries : [...entries].sort(byEntry);
      const written = canonicalText(sorted);
      const found = alike.get(written);
      if (found === undefined) alike.set(written, { entries: sorted, count });
      else found.count += count;
    }
    return [...alike.entries()].map(([written, { entries, count }]) => ({ written, entries, count }));
  }

  ballotsDigest() {
    const lines = this.profile.map(({ written, count }) => `${written} ${count}\n`).sort();
    return base64url(sha256(utf8("ledger-ballots/v1\n"), utf8(lines.join(""))));
  }

  /** SHA-256 over all that the count depends on, but the rules. */
  inputsDigest(lot) {
    const inputs = {
      ballots: this.ballotsDigest(), candidates: this.candidatesDigest, cut_off: this.cutOff, enrolled: this.enrolled, withdrawn: this.withdrawn,
    };
    if (lot !== null) inputs.lot = hex(lot);
    return base64url(sha256(utf8("ledger-inputs/v1\n"), utf8(canonicalText(inputs))));
  }
}

function byEntry(one, other) {
  if (!Array.isArray(one)) return one - other;
  return one[0] - other[0] || one[1] - other[1];
}

/** Why there is nothing to count yet in a step whose rules were set, or null. */
function whyPending(step, lot) {
  if (step.openedSeq === null) return step.closedSeq === null ? "not_open" : "never_open";
  if (step.secrecy === "sealed" && !step.disclosed) return "sealed";
  return lot === null && isDrawnLater(step.rules.lottery) ? "not_drawn" : null;
}

/** The seed that was drawn for a step, where its rules have one drawn and all of it was revealed; null otherwise. */
function drawnLot(origin, step, revealed) {
  const { lottery } = step.rules;
  if (!isDrawnLater(lottery)) return null;
  const drawing = drawingsOf(lottery).find((one) => completes(revealed, one));
  if (drawing === undefined) return null;
  const [kind] = kindsOf(drawing);
  const lines = ["ledger-lottery/v1", origin, step.ref, kind, ...lotLines(drawing, revealed)];
  return sha256(utf8(lines.map((line) => `${line}\n`).join("")));
}

function lotLines(drawing, revealed) {
  if (drawing.beacon !== undefined) return [String(revealed.beacon.round), revealed.beacon.signature];
  if (drawing.parties !== undefined) return [...drawing.parties].sort().map((party) => `${party} ${revealed.secrets.get(party)}`);
  const drawn = (numbers) => [...numbers].sort((one, other) => one - other).map((number) => `${number}.`).join("");
  return [revealed.numbers.map((numbers) => `${drawn(numbers)}/`).join("")];
}
