"""One pass over the entries of a package that answers what statements about its log ask: roots of ranges, roots at sizes, single leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.events.envelope import ENTRY_LIMIT
from ledger.events.redacted import is_redacted, leaves_of
from ledger.package.layout import EVENTS
from ledger.package.zip_reader import PackageReader
from ledger.tlog.tree import Frontier

_AT: Final = b'"at":"'
_INSTANT: Final = len("2026-03-01T10:00:00.000Z")


@dataclass(slots=True)
class _Range:
    first: int
    stop: int
    tree: Frontier


class LeafPass:
    """What was asked, answered when `run` has gone through the log."""

    def __init__(self, ranges: Iterable[tuple[int, int]], sizes: Iterable[int], seqs: Iterable[int]) -> None:
        """`ranges` are (first, last)."""
        self.size = 0
        self.root = b""
        self.last_at = ""
        """A time at or before which the last entry was recorded; empty where there is none. The greatest of those looked at."""
        self._ranges = {(first, last): _Range(first, last + 1, Frontier()) for first, last in ranges}
        self._cuts = sorted(set(sizes))
        self._roots: dict[int, bytes] = {}
        self._seqs = sorted(set(seqs))
        self._leaves: dict[int, bytes] = {}

    def range_root(self, first: int, last: int) -> bytes | None:
        """The root over the leaves first … last alone; None where the log does not go so far."""
        return self._ranges[first, last].tree.root() if last < self.size else None

    def root_at(self, size: int) -> bytes | None:
        """The root of the tree of the first `size` leaves; None where the log does not go so far."""
        return self._roots.get(size)

    def leaf(self, seq: int) -> bytes | None:
        """The leaf hash of an entry; None where the log does not go so far."""
        return self._leaves.get(seq)

    def run(self, reader: PackageReader) -> None:
        """Goes through the log. Raises `FileDamaged`, and `Malformed` leaves at a line that is of no form."""
        tree, cuts, seqs = Frontier(), iter(self._cuts), iter(self._seqs)
        cut, seq = next(cuts, None), next(seqs, None)
        for lines in reader.lines(EVENTS, ENTRY_LIMIT):
            leaves, start = leaves_of(lines), tree.size
            stop = start + len(leaves)
            self.last_at = max(self.last_at, _dated(lines[-1]))
            for asked in self._ranges.values():
                if asked.first < stop and asked.stop > start:
                    asked.tree.extend(leaves[max(asked.first - start, 0) : asked.stop - start])
            while seq is not None and seq < stop:
                self._leaves[seq] = leaves[seq - start]
                seq = next(seqs, None)
            done = 0
            while cut is not None and cut <= stop:
                tree.extend(leaves[done : cut - start])
                done = cut - start
                self._roots[cut] = tree.root()
                cut = next(cuts, None)
            tree.extend(leaves[done:])
        self.size, self.root = tree.size, tree.root()
        if cut == 0:
            self._roots[0] = self.root


def _dated(entry: bytes) -> str:
    """When the entry says it was recorded; empty where it does not, as what stands in place of a redacted one."""
    start = -1 if is_redacted(entry) else entry.find(_AT)
    return "" if start < 0 else entry[start + len(_AT) : start + len(_AT) + _INSTANT].decode("ascii", "replace")
