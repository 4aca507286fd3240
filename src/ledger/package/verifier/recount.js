// The same ballots counted under other options: who wins, without the account of the count. An election is { items, profile, enrolled, lot }.

/** The sums that an outcome was counted from. */
function sumsOf({ items, cast, blank, enrolled }) {
  return { votes: items.map(({ votes }) => votes), score: items.map(({ score }) => score), cast, blank, expressed: cast - blank, enrolled };
}

/** The count made ready: sums, ladder, who does not take part and why, and who does. `withdrawn` is a set of positions. */
function readyCount(spec, { items, lot }, tally, withdrawn) {
  const out = keptOut(spec, items, tally, withdrawn);
  const eligible = items.filter(({ position }) => !out.has(position)).map(({ position }) => position);
  return { tally, out, eligible, ladder: new Ladder(spec, items, tally.votes, lot) };
}

/** The state after everyone in `order` had a turn, in both rounds. */
function fundInOrder(spec, items, order) {
  const state = new Spending(spec, items);
  for (const position of order) state.turn(position);
  if (spec.leftover !== undefined) {
    state.pool(spec.leftover.then);
    const funded = new Set(state.winners);
    for (const position of order) if (!funded.has(position)) state.turn(position);
  }
  return state;
}

/** Positions in order of funding. */
function winnersOf(spec, election, count) {
  if (spec.rule === "greedy") return fundInOrder(spec, election.items, orderOf(count.eligible, count.tally.score, count.ladder)).winners;
  const made = prepareShares(spec, election, count);
  const winners = winnersByCompletion(made).get(made.options.completion);
  if (made.options.comparison === "none") return winners;
  const instead = greedyInstead(made);
  return isGreedyKept(made, winners, instead) ? instead : winners;
}

function prepareShares(spec, { items, profile }, { tally, ladder, eligible }) {
  const contest = contestOf(spec, items, profile, eligible, ladder);
  return {
    spec, items, tally, contest, ladder, options: spec.equal_shares, budget: BigInt(spec.budget_minor), engine: new SharesEngine(contest),
    order: orderOf(eligible, tally.score, ladder), costs: items.map(({ cost }) => BigInt(cost)),
  };
}

/** Name → winners of the deciding run: of `none` and, where there is an increment, of `add1` and `add1e`, all from one sequence of runs. */
function decidingRuns({ options, engine, contest: { costs }, budget, tally }) {
  let share = firstShare(options, budget, tally.expressed);
  let winners = engine.elect(share);
  const found = new Map([["none", winners]]);
  if (options.increment_minor === undefined) return found;
  const increment = new Fraction(BigInt(options.increment_minor));
  while (winners.length !== costs.size) {
    if (!found.has("add1e")) {
      const [left, bought] = [budget - costOf(winners, costs), new Set(winners)];
      if ([...costs].every(([position, cost]) => bought.has(position) || cost > left)) found.set("add1e", winners);
    }
    share = share.plus(increment);
    const following = engine.elect(share);
    if (costOf(following, costs) > budget) break;
    winners = following;
  }
  found.set("add1", winners);
  if (!found.has("add1e")) found.set("add1e", winners);
  return found;
}

/** Winners under every completion that has an increment where it needs one, in order of funding, before any comparison. */
function winnersByCompletion(made) {
  const free = made.order.filter((position) => made.costs[position] === 0n && made.contest.supporters.has(position));
  const winners = new Map([...decidingRuns(made)].map(([name, elected]) => [name, [...free, ...elected]]));
  for (const [name, base] of [["utilitarian", "none"], ["add1u", "add1"]]) {
    if (winners.has(base)) winners.set(name, [...winners.get(base), ...boughtWithLeftover(made, winners.get(base))]);
  }
  return winners;
}

function boughtWithLeftover({ order, costs, budget }, winners) {
  const bought = new Set(winners);
  let left = winners.reduce((rest, position) => rest - costs[position], budget);
  const more = [];
  for (const position of order) {
    if (bought.has(position) || costs[position] > left) continue;
    left -= costs[position];
    more.push(position);
  }
  return more;
}

/** The winners of the greedy count of the same candidates by the same score. */
function greedyInstead({ spec, items, order }) {
  return fundInOrder(greedySpec(spec), items, order).winners;
}

function isGreedyKept({ contest, options }, winners, instead) {
  if (options.comparison === "none") return false;
  const [forShares, forGreedy] = preferences(contest, winners, instead, options.comparison);
  return forGreedy > forShares;
}
