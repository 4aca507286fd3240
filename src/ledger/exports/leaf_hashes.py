"""Leaf hashes of a log on their way into hash tiles: kept on disk, because there are as many of them as entries."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType

from ledger.events.redacted import leaves_of
from ledger.package.layout import LOG
from ledger.tlog.tile import FULL_WIDTH, tiles_of
from ledger.tlog.tree import HASH_SIZE, Frontier


class LeafHashes:
    """The hashes of a log that is read once, from which the root and all tiles follow. Use it in a `with`."""

    def __init__(self) -> None:
        self._tree = Frontier()
        self._upper: list[list[bytes]] = []
        """Hashes of complete tiles, by level from 1: one for 256 entries and less."""
        self._leaves = TemporaryFile()  # noqa: SIM115  # closed when this is left

    def __enter__(self) -> "LeafHashes":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leaves.close()

    def extend(self, entries: list[bytes]) -> None:
        """These entries, or what stands in place of them, come next in the log."""
        leaves = leaves_of(entries)
        for subtree in self._tree.extend(leaves):
            while subtree.level > len(self._upper):
                self._upper.append([])
            self._upper[subtree.level - 1].append(subtree.hash)
        self._leaves.write(b"".join(leaves))

    @property
    def size(self) -> int:
        """How many entries there were."""
        return self._tree.size

    def root(self) -> bytes:
        """The root over them."""
        return self._tree.root()

    def tiles(self) -> Iterator[tuple[str, bytes]]:
        """(name in a package, content) of every hash tile, level by level."""
        for tile in tiles_of(self._tree.size):
            first = tile.index * FULL_WIDTH
            if tile.level == 0:
                self._leaves.seek(first * HASH_SIZE)
                content = self._leaves.read(tile.width * HASH_SIZE)
            else:
                content = b"".join(self._upper[tile.level - 1][first : first + tile.width])
            yield LOG + tile.path, content
