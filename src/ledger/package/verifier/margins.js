// By how much each candidate won or lost, everything else unchanged (docs/formats/rules.md, Margins). Numbers that are not defined are null.

const NO_MARGIN = { short: null, spare: null, votes_short: null };
const NEVER_WINS = new Set(["withdrawn", "outside_envelope", "quorum_not_met", "no_rule", "excluded_by"]);

function greatest(numbers) {
  return numbers.reduce((most, one) => (one > most ? one : most));
}

function aboveZero(number) {
  return number > 0n ? number : null;
}

/** { assumes, unit, items }: the margins of all candidates, by position. `withdrawn` is a set of positions. */
function marginsOf(spec, election, outcome, withdrawn) {
  const { items } = election;
  const unit = spec.score.by === "approvals" || spec.rule === "equal-shares" ? "votes" : "points";
  if (spec.rule === "undeclared" || outcome.shares?.kept === "greedy") return { assumes: "nothing", unit, items: items.map(() => NO_MARGIN) };
  const count = readyCount(spec, election, sumsOf(outcome), withdrawn);
  if (spec.rule === "equal-shares") {
    const short = shortOfShares(prepareShares(spec, election, count), outcome);
    return { assumes: "share_fixed", unit, items: items.map(({ position }) => ({ ...NO_MARGIN, short: short.get(position) ?? null })) };
  }
  const contest = new GreedyContest(spec, items, count);
  return { assumes: "others_unchanged", unit, items: items.map((item) => contest.margin(item)) };
}

/** A greedy count in which one candidate at a time is moved through the order of the others. */
class GreedyContest {
  constructor(spec, items, count) {
    Object.assign(this, { spec, items, count });
    this.order = orderOf(count.eligible, count.tally.score, count.ladder);
    this.winners = new Set(fundInOrder(spec, items, this.order).winners);
  }

  margin(item) {
    const { spec, count: { tally, out } } = this;
    const { position } = item;
    if (NEVER_WINS.has(out.get(position)?.code)) return NO_MARGIN;
    const others = this.order.filter((other) => other !== position);
    const last = spec.leftover === undefined ? this.lastFundedGap(position, others) : this.lastFundedGapOfTwo(position, others);
    const [votes, least] = supportNeeded(spec, item, tally);
    const floors = spec.threshold?.on === "score" ? [least] : [];
    let short = null;
    if (spec.score.by === "approvals") floors.push(votes);
    else {
      short = aboveZero(votes - tally.votes[position]);
      if (spec.score.by === "points" || spec.score.by === "borda") floors.push(0n);
    }
    if (last !== null && last < others.length) floors.push(this.scoreBefore(position, others[last]));
    if (last === null || !floors.length) return { ...NO_MARGIN, votes_short: short };
    const score = tally.score[position];
    if (this.winners.has(position)) return { ...NO_MARGIN, spare: score - greatest(floors) };
    return { ...NO_MARGIN, short: aboveZero(greatest(floors) - score), votes_short: short };
  }

  /** The least score that puts `position` before `other`. */
  scoreBefore(position, other) {
    const { tally, ladder } = this.count;
    // At an equal score of approvals they have equally many votes, so that rung does not tell them apart.
    const apart = (keys) => (this.spec.score.by === "approvals" ? keys.filter((_, rung) => this.spec.ties[rung] !== "more_votes") : keys);
    const isBefore = compareKeys(apart(ladder.keys[position]), apart(ladder.keys[other])) < 0;
    return isBefore ? tally.score[other] : tally.score[other] + 1n;
  }

  /** The last place in `others` before which `position` would be funded (their number: after all), near its present place; null where none. */
  lastFundedGap(position, others) {
    const state = new Spending(this.spec, this.items);
    let last = null;
    for (let gap = 0; gap < others.length; gap += 1) {
      if (state.fate(position).code !== "funded") return last;
      last = gap;
      state.turn(others[gap]);
    }
    return state.fate(position).code === "funded" ? others.length : last;
  }

