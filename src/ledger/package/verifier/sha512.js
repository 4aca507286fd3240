// SHA-512 (FIPS 180-4), for Ed25519 alone: a few short messages, so it is written for reading and not for speed.

const SHA512_MASK = (1n << 64n) - 1n;

function sha512Constants() {
  const primes = [];
  for (let number = 2; primes.length < 80; number += 1) if (primes.every((prime) => number % prime)) primes.push(number);
  const root = (value, power) => {
    let low = 0n;
    let high = 1n << 80n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= value) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    // The first 64 bits of the fractional parts of the square and cube roots of the first primes.
    start: primes.slice(0, 8).map((prime) => root(BigInt(prime) << 128n, 2n) & SHA512_MASK),
    rounds: primes.map((prime) => root(BigInt(prime) << 192n, 3n) & SHA512_MASK),
  };
}

let sha512Tables = null;

function sha512(...parts) {
  sha512Tables = sha512Tables || sha512Constants();
  const message = joined(parts);
  const padded = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const view = new DataView(padded.buffer);
  const turned = (x, by) => ((x >> by) | (x << (64n - by))) & SHA512_MASK;
  const state = [...sha512Tables.start];
  for (let block = 0; block < padded.length; block += 128) {
    const w = [];
    for (let i = 0; i < 16; i += 1) w.push(view.getBigUint64(block + 8 * i));
    for (let i = 16; i < 80; i += 1) {
      const s0 = turned(w[i - 15], 1n) ^ turned(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
      const s1 = turned(w[i - 2], 19n) ^ turned(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
      w.push((w[i - 16] + s0 + w[i - 7] + s1) & SHA512_MASK);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i += 1) {
      const s1 = turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n);
      const t1 = h + s1 + ((e & f) ^ ((e ^ SHA512_MASK) & g)) + sha512Tables.rounds[i] + w[i];
      const s0 = turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & SHA512_MASK, c, b, a, (t1 + t2) & SHA512_MASK];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = (state[i] + word) & SHA512_MASK;
    });
  }
  const out = new Uint8Array(64);
  const outView = new DataView(out.buffer);
  state.forEach((word, i) => outView.setBigUint64(8 * i, word));
  return out;
}
