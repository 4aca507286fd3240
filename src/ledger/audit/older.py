"""Whether an older package is a beginning of this one: nothing was rewritten between the two."""

from collections.abc import Iterator, Mapping

from ledger.audit.comparison import Difference, first_difference
from ledger.audit.findings import Findings
from ledger.audit.ledger_extract import LARGEST_EXTRACT, LedgerPart
from ledger.audit.signature import Head, read_head
from ledger.errors import FileDamaged, Malformed
from ledger.events import read_event
from ledger.events.envelope import ENTRY_LIMIT
from ledger.events.ledger_log import LogCheckpointed, read_ledger_event
from ledger.events.redacted import Redacted, is_redacted
from ledger.package.layout import CHECKPOINT, EVENTS, LEDGER_ENTRIES
from ledger.package.zip_reader import PackageReader
from ledger.tlog.lines import base64
from ledger.tlog.tree import leaf_hash
from ledger.tlog.vkey import Vkey


class OlderPackage:
    """An earlier export, held against this one."""

    def __init__(self, reader: PackageReader, vkeys: tuple[Vkey, ...], findings: Findings) -> None:
        """`vkeys`: the keys of this package's log, also those that were retired: one of them signed the older one."""
        self._reader = reader
        self._findings = findings
        self.head: Head | None = read_head(reader, findings, "older")
        if self.head is not None and vkeys and not self.head.signers(vkeys):
            expected = "a valid signature with a key that this package's log has or had: " + ", ".join(map(str, vkeys))
            findings.fault("older", "signature", f"{reader.place}: {CHECKPOINT}", expected, self.head.claimed)

    def compare(self, reader: PackageReader, head: Head, root: bytes | None, redacted: Mapping[int, Redacted]) -> None:
        """`root` is that of this package's entries at the older size, None where it has fewer; `redacted` are those of its entries whose
        bytes are withheld."""
        if self.head is None:
            return
        older, newer = self.head.checkpoint, head.checkpoint
        place = self._reader.place
        if older.origin != newer.origin:
            self._findings.fault("older", "older-of-another-log", place, newer.origin, older.origin)
            return
        if older.size > newer.size:
            self._findings.fault("older", "older-is-newer", place, f"at most {newer.size} entries", str(older.size))
            return
        if root is not None and root != older.root:
            self._findings.fault("older", "older-root", place, f"root {base64(older.root)} at {older.size} entries", base64(root))
        self._compare_entries(reader, older.size, redacted)

    def compare_ledger_log(self, newer: PackageReader, part: LedgerPart | None) -> None:
        """What the older package holds of the ledger log stands in the newer one as well, but for the size at which it was cut.

        So keys that were retired stay so, and nothing that the ledger said of the log was said otherwise since.
        """
        if part is None or LEDGER_ENTRIES not in self._reader:
            return
        try:
            before, now = _ledger_entries(self._reader), set(_ledger_entries(newer))
        except FileDamaged as error:
            self._findings.fault("older", error.code, error.place, "entries that can be read back", error.why)
            return
        for number, entry in enumerate(before, 1):
            if entry not in now and not _is_of_one_size(entry):
                place = f"{self._reader.place}: {LEDGER_ENTRIES} line {number}"
                self._findings.fault("older", "older-ledger", place, "an entry that the newer package has, too", "no such entry there")

    def _compare_entries(self, reader: PackageReader, size: int, redacted: Mapping[int, Redacted]) -> None:
        """The older file of events, byte for byte, is how the newer one begins, but for what was redacted since: that is of these bytes."""
        name = f"{self._reader.place}: {EVENTS}"
        try:
            difference = _first_change(self._reader, reader, size, redacted)
        except FileDamaged as error:
            self._findings.fault("older", error.code, error.place, "entries that can be read back", error.why)
            return
        if difference is not None:
            place = f"{name} line {difference.line} (entry {difference.line - 1})"
            absent = "no such entry"
            self._findings.fault("older", "older-entries", place, difference.found or absent, difference.expected or absent)


def _first_change(older: PackageReader, newer: PackageReader, size: int, redacted: Mapping[int, Redacted]) -> Difference | None:
    before = _as_redacted(older, redacted) if any(seq < size for seq in redacted) else older.chunks(EVENTS)
    return first_difference(_first_lines(newer, size), before)


def _as_redacted(older: PackageReader, redacted: Mapping[int, Redacted]) -> Iterator[bytes]:
    """The older file of events with what is left of entries in place of those that were redacted since.

    Bytes stay as they are where what the newer package says of them is not so: another hash, stream, type or version.
    """
    first = 0
    for lines in older.lines(EVENTS, ENTRY_LIMIT):
        shown = list(lines)
        for place, line in enumerate(shown):
            left = redacted.get(first + place)
            if left is not None and not is_redacted(line) and _is_left_of(left, line):
                shown[place] = left.line()
        first += len(shown)
        yield b"\n".join(shown) + b"\n"


def _is_left_of(left: Redacted, line: bytes) -> bool:
    try:
        event = read_event(line)
    except Malformed:
        return False
    return leaf_hash(line) == left.leaf and (event.stream, event.type, event.version) == (left.stream, left.type, left.version)


def _first_lines(reader: PackageReader, count: int) -> Iterator[bytes]:
    for chunk in reader.chunks(EVENTS):
        lines = chunk.count(b"\n")
        if lines >= count:
            end = -1
            for _ in range(count):
                end = chunk.index(b"\n", end + 1)
            yield chunk[: end + 1]
            return
        count -= lines
        yield chunk


def _ledger_entries(reader: PackageReader) -> list[bytes]:
    return reader.whole(LEDGER_ENTRIES, LARGEST_EXTRACT).split(b"\n")[:-1]


def _is_of_one_size(entry: bytes) -> bool:
    """True for what a package holds of one size of its log alone, false also for what is no entry."""
    try:
        return isinstance(read_ledger_event(entry).data, LogCheckpointed)
    except Malformed:
        return False
