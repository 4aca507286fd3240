// Canonical JSON (RFC 8785) on the subset that docs/formats/entry.md allows: text without NUL and lone surrogates, whole numbers below 2^53,
// ASCII keys each once, at most 64 values in one another.

const DEEPEST = 64;
const JSON_ESCAPES = /["\\\u0000-\u001f]/;

class NotCanonical extends Error {}

function jsonText(text) {
  return JSON_ESCAPES.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** The canonical text of a value inside the subset. */
function canonicalText(value) {
  if (typeof value === "string") return jsonText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${jsonText(key)}:${canonicalText(value[key])}`).join(",")}}`;
}

/** The value that a JSON text writes, white space and order of keys being free; raises NotCanonical for anything outside the subset. */
function parseJson(text) {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.space();
  if (reader.at < text.length) reader.refuse("something follows the value");
  return value;
}

class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  refuse(why) {
    throw new NotCanonical(`character ${this.at}: ${why}`);
  }

  space() {
    while (this.at < this.text.length && " \t\n\r".includes(this.text[this.at])) this.at += 1;
  }

  take(part) {
    if (!this.text.startsWith(part, this.at)) this.refuse(`${part} is missing`);
    this.at += part.length;
  }

  value(depth) {
    this.space();
    const first = this.text[this.at];
    if (first === "{" || first === "[") {
      if (depth === DEEPEST) this.refuse(`more than ${DEEPEST} lists and objects stand in one another`);
      return first === "{" ? this.object(depth + 1) : this.list(depth + 1);
    }
    if (first === '"') return this.string();
    for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  number() {
    const found = /^-?(?:0|[1-9][0-9]*)(?![0-9.eE])/.exec(this.text.slice(this.at, this.at + 32));
    if (found === null) this.refuse("not a value, or a number that is not written as a whole number");
    const value = Number(found[0]);
    if (!Number.isSafeInteger(value)) this.refuse("the number is 2^53 or more");
    this.at += found[0].length;
    return value;
  }

  string() {
    const start = this.at;
    this.at += 1;
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (Number.isNaN(unit) || unit < 0x20) this.refuse("the text does not end");
      this.at += unit === 0x5c ? 2 : 1;
      if (unit === 0x22) break;
    }
    let value;
    try {
      value = JSON.parse(this.text.slice(start, this.at));
    } catch {
      this.refuse("the text is not JSON");
    }
    if (value.includes("\0") || !value.isWellFormed()) this.refuse("the text holds NUL or a lone surrogate");
    return value;
  }

  list(depth) {
    const values = [];
    this.take("[");
    this.space();
    if (this.text[this.at] === "]") {
      this.at += 1;
      return values;
    }
    for (;;) {
      values.push(this.value(depth));
      this.space();
      if (this.text[this.at] === "]") {
        this.at += 1;
        return values;
      }
      this.take(",");
    }
  }

  object(depth) {
    const members = Object.create(null);
    this.take("{");
    this.space();
    if (this.text[this.at] === "}") {
      this.at += 1;
      return members;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.refuse("a key is missing");
      const key = this.string();
      if (!/^[\u0000-\u007f]*$/.test(key)) this.refuse("the key is not ASCII");
      if (key in members) this.refuse("a key stands twice");
      this.space();
      this.take(":");
      members[key] = this.value(depth);
      this.space();
      if (this.text[this.at] === "}") {
        this.at += 1;
        return members;
      }
      this.take(",");
    }
  }
}
