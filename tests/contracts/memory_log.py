"""A project's log in memory, for tests that have no use for a database."""

from collections.abc import Iterator, Mapping, Sequence

import orjson

from ledger.aggregates.withholding import VISIBILITY_TYPES
from ledger.canonical import JsonValue
from ledger.sealing import read_disclosure


class MemoryLog:
    """See `ports.ProjectLog`: these entries, and of them these disclosures as (seq, name, text)."""

    def __init__(self, entries: Sequence[bytes], disclosures: Sequence[tuple[int, str, str]] = ()) -> None:
        self.stored = list(entries)
        self.shown = sorted(disclosures)

    def size(self) -> int:
        return len(self.stored)

    def visibility_size(self) -> int:
        changes = [seq for seq, entry in enumerate(self.stored) if orjson.loads(entry).get("type") in VISIBILITY_TYPES]
        return changes[-1] + 1 if changes else 0

    def redaction_size(self) -> int:
        return 0

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        start = max(start, 0)
        yield from enumerate(self.stored[start : max(stop, start)], start)

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        return (shown for shown in self.shown if start <= shown[0] < stop)

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        return {(seq, name): read_disclosure(text).value for seq, name, text in self.shown if seq in seqs}
