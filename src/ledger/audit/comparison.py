"""A file of the package beside the same file made again from the entries: equal byte for byte, or different in a line that can be named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ledger.audit.findings import LONGEST_QUOTE


@dataclass(frozen=True, slots=True)
class Difference:
    """The first line in which two files differ, counted from 1, and how each has it; `None` where a file has no such line."""

    line: int
    expected: str | None
    found: str | None


def first_difference(expected: Iterable[bytes], found: Iterable[bytes]) -> Difference | None:
    """Where the two texts part, or None. `found` is read to its end in any case, `expected` no further than needed."""
    left, right = _Side(iter(expected)), _Side(iter(found))
    lines = 1
    tail = b""
    while True:
        length = min(left.fill(), right.fill())
        if not length:
            break
        one, other = left.take(length), right.take(length)
        if one != other:
            at = _first_differing(one, other)
            start = one.rfind(b"\n", 0, at) + 1
            before = tail + one[:at] if not start else one[start:at]
            line = lines + one.count(b"\n", 0, at)
            return Difference(line, left.rest_of_line(before, one[at:]), right.finished_line(before, other[at:]))
        lines += one.count(b"\n")
        tail = (tail + one if b"\n" not in one else one[one.rfind(b"\n") + 1 :])[-LONGEST_QUOTE:]
    if not left.waiting and not right.waiting:
        return None
    shorter = _quoted(tail) if tail else None
    if left.waiting:
        return Difference(lines, left.rest_of_line(tail, b""), shorter)
    return Difference(lines, shorter, right.finished_line(tail, b""))


@dataclass(slots=True)
class _Side:
    """One of the two texts, in pieces; `waiting` was read and not yet compared."""

    pieces: Iterator[bytes]
    waiting: bytes = field(default=b"")

    def fill(self) -> int:
        """How many bytes wait; none only at the end."""
        while not self.waiting:
            piece = next(self.pieces, None)
            if piece is None:
                return 0
            self.waiting = piece
        return len(self.waiting)

    def take(self, length: int) -> bytes:
        """The next bytes, no more than wait."""
        taken, self.waiting = self.waiting[:length], self.waiting[length:]
        return taken

    def rest_of_line(self, before: bytes, after: bytes) -> str:
        """The line that begins with `before`, goes on with `after` and then with what waits."""
        line = before + after
        while b"\n" not in line and len(line) <= LONGEST_QUOTE and self.fill():
            line += self.take(LONGEST_QUOTE)
        return _quoted(line)

    def finished_line(self, before: bytes, after: bytes) -> str:
        """The same; then the text is read to its end."""
        line = self.rest_of_line(before, after)
        self.waiting = b""
        for _ in self.pieces:
            pass
        return line


def _first_differing(one: bytes, other: bytes) -> int:
    """The first place at which two different texts of the same length differ."""
    low, high = 0, len(one)
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] != other[low:middle]:
            high = middle
        else:
            low = middle
    return low


def _quoted(line: bytes) -> str:
    return line.partition(b"\n")[0].decode("utf-8", "replace")
