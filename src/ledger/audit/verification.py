"""The whole verification of one package, stage after stage: reading, integrity, lawfulness, results, and an older package beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ledger.audit.admission import Admission
from ledger.audit.commitments import NOTHING, Commitments, ShippedDisclosures
from ledger.audit.entries import EntryReader
from ledger.audit.files import Manifest
from ledger.audit.findings import STAGES, Findings, Stage
from ledger.audit.ledger_extract import LedgerPart, read_ledger_part
from ledger.audit.older import OlderPackage
from ledger.audit.redactions import REDACTIONS, Redactions, tell_unreplayable
from ledger.audit.report import Report, Verdict, status_of, verdict_of
from ledger.audit.results import Published, certified_steps, check_every_run, check_results, summaries
from ledger.audit.sealed import ShippedLeaves, check_sealed
from ledger.audit.signature import Head, check_head, check_manifest_signature, read_head, shipped_keys
from ledger.audit.trust import Trust
from ledger.audit.unopened import ERASURES
from ledger.audit.vouching import NOBODY, Vouched, check_certified, check_vouching
from ledger.canonical import JsonValue
from ledger.errors import EnginesDisagree, PackageUnreadable, PackageUnsafe
from ledger.events import Event
from ledger.events.redacted import Redacted
from ledger.package.layout import NEEDED, WITHOUT_LEDGER_LOG
from ledger.package.manifest import Sealing
from ledger.package.progress import Progress, silent
from ledger.package.zip_reader import PackageReader
from ledger.projections.folding import FoldedSource
from ledger.projections.readings.published_differences import PublishedDifference, published_differences
from ledger.projections.readings.reading import Reading, read
from ledger.tlog.lines import base64
from ledger.tlog.vkey import Vkey

NOTHING_BROUGHT = Trust()


def verify(
    path: Path,
    *,
    trust: Trust = NOTHING_BROUGHT,
    older: Path | None = None,
    exhaustive: bool = False,
    progress: Progress = silent,
) -> Report:
    """What an audit of the package in `path` finds. Whatever the file holds, nothing is raised.

    `trust`: what the caller believes from elsewhere; without a key there, those in the package are used. `older`: an earlier package of
    the same log. `exhaustive`: the slow reference of equal shares repeats every run of a count, not only the deciding ones.
    """
    verification = _Verification(path.name, trust, exhaustive, progress)
    try:
        with PackageReader(path) as reader:
            if older is None:
                verification.run(reader, None)
            else:
                with PackageReader(older) as earlier:
                    verification.run(reader, earlier)
    except (PackageUnreadable, PackageUnsafe) as error:
        verification.unreadable = True
        verification.findings.fault("reading", error.code, error.place, "a package as docs/formats/package.md states it", error.why)
    return verification.report()


@dataclass(slots=True)
class _Verification:
    """One verification on its way."""

    place: str
    trust: Trust
    exhaustive: bool
    progress: Progress
    unreadable: bool = False
    findings: Findings = field(default_factory=Findings)
    looked_at: set[Stage] = field(default_factory=set)
    head: Head | None = None
    vkey: Vkey | None = None
    shipped: tuple[Vkey, ...] = ()
    part: LedgerPart | None = None
    vouched: Vouched = NOBODY
    counts: dict[str, int] = field(default_factory=dict)
    commitments: Mapping[str, int] = field(default_factory=dict)
    results: list[JsonValue] = field(default_factory=list)
    published: list[PublishedDifference] = field(default_factory=list)

    def run(self, reader: PackageReader, earlier: PackageReader | None) -> None:
        """Every stage that can be gone through."""
        for name in NEEDED:
            if name not in reader:
                raise PackageUnreadable(name, "the package holds no such file, and nothing can be judged without it")
        self.looked_at.add("reading")
        stated = Manifest(reader, self.findings)
        self.head = read_head(reader, self.findings)
        if self.head is None:
            return
        self.looked_at.add("integrity")
        self._check_keys(reader, self.head, stated)
        before = None
        if earlier is not None:
            self.looked_at.add("older")
            before = OlderPackage(earlier, self._keys_of_the_past(), self.findings)
        replay = _Replay(reader, self.head, self.findings, self.progress, before)
        replay.run()
        self.counts = replay.counts()
        if before is not None:
            before.compare(reader, self.head, replay.entries.older_root, replay.redactions.entries)
            before.compare_ledger_log(reader, self.part)
        self._judge(reader, replay, stated)
        self.commitments = replay.commitments.statuses

    def _check_keys(self, reader: PackageReader, head: Head, stated: Manifest) -> None:
        """Who vouches for the package: the keys of the log, the ledger log about them, and whoever watched that from outside."""
        self.shipped = shipped_keys(reader, self.findings)
        if stated.layout in WITHOUT_LEDGER_LOG:
            why = f"a package of the form {stated.layout} does not say; ask for a newer one"
            self.findings.left_out("integrity", "ledger-log", "whether the log stands in the ledger's own log, and who witnessed it", why)
        else:
            self.part = read_ledger_part(reader, head.checkpoint, self.trust, self.findings)
        if self.part is not None:
            check_manifest_signature(reader, head, self.part, self.findings)
            self.vouched = check_vouching(reader, self.part, self.trust, self.findings)
        self.vkey = check_head(head, self.shipped, self.trust, self.part, self.findings)

    def _keys_of_the_past(self) -> tuple[Vkey, ...]:
        """The keys that may have signed an older package of the log."""
        known = self.part.keys.all if self.part is not None else ()
        return tuple(dict.fromkeys((*self.trust.keys, *(known or self.shipped))))

    def _judge(self, reader: PackageReader, replay: "_Replay", stated: Manifest) -> None:
        """What can be said only when all entries were replayed."""
        if self.part is not None:
            self.part.rules.check_first(replay.entries.first)
        if replay.whole:
            self.looked_at |= {"lawfulness"}
            self.looked_at |= {"results"} if self._results(reader, replay, stated) else set()
        else:
            why = "not every entry could be read and folded"
            self.findings.left_out("lawfulness", "replay-incomplete", "whether every event was lawful", why)
            self.findings.left_out("results", "replay-incomplete", "tables and results", why)
            self.findings.left_out("integrity", "replay-incomplete", "why some texts are not disclosed", why)
        stated.check_digests()

    def _results(self, reader: PackageReader, replay: "_Replay", stated: Manifest) -> bool:
        """True when the results were gone through to their end."""
        checkpoint = replay.head.checkpoint
        sealing = Sealing(checkpoint.origin, checkpoint.size, base64(checkpoint.root))
        try:
            check_sealed(replay.source, ShippedLeaves(reader, replay.entries.size), replay.commitments, self.findings)
            self.progress("count", 0, 0)
            reading = self._reading(replay.source)
            self.results = summaries(reading)
            self.published = published_differences(replay.source)
            check_certified(self.vouched, certified_steps(reading), self.findings)
            proven = self.part.indices if self.part is not None else ()
            unreplayable = tell_unreplayable(replay.source, self.findings)
            check_results(Published(reader, sealing, reading, proven, unreplayable), stated, self.findings, self.progress)
        except EnginesDisagree as error:
            self.findings.fault("results", error.code, error.rule, "two independent counts that agree", str(error))
        except Exception as error:  # noqa: BLE001  # a history that no ledger admitted may lead the count anywhere; an audit says so and ends
            self.findings.fault(
                "results", "not-countable", self.place, "entries from which results follow", f"{type(error).__name__}: {error}"
            )
            return False
        return True

    def _reading(self, source: FoldedSource) -> Reading:
        reading = read(source, exact=True)
        if self.exhaustive:
            check_every_run(reading)
        return reading

    def report(self) -> Report:
        """What was found."""
        stages = status_of(self.findings, self.looked_at)
        verdict: Verdict = "unreadable" if self.unreadable else verdict_of(stages)
        # Whoever believes the ledger log believes what it says of the keys of its projects.
        given = bool(self.trust.keys) or (self.part is not None and self.part.trusted)
        if not given and not self.unreadable:
            why = "the key came with the package: what it holds is consistent, but of unproven origin"
            self.findings.left_out("integrity", "key-from-package", "whose key signed the checkpoint", why)
        checkpoint = self.head.checkpoint if self.head is not None else None
        signing = self.part.keys.signing if self.part is not None and self.part.known else self.shipped
        return Report(
            verdict=verdict,
            package=self.place,
            key="given" if given else "from_package",
            stages=stages,
            origin=checkpoint.origin if checkpoint is not None else None,
            size=checkpoint.size if checkpoint is not None else None,
            root=base64(checkpoint.root) if checkpoint is not None else None,
            vkey=str(self.vkey) if self.vkey is not None else None,
            signing=tuple(map(str, signing)),
            retired=tuple(map(str, self.part.keys.retired)) if self.part is not None else (),
            witnessed=self.vouched.witnessing,
            anchored=self.vouched.anchored,
            findings=tuple(sorted(self.findings.listed, key=lambda finding: STAGES.index(finding.stage))),
            unlisted=self.findings.unlisted(),
            counts=self.counts,
            commitments={status: count for status, count in sorted(self.commitments.items()) if count},
            results=tuple(self.results),
            published_differences=tuple(self.published),
            not_checked=tuple(self.findings.not_checked),
        )


class _Replay:
    """All entries read once: hashed, admitted again, matched with their disclosures, folded."""

    def __init__(self, reader: PackageReader, head: Head, findings: Findings, progress: Progress, before: OlderPackage | None) -> None:
        older = before.head.checkpoint.size if before is not None and before.head is not None else None
        self.head = head
        self._reader = reader
        self.entries = EntryReader(reader, head.checkpoint, findings, progress, older)
        self.shipped = ShippedDisclosures(reader, findings)
        self.commitments = Commitments(findings)
        self.redactions = Redactions(findings, self.commitments.statuses)
        self.admission = Admission(min(head.checkpoint.size, reader.most_lines), findings)
        self.source = FoldedSource(head.checkpoint.origin)
        self._findings = findings
        self._folded = True

    @property
    def whole(self) -> bool:
        """True when every entry was read as an event, and folded."""
        return self._folded and self.entries.complete

    def run(self) -> None:
        """Goes through the log."""
        for event in self.entries.events():
            if isinstance(event, Redacted):
                lines = self.shipped.of(event.seq) if self._folded else []
                self._folded = self.redactions.note(event, lines, self.admission.aggregates) and self._folded
            elif event.type in REDACTIONS:
                self.redactions.note_event(event)
            if self._folded:
                try:
                    self._take(event)
                except Exception as error:  # noqa: BLE001  # what no ledger admitted may lead a fold anywhere; an audit says so and hashes on
                    self._folded = False
                    place, found = f"entry {event.seq}", f"{type(error).__name__}: {error}"
                    self._findings.fault("lawfulness", "not-replayable", place, "an event that can follow on those before it", found)
        self.entries.finish()
        self.shipped.finish()
        self.redactions.finish()
        if self.whole:
            self.admission.finish()
            self.commitments.finish(self._reader, self.admission.aggregates)
        # The count that follows needs the room.
        self.admission.forget()

    def _take(self, event: Event | Redacted) -> None:
        if isinstance(event, Redacted):
            self.admission.pass_over(event)
            self.source.pass_over(event.seq)
            return
        self.admission.consider(event)
        lines = self.shipped.of(event.seq)
        if lines or event.data.sd is not None or event.type in ERASURES:
            self.source.feed(event, self.commitments.match(event, lines, self.admission.aggregates))
        else:
            self.source.feed(event, NOTHING)

    def counts(self) -> dict[str, int]:
        """How much there was of what."""
        return {"entries": self.entries.size, "disclosures": self.shipped.count, "not_judged": self.admission.not_judged}
