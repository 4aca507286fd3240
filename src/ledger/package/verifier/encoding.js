// Bytes and the ways in which they are spelled: UTF-8, hexadecimal, base64 and base64url, each read in its one spelling only.

const UTF8 = new TextEncoder();
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function utf8(text) {
  return UTF8.encode(text);
}

/** The text, or null where the bytes are not UTF-8. */
function readUtf8(bytes) {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return null;
  }
}

function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

function spell(bytes, alphabet) {
  let text = "";
  let at = 0;
  for (; at + 2 < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    text += alphabet[three >> 18] + alphabet[(three >> 12) & 63] + alphabet[(three >> 6) & 63] + alphabet[three & 63];
  }
  const rest = bytes.length - at;
  if (rest === 1) text += alphabet[bytes[at] >> 2] + alphabet[(bytes[at] & 3) << 4];
  if (rest === 2) text += alphabet[bytes[at] >> 2] + alphabet[((bytes[at] & 3) << 4) | (bytes[at + 1] >> 4)] + alphabet[(bytes[at + 1] & 15) << 2];
  return text;
}

function readingsOf(alphabet) {
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;
  return values;
}

const BASE64_VALUES = readingsOf(BASE64);
const BASE64URL_VALUES = readingsOf(BASE64URL);

/** The bytes, or null for any spelling but the one without padding and without bits left over. */
function unspell(text, values) {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    const value = code < 128 ? values[code] : -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  return held & ((1 << bits) - 1) ? null : bytes;
}

function base64(bytes) {
  const text = spell(bytes, BASE64);
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

function unbase64(text) {
  const bare = text.replace(/={1,2}$/, "");
  const padding = (4 - (bare.length % 4)) % 4;
  return text.length === bare.length + padding ? unspell(bare, BASE64_VALUES) : null;
}

function base64url(bytes) {
  return spell(bytes, BASE64URL);
}

function unbase64url(text) {
  return unspell(text, BASE64URL_VALUES);
}

function sameBytes(one, other) {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

function joined(parts) {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Texts in ascending order of their code points, which is that of their bytes; JavaScript's own order is of UTF-16 units. */
function byCodePoint(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    let mine = one.charCodeAt(at);
    let theirs = other.charCodeAt(at);
    if (mine !== theirs) {
      const high = (unit) => unit >= 0xd800 && unit <= 0xdfff;
      if (high(mine) !== high(theirs)) return high(mine) ? 1 : -1;
      return mine - theirs;
    }
  }
  return one.length - other.length;
}
