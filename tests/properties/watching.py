"""Somebody who trusts nothing of a consultation: keeps every receipt, checkpoint and package, and finds that all of them still hold.

What is watched is a real ledger: two write paths on one PostgreSQL, its views, its signed checkpoints, its packages.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from ledger.aggregates import Aggregates, admit, consults, evolve, pass_over
from ledger.aggregates.redactable import REDACTABLE
from ledger.audit import Trust, verify
from ledger.audit.findings import MOST_OF_ONE_KIND
from ledger.events import Event, read_event
from ledger.events.envelope import entry_bytes
from ledger.events.privacy import EntryRedacted
from ledger.events.redacted import Redacted, is_redacted, leaves_of, read_redacted
from ledger.exports.view_source import ViewSource
from ledger.projections import PROJECTIONS, Row
from ledger.projections.folding import FoldedSource
from ledger.projections.readings.ranking import ranking_document
from ledger.projections.source import Source
from ledger.sealing import read_disclosure
from ledger.settings import Settings
from ledger.store.clock import SystemEntropy
from ledger.store.eraser import Document as Posted
from ledger.store.eraser import Eraser
from ledger.submit import ErasureOrder, ErasureOutcome, Outcome, Receipted, Recorded
from ledger.tlog.checkpoint import Checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.proof import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from ledger.tlog.receipt import Receipt, signed_receipt
from ledger.tlog.tile import Tile
from ledger.tlog.tree import tree_root
from ledger.tlog.vkey import Vkey
from ledger.wiring import Ledger as Wired
from ledger.wiring import sign_what_grew, write_package
from tests.posting import HOST, TOWN, Document, HandClock, Ledger, ledger
from tests.properties.sayings import Act
from tests.store.talking import assert_explained, opened

COUNTED = tuple(projection.name for projection in PROJECTIONS if projection.name not in {"erasures", "timeline"})
"""What an erasure changes nothing in: every projection but the register of erasures, and the list of all events."""
OF_OPENINGS = {"clock-delayed", "clock-overdue"}
"""What an audit notes of a step that was to open at a time that had passed, or is not ready to open."""
OF_REDACTIONS = {"redacted", "result-not-replayable"}
"""What it notes of entries that are redacted."""
BEGINNING = HandClock().time


@dataclass
class Town:
    """Two write paths on one database, which share keys and a clock, and everything that reads it."""

    wired: Wired
    writers: tuple[Ledger, Ledger]
    folder: Path

    @property
    def clock(self) -> HandClock:
        """The time of both writers."""
        return self.writers[0].clock

    def post(self, ref: str, acts: Sequence[Act], writer: int = 0, **options: Any) -> Receipted:
        """Posts acts as one request of the client of the first."""
        return self.writers[writer].post(ref, *(act.document for act in acts), client=acts[0].client, **options)

    def erase(self, ref: str, **order: Any) -> ErasureOutcome:
        """What was erased by the order, of whatever follows from no request of its own."""

        def post(project: str, client: Any, documents: Sequence[Posted]) -> Sequence[Outcome]:
            return self.writers[1].post(project, *cast("Sequence[Document]", documents), client=client, atomic=False).outcomes

        eraser = Eraser(self.wired.datastore, self.wired.keys, SystemEntropy(), post)
        return eraser.erase(ref, TOWN, ErasureOrder(**{"ground": "asked", **order}))


@contextmanager
def town_on(database: str, folder: Path) -> Iterator[Town]:
    """A town until the end of the block."""
    wired = Wired(Settings(data_dir=folder, database_url=database, origin=HOST), database)
    clock = HandClock()
    with (
        wired.datastore,
        ledger(database, wired.keys, clock, compute=wired.computed) as one,
        ledger(database, wired.keys, clock, compute=wired.computed) as two,
    ):
        one.clock = two.clock = clock
        yield Town(wired, (one, two), folder)


class Watcher:
    """What is known of one project from outside, since its beginning."""

    def __init__(self, town: Town, ref: str) -> None:
        self.town, self.ref = town, ref
        self.entries: list[bytes] = []
        self.states = Aggregates()
        self.redacted: dict[int, Redacted] = {}
        """Seq → what is left of the entry."""
        self.looks = 0
        self._receipts: list[Receipt] = []
        self._checkpoints: list[Checkpoint] = []
        self._package: Path | None = None

    @property
    def vkey(self) -> Vkey:
        """The key that the log signs with."""
        return self.town.wired.keys.signer(self.ref).vkey

    def hear(self, answer: Receipted) -> None:
        """Keeps the receipt of an answer, which is for the entries that the outcomes name."""
        if answer.receipt is None:
            return
        receipt = signed_receipt(parse_note(answer.receipt), [self.vkey])
        assert receipt is not None
        recorded = [outcome.seq for outcome in answer.outcomes if isinstance(outcome, Recorded)]
        assert recorded == [*range(receipt.first, receipt.last + 1)]
        self._receipts.append(receipt)

    def read_on(self) -> list[Event]:
        """The events recorded since; each is admitted anew after those before it, from its bytes, which are canonical.

        What looks at the stream of a redacted entry is not: when it was admitted, more may have been known.
        """
        log = self.town.wired.log(self.town.wired.project(self.ref))
        new = [entry for _, entry in log.entries(len(self.entries), log.size())]
        events: list[Event] = []
        for seq, entry in enumerate(new, len(self.entries)):
            self.entries.append(entry)
            if is_redacted(entry):
                self._pass_over(read_redacted(entry))
                continue
            event = read_event(entry)
            if {left.stream for left in self.redacted.values()}.isdisjoint((event.stream, *consults(event.data, event.actor))):
                admit(event, self.states)
            evolve(self.states, event)
            assert event.seq == seq
            assert entry_bytes(event) == entry or event.type in type(event.data).FORMER
            if isinstance(event.data, EntryRedacted):
                self._withhold(event.data.left())
            events.append(event)
        return events

    def redactable(self) -> list[int]:
        """The entries that a court may have withheld, and did not yet."""
        events = (read_event(entry) for entry in self.entries if not is_redacted(entry))
        return [event.seq for event in events if event.type in REDACTABLE]

    def _withhold(self, left: Redacted) -> None:
        """The entry is seen no more, and what it was is not known: only its leaf hash is what it was."""
        assert leaves_of([self.entries[left.seq]]) == [left.leaf]
        self.entries[left.seq] = left.line()
        self.states = Aggregates()
        for entry in self.entries:
            if is_redacted(entry):
                self._pass_over(read_redacted(entry))
            else:
                evolve(self.states, read_event(entry))

    def _pass_over(self, left: Redacted) -> None:
        pass_over(self.states, left.stream, left.version)
        self.redacted[left.seq] = left

    def counts(self) -> dict[str, Any]:
        """All that is counted and told of this project but texts and what was erased."""
        source = self._caught_up()
        rows = {name: [(key, _but_for_erasures(row)) for key, row in source.unresolved(name)] for name in COUNTED}
        return {**rows, "ranking": rankings(source)}

    def find_counts_kept(self, before: dict[str, Any]) -> None:
        """Since then, nothing that is counted has changed."""
        now = self.counts()
        changed = {name: [row for row in now[name] if row not in told] for name, told in before.items() if told != now[name]}
        assert not changed, changed

    def texts(self) -> str:
        """All texts that anybody with the keys can open, in one string."""
        return repr([disclosure.value for disclosure in opened(self.town.writers[0], self.ref).values()])

    def look(self) -> None:
        """Everything that was promised holds."""
        self.looks += 1
        self.read_on()
        self._find_views_as_folded()
        self._find_receipts_kept()
        self._find_package_verified()
        assert_explained(self.town.writers[0], self.ref)

    def _caught_up(self) -> ViewSource:
        wired = self.town.wired
        wired.runner.catch_up(self.ref)
        publisher = wired.publisher(wired.project(self.ref))
        return publisher.source(publisher.size())

    def _find_views_as_folded(self) -> None:
        """Views that were kept up to date say what a fold from the beginning says, now and at an earlier size, with what is shown now."""
        current = self._caught_up()
        log = self.town.wired.log(self.town.wired.project(self.ref))
        shown: dict[int, dict[str, Any]] = {}
        for seq, name, text in log.disclosures(0, current.size):
            shown.setdefault(seq, {})[name] = read_disclosure(text).value
        for size in {current.size, current.size * 2 // 3}:
            folded = FoldedSource(current.origin)
            for seq, entry in enumerate(self.entries[:size]):
                if is_redacted(entry):
                    folded.pass_over(seq)
                else:
                    folded.feed(read_event(entry), shown.get(seq, {}))
            published = self.town.wired.publisher(self.town.wired.project(self.ref)).source(size)
            for projection in PROJECTIONS:
                assert _told(published, projection.name) == _told(folded, projection.name), f"{projection.name} at {size}"
            assert [*published.ballots()] == [*folded.ballots()]
            assert published.last_at == folded.last_at
        assert [*current.disclosed_choices(0, current.size)] == [
            (seq, orjson.dumps(texts["entries"])) for seq, texts in sorted(shown.items()) if "entries" in texts
        ]

    def _find_receipts_kept(self) -> None:
        """Every receipt ever given proves into the newest checkpoint, which goes on from each one signed before."""
        sign_what_grew(self.town.wired, self.ref)
        log = self.town.wired.log(self.town.wired.project(self.ref))
        stored = log.newest_checkpoint()
        assert stored is not None
        newest = signed_checkpoint(parse_note(stored.note.encode()), [self.vkey])
        assert newest is not None
        leaves = leaves_of(self.entries)
        assert newest == Checkpoint(newest.origin, len(leaves), tree_root(leaves))
        known: dict[Tile, bytes] = {}

        def read(tiles: Sequence[Tile], /) -> list[bytes]:
            known.update(zip(wanted := [tile for tile in tiles if tile not in known], log.tiles(wanted), strict=True) if tiles else {})
            return [known[tile] for tile in tiles]

        for receipt in self._receipts:
            assert receipt.root == tree_root(leaves[receipt.first : receipt.last + 1])
            for place in {receipt.first, receipt.last}:
                path = inclusion_proof(place, newest.size, read)
                assert verify_inclusion(leaves[place], place, newest.size, path, newest.root)
        for older in self._checkpoints:
            path = consistency_proof(older.size, newest.size, read)
            assert verify_consistency(older.size, newest.size, path, older.root, newest.root)
        self._checkpoints.append(newest)

    def _find_package_verified(self) -> None:
        """The package verifies with every gap in it explained, and the one made before is how it begins."""
        path = self.town.folder / f"{self.ref}-{self.looks}.zip"
        with path.open("wb") as file:
            write_package(self.town.wired, self.ref, cast("BinaryIO", file))
        report = verify(path, trust=Trust((self.vkey,)), older=self._package)
        findings = [finding for finding in report.findings if finding.check not in OF_OPENINGS | OF_REDACTIONS]
        assert (findings, report.verdict) == ([], "verified"), findings
        assert "unexplained" not in report.commitments
        assert {finding.place.partition(",")[0] for finding in report.findings if finding.check == "redacted"} == {
            f"entry {seq}" for seq in sorted(self.redacted)[:MOST_OF_ONE_KIND]
        }
        assert report.size == len(self.entries)
        self._package = path


def _but_for_erasures(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in {"erased", "erased_seqs", "changed_seq"}}


def rankings(source: Source) -> list[Any]:
    """The ranking of the step `talk` by each method."""
    documents = (ranking_document(source, "talk", method) for method in ("net", "ratio", "wilson", "controversy"))
    return [{**(document or {}), "seq": None} for document in documents]


def _told(source: Source, projection: str) -> list[bytes]:
    return [orjson.dumps([key, dict(row)], option=orjson.OPT_SORT_KEYS) for key, row in source.rows(projection)]
