// The files of one package, read piece by piece; length, checksum and digest of each are looked at while it is read.

class FileDamaged extends Error {
  constructor(place, why) {
    super(`${place}: ${why}`);
    this.code = "file-damaged";
    this.place = place;
    this.why = why;
  }
}

const PIECE = 1 << 18;

class PackageReader {
  /** `file` is a Blob. Raises PackageRefused. */
  static async open(file, place) {
    let members;
    try {
      members = await readDirectory(file, place);
    } catch (error) {
      if (error instanceof PackageRefused) throw error;
      throw unreadable(place, `it cannot be read (${error.message})`);
    }
    return new PackageReader(file, place, members);
  }

  constructor(file, place, members) {
    this.file = file;
    this.place = place;
    this.members = members;
    /** SHA-256 in hex of every file that was read to its end. */
    this.digests = new Map();
    this.damaged = new Set();
  }

  has(name) {
    return this.members.has(name);
  }

  /** The content of the file in pieces; raises FileDamaged where it cannot be had, or is not as stated. */
  async *chunks(name) {
    const member = this.members.get(name);
    if (member === undefined) throw new FileDamaged(name, "the package holds no such file");
    try {
      yield* this.checked(member);
    } catch (error) {
      this.damaged.add(name);
      if (error instanceof FileDamaged) throw error;
      throw new FileDamaged(name, "its packed data is broken");
    }
  }

  async *checked(member) {
    const { name, size } = member;
    const hash = new Sha256();
    let crc = 0;
    let left = size;
    for await (const piece of this.pieces(member)) {
      left -= piece.length;
      if (left < 0) throw new FileDamaged(name, `it is longer than the ${size} bytes that are stated`);
      hash.update(piece);
      crc = crc32(piece, crc);
      yield piece;
    }
    if (left) throw new FileDamaged(name, `it ends ${left} bytes before the ${size} that are stated`);
    if (crc !== member.crc) throw new FileDamaged(name, "its checksum is not the one stated");
    this.digests.set(name, hex(hash.digest()));
  }

  async *pieces(member) {
    const data = this.file.slice(member.start, member.start + member.packed);
    if (data.size < member.packed) throw new FileDamaged(member.name, "the package ends within it");
    if (member.method === 0) {
      for (let at = 0; at < data.size; at += PIECE) yield await readBytes(data, at, Math.min(at + PIECE, data.size));
      return;
    }
    const reader = data.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      reader.cancel().catch(() => undefined); // a stream that broke has nothing left to give up
    }
  }

  /** The content of a file of at most `limit` bytes. */
  async whole(name, limit) {
    const member = this.members.get(name);
    if (member !== undefined && member.size > limit) throw new FileDamaged(name, `it is ${member.size} bytes long; at most ${limit} make sense`);
    const parts = [];
    for await (const piece of this.chunks(name)) parts.push(piece);
    return joined(parts);
  }

  /** The lines of the file without their line feeds, in lists of Uint8Array; the last line ends with a line feed, too. */
  async *lines(name, limit) {
    let rest = new Uint8Array(0);
    let count = 0;
    for await (const piece of this.chunks(name)) {
      const bytes = rest.length ? joined([rest, piece]) : piece;
      const lines = [];
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        if (end - start > limit) throw new FileDamaged(`${name} line ${count + lines.length + 1}`, `it is longer than ${limit} bytes`);
        lines.push(bytes.subarray(start, end));
        start = end + 1;
      }
      rest = bytes.slice(start);
      count += lines.length;
      if (rest.length > limit) throw new FileDamaged(`${name} line ${count + 1}`, `it is longer than ${limit} bytes`);
      if (lines.length) yield lines;
    }
    if (rest.length) throw new FileDamaged(`${name} line ${count + 1}`, "the last line does not end with a line feed");
  }
}