  /** The same with a second round, in which coming later can also help: the nearest place of the other fate decides. */
  lastFundedGapOfTwo(position, others) {
    const isFunded = this.fundedInTwoRounds(position, others);
    const { tally: { score }, ladder } = this.count;
    const isBefore = (other) => (score[other] === score[position] ? ladder.compare(other, position) < 0 : score[other] > score[position]);
    const here = others.filter(isBefore).length;
    if (this.winners.has(position)) {
      for (let gap = here + 1; gap <= others.length; gap += 1) if (!isFunded(gap)) return gap - 1;
      return others.length;
    }
    for (let gap = here; gap >= 0; gap -= 1) if (isFunded(gap)) return gap;
    return null;
  }

  /** Whether `position` is funded when its turn comes before `others[gap]`, in either round. */
  fundedInTwoRounds(position, others) {
    const { spec, items } = this;
    const state = new Spending(spec, items);
    const fate = () => state.fate(position).code;
    const first = [fate()];
    for (const other of others) {
      state.turn(other);
      first.push(fate());
    }
    const funded = new Set(state.winners);
    state.pool(spec.leftover.then);
    const second = [fate()];
    for (const other of others) {
      if (!funded.has(other)) state.turn(other);
      second.push(fate());
    }
    return (gap) => {
      if (first[gap] === "unaffordable" && spec.unaffordable.then !== "skip") {
        return fundInOrder(spec, items, [...others.slice(0, gap), position, ...others.slice(gap)]).winners.includes(position);
      }
      return first[gap] === "funded" || second[gap] === "funded";
    };
  }
}

/** Position → the least number of new supporters that gets a loser bought from shares. */
function shortOfShares(made, outcome) {
  const { contest, engine, options, costs } = made;
  const best = new Map();
  if (options.utility === "points") return best;
  const funded = new Set(outcome.winners ?? []);
  const losers = [...contest.costs.keys()].filter((position) => !funded.has(position) && contest.supporters.get(position).alike);
  const share = Fraction.read(outcome.shares.share);
  const purses = engine.purses(share);
  for (const bid of engine.bids(share, purses)) {
    for (const position of losers) {
      const number = toComeFirst(made, position, bid, purses, share, best.get(position) ?? null);
      if (number !== null) best.set(position, number);
    }
  }
  if (share.n <= 0n) return best;
  for (const position of losers) {
    const missing = new Fraction(costs[position]).minus(purses.together(contest.supporters.get(position)));
    const number = missing.over(share).ceil();
    if (!best.has(position) || number < best.get(position)) best.set(position, number);
  }
  return best;
}

/**
 * The least number of new supporters with which `position` is bought instead of the bid, if less than `best`; null otherwise. Fractions are kept
 * as they come, because making them least costs more than all the rest.
 */
function toComeFirst(made, position, { offer: { rho }, position: other }, purses, share, best) {
  const supporters = made.contest.supporters.get(position);
  const cost = made.costs[position];
  const asked = { n: rho.n * supporters.utilities[0], d: rho.d };
  const isShareLess = share.n * asked.d <= asked.n * share.d;
  const each = isShareLess ? share : asked;
  if (best !== null && ceilDiv((cost * asked.d - asked.n * supporters.voters) * each.d, asked.d * each.n) >= best) return null;
  // What those pay who have less than is asked, and how many pay what is asked.
  let [units, rich] = [0n, 0n];
  for (const [kind, , voters] of purses.classes(supporters)) {
    const left = purses.units(kind);
    if (left * asked.d < asked.n * purses.parts) units += left * voters;
    else rich += voters;
  }
  const missing = (cost * purses.parts * asked.d - units * asked.d - asked.n * purses.parts * rich) * each.d;
  const unit = purses.parts * asked.d * each.n;
  let number = greatest([0n, ceilDiv(missing, unit)]);
  if (missing >= 0n && missing % unit === 0n) {
    // It is affordable at the price of the bid, and maybe at less: when nobody who has more is asked to pay.
    const cheaper = rich === 0n && share.n * asked.d < asked.n * share.d;
    if (!cheaper && !winsTie(made, position, other, number)) number += 1n;
  }
  return best === null || number < best ? number : null;
}

function winsTie({ spec, ladder }, position, other, moreVotes) {
  const keys = ladder.keys[position].map((key, rung) => (spec.ties[rung] === "more_votes" ? key - moreVotes : key));
  return compareKeys(keys, ladder.keys[other]) < 0;
}
