// What voters have left in a run of equal shares, exactly: voters with equal remaining money form a class, and a class holds one exact amount,
// a whole number of 1/`parts` of a minor unit. Beside it stands each group's money as a float, for the filter.

const BROKE = 0;

/** numerator / denominator as the nearest float, however long the two are. */
function asFloat(numerator, denominator) {
  if (numerator === 0n) return 0;
  const length = (value) => value.toString(16).length * 4;
  // 64 bits more than a float holds: what is cut off cannot move the result by more than the filter allows for.
  const shift = BigInt(Math.max(0, length(denominator) - length(numerator) + 120));
  const quotient = (numerator << shift) / denominator;
  const drop = BigInt(Math.max(0, length(quotient) - 960));
  return Number(quotient >> drop) * 2 ** (Number(drop) - Number(shift));
}

class Purses {
  constructor(share, weights) {
    this.parts = share.d;
    this.of = new Int32Array(weights.length).fill(1);
    this.unitsOf = [0n, share.n];
    this.stage = [0, 0];
    this.scale = [1n];
    const worth = asFloat(share.n, share.d);
    this.worth = new Float64Array(weights.length).fill(worth);
    this.money = Float64Array.from(weights, (weight) => worth * weight);
  }

  /** What a voter of the class has left, in 1/`parts` of a minor unit. */
  units(kind) {
    return this.unitsOf[kind] * this.scale[this.stage[kind]];
  }

  /** [class, utility, voters] for each class and utility among the supporters. */
  classes({ groups, weights, utilities, alike }) {
    const count = new Map();
    if (alike) {
      for (let place = 0; place < groups.length; place += 1) {
        const kind = this.of[groups[place]];
        count.set(kind, (count.get(kind) ?? 0) + weights[place]);
      }
      return [...count].map(([kind, voters]) => [kind, utilities[0], BigInt(voters)]);
    }
    for (let place = 0; place < groups.length; place += 1) {
      const kind = this.of[groups[place]];
      const key = `${kind} ${utilities[place]}`;
      const found = count.get(key);
      if (found === undefined) count.set(key, [kind, utilities[place], BigInt(weights[place])]);
      else found[2] += BigInt(weights[place]);
    }
    return [...count.values()];
  }

  /** What the supporters have left together, in minor units. */
  together(supporters) {
    const sum = this.classes(supporters).reduce((total, [kind, , voters]) => total + this.units(kind) * voters, 0n);
    return new Fraction(sum, this.parts);
  }

  /** The least price at which the supporters can pay the cost: { rho, rows }, or null when they cannot. */
  offer(cost, supporters) {
    const rows = this.classes(supporters).map(([kind, utility, voters]) => ({ kind, utility, voters, units: this.units(kind) }));
    // By units per unit of utility, poorest first; equal ones by class, utility and number, so that the rows are always told alike.
    rows.sort((one, other) => {
      const difference = one.units * other.utility - other.units * one.utility;
      if (difference !== 0n) return difference < 0n ? -1 : 1;
      return one.kind - other.kind || (one.utility < other.utility ? -1 : one.utility > other.utility ? 1 : 0);
    });
    const price = cost * this.parts;
    let utilityLeft = rows.reduce((sum, { utility, voters }) => sum + utility * voters, 0n);
    let paid = 0n;
    for (const { utility, voters, units } of rows) {
      if ((price - paid) * utility <= units * utilityLeft) return { rho: new Fraction(price - paid, utilityLeft * this.parts), rows };
      paid += units * voters;
      utilityLeft -= utility * voters;
    }
    return null;
  }

  /** Takes from each of the supporters what the offer asks, or all there is. */
  pay(offer, { groups, weights, utilities, alike }) {
    const keyOf = (kind, utility) => (alike ? kind : `${kind} ${utility}`);
    const price = offer.rho.times(new Fraction(this.parts));
    this.parts *= price.d;
    this.scale = this.scale.map((scale) => scale * price.d);
    const stage = this.scale.length;
    this.scale.push(1n);
    const after = new Map();
    const worth = new Map([[BROKE, 0]]);
    for (const { kind, utility } of offer.rows) {
      const rest = this.units(kind) - price.n * utility;
      if (rest <= 0n) {
        after.set(keyOf(kind, utility), BROKE);
        continue;
      }
      after.set(keyOf(kind, utility), this.unitsOf.length);
      worth.set(this.unitsOf.length, asFloat(rest, this.parts));
      this.unitsOf.push(rest);
      this.stage.push(stage);
    }
    for (let place = 0; place < groups.length; place += 1) {
      const group = groups[place];
      const kind = after.get(keyOf(this.of[group], utilities[place]));
      this.of[group] = kind;
      this.worth[group] = worth.get(kind);
      this.money[group] = this.worth[group] * weights[place];
    }
  }
}
