// equal-shares/1: free candidates, shares, completion, comparison with greedy, and the account of it step by step (docs/formats/rules.md).

/** The candidates that take part and have supporters, and what each is worth to whom. */
function contestOf(spec, items, profile, eligible, ladder) {
  const gathered = new Map([...eligible].map((position) => [position, []]));
  const { form } = spec.ballot;
  const points = spec.equal_shares.utility === "points";
  const places = points && form === "ranked" ? placePoints(spec) : null;
  profile.forEach(({ entries, count }, group) => {
    entries.forEach((entry, rank) => {
      const [position, value] = Array.isArray(entry) ? entry : [entry, 1];
      let utility = BigInt(value);
      if (places !== null) utility = places(rank, entries.length);
      else if (!points && utility > 1n) utility = 1n;
      if (utility > 0n && gathered.has(position)) gathered.get(position).push([group, count, utility]);
    });
  });
  const supporters = new Map();
  const costs = new Map();
  for (const [position, rows] of gathered) {
    if (!rows.length) continue;
    const cost = BigInt(items[position].cost);
    const byCost = spec.equal_shares.utility === "cost";
    const utilities = rows.map(([, , utility]) => (byCost ? (cost > 1n ? cost : 1n) : utility));
    supporters.set(position, {
      groups: rows.map(([group]) => group), weights: rows.map(([, weight]) => weight), utilities,
      alike: utilities.every((utility) => utility === utilities[0]), voters: BigInt(rows.reduce((sum, [, weight]) => sum + weight, 0)),
    });
    if (cost > 0n) costs.set(position, cost);
  }
  return { costs, supporters, ladder, groups: profile.length };
}

function firstShare(options, budget, voters) {
  if (voters === 0n) return new Fraction(0n);
  if (options.start === "fraction" || options.increment_minor === undefined) return new Fraction(budget, voters);
  const increment = BigInt(options.increment_minor);
  return new Fraction(floorDiv(floorDiv(budget, voters), increment) * increment);
}

function costOf(winners, costs) {
  return winners.reduce((sum, position) => sum + costs.get(position), 0n);
}

/** The run that the completion starts from. */
function decidingSearch(options, engine, costs, budget, start) {
  let [share, winners, runs] = [start, engine.elect(start), 1];
  if (options.completion === "none" || options.completion === "utilitarian") return { share, winners, runs, ended: "no_completion" };
  const increment = new Fraction(BigInt(options.increment_minor));
  for (;;) {
    if (winners.length === costs.size) return { share, winners, runs, ended: "all_elected" };
    if (options.completion === "add1e") {
      const [left, bought] = [budget - costOf(winners, costs), new Set(winners)];
      if ([...costs].every(([position, cost]) => bought.has(position) || cost > left)) return { share, winners, runs, ended: "exhaustive" };
    }
    const next = share.plus(increment);
    const following = engine.elect(next);
    runs += 1;
    if (costOf(following, costs) > budget) return { share, winners, runs, ended: "next_overspends" };
    [share, winners] = [next, following];
  }
}

function runShares(spec, items, profile, tally, ladder, eligible) {
  const options = spec.equal_shares;
  const budget = BigInt(spec.budget_minor);
  const contest = contestOf(spec, items, profile, eligible, ladder);
  const engine = new SharesEngine(contest);
  const order = orderOf(eligible, tally.score, ladder);
  const search = decidingSearch(options, engine, contest.costs, budget, firstShare(options, budget, tally.expressed));
  const account = accountOf(items, contest, engine, order, search.share, tally.expressed);
  if (options.completion === "add1u" || options.completion === "utilitarian") completeShares(account, items, order, budget);
  const winners = account.purchases.map(({ position }) => position);
  const detail = { share: `${search.share.n}/${search.share.d}`, voters: tally.expressed, runs: search.runs, ended: search.ended, kept: "equal_shares" };
  const ties = account.ties.map(([step, members]) => tieMet(ladder, step, members, account.statuses));
  const spent = account.purchases.reduce((sum, purchase) => sum + purchase.cost_minor, 0n);
  if (options.comparison !== "none") {
    const greedy = runGreedy(greedySpec(spec), items, tally, ladder, order);
    [detail.prefer_equal_shares, detail.prefer_greedy] = preferences(contest, winners, greedy.winners, options.comparison);
    if (detail.prefer_greedy > detail.prefer_equal_shares) return { ...greedy, shares: { ...detail, kept: "greedy" } };
  }
  return { winners, statuses: account.statuses, trace: account.purchases, ties, spent, shares: detail };
}

/** The same rules as greedy ones: that rule has no equal shares. */
function greedySpec(spec) {
  const { equal_shares: left, ...others } = spec;
  void left;
  return { ...others, rule: "greedy" };
}

