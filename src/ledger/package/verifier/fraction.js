// Exact fractions over BigInt: no float decides anything here.

function gcd(one, other) {
  let [a, b] = [one < 0n ? -one : one, other < 0n ? -other : other];
  while (b) [a, b] = [b, a % b];
  return a;
}

function floorDiv(numerator, denominator) {
  const quotient = numerator / denominator;
  return numerator % denominator !== 0n && numerator < 0n !== denominator < 0n ? quotient - 1n : quotient;
}

function ceilDiv(numerator, denominator) {
  return -floorDiv(-numerator, denominator);
}

class Fraction {
  constructor(numerator, denominator = 1n) {
    const common = gcd(numerator, denominator) || 1n;
    this.n = numerator / common;
    this.d = denominator / common;
  }

  static read(text) {
    const [numerator, denominator] = text.split("/");
    return new Fraction(BigInt(numerator), BigInt(denominator));
  }

  plus(other) {
    return new Fraction(this.n * other.d + other.n * this.d, this.d * other.d);
  }

  minus(other) {
    return new Fraction(this.n * other.d - other.n * this.d, this.d * other.d);
  }

  /** Divided by a positive one. */
  over(other) {
    return new Fraction(this.n * other.d, this.d * other.n);
  }

  times(other) {
    return new Fraction(this.n * other.n, this.d * other.d);
  }

  /** Negative, zero or positive, as this is below, equal to or above the other. */
  compare(other) {
    const difference = this.n * other.d - other.n * this.d;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  floor() {
    return floorDiv(this.n, this.d);
  }

  ceil() {
    return ceilDiv(this.n, this.d);
  }
}
