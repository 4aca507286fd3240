// Ed25519 signatures (RFC 8032) as the ledger's own library judges them: [S]B - [k]A is computed, written down, and compared with R byte by
// byte; S is below the group order. Browsers differ in what they accept of unusual keys and signatures (points of small order, encodings
// that are not reduced); this is one judgement for all of them. Only public values are handled, so nothing here hides its timing.

const ED_P = (1n << 255n) - 19n;
const ED_L = (1n << 252n) + 27742317777372353535851937790883648493n;
const ED_D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const ED_ROOT = 19681161376707505956807079304988542015446066515923890162744021073123829784752n; // of -1
const ED_ONE = [0n, 1n, 1n, 0n];

function edMod(value) {
  const rest = value % ED_P;
  return rest < 0n ? rest + ED_P : rest;
}

function edPower(base, exponent) {
  let result = 1n;
  for (; exponent; exponent >>= 1n, base = (base * base) % ED_P) if (exponent & 1n) result = (result * base) % ED_P;
  return result;
}

/** The sum of two points in extended coordinates (x, y, z, t); complete, so that equal points and the neutral one need no cases. */
function edAdd([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = edMod((y1 - x1) * (y2 - x2));
  const b = edMod((y1 + x1) * (y2 + x2));
  const c = edMod(2n * t1 * t2 * ED_D);
  const d = edMod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [edMod(e * f), edMod(g * h), edMod(f * g), edMod(e * h)];
}

function edMultiply(scalar, point) {
  let result = ED_ONE;
  for (let bit = BigInt(scalar.toString(2).length) - 1n; bit >= 0n; bit -= 1n) {
    result = edAdd(result, result);
    if ((scalar >> bit) & 1n) result = edAdd(result, point);
  }
  return result;
}

function littleEndian(bytes) {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1) value = (value << 8n) | BigInt(bytes[at]);
  return value;
}

/** The point that 32 bytes encode, or null. As in the ledger's library, y need not be reduced, and x may be zero with its sign set. */
function edDecode(bytes) {
  const all = littleEndian(bytes);
  const y = edMod(all & ((1n << 255n) - 1n));
  const u = edMod(y * y - 1n);
  const v = edMod(ED_D * y * y + 1n);
  const v3 = edMod(v * v * v);
  let x = edMod(u * v3 * edPower(edMod(u * v3 * v3 * v), (ED_P - 5n) / 8n));
  const square = edMod(v * x * x);
  if (square !== u) {
    if (square !== edMod(-u)) return null;
    x = edMod(x * ED_ROOT);
  }
  if ((x & 1n) !== all >> 255n) x = edMod(-x);
  return [x, y, 1n, edMod(x * y)];
}

function edEncode([x, y, z]) {
  const inverse = edPower(z, ED_P - 2n);
  let value = edMod(y * inverse) | ((edMod(x * inverse) & 1n) << 255n);
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at += 1, value >>= 8n) bytes[at] = Number(value & 255n);
  return bytes;
}

const ED_BASE = edDecode(Uint8Array.from({ length: 32 }, (_, at) => (at ? 0x66 : 0x58)));

/** True when `signature` is that of `message` by `key`; false also for a key that is none. */
function verifyEd25519(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const s = littleEndian(signature.subarray(32));
  if (s >= ED_L) return false;
  const point = edDecode(key);
  if (point === null) return false;
  const k = littleEndian(sha512(signature.subarray(0, 32), key, message)) % ED_L;
  const [x, y, z, t] = point;
  const sum = edAdd(edMultiply(s, ED_BASE), edMultiply(k, [edMod(-x), y, z, edMod(-t)]));
  const accepted = sameBytes(edEncode(sum), signature.subarray(0, 32));
  if (accepted) rememberSignature(key, signature, message);
  return accepted;
}
