"""One person's ballot found in an exported package, with their `k`: the answer that the service gives, from files that anybody can have.

The package has to hash to its signed checkpoint; everything else about it is for `verify`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ledger.audit.commitments import ShippedDisclosures
from ledger.audit.entries import EntryReader
from ledger.audit.findings import Finding, Findings
from ledger.audit.ledger_extract import read_ledger_part
from ledger.audit.signature import check_head, read_head, shipped_keys
from ledger.audit.trust import Trust
from ledger.canonical import JsonValue
from ledger.errors import MalformedDisclosure, PackageUnreadable, PackageUnsafe
from ledger.events import Event
from ledger.events.ballot import BallotChoices
from ledger.events.redacted import Redacted
from ledger.package.layout import LEDGER_CHECKPOINT, NEEDED
from ledger.package.progress import Progress, silent
from ledger.package.zip_reader import PackageReader
from ledger.projections.folding import FoldedSource
from ledger.projections.readings.my_ballot import Json, Line, my_ballot, stream_of
from ledger.sealing import disclosure_digest, pseudonym, read_disclosure
from ledger.tlog.vkey import Vkey

FORMAT: Final = "participation-ledger-my-ballot/1"
_ENTRIES: Final = "entries"
_NOTHING: Final[Mapping[str, JsonValue]] = {}

Verdict: TypeAlias = Literal["found", "no_step", "failed", "unreadable"]


@dataclass(frozen=True, slots=True)
class BallotReport:
    """The outcome. `ballot` is as `my_ballot` tells it; None where the package does not hold together, or has no such step."""

    verdict: Verdict
    key: Literal["given", "from_package"]
    ballot: Json | None = None
    origin: str | None = None
    size: int | None = None
    faults: tuple[Finding, ...] = ()

    def json(self) -> dict[str, JsonValue]:
        """As JSON values."""
        return {
            "format": FORMAT,
            "verdict": self.verdict,
            "key": self.key,
            "origin": self.origin,
            "size": self.size,
            "ballot": self.ballot,
            "faults": [{"check": fault.check, "place": fault.place, "found": fault.found} for fault in self.faults],
        }


def find_ballot(path: Path, step: str, k: bytes, vkeys: tuple[Vkey, ...] = (), progress: Progress = silent) -> BallotReport:
    """What became of the ballot of whoever has `k`, as the package in `path` has it. Whatever the file holds, nothing is raised.

    `vkeys`: the log's keys, from where they are trusted; without any, those that come with the package are used.
    """
    key: Literal["given", "from_package"] = "given" if vkeys else "from_package"
    findings = Findings()
    try:
        with PackageReader(path) as reader:
            for name in NEEDED:
                if name not in reader:
                    raise PackageUnreadable(name, "the package holds no such file, and nothing can be judged without it")
            search = _Search(reader, step, k, vkeys, findings)
            ballot = search.run(progress)
    except (PackageUnreadable, PackageUnsafe) as error:
        findings.fault("reading", error.code, error.place, "a package as docs/formats/package.md states it", error.why)
        return BallotReport("unreadable", key, faults=tuple(findings.listed))
    faults = tuple(finding for finding in findings.listed if finding.severity == "fault")
    verdict: Verdict = "failed" if faults else "no_step" if ballot is None else "found"
    return BallotReport(verdict, key, None if faults else ballot, search.origin, search.size, faults)


class _Search:
    def __init__(self, reader: PackageReader, step: str, k: bytes, vkeys: tuple[Vkey, ...], findings: Findings) -> None:
        self._reader = reader
        self._step = step
        self._k = k
        self._trust = Trust(keys=vkeys)
        self._findings = findings
        self.origin: str | None = None
        self.size: int | None = None

    def run(self, progress: Progress) -> Json | None:
        """The ballot; None where there is no such step, or nothing holds, which is a finding then."""
        head = read_head(self._reader, self._findings)
        if head is None:
            return None
        checkpoint = head.checkpoint
        self.origin, self.size = checkpoint.origin, checkpoint.size
        part = None
        if LEDGER_CHECKPOINT in self._reader:
            part = read_ledger_part(self._reader, checkpoint, self._trust, self._findings)
        check_head(head, shipped_keys(self._reader, self._findings), self._trust, part, self._findings)
        actor = pseudonym(self._k, checkpoint.origin, f"step/{self._step}")
        entries = EntryReader(self._reader, checkpoint, self._findings, progress)
        source, lines = FoldedSource(checkpoint.origin), list[Line]()
        try:
            self._fold(entries, source, lines, stream_of(self._step, actor))
            ballot = next((ballot for ballot in source.ballots(self._step) if ballot.actor == actor), None)
            return my_ballot(source, self._step, actor, ballot, lines)
        except Exception as error:  # noqa: BLE001  # a history that no ledger admitted may lead a fold anywhere; it is told, and not raised
            place, found = f"step {self._step}", f"{type(error).__name__}: {error}"
            self._findings.fault("lawfulness", "not-replayable", place, "entries that can follow on each other", found)
            return None

    def _fold(self, entries: EntryReader, source: FoldedSource, lines: list[Line], stream: str) -> None:
        """The source has every entry; `lines` those of the stream."""
        shipped = ShippedDisclosures(self._reader, self._findings)
        for event in entries.events():
            if event.stream == stream:
                lines.append(event)
            if isinstance(event, Redacted):
                source.pass_over(event.seq)
            else:
                source.feed(event, _choices(event, shipped))
        entries.finish()


def _choices(event: Event, shipped: ShippedDisclosures) -> Mapping[str, JsonValue]:
    """The disclosed choices of a ballot that committed to them; nothing of any other event, as no text is needed here."""
    if event.data.sd is None or not isinstance(event.data, BallotChoices):
        return _NOTHING
    for line in shipped.of(event.seq):
        if line.name == _ENTRIES and disclosure_digest(line.disclosure) in event.data.sd:
            try:
                return {_ENTRIES: read_disclosure(line.disclosure).value}
            except MalformedDisclosure:
                return _NOTHING
    return _NOTHING
