"""The files of a log: hash tiles and entry bundles, their paths, and which of them a tree of some size has (C2SP tlog-tiles).

A tile holds up to 256 neighbouring hashes of one level of the tree; levels are 8 apart, so a hash of tile level 1 stands for 256
leaves, one of level 2 for 65 536. A bundle holds the entries behind a tile of level 0, each after its length as a big-endian uint16.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedTile
from ledger.tlog.tree import HASH_SIZE, MAX_TREE_SIZE, TILE_HEIGHT

FULL_WIDTH: Final = 2**TILE_HEIGHT
LONGEST_ENTRY: Final = 2**16 - 1
MAX_LEVEL: Final = 63

_PATH: Final = re.compile(
    r"tile/(?:(?P<level>0|[1-9][0-9]?)|entries)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?\Z"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """The `index`-th tile of tile level `level`, as far as its first `width` hashes."""

    level: int
    index: int
    width: int = FULL_WIDTH

    @property
    def path(self) -> str:
        """Where the tile stands below the log's URL: `tile/1/x001/234.p/56`."""
        return f"tile/{self.level}/{_spell(self.index, self.width)}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The entries `256 * index` and following, `width` of them."""

    index: int
    width: int = FULL_WIDTH

    @property
    def path(self) -> str:
        """Where the bundle stands below the log's URL: `tile/entries/x001/234.p/56`."""
        return f"tile/entries/{_spell(self.index, self.width)}"


def parse_path(path: str) -> Tile | Bundle:
    """The tile or bundle that stands at `path`; raises `MalformedTile` unless the path is spelled as `path` of it spells it."""
    match = _PATH.match(path)
    if match is None:
        raise MalformedTile(place=_quoted(path), why="this is not the path of a tile or an entry bundle")
    index = int(match["index"].replace("/", "").replace("x", ""))
    width = int(match["width"] or FULL_WIDTH)
    found = Bundle(index, width) if match["level"] is None else Tile(int(match["level"]), index, width)
    if found.path != path or index > MAX_TREE_SIZE or (isinstance(found, Tile) and found.level > MAX_LEVEL):
        raise MalformedTile(place=_quoted(path), why="a number in the path has leading zeros or lies outside its bounds")
    return found


def tile_width(level: int, index: int, tree_size: int) -> int:
    """How many hashes the tile has in a tree of `tree_size` leaves: 0 (no such tile) to 256."""
    return max(0, min(FULL_WIDTH, (tree_size >> TILE_HEIGHT * level) - FULL_WIDTH * index))


def tiles_of(tree_size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree of `tree_size` leaves that a tree of `since` leaves does not have, by level, left to right."""
    level = 0
    while hashes := tree_size >> TILE_HEIGHT * level:
        for index in range((since >> TILE_HEIGHT * level) // FULL_WIDTH, -(-hashes // FULL_WIDTH)):
            width = tile_width(level, index, tree_size)
            if width > tile_width(level, index, since):
                yield Tile(level, index, width)
        level += 1


def bundles_of(tree_size: int, since: int = 0) -> Iterator[Bundle]:
    """The entry bundles of a log of `tree_size` entries that a log of `since` entries does not have, in order."""
    for index in range(since // FULL_WIDTH, -(-tree_size // FULL_WIDTH)):
        width = tile_width(0, index, tree_size)
        if width > tile_width(0, index, since):
            yield Bundle(index, width)


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """The contents of the tile with these hashes, 1 to 256 of 32 bytes."""
    contents = b"".join(hashes)
    if not 1 <= len(hashes) <= FULL_WIDTH or len(contents) != HASH_SIZE * len(hashes):
        raise MalformedTile(place="tile", why=f"{len(hashes)} hashes in {len(contents)} bytes do not make a tile")
    return contents


def decode_tile(contents: bytes, tile: Tile) -> list[bytes]:
    """The hashes in the contents of `tile`; raises `MalformedTile` when they are not exactly as many as its width says."""
    if len(contents) != HASH_SIZE * tile.width:
        raise MalformedTile(place=tile.path, why=f"{len(contents)} bytes are not {tile.width} hashes of {HASH_SIZE} bytes")
    return [contents[start : start + HASH_SIZE] for start in range(0, len(contents), HASH_SIZE)]


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The contents of the bundle with these entries; raises `MalformedTile` for an entry of more than 65 535 bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise MalformedTile(place="entry bundle", why=f"an entry has {len(entry)} bytes, more than a uint16 can say")
        parts.append(len(entry).to_bytes(2, "big"))
        parts.append(entry)
    return b"".join(parts)


def decode_bundle(contents: bytes, bundle: Bundle) -> list[bytes]:
    """The entries in the contents of `bundle`; raises `MalformedTile` when they are not exactly as many as its width says."""
    entries: list[bytes] = []
    position, end = 0, len(contents)
    while position + 2 <= end:
        start = position + 2
        position = start + (contents[position] << 8 | contents[position + 1])
        entries.append(contents[start:position])
    if position != end:
        raise MalformedTile(place=f"{bundle.path}, byte {min(position, end)}", why="the bundle does not end with an entry's last byte")
    if len(entries) != bundle.width:
        raise MalformedTile(place=bundle.path, why=f"the bundle holds {len(entries)} entries, not {bundle.width}")
    return entries


def _spell(index: int, width: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    spelled = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return spelled if width == FULL_WIDTH else f"{spelled}.p/{width}"


def _quoted(path: str) -> str:
    return ascii(path[:80])
