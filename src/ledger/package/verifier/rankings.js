// Targets in the order of a declared method, from the three counts of their stances (docs/formats/rankings.md). Every comparison is exact.

const MILLIONTHS = 1_000_000n;
const NO_SCORE = { exact: null, decimal: null };

/** Methods of one exact number: a Fraction, or null where there is none. */
const RATIONAL_METHODS = {
  net: ({ positive, negative }) => new Fraction(BigInt(positive - negative)),
  ratio: ({ positive, stances }) => (stances ? new Fraction(BigInt(positive), BigInt(stances)) : null),
  controversy: ({ positive, negative }) => {
    const sides = positive + negative;
    return sides ? new Fraction(4n * BigInt(positive) * BigInt(negative), BigInt(sides)) : new Fraction(0n);
  },
};

/** So many millionths as a decimal of six places. */
function decimalOf(parts) {
  const size = parts < 0n ? -parts : parts;
  return `${parts < 0n ? "-" : ""}${size / MILLIONTHS}.${String(size % MILLIONTHS).padStart(6, "0")}`;
}

/** A rational number as it is published: exact, and to six places, rounded down. */
function scoreOf(value) {
  return value === null ? NO_SCORE : { exact: `${value.n}/${value.d}`, decimal: decimalOf(floorDiv(value.n * MILLIONTHS, value.d)) };
}

/** The lower bound of the Wilson score interval at z = 49/25, as (whole - √square) / divisor. */
function lowerBound({ positive, stances }) {
  const [a2, b2, agreed, asked] = [49n * 49n, 25n * 25n, BigInt(positive), BigInt(stances)];
  const square = a2 * asked * (4n * b2 * agreed * (asked - agreed) + a2 * asked);
  return { whole: asked * (2n * b2 * agreed + a2), square, divisor: 2n * asked * (b2 * asked + a2) };
}

/** The sign of rational + √square. */
function signOfSum(rational, square) {
  if (rational >= 0n) return rational || square ? 1 : 0;
  const left = square - rational * rational;
  return left > 0n ? 1 : left < 0n ? -1 : 0;
}

/** The sign of the difference of two bounds, which are irrational: of x - √u + √v, squared twice. */
function compareBounds(one, other) {
  const x = one.whole * other.divisor - other.whole * one.divisor;
  const u = one.square * other.divisor ** 2n;
  const v = other.square * one.divisor ** 2n;
  const rest = x * x;
  return x >= 0n ? signOfSum(rest + v - u, 4n * rest * v) : -signOfSum(u + rest - v, 4n * rest * u);
}

/** The greatest whole number whose square is not above this one. */
function wholeRoot(square) {
  if (square < 2n) return square;
  let root = 1n << (BigInt(square.toString(2).length + 1) / 2n);
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** The bound in millionths, rounded down. */
function millionthsOf(bound) {
  const square = bound.square * MILLIONTHS ** 2n;
  const root = wholeRoot(square);
  return floorDiv(bound.whole * MILLIONTHS - (root * root < square ? root + 1n : root), bound.divisor);
}

/** { value, score } of counts by a method; values are compared by `compareValues`. */
function rankedValue(method, counts) {
  if (method !== "wilson") {
    const value = RATIONAL_METHODS[method](counts);
    return { value, score: scoreOf(value) };
  }
  if (!counts.stances) return { value: null, score: NO_SCORE };
  const value = lowerBound(counts);
  return { value, score: { exact: null, decimal: decimalOf(millionthsOf(value)) } };
}

/** What has no number stands below what has one. */
function compareValues(one, other) {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return one instanceof Fraction ? one.compare(other) : compareBounds(one, other);
}

/** { rank, target, score } of { target, value, score }: best first, equals by target and with one rank. */
function inRanks(valued) {
  const ordered = [...valued].sort((one, other) => compareValues(other.value, one.value) || byCodePoint(one.target, other.target));
  let rank = 0;
  return ordered.map(({ target, value, score }, place) => {
    if (!place || compareValues(ordered[place - 1].value, value) !== 0) rank = place + 1;
    return { rank, target, score };
  });
}

/** Kind by kind, by its name: { rank, tally, score }, those with a rank first, then those without, by target. `valueOf` values a tally. */
function placesByKind(tallies, valueOf) {
  const kinds = new Map();
  for (const tally of tallies) listed(kinds, tally.row.kind).push(tally);
  return byKey(kinds).flatMap(([, known]) => {
    const of = new Map(known.map((tally) => [tally.target, tally]));
    const ranked = inRanks(known.filter(({ isRanked }) => isRanked).map((tally) => ({ target: tally.target, ...valueOf(tally) })));
    const rest = known.filter(({ isRanked }) => !isRanked).sort((one, other) => byCodePoint(one.target, other.target));
    return [
      ...ranked.map(({ rank, target, score }) => ({ rank, tally: of.get(target), score })),
      ...rest.map((tally) => ({ rank: null, tally, score: NO_SCORE })),
    ];
  });
}
