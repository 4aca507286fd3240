// The list of contents of a zip from an untrusted source, as strict as package/zip_directory.py: what two programs could read differently,
// what swells without bound, and bytes that belong to no file are refused. Numbers beyond 2^53 are refused as nonsense.

class PackageRefused extends Error {
  /** `code` is package-unreadable (no complete zip) or package-unsafe (a zip that is not to be opened). */
  constructor(code, place, why) {
    super(`${place}: ${why}`);
    this.code = code;
    this.place = place;
    this.why = why;
  }
}

const MOST_FILES = 200_000;
const LONGEST_NAME = 200;
const LARGEST_RATIO = 200;
const FREE_SIZE = 1 << 20;
const UNKNOWN_HERE = 0xffffffff;
const DESCRIPTORS = [12, 16, 20, 24];

function unreadable(place, why) {
  return new PackageRefused("package-unreadable", place, why);
}

function unsafe(place, why) {
  return new PackageRefused("package-unsafe", place, why);
}

async function readBytes(file, start, end) {
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function large(view, at, place) {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw unreadable(place, "the zip states a size that no file has");
  return Number(value);
}

/** The files in the zip by name, in the order in which their data stand; entries for folders are passed over. */
async function readDirectory(file, place) {
  const { first, size, count, end } = await endRecord(file, place);
  if (count > MOST_FILES || size > count * (46 + LONGEST_NAME + 256)) throw unsafe(place, `its directory of ${count} files takes ${size} bytes`);
  if (first + size !== end) throw unreadable(place, "the directory at its end is not where the last record says");
  const listed = listedFiles(await readBytes(file, first, first + size), count, place);
  listed.sort((one, other) => one.offset - other.offset);
  const members = new Map();
  let position = 0;
  let descriptor = false;
  for (const found of listed) {
    checkGap(found.offset - position, descriptor, found.name);
    const start = await dataStart(file, found);
    position = start + found.packed;
    descriptor = Boolean(found.flags & 8);
    if (position > first) throw unsafe(found.name, "its data runs into the directory");
    if (members.has(found.name)) throw unsafe(found.name, "the name stands twice");
    members.set(found.name, { name: found.name, method: found.method, start, packed: found.packed, size: found.size, crc: found.crc });
  }
  checkGap(first - position, descriptor, place);
  for (const name of [...members.keys()]) if (name.endsWith("/")) members.delete(name);
  return members;
}

async function endRecord(file, place) {
  const tailStart = Math.max(0, file.size - 22 - 0xffff);
  const tail = await readBytes(file, tailStart, file.size);
  let at = tail.length - 4;
  while (at >= 0 && !(tail[at] === 0x50 && tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6)) at -= 1;
  if (at < 0 || tail.length - at < 22) throw unreadable(place, "it does not end as a zip does; it is another kind of file, or was cut short");
  const view = viewOf(tail);
  const [disk, startDisk, here, count] = [4, 6, 8, 10].map((offset) => view.getUint16(at + offset, true));
  if (tail.length - at !== 22 || view.getUint16(at + 20, true)) throw unsafe(place, "bytes follow the end of the zip");
  const end = tailStart + at;
  if (disk || startDisk || here !== count) throw unreadable(place, "it is one part of a zip in several parts");
  if (end >= 20) {
    const locator = await readBytes(file, end - 20, end);
    if (viewOf(locator).getUint32(0, true) === 0x07064b50) return endRecord64(file, viewOf(locator), end - 20, place);
  }
  return { first: view.getUint32(at + 16, true), size: view.getUint32(at + 12, true), count, end };
}

async function endRecord64(file, locator, stop, place) {
  const start = large(locator, 8, place);
  if (start + 56 !== stop) throw unreadable(place, "the record of large sizes is not where it should be");
  const view = viewOf(await readBytes(file, start, stop));
  const parted = view.getUint32(16, true) || view.getUint32(20, true);
  const [here, count, size, first] = [24, 32, 40, 48].map((offset) => large(view, offset, place));
  if (view.getUint32(0, true) !== 0x06064b50 || parted || here !== count) throw unreadable(place, "the record of large sizes is damaged");
  return { first, size, count, end: start };
}

function listedFiles(directory, count, place) {
  const view = viewOf(directory);
  const listed = [];
  let at = 0;
  for (let number = 0; number < count; number += 1) {
    if (at + 46 > directory.length) throw unreadable(place, "its directory ends too early");
    const short = (offset) => view.getUint16(at + offset, true);
    const long = (offset) => view.getUint32(at + offset, true);
    if (long(0) !== 0x02014b50 || short(34)) throw unreadable(place, "its directory is damaged");
    const nameEnd = at + 46 + short(28);
    const extraEnd = nameEnd + short(30);
    const name = fileName(directory.subarray(at + 46, nameEnd), place);
    const sizes = largeSizes(directory.subarray(nameEnd, extraEnd), [long(24), long(20), long(42)], name);
    const found = { name, flags: short(8), method: short(10), crc: long(16), size: sizes[0], packed: sizes[1], offset: sizes[2], mode: long(38) >>> 16 };
    checkListed(found);
    listed.push(found);
    at = extraEnd + short(32);
  }
  if (at !== directory.length) throw unreadable(place, "its directory holds more than it lists");
  return listed;
}

/** The name, which is a plain relative path in printable ASCII. */
function fileName(raw, place) {
  const name = Array.from(raw, (byte) => String.fromCharCode(byte)).join("");
  if (!/^[ -~]*$/.test(name) || /[\\:]/.test(name)) throw unsafe(place, `it holds a file named ${JSON.stringify(name.slice(0, LONGEST_NAME))}`);
  const parts = name.replace(/\/$/, "").split("/");
  if (name.length > LONGEST_NAME || parts.some((part) => part === "" || part === "." || part === "..")) {
    throw unsafe(place, `it holds the path ${JSON.stringify(name.slice(0, LONGEST_NAME))}, which is not a plain path inside it`);
  }
  return name;
}

/** Size, packed size and offset, from the zip64 field where the directory's own are too small for them. */
function largeSizes(extra, values, name) {
  const missing = [0, 1, 2].filter((place) => values[place] === UNKNOWN_HERE);
  const view = viewOf(extra);
  for (let at = 0; missing.length && at + 4 <= extra.length; ) {
    const [kind, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (kind === 1 && length >= 8 * missing.length && at + 4 + length <= extra.length) {
      missing.forEach((place, order) => {
        values[place] = large(view, at + 4 + 8 * order, name);
      });
      return values;
    }
    at += 4 + length;
  }
  if (missing.length) throw unreadable(name, "the zip does not say how large the file is");
  return values;
}

function checkListed(found) {
  const { name, method, size, packed } = found;
  if (found.flags & 0x2041) throw unsafe(name, "it is encrypted");
  if (![0, 0x8000, 0x4000].includes(found.mode & 0xf000)) throw unsafe(name, "it is not a plain file (a link or a device)");
  if ((found.mode & 0xf000) === 0x4000 && !name.endsWith("/")) throw unsafe(name, "it is said to be a folder, and named as a file");
  if (method !== 0 && method !== 8) throw unsafe(name, `it is packed by method ${method}; only stored and deflated files are read`);
  if (method === 0 && size !== packed) throw unsafe(name, "it is stored as it is and yet states two sizes");
  if (size > FREE_SIZE + LARGEST_RATIO * packed) throw unsafe(name, `${packed} bytes would unpack to ${size}`);
  if (name.endsWith("/") && size) throw unsafe(name, "it is a folder with content");
}

/** Where the file's data starts, after a local header that agrees with the directory. */
async function dataStart(file, found) {
  const header = await readBytes(file, found.offset, found.offset + 30 + found.name.length);
  if (header.length < 30) throw unreadable(found.name, "its header is missing");
  const view = viewOf(header);
  if (view.getUint32(0, true) !== 0x04034b50) throw unreadable(found.name, "its header is damaged");
  const nameLength = view.getUint16(26, true);
  const sameName = nameLength === found.name.length && sameBytes(header.subarray(30), utf8(found.name));
  const sameSizes = [[14, [found.crc]], [18, [found.packed, UNKNOWN_HERE]], [22, [found.size, UNKNOWN_HERE]]]
    .every(([offset, possible]) => possible.includes(view.getUint32(offset, true)));
  // Where sizes do not follow the data, a reader of streams believes these, who cannot see the directory yet.
  const agrees = sameName && (found.flags & 8 || sameSizes);
  if (!agrees || view.getUint16(6, true) !== found.flags || view.getUint16(8, true) !== found.method) {
    throw unsafe(found.name, "its header and the directory say different things of it");
  }
  return found.offset + 30 + nameLength + view.getUint16(28, true);
}

function checkGap(gap, descriptor, name) {
  if (gap < 0) throw unsafe(name, "its data overlaps that of another file");
  if (gap && !(descriptor && DESCRIPTORS.includes(gap))) throw unsafe(name, "bytes lie before it that belong to no file");
}