/** The run at the deciding share gone through again: who pays what, who can no longer be paid, and who was equal. */
function accountOf(items, contest, engine, order, share, voters) {
  const account = { purchases: [], statuses: new Map(), ties: [] };
  const all = share.times(new Fraction(voters));
  for (const position of order) {
    if (items[position].cost !== 0 || !contest.supporters.has(position)) continue;
    const step = account.purchases.length + 1;
    account.purchases.push(purchaseOf({ step, position, phase: "free", cost_minor: 0n, money_left_minor: all.floor() }));
    account.statuses.set(position, { code: "funded", step });
  }
  const purses = engine.purses(share);
  const waiting = new Set([...contest.costs.keys()].sort((one, other) => one - other));
  const noteShort = () => {
    for (const position of [...waiting]) {
      if (!engine.isShort(position, purses)) continue;
      waiting.delete(position);
      const left = purses.together(contest.supporters.get(position)).floor();
      account.statuses.set(position, { code: "supporters_money_insufficient", step: account.purchases.length, left_minor: left });
    }
  };
  let money = all;
  for (const bid of engine.bids(share, purses)) {
    noteShort();
    const cost = contest.costs.get(bid.position);
    money = money.plus(new Fraction(-cost));
    const step = account.purchases.length + 1;
    account.purchases.push(purchaseOf({ step, position: bid.position, phase: "shares", cost_minor: cost, money_left_minor: money.floor(), ...paymentOf(bid, cost, purses) }));
    account.statuses.set(bid.position, { code: "funded", step });
    if (bid.tied.length > 1) account.ties.push([step, bid.tied]);
    waiting.delete(bid.position);
  }
  noteShort();
  for (const position of order) {
    if (!account.statuses.has(position)) account.statuses.set(position, { code: "supporters_money_insufficient", step: 0, left_minor: 0n });
  }
  return account;
}

function purchaseOf(told) {
  return { effective_votes_thousandths: 0n, max_payment_thousandths: 0n, paid_in_full: 0n, paid_in_part: 0n, broke: 0n, ...told };
}

function paymentOf({ offer }, cost, purses) {
  let [full, part, broke, greatest] = [0n, 0n, 0n, new Fraction(0n)];
  for (const { kind, utility, voters, units } of offer.rows) {
    const asked = offer.rho.times(new Fraction(utility));
    const held = new Fraction(units, purses.parts);
    const paid = asked.compare(held) < 0 ? asked : held;
    if (paid.compare(greatest) > 0) greatest = paid;
    if (kind === BROKE) broke += voters;
    else if (held.compare(asked) >= 0) full += voters;
    else part += voters;
  }
  return {
    effective_votes_thousandths: floorDiv(1000n * cost * greatest.d, greatest.n),
    max_payment_thousandths: floorDiv(1000n * greatest.n, greatest.d),
    paid_in_full: full,
    paid_in_part: part,
    broke,
  };
}

/** Buys with the budget that is left what fits, in order of score. */
function completeShares(account, items, order, budget) {
  const bought = new Set(account.purchases.map(({ position }) => position));
  let left = account.purchases.reduce((rest, { position }) => rest - BigInt(items[position].cost), budget);
  for (const position of order.filter((one) => !bought.has(one))) {
    const [cost, step] = [BigInt(items[position].cost), account.purchases.length + 1];
    if (cost <= left) {
      left -= cost;
      account.purchases.push(purchaseOf({ step, position, phase: "completion", cost_minor: cost, money_left_minor: left }));
      account.statuses.set(position, { code: "funded", step });
    } else {
      account.statuses.set(position, { code: "unaffordable", step: step - 1, left_minor: left });
    }
  }
}

/** How many ballots are better served by the one outcome, and how many by the other. */
function preferences(contest, shares, greedy, by) {
  const supported = (winners) => {
    const count = new Map();
    for (const position of winners) for (const group of contest.supporters.get(position)?.groups ?? []) count.set(group, (count.get(group) ?? 0) + 1);
    return count;
  };
  const weights = new Map();
  for (const { groups, weights: each } of contest.supporters.values()) groups.forEach((group, place) => weights.set(group, each[place]));
  const [mine, theirs] = [supported(shares), supported(greedy)];
  const counted = (count) => (by === "exclusion_ratio" ? Math.min(count, 1) : count);
  let [forShares, forGreedy] = [0, 0];
  for (const [group, weight] of weights) {
    const [one, other] = [counted(mine.get(group) ?? 0), counted(theirs.get(group) ?? 0)];
    if (one > other) forShares += weight;
    if (other > one) forGreedy += weight;
  }
  return [forShares, forGreedy];
}
