// greedy/1: candidates have their turn in order of score, each funded while its cost fits (docs/formats/rules.md).

class Spending {
  constructor(spec, items) {
    this.spec = spec;
    this.costs = items.map(({ cost }) => BigInt(cost));
    this.then = spec.unaffordable.then;
    this.ratio = spec.unaffordable.ratio === undefined ? null : Fraction.read(spec.unaffordable.ratio);
    this.closed = new Map();
    this.taken = new Map();
    this.winners = [];
    this.reserve = 0n;
    this.setsOf = items.map(({ ref }) => spec.exclusive_sets.flatMap(({ members }, index) => (members.includes(ref) ? [index] : [])));
    const budget = BigInt(spec.budget_minor);
    const amounts = (spec.envelopes?.envelopes ?? []).map(({ amount_minor }) => BigInt(amount_minor));
    const own = spec.envelopes?.kind === "own";
    // Account 0 is the budget; with envelopes of their own it holds what no envelope was given.
    this.left = [own ? amounts.reduce((rest, amount) => rest - amount, budget) : budget, ...amounts];
    this.draws = items.map((item) => {
      const index = envelopeIndex(spec, item);
      if (index === null) return [0];
      return own ? [index + 1] : [0, index + 1];
    });
  }

  leftFor(position) {
    return this.draws[position].map((account) => this.left[account]).reduce((least, left) => (left < least ? left : least));
  }

  /** What the turn of the candidate brings now. Changes nothing. */
  fate(position) {
    for (const index of this.setsOf[position]) if (this.taken.has(index)) return { code: "excluded_by", by: this.taken.get(index) };
    if (this.spec.max_winners !== undefined && this.winners.length >= this.spec.max_winners) return { code: "max_winners" };
    const [draws, cost] = [this.draws[position], this.costs[position]];
    for (const account of draws) if (this.closed.has(account)) return { code: "stopped", by: this.closed.get(account) };
    const left = this.leftFor(position);
    if (cost <= left) return { code: "funded" };
    if (this.then === "fund_if_left") {
      const ratio = this.ratio ?? new Fraction(1n);
      if (left * ratio.d >= ratio.n * cost) return { code: "funded", reserve_minor: cost - left };
    }
    const boundOnly = draws.length > 1 && this.left[0] >= cost;
    return { code: boundOnly ? "envelope_exhausted" : "unaffordable", left_minor: left };
  }

  turn(position) {
    const status = this.fate(position);
    if (status.code === "funded") this.pay(position, status.reserve_minor ?? 0n);
    else if ((status.code === "unaffordable" || status.code === "envelope_exhausted") && this.then !== "skip") this.close(position);
    return status;
  }

  pay(position, reserve) {
    for (const account of this.draws[position]) this.left[account] -= this.costs[position] - reserve;
    for (const index of this.setsOf[position]) this.taken.set(index, position);
    this.winners.push(position);
    if (reserve) {
      this.reserve += reserve;
      this.close(position);
    }
  }

  /** Closes the first account that holds too little for the candidate. */
  close(position) {
    const account = this.draws[position].find((one) => this.left[one] < this.costs[position]);
    if (account !== undefined) this.closed.set(account, position);
  }

  /** What every account still holds becomes one common account. */
  pool(then) {
    this.left = [this.left.reduce((sum, left) => sum + left, 0n)];
    this.draws = this.draws.map(() => [0]);
    this.closed = new Map();
    this.then = then;
  }
}

function runGreedy(spec, items, tally, ladder, eligible) {
  const order = orderOf(eligible, tally.score, ladder);
  const state = new Spending(spec, items);
  const [statuses, visits] = [new Map(), []];
  const round = (positions, pooled) => {
    for (const position of positions) {
      const left = state.leftFor(position);
      const status = state.turn(position);
      const step = visits.length + 1;
      visits.push({ step, position, score: tally.score[position], cost_minor: state.costs[position], left_minor: left, result: status.code, pooled });
      const { code, left_minor, by, reserve_minor } = status;
      statuses.set(position, { code, step, left_minor, by, reserve_minor });
    }
  };
  round(order, false);
  if (spec.leftover !== undefined) {
    state.pool(spec.leftover.then);
    const funded = new Set(state.winners);
    round(order.filter((position) => !funded.has(position)), true);
  }
  const spent = state.winners.reduce((sum, position) => sum + state.costs[position], 0n) - state.reserve;
  return { winners: state.winners, statuses, trace: visits, ties: greedyTies(order, tally.score, ladder, visits, statuses), spent };
}

function greedyTies(order, score, ladder, visits, statuses) {
  const firstStep = new Map();
  for (const { position, step } of visits) if (!firstStep.has(position)) firstStep.set(position, step);
  const ties = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && score[order[end]] === score[order[start]]) end += 1;
    const members = order.slice(start, end);
    if (members.length > 1) ties.push(tieMet(ladder, firstStep.get(members[0]), members, statuses));
    start = end;
  }
  return ties;
}
