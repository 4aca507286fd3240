// What is told of a step beside its count, as results show it: dates, rules, what the authority said, and what an observer has to look at.

class StepRows {
  constructor() {
    this.rows = new Map();
  }

  of(ref) {
    if (!this.rows.has(ref)) this.rows.set(ref, blankStepRow(ref));
    return this.rows.get(ref);
  }

  note(event, fields) {
    const { data, type } = event;
    if (data.step === undefined) return;
    const fold = STEP_FOLDS[type.split("/")[0]];
    if (fold !== undefined) fold(this.of(data.step), { seq: event.seq, at: event.at }, event, (name) => fields[name] ?? null);
  }
}

function blankStepRow(ref) {
  return {
    ref, title: null, opens_at: null, closes_at: null, takes_paper: false, announced: null, rules: null, rules_digest: null, secrecy: null, opened: null, closed: null,
    paper_closed: null, embargo_until: null, candidates: null, roll: null, disclosed: null, amendments: [], reschedulings: [], commitments: [],
    reveals: [], computed: [], published: [], overrides: [], certified: [], flags: [],
  };
}

function isOffTime(announced, at) {
  return announced !== null && Math.abs(timeOf(at) - timeOf(announced)) > CLOCK_TOLERANCE;
}

function flag(row, event, name) {
  row.flags.push({ seq: event.seq, flag: name });
}

function flagLottery(row, event) {
  const known = row.rules?.lottery === undefined ? [] : knownFrom(row.rules.lottery) ?? [];
  if (known.length && event.at >= known[0]) flag(row, event, "lottery_known_early");
}

const STEP_FOLDS = {
  "step.planned": (row, stamp, { data }) => {
    Object.assign(row, { title: data.title, opens_at: data.opens_at ?? null, closes_at: data.closes_at ?? null, takes_paper: data.takes_paper });
  },
  // Of these nothing is told; that there is the step is.
  "step.stances_set": () => undefined,
  "step.resumed": () => undefined,
  "roll.listed": () => undefined,
  "step.rules_set": (row, stamp, { data }) => Object.assign(row, { announced: data.rules, rules: data.rules, rules_digest: data.digest ?? null, secrecy: data.secrecy }),
  "step.rules_amended": (row, stamp, event, text) => {
    const { data } = event;
    const late = row.closed !== null;
    row.amendments.push({ ...stamp, code: data.code, digest: data.digest ?? null, after_close: late, rules: data.rules, reason: text("reason") });
    flag(row, event, late ? "rules_amended_after_close" : "rules_amended");
    if (!late) Object.assign(row, { rules: data.rules, rules_digest: data.digest ?? null });
  },
  "step.rescheduled": (row, stamp, event, text) => {
    const { data } = event;
    const told = {
      ...stamp, opens_at: data.opens_at ?? null, closes_at: data.closes_at ?? null, old_opens_at: row.opens_at, old_closes_at: row.closes_at,
      code: data.code, reason: text("reason"),
    };
    if (data.opens_at !== undefined) row.opens_at = data.opens_at;
    if (data.closes_at !== undefined) row.closes_at = data.closes_at;
    if (data.lottery !== undefined && row.rules !== null) {
      told.lottery = data.lottery;
      Object.assign(row, { rules: { ...row.rules, lottery: data.lottery }, rules_digest: data.digest ?? null });
    }
    row.reschedulings.push(told);
    flag(row, event, "rescheduled");
  },
  "step.opened": (row, stamp, event) => {
    row.opened = stamp;
    if (isOffTime(row.opens_at, event.at)) flag(row, event, "opened_late");
  },
  "step.closed": (row, stamp, event) => {
    row.closed = { ...stamp, early: false, delayed_by: event.data.delayed_by ?? null };
    if (isOffTime(row.closes_at, event.at)) flag(row, event, "closed_late");
    flagLottery(row, event);
  },
  "step.closed_early": (row, stamp, event, text) => {
    row.closed = { ...stamp, early: true, code: event.data.code, reason: text("reason") };
    flag(row, event, "closed_early");
  },
  "results.embargoed": (row, stamp, { data }) => Object.assign(row, { embargo_until: data.until }),
  "paper.closed": (row, stamp, event) => {
    row.paper_closed = stamp;
    flagLottery(row, event);
  },
  "step.suspended": (row, stamp, event) => flag(row, event, "suspended"),
  "candidates.sealed": (row, stamp, { data }) => Object.assign(row, { candidates: { ...stamp, count: data.count ?? null, digest: data.digest ?? null } }),
  "roll.sealed": (row, stamp, { data }) => Object.assign(row, { roll: { ...stamp, count: data.count ?? null, root: data.root ?? null } }),
  "ballots.disclosed": (row, stamp, { data }) => Object.assign(row, { disclosed: { ...stamp, count: data.count ?? null, root: data.root ?? null } }),
  "lottery.committed": (row, stamp, { data }) => row.commitments.push({ ...stamp, party: data.party, commitment: data.commitment }),
  "lottery.revealed": (row, stamp, { data }) => {
    const { beacon, secret, numbers } = data;
    row.reveals.push(setOnly({ ...stamp, beacon, secret, numbers }));
  },
  "result.computed": (row, stamp, { data }) => {
    row.computed.push({ ...stamp, rule: data.rule ?? null, cut_off: data.cut_off ?? null, winners: data.winners ?? null, digest: data.digest ?? null });
  },
  "outcome.published": (row, stamp, { data }, text) => {
    const missing = data.ballots_missing.map(({ channel, count }) => ({ channel, count: count ?? null }));
    row.published.push({ ...stamp, selected: data.selected, outside_rule: data.outside_rule, ballots_missing: missing, statement: text("statement") });
  },
  "outcome.overridden": (row, stamp, { data }, text) => {
    const { position, funded, code } = data;
    row.overrides.push({ ...stamp, position, funded, code, reason: text("reason"), legal_basis: text("legal_basis") });
  },
  "result.certified": (row, stamp, event) => {
    const { digest, by_roles, quorum, objections_until, witnessed } = event.data;
    const told = { ...stamp, digest, by_roles, quorum, objections_until: objections_until ?? null };
    if (event.type !== "result.certified/1") told.witnessed = witnessed ?? null;
    row.certified.push(told);
  },
};
