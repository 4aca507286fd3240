"""Commitments that no disclosure opens, and what explains it: an erasure, or a decision of moderation that stands at the end of the log.

Only the end tells, so they are collected. What was erased is looked up in the entries once more, which is read again only where there are
erasures: what has to be remembered of a log does not grow with the private fields in it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ledger.aggregates import Aggregates
from ledger.aggregates.withholding import is_withheld, withholds
from ledger.audit.findings import Findings
from ledger.events import COMMITTED, Event, read_event
from ledger.events.envelope import ENTRY_LIMIT
from ledger.events.privacy import ContentErased
from ledger.events.redacted import is_redacted
from ledger.package.layout import EVENTS
from ledger.package.zip_reader import PackageReader

ERASURES: Final = frozenset(ContentErased.wire_types())


@dataclass(slots=True)
class _Missing:
    """An entry with public fields of which there is no disclosure. Which digest is whose nobody can tell."""

    stream: str
    wire_type: str
    names: tuple[str, ...]
    digests: set[str]


@dataclass(slots=True)
class _Erasure:
    """What the log says was erased of an entry: events that say so, streams that they name, digests."""

    seqs: list[int]
    streams: set[str]
    digests: set[str]


class Unopened:
    """What is not disclosed of a log, entry by entry, and at its end why."""

    def __init__(self, findings: Findings, statuses: Counter[str]) -> None:
        self._findings = findings
        self._statuses = statuses
        self._missing: dict[int, _Missing] = {}
        self._erased: dict[int, _Erasure] = {}
        self._shown: dict[str, int] = {}
        """Stream of a content → its first entry with a text that is shipped."""

    def miss(self, event: Event, names: Iterable[str], digests: set[str]) -> None:
        """Of these public fields there is no disclosure; the digests are those that nothing opened."""
        self._missing[event.seq] = _Missing(event.stream, event.type, tuple(names), digests)

    def note_shown(self, event: Event, shown: Collection[str]) -> None:
        """These fields of a content are disclosed, none of them perhaps."""
        if shown:
            self._shown.setdefault(event.stream, event.seq)

    def note_erasure(self, event: Event) -> None:
        """Remembers what the event says is gone, if it is an erasure."""
        if isinstance(event.data, ContentErased):
            erasure = self._erased.setdefault(event.data.entry, _Erasure([], set(), set()))
            erasure.seqs.append(event.seq)
            erasure.streams.add(event.data.erased or "")
            erasure.digests.update(event.data.digests or ())

    def finish(self, reader: PackageReader, aggregates: Aggregates) -> None:
        """Every commitment that was left open is explained, or found to be unexplained. `aggregates` are the states at the end."""
        for event in _entries_at(reader, self._erased):
            self._judge(event, self._erased[event.seq])
        for seq, missing in self._missing.items():
            left = len(missing.digests)
            if withholds(missing.stream, missing.wire_type, aggregates):
                self._statuses["withheld"] += left
            elif left:
                self._statuses["unexplained"] += left
                self._unexplained(seq, missing)
        self._missing.clear()
        for stream, seq in self._shown.items():
            if is_withheld(stream, aggregates):
                self._fault("disclosure-withheld", f"entry {seq}, stream {stream}", "no text of it while it is hidden", "its disclosure")

    def _judge(self, event: Event, erasure: _Erasure) -> None:
        """The erasures of one entry are held against the entry, and explain what is missing of it."""
        place = f"entry {erasure.seqs[-1]}, about entry {event.seq}"
        if erasure.streams != {event.stream}:
            self._fault("erasure-misplaced", place, f"stream {event.stream}", ", ".join(sorted(erasure.streams)))
        committed = set(event.data.sd or ())
        for digest in sorted(erasure.digests - committed):
            self._fault("erasure-unmatched", place, f"a digest that stands in entry {event.seq}", digest)
        erased = erasure.digests & committed
        missing = self._missing.get(event.seq)
        unopened = committed if _is_private(event) else missing.digests if missing is not None else set()
        for digest in sorted(erased - unopened):
            self._fault("disclosure-erased", f"entry {event.seq}", f"no text, erased by entry {erasure.seqs[-1]}", f"what opens {digest}")
        explained = erased & unopened
        self._statuses["erased"] += len(explained)
        if _is_private(event):
            self._statuses["private"] -= len(explained)
        elif missing is not None:
            missing.digests -= explained

    def _unexplained(self, seq: int, missing: _Missing) -> None:
        expected = "its disclosure, or an event that says why there is none"
        if len(missing.names) == len(missing.digests):
            for name in missing.names:
                self._fault("commitment-unexplained", f"entry {seq}, field {name}", expected, "nothing")
        else:
            place = f"entry {seq}, {len(missing.digests)} of the fields {', '.join(missing.names)}"
            self._fault("commitment-unexplained", place, expected, "nothing")

    def _fault(self, check: str, place: str, expected: str, found: str) -> None:
        self._findings.fault("integrity", check, place, expected, found)


def _is_private(event: Event) -> bool:
    """True where nothing of the event is ever disclosed. No event has public and private fields together."""
    return "private" in COMMITTED[event.type].values()


def _entries_at(reader: PackageReader, seqs: Iterable[int]) -> Iterator[Event]:
    """The events at these places of a log that was read through before, ascending."""
    wanted = sorted(seqs, reverse=True)
    first = 0
    if not wanted:
        return
    for lines in reader.lines(EVENTS, ENTRY_LIMIT):
        while wanted and wanted[-1] < first + len(lines):
            line = lines[wanted.pop() - first]
            if not is_redacted(line):  # of which all that it committed to is gone, whatever was erased of it before
                yield read_event(line)
        if not wanted:
            return
        first += len(lines)
