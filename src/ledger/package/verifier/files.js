// The files of a package: which there may be, and whether each is what `datapackage.json` states of it.

const MANIFEST = "datapackage.json";
const EVENTS = "events.ndjson";
const DISCLOSURES = "disclosures.jsonl";
const CHECKPOINT = "log/checkpoint";
const VKEY = "log/vkey";
const SIGNATURE = "datapackage.sig";
const LARGEST_MANIFEST = 64 << 20;
const FORMATS = ["participation-ledger-package/1", "participation-ledger-package/2", "participation-ledger-package/3"];

class Manifest {
  static async read(reader, findings) {
    const manifest = new Manifest(reader, findings);
    let bytes = null;
    try {
      bytes = await reader.whole(MANIFEST, LARGEST_MANIFEST);
    } catch (error) {
      findings.fault("reading", "file-damaged", MANIFEST, "a file that can be read back", error.why || error.message);
      return manifest;
    }
    try {
      const text = readUtf8(bytes);
      if (text === null) throw new NotCanonical("not UTF-8");
      manifest.document = parseJson(text);
    } catch (error) {
      findings.fault("integrity", "manifest", MANIFEST, "JSON", error.message);
      return manifest;
    }
    manifest.takeFiles();
    const format = manifest.format;
    if (!FORMATS.includes(format)) findings.fault("integrity", "package-format", MANIFEST, FORMATS.join(" or "), format ?? "no format");
    return manifest;
  }

  constructor(reader, findings) {
    this.reader = reader;
    this.findings = findings;
    this.document = null;
    this.stated = new Map();
  }

  get format() {
    return member(member(this.document, "ledger"), "format");
  }

  /** 1, 2 or 3; where no format is stated that is known, the one whose files there are. */
  get layout() {
    const stated = FORMATS.indexOf(this.format);
    if (stated >= 0) return stated + 1;
    if (this.reader.has("tables/proposals.csv")) return 1;
    return this.reader.has(SIGNATURE) ? 3 : 2;
  }

  takeFiles() {
    const files = member(this.document, "files");
    if (!isObject(files)) {
      this.findings.fault("integrity", "manifest", MANIFEST, "`files` with length and SHA-256 of each", "another form");
      return;
    }
    const stated = new Map();
    for (const [name, file] of Object.entries(files)) {
      if (!Number.isInteger(member(file, "bytes")) || typeof member(file, "sha256") !== "string") {
        this.findings.fault("integrity", "manifest", MANIFEST, "`files` with length and SHA-256 of each", "another form");
        return;
      }
      stated.set(name, { size: file.bytes, sha256: file.sha256 });
    }
    this.stated = stated;
  }

  /** Every file but this one and its signature is stated, with the length and digest that it has; those not read before are read now. */
  async checkDigests(progress) {
    let done = 0;
    for (const [name, found] of this.reader.members) {
      done += 1;
      if (name === MANIFEST || (name === SIGNATURE && this.layout >= 3)) continue;
      const stated = this.stated.get(name);
      if (stated === undefined) {
        this.findings.fault("integrity", "file-unstated", name, `its SHA-256 in ${MANIFEST}`, "nothing");
        continue;
      }
      const digest = await this.digest(name);
      if (digest !== null && (found.size !== stated.size || digest !== stated.sha256)) {
        const expected = `${stated.size} bytes, SHA-256 ${stated.sha256}`;
        this.findings.fault("integrity", "file-digest", name, expected, `${found.size} bytes, SHA-256 ${digest}`);
      }
      progress("files", done, this.reader.members.size);
    }
    for (const name of this.stated.keys()) {
      if (!this.reader.has(name)) this.findings.fault("integrity", "file-missing", name, `the file that ${MANIFEST} states`, "no such file");
    }
  }

  async digest(name) {
    if (this.reader.damaged.has(name)) return null; // told when it was first read
    if (!this.reader.digests.has(name)) {
      try {
        for await (const piece of this.reader.chunks(name)) void piece;
      } catch (error) {
        this.findings.fault("reading", "file-damaged", error.place, "a file that can be read back", error.why);
        return null;
      }
    }
    return this.reader.digests.get(name);
  }
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A member of what may be an object; undefined otherwise. */
function member(value, name) {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
