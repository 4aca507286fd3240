"""Redacted entries of a log: each is explained by a later event of the same log, which states the same of it, or it is a fault.

What follows from the bytes that are withheld cannot be judged, and that is told. Everything else is: the tree, as it needs their leaf hash
only, and whatever does not rest on them.
"""

from collections import Counter
from typing import Final

from ledger.aggregates import Aggregates
from ledger.aggregates.redactable import REDACTABLE, is_stream_of
from ledger.audit.findings import Findings
from ledger.events import COMMITTED, Event
from ledger.events.ballot import SEALED_CHOICES
from ledger.events.privacy import EntryRedacted
from ledger.events.redacted import Redacted
from ledger.package.disclosure_lines import DisclosureLine
from ledger.projections.readings.ballot_step import ballot_steps
from ledger.projections.readings.redactions import RedactedEntry, redacted_entries, resting_on
from ledger.projections.source import Source

REDACTIONS: Final = frozenset(EntryRedacted.wire_types())
_CHOICES: Final = frozenset({"ballot.cast", "ballot.replaced"})


class Redactions:
    """What is redacted in a log, entry by entry, and at its end whether a later event says so."""

    def __init__(self, findings: Findings, statuses: Counter[str]) -> None:
        self._findings = findings
        self._statuses = statuses
        self.entries: dict[int, Redacted] = {}
        """Seq → what stands in place of the entry."""
        self._said: dict[int, tuple[int, EntryRedacted]] = {}
        """Seq of an entry → seq of the first event that redacts it, and the event."""

    def note(self, redacted: Redacted, shipped: list[DisclosureLine], aggregates: Aggregates) -> bool:
        """Remembers what stands in place of an entry; `shipped` are the lines of disclosures about it. `aggregates`: states before it.

        False where that is of a kind that is never redacted, so that the rest of the log cannot be replayed.
        """
        self.entries[redacted.seq] = redacted
        for line in shipped:
            place = f"entry {redacted.seq}, field {line.name}"
            self._fault("disclosure-redacted", place, f"no text, redacted by order of {redacted.authority}", "its disclosure")
        if redacted.type not in REDACTABLE or not is_stream_of(redacted.stream, redacted.type):
            found = f"{redacted.type} in {redacted.stream}"
            self._fault("redaction-unfit", f"entry {redacted.seq}", "an entry of a kind that can be redacted", found)
            return False
        self._statuses["redacted"] += _committed(redacted, aggregates)
        return True

    def note_event(self, event: Event) -> None:
        """Remembers what the event says, if it redacts an entry."""
        if isinstance(event.data, EntryRedacted):
            self._said.setdefault(event.data.entry, (event.seq, event.data))

    def finish(self) -> None:
        """Every entry whose bytes are not there is explained, or found to be unexplained; and none is there that should not be."""
        for seq, redacted in self.entries.items():
            said = self._said.get(seq)
            place = f"entry {seq}, version {redacted.version} of {redacted.stream}"
            if said is None or not _is_said(said[1], redacted):
                expected = f"its bytes, or a later entry.redacted that states leaf hash {redacted.leaf_hash} and the rest of its line"
                found = "none" if said is None else f"entry {said[0]}, which states otherwise"
                self._fault("redaction-unexplained", place, expected, found)
            else:
                found = f"withheld by order of {redacted.authority} ({said[1].code}), entry {said[0]}"
                self._findings.notice("integrity", "redacted", place, f"the bytes of a {redacted.type}", found)
        for seq, (by, data) in self._said.items():
            if seq not in self.entries:
                self._fault("redaction-disregarded", f"entry {seq}", f"no bytes, redacted by entry {by} ({data.authority})", "its bytes")

    def _fault(self, check: str, place: str, expected: str, found: str) -> None:
        self._findings.fault("integrity", check, place, expected, found)


def tell_unreplayable(source: Source, findings: Findings) -> frozenset[str]:
    """The steps whose results rest on redacted entries, which is told, as is what else cannot be made again from the log."""
    redacted = redacted_entries(source)
    if not redacted:
        return frozenset()
    steps: set[str] = set()
    for step in ballot_steps(source):
        missing = resting_on(step, redacted)
        if missing:
            steps.add(step.ref)
            why = _why(missing)
            findings.notice("results", "result-not-replayable", f"step {step.ref}", "a result that follows from all that was recorded", why)
            findings.left_out("results", "not-replayable", f"the result of step {step.ref} as it was before the redaction", why)
    others = [entry for entry in redacted if not entry.stream.startswith("ballot/")]
    if others:
        findings.left_out("results", "not-replayable", "what tables told of redacted entries", _why(others))
    return frozenset(steps)


def _why(redacted: list[RedactedEntry]) -> str:
    named = ", ".join(f"{entry.entry} ({entry.type}, order {entry.authority})" for entry in redacted[:3])
    more = f" and {len(redacted) - 3} more" if len(redacted) > 3 else ""
    return f"redacted: entry {named}{more}"


def _is_said(data: EntryRedacted, redacted: Redacted) -> bool:
    stated = (data.entry, data.authority, data.leaf_hash, data.redacted_stream, data.redacted_type, data.redacted_version)
    found = (redacted.seq, redacted.authority, redacted.leaf_hash, redacted.stream, redacted.type, redacted.version)
    return stated == found


def _committed(redacted: Redacted, aggregates: Aggregates) -> int:
    """How many commitments the entry holds: as many as its type has, and the choices of a ballot where they were sealed."""
    name = redacted.type.partition("/")[0]
    if name in _CHOICES:
        step = redacted.stream.split("/")[1]
        return len(SEALED_CHOICES) if aggregates.step(step).secrecy == "sealed" else 0
    return len(COMMITTED[redacted.type])
