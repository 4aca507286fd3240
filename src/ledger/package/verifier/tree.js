// The Merkle tree of RFC 6962 and the hash tiles of C2SP tlog-tiles: roots, a growing tree, and proofs as RFC 9162 checks them.

const LEAF_PREFIX = new Uint8Array([0]);
const NODE_PREFIX = new Uint8Array([1]);
const FULL_WIDTH = 256;
const HASH_SIZE = 32;

function leafHash(entry) {
  return sha256(LEAF_PREFIX, entry);
}

function nodeHash(left, right) {
  return sha256(NODE_PREFIX, left, right);
}

function emptyRoot() {
  return sha256();
}

function parentHashes(hashes) {
  const above = [];
  for (let at = 0; at + 1 < hashes.length; at += 2) above.push(nodeHash(hashes[at], hashes[at + 1]));
  if (hashes.length % 2) above.push(hashes[hashes.length - 1]);
  return above;
}

function treeRoot(leaves) {
  let level = leaves;
  if (!level.length) return emptyRoot();
  while (level.length > 1) level = parentHashes(level);
  return level[0];
}

/** A tree that grows by single leaves. `completed` is told each hash of a complete subtree over 256, 65 536, … leaves. */
class GrowingTree {
  constructor(completed) {
    this.size = 0;
    this.completed = completed;
    this.stack = [];
  }

  add(leaf) {
    let hash = leaf;
    let height = 0;
    for (let place = this.size; place % 2; place = Math.floor(place / 2)) {
      hash = nodeHash(this.stack.pop(), hash);
      height += 1;
      if (height % 8 === 0 && this.completed) this.completed(height / 8, hash);
    }
    this.stack.push(hash);
    this.size += 1;
  }

  root() {
    if (!this.stack.length) return emptyRoot();
    let root = this.stack[this.stack.length - 1];
    for (let at = this.stack.length - 2; at >= 0; at -= 1) root = nodeHash(this.stack[at], root);
    return root;
  }
}

/** True when `path` leads from `leaf` at `index` of `size` leaves to `root`. Index and size are BigInt: a tree may have 2^63 leaves. */
function verifyInclusion(leaf, index, size, path, root) {
  let place = BigInt(index);
  let last = BigInt(size) - 1n;
  if (place < 0n || place > last || leaf.length !== HASH_SIZE || path.some((part) => part.length !== HASH_SIZE)) return false;
  let hash = leaf;
  for (const part of path) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      hash = nodeHash(part, hash);
      while (place && !(place & 1n)) {
        place >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = nodeHash(hash, part);
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n && sameBytes(hash, root);
}

/** True when `path` shows that the tree of `oldSize` leaves under `oldRoot` is a beginning of that of `newSize` under `newRoot`. */
function verifyConsistency(oldSize, oldRoot, newSize, newRoot, path) {
  const [before, after] = [BigInt(oldSize), BigInt(newSize)];
  if (before <= 0n || before > after || path.some((part) => part.length !== HASH_SIZE)) return false;
  if (before === after) return !path.length && sameBytes(oldRoot, newRoot);
  if (!path.length) return false;
  const parts = before & (before - 1n) ? path : [oldRoot, ...path];
  let [place, last] = [before - 1n, after - 1n];
  while (place & 1n) {
    place >>= 1n;
    last >>= 1n;
  }
  let old = parts[0];
  let grown = parts[0];
  for (const part of parts.slice(1)) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      old = nodeHash(part, old);
      grown = nodeHash(part, grown);
      while (place && !(place & 1n)) {
        place >>= 1n;
        last >>= 1n;
      }
    } else {
      grown = nodeHash(grown, part);
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n && sameBytes(old, oldRoot) && sameBytes(grown, newRoot);
}

function tileWidth(level, index, size) {
  return Math.max(0, Math.min(FULL_WIDTH, Math.floor(size / FULL_WIDTH ** level) - FULL_WIDTH * index));
}

function tilePath(level, index, width) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const groups = digits.match(/.{3}/g);
  const last = groups.pop();
  const path = `tile/${level}/${groups.map((group) => `x${group}/`).join("")}${last}`;
  return width === FULL_WIDTH ? path : `${path}.p/${width}`;
}

/** [level, index, width] of each tile of a tree of `size` leaves. */
function tilesOf(size) {
  const tiles = [];
  for (let level = 0; Math.floor(size / FULL_WIDTH ** level) > 0; level += 1) {
    const hashes = Math.floor(size / FULL_WIDTH ** level);
    for (let index = 0; index * FULL_WIDTH < hashes; index += 1) tiles.push([level, index, tileWidth(level, index, size)]);
  }
  return tiles;
}
