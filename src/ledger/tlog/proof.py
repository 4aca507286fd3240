"""Inclusion and consistency proofs of RFC 6962 (sections 2.1.1 and 2.1.2): made from tiles, checked as RFC 9162 checks them.

A proof is a list of subtree roots. Its subtrees are found first, then everything that is needed to hash them is read at one go.
"""

from collections.abc import Sequence

from ledger.errors import MalformedProof
from ledger.tlog.reader import TileReader
from ledger.tlog.tile import FULL_WIDTH, Tile, decode_tile, tile_width
from ledger.tlog.tree import HASH_SIZE, MAX_TREE_SIZE, TILE_HEIGHT, Frontier, node_hash, parents, tree_root


def inclusion_proof(index: int, tree_size: int, read: TileReader) -> tuple[bytes, ...]:
    """PATH(index, D[tree_size]): from the leaf's sibling up. Raises `MalformedProof` unless `0 <= index < tree_size`."""
    if not 0 <= index < tree_size <= MAX_TREE_SIZE:
        raise MalformedProof(place="index", why=f"{index} is not the index of a leaf in a tree of {tree_size} leaves")
    ranges: list[range] = []
    tree = range(tree_size)
    while len(tree) > 1:
        left, right = _split(tree)
        tree, other = (left, right) if index in left else (right, left)
        ranges.append(other)
    return _roots(ranges[::-1], tree_size, read)


def consistency_proof(old_size: int, new_size: int, read: TileReader) -> tuple[bytes, ...]:
    """PROOF(old_size, D[new_size]); empty for equal sizes. Raises `MalformedProof` unless `0 < old_size <= new_size`."""
    if not 0 < old_size <= new_size <= MAX_TREE_SIZE:
        raise MalformedProof(place="old", why=f"a tree of {old_size} leaves is no beginning of one of {new_size} leaves")
    ranges: list[range] = []
    tree = range(new_size)
    while tree.stop != old_size:
        left, right = _split(tree)
        tree, other = (left, right) if old_size <= left.stop else (right, left)
        ranges.append(other)
    if tree.start:
        # What is left of the old tree is not the whole of it, so its reader cannot know this hash.
        ranges.append(tree)
    return _roots(ranges[::-1], new_size, read)


def frontier_of_tiles(tree_size: int, read: TileReader) -> Frontier:
    """The frontier of the tree of the first `tree_size` leaves: where appending goes on from, and its root."""
    complete = [range(start, start + (1 << height)) for height, start in _complete_subtrees(range(tree_size))]
    return Frontier(tree_size, _roots(complete, tree_size, read))


def audit_path(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The inclusion proof of one of a few leaves at hand, as the lines of one request; hashes them all."""
    if not 0 <= index < len(leaf_hashes):
        raise MalformedProof(place="index", why=f"{index} is not the index of one of {len(leaf_hashes)} leaves")
    path: list[bytes] = []
    level = leaf_hashes
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = parents(level)
        index >>= 1
    return tuple(path)


def verify_inclusion(leaf: bytes, index: int, tree_size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True when `path` leads from the leaf hash `leaf`, at `index` of `tree_size` leaves, to `root` (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < tree_size or any(len(part) != HASH_SIZE for part in (leaf, *path)):
        return False
    place, last = index, tree_size - 1
    for part in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            leaf = node_hash(part, leaf)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            leaf = node_hash(leaf, part)
        place >>= 1
        last >>= 1
    return last == 0 and leaf == root


def verify_consistency(old_size: int, new_size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """True when `path` shows that the tree of `old_root` begins the tree of `new_root` (RFC 9162, section 2.1.4.2).

    An old size of 0 is never shown: whether the empty tree begins every tree is for the caller to say.
    """
    if not 0 < old_size <= new_size or any(len(part) != HASH_SIZE for part in path):
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    if not path:
        return False
    # The root of an old tree of 1, 2, 4, 8, … leaves is a subtree of the new one, and the proof leaves it out.
    parts = [old_root, *path] if old_size.bit_count() == 1 else path
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old = node_hash(part, old)
            new = node_hash(part, new)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            new = node_hash(new, part)
        place >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def _split(leaves: range) -> tuple[range, range]:
    """The two sides of the tree over `leaves`, two or more: on the left the greatest power of two that is not all of them."""
    middle = leaves.start + (1 << (len(leaves) - 1).bit_length() - 1)
    return range(leaves.start, middle), range(middle, leaves.stop)


def _roots(ranges: Sequence[range], tree_size: int, read: TileReader) -> tuple[bytes, ...]:
    """The root of the subtree over each of `ranges`."""
    if not ranges:
        return ()
    subtrees = [_complete_subtrees(leaves) for leaves in ranges]
    tiles = list(dict.fromkeys(_tile(height, start, tree_size) for parts in subtrees for height, start in parts))
    hashes = {tile: decode_tile(contents, tile) for tile, contents in zip(tiles, read(tiles), strict=True)}
    roots: list[bytes] = []
    for parts in subtrees:
        found: list[bytes] = []
        for height, start in parts:
            level, below = divmod(height, TILE_HEIGHT)
            first = (start >> TILE_HEIGHT * level) % FULL_WIDTH
            found.append(tree_root(hashes[_tile(height, start, tree_size)][first : first + (1 << below)]))
        root = found.pop()
        while found:
            root = node_hash(found.pop(), root)
        roots.append(root)
    return tuple(roots)


def _complete_subtrees(leaves: range) -> list[tuple[int, int]]:
    """Height and first leaf of the complete subtrees that make up a tree, or one side of its split, largest first."""
    parts: list[tuple[int, int]] = []
    start = leaves.start
    while start < leaves.stop:
        height = (leaves.stop - start).bit_length() - 1
        parts.append((height, start))
        start += 1 << height
    return parts


def _tile(height: int, start: int, tree_size: int) -> Tile:
    """The tile that has the hashes under the complete subtree of this height that begins at leaf `start`."""
    level = height // TILE_HEIGHT
    index = start >> TILE_HEIGHT * (level + 1)
    return Tile(level, index, tile_width(level, index, tree_size))
