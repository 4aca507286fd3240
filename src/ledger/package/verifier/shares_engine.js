// Runs of equal shares: in each round the candidate affordable at the least price is bought. A filter of floats finds bounds of each price, and
// whatever the bounds do not tell apart is compared exactly, so no float decides. Why the bounds are certain: rules/equal_shares/engine.py, whose
// filter this is; the sums here are rounded a little more, for which FILTER_ROUNDING is wider.

const FILTER_SLACK = 2 ** -28;
const FILTER_MARGIN = 2 ** -30;
const FILTER_ROUNDING = 2 ** -33;
const FEWEST_RICH = 2 ** -12;

class SharesEngine {
  /** `contest`: { costs, supporters, ladder, groups } as contestOf makes it. */
  constructor(contest) {
    this.contest = contest;
    this.weights = new Array(contest.groups).fill(0);
    this.supports = new Map();
    for (const { groups, weights } of contest.supporters.values()) groups.forEach((group, place) => (this.weights[group] = weights[place]));
    for (const [position, cost] of contest.costs) this.supports.set(position, new Support(cost, contest.supporters.get(position)));
  }

  elect(share) {
    return [...this.bids(share)].map(({ position }) => position);
  }

  /** The purchases of a run in order. Each is paid when the next is asked for. */
  *bids(share, purses = this.purses(share)) {
    const floors = new Map([...this.supports].map(([position, support]) => [position, (support.price / support.total) * (1 - FILTER_ROUNDING)]));
    for (;;) {
      const bid = this.next(floors, purses);
      if (bid === null) return;
      yield bid;
      floors.delete(bid.position);
      purses.pay(bid.offer, this.contest.supporters.get(bid.position));
    }
  }

  purses(share) {
    return new Purses(share, this.weights);
  }

  /** True when the supporters of the candidate have less than its cost. Exact. */
  isShort(position, purses) {
    const { cost, supporters } = this.supports.get(position);
    return purses.together(supporters).compare(new Fraction(cost)) < 0;
  }

  next(floors, purses) {
    let highest = Infinity;
    const contenders = [];
    const offers = new Map();
    const byFloor = [...floors].map(([position, floor]) => [floor * this.supports.get(position).rhoPerPrice, position]);
    byFloor.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    for (const [floor, position] of byFloor) {
      if (floor > highest) break;
      const interval = this.look(position, floors.get(position), purses, offers);
      if (interval === null) {
        floors.delete(position);
        continue;
      }
      floors.set(position, interval[0]);
      const perPrice = this.supports.get(position).rhoPerPrice;
      contenders.push([interval[0] * perPrice, position]);
      highest = Math.min(highest, interval[1] * perPrice);
    }
    if (!contenders.length) return null;
    const left = contenders.filter(([low]) => low <= highest).map(([, position]) => position);
    for (const position of left) if (!offers.has(position)) offers.set(position, this.offer(position, purses));
    let least = offers.get(left[0]).rho;
    for (const position of left) if (offers.get(position).rho.compare(least) < 0) least = offers.get(position).rho;
    const tied = left.filter((position) => offers.get(position).rho.compare(least) === 0);
    tied.sort((one, other) => this.contest.ladder.compare(one, other));
    return { position: tied[0], offer: offers.get(tied[0]), tied };
  }

  /** Bounds of the price, or null when it cannot be paid; an exact look leaves its offer in `offers`. */
  look(position, floor, purses, offers) {
    const support = this.supports.get(position);
    const interval = support.interval(floor, purses);
    if (interval !== null) return interval;
    if (support.isShort(purses)) return null;
    const offer = purses.offer(support.cost, support.supporters);
    if (offer === null) return null;
    offers.set(position, offer);
    const price = asFloat(offer.rho.n, offer.rho.d) / support.rhoPerPrice;
    return [price * (1 - FILTER_ROUNDING), price * (1 + FILTER_ROUNDING)];
  }

  offer(position, purses) {
    const { cost, supporters } = this.supports.get(position);
    const offer = purses.offer(cost, supporters);
    if (offer === null) throw new Error("the filter found a price where there is none");
    return offer;
  }
}

/** The supporters of one candidate, laid out for the filter. */
class Support {
  constructor(cost, supporters) {
    this.cost = cost;
    this.price = Number(cost);
    this.supporters = supporters;
    this.groups = Int32Array.from(supporters.groups);
    const { alike } = supporters;
    this.utilities = alike ? null : Float64Array.from(supporters.utilities, Number);
    this.weights = Float64Array.from(supporters.weights, (weight, place) => (alike ? weight : weight * Number(supporters.utilities[place])));
    this.rhoPerPrice = alike ? 1 / Number(supporters.utilities[0]) : 1;
    this.total = this.weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** Bounds of the price, given that it is at least `floor`; null where the filter is not sure. */
  interval(floor, purses) {
    const { groups, weights, utilities, total } = this;
    for (let price = floor; ; ) {
      const cut = price * (1 + FILTER_SLACK);
      let [poorWeight, poorMoney, lost] = [0, 0, 0];
      for (let place = 0; place < groups.length; place += 1) {
        const worth = purses.worth[groups[place]];
        if ((utilities === null ? worth : worth / utilities[place]) >= cut) continue;
        poorWeight += weights[place];
        // Compensated, so that a long sum is rounded about as little as a short one.
        const money = purses.money[groups[place]] - lost;
        const sum = poorMoney + money;
        lost = sum - poorMoney - money;
        poorMoney = sum;
      }
      const rich = total - poorWeight;
      if (rich < total * FEWEST_RICH) return null;
      const found = (this.price - poorMoney) / rich;
      if (found < cut * (1 - FILTER_MARGIN)) return [Math.max(price, found) * (1 - FILTER_ROUNDING), cut * (1 + FILTER_ROUNDING)];
      price = found;
    }
  }

  /** True when the supporters certainly have less than the cost. */
  isShort(purses) {
    let money = 0;
    for (const group of this.groups) money += purses.money[group];
    return money < this.price * (1 - FILTER_SLACK);
  }
}
