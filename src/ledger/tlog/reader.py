"""Where the hashes of a tree are read from."""

from collections.abc import Sequence
from typing import Protocol

from ledger.errors import MalformedTile
from ledger.tlog.tile import FULL_WIDTH, Tile, encode_tile, tile_width
from ledger.tlog.tree import Frontier


class TileReader(Protocol):
    """Whoever holds a tree: a store, an export, a fetched log."""

    def __call__(self, tiles: Sequence[Tile], /) -> Sequence[bytes]:
        """The contents of `tiles`, in their order, each exactly as wide as asked for. Called once per proof."""
        ...


class HeldTiles:
    """A tree held in memory, that reads tiles: from leaf hashes, or for what a checker has just hashed again."""

    def __init__(self, leaf_hashes: Sequence[bytes] = ()) -> None:
        """The tree has these leaf hashes."""
        self._frontier = Frontier()
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaf_hashes)

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._frontier.size

    def root(self) -> bytes:
        """The root of the tree."""
        return self._frontier.root()

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """The tree has these leaves more."""
        self._levels[0].extend(leaf_hashes)
        for subtree in self._frontier.extend(leaf_hashes):
            if subtree.level == len(self._levels):
                self._levels.append([])
            self._levels[subtree.level].append(subtree.hash)

    def __call__(self, tiles: Sequence[Tile], /) -> list[bytes]:
        """See `TileReader`; raises `MalformedTile` for a tile that the tree does not have."""
        contents: list[bytes] = []
        for tile in tiles:
            first = tile.index * FULL_WIDTH
            if tile.width > tile_width(tile.level, tile.index, self.size):
                raise MalformedTile(place=tile.path, why=f"a tree of {self.size} leaves has no such tile")
            contents.append(encode_tile(self._levels[tile.level][first : first + tile.width]))
        return contents
