"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, and the frontier that a growing log carries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ledger.errors import MalformedTile

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of the tree without leaves."""

TILE_HEIGHT: Final = 8
"""Levels of the tree in one tile (C2SP tlog-tiles)."""

MAX_TREE_SIZE: Final = 2**63 - 1


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """The hashes one level up: of the first and second, the third and fourth, and so on; a last one without a partner goes up as it is.

    Going up so from the leaves to a single hash gives the root of RFC 6962, which puts the largest complete subtree on the left.
    """
    pairs = iter(hashes)
    above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    if len(hashes) % 2:
        above.append(hashes[-1])
    return above


def tree_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of the tree with these leaf hashes: MTH(D[n]) of RFC 6962."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = leaf_hashes
    while len(level) > 1:
        level = parents(level)
    return level[0]


@dataclass(frozen=True, slots=True)
class Subtree:
    """A complete subtree over `256**level` leaves, the `index`-th of its size: one hash of the tile level `level`."""

    level: int
    index: int
    hash: bytes


@dataclass(slots=True)
class Frontier:
    """A tree of `size` leaves as the roots of its complete subtrees, largest and leftmost first: one for each 1 bit of `size`."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """A frontier read from a store has as many hashes as its size has 1 bits; raises `MalformedTile` otherwise."""
        if not 0 <= self.size <= MAX_TREE_SIZE or len(self.hashes) != self.size.bit_count():
            raise MalformedTile(place="frontier", why=f"{len(self.hashes)} subtrees do not make a tree of {self.size} leaves")
        if any(len(part) != HASH_SIZE for part in self.hashes):
            raise MalformedTile(place="frontier", why=f"a hash is not {HASH_SIZE} bytes long")

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        parts = reversed(self.hashes)
        root = next(parts)
        for left in parts:
            root = node_hash(left, root)
        return root

    def append(self, leaf: bytes) -> None:
        """The tree has one more leaf, of this leaf hash."""
        hashes = list(self.hashes)
        ones = self.size
        while ones & 1:
            leaf = node_hash(hashes.pop(), leaf)
            ones >>= 1
        self.size += 1
        self.hashes = (*hashes, leaf)

    def extend(self, leaf_hashes: Iterable[bytes]) -> list[Subtree]:
        """The tree has these leaves more; returned are the subtrees over 256, 256**2, … leaves that became complete, lowest level first.

        One node hash per leaf, computed level by level. The subtrees are what a store keeps of the tree beside the leaf hashes.
        """
        level = list(leaf_hashes)
        first = self.size  # the place of level[0] among the nodes of its height
        size = self.size + len(level)
        old = list(self.hashes)
        new: list[bytes] = []
        completed: list[Subtree] = []
        height = 0
        while level:
            if height and height % TILE_HEIGHT == 0:
                completed.extend(Subtree(height // TILE_HEIGHT, first + offset, node) for offset, node in enumerate(level))
            if first & 1:
                level.insert(0, old.pop())
            if len(level) & 1:
                new.append(level.pop())
            level = parents(level)
            first >>= 1
            height += 1
        self.size = size
        self.hashes = (*old, *reversed(new))
        return completed
