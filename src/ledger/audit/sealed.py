"""Sealed ballots: disclosed for all together or for nobody, as many as were cast, and never what was replaced."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, cast

from ledger.audit.commitments import Commitments
from ledger.audit.findings import Findings
from ledger.canonical import JsonValue
from ledger.errors import FileDamaged
from ledger.package.layout import LOG
from ledger.package.zip_reader import PackageReader
from ledger.projections.readings.ballot_step import BallotStep, ballot_steps
from ledger.projections.readings.redactions import redacted_entries, touched_ballots
from ledger.projections.source import Ballot, Source
from ledger.sealing import digest_text
from ledger.tlog.tile import FULL_WIDTH, Tile, tile_width
from ledger.tlog.tree import HASH_SIZE, Frontier

_AT_ONCE: Final = 4096


class ShippedLeaves:
    """The hashes of entries, out of the tiles of the package, which were compared with the entries before. Asked in ascending order."""

    def __init__(self, reader: PackageReader, size: int) -> None:
        self._reader = reader
        self._size = size
        self._index = -1
        self._hashes = b""

    def of(self, seq: int) -> bytes:
        """The leaf hash of the entry; raises `FileDamaged` where its tile cannot be had."""
        index, place = divmod(seq, FULL_WIDTH)
        if index != self._index:
            tile = Tile(0, index, tile_width(0, index, self._size))
            self._hashes = self._reader.whole(LOG + tile.path, FULL_WIDTH * HASH_SIZE)
            self._index = index
        return self._hashes[place * HASH_SIZE : (place + 1) * HASH_SIZE]


def check_sealed(source: Source, leaves: ShippedLeaves, commitments: Commitments, findings: Findings) -> None:
    """Every step with sealed ballots is judged, and the commitments that were left open are explained or not."""
    redacted = redacted_entries(source)
    for step in ballot_steps(source):
        if not step.sealed:
            continue
        disclosed = cast("Mapping[str, JsonValue] | None", step.row["disclosed"])
        shipped = (seq for seq, _ in _shipped(source, step))
        if disclosed is None:
            commitments.statuses["sealed"] += commitments.undisclosed.pop(step.ref, 0)
            for seq in shipped:
                place = f"entry {seq}, step {step.ref}"
                findings.fault("integrity", "disclosed-early", place, "sealed until all are disclosed", "its disclosure")
        else:
            judged = _Judged(leaves, commitments, findings, touched_ballots(step.ref, redacted))
            _check_disclosed(step, disclosed, source.ballots(step.ref), shipped, judged)


class _Judged:
    """What the ballots of one step are judged with."""

    def __init__(self, leaves: ShippedLeaves, commitments: Commitments, findings: Findings, redacted: frozenset[str]) -> None:
        """`redacted`: people of whose ballots something is redacted; which of them is the last, and so disclosed, is not known."""
        self.leaves = leaves
        self.commitments = commitments
        self.findings = findings
        self.redacted = redacted
        self.exempt: set[int] = set()
        """Their last entries that are known, as far as the ballots were gone through."""

    def counted(self, step: BallotStep, ballots: Iterator[Ballot]) -> Iterator[int]:
        """The seqs of the ballots that are disclosed together, as far as that is known."""
        for ballot in ballots:
            if ballot.actor in self.redacted:
                self.exempt.add(ballot.seq)
            elif ballot.withdrawn is None and ballot.seq < step.limit(ballot.channel):
                yield ballot.seq

    def supersede(self, seq: int, step: BallotStep) -> None:
        """Of the ballot the choices are disclosed, and it is not among those that are."""
        if seq not in self.exempt:
            place = f"entry {seq}, step {step.ref}"
            self.findings.fault(
                "integrity", "disclosed-though-superseded", place, "choices that do not count are never disclosed", "its disclosure"
            )


def _shipped(source: Source, step: BallotStep) -> Iterator[tuple[int, bytes]]:
    opened = step.row["opened"]
    return iter(()) if opened is None else source.disclosed_choices(opened["seq"], step.size)


def _check_disclosed(
    step: BallotStep, disclosed: Mapping[str, JsonValue], ballots: Iterator[Ballot], shipped: Iterator[int], judged: _Judged
) -> None:
    tree = Frontier()
    unexplained = 0
    shown = next(shipped, None)
    counted = judged.counted(step, ballots)
    try:
        while some := list(islice(counted, _AT_ONCE)):
            tree.extend(map(judged.leaves.of, some))
            for seq in some:
                while shown is not None and shown < seq:
                    judged.supersede(shown, step)
                    shown = next(shipped, None)
                if shown == seq:
                    shown = next(shipped, None)
                else:
                    unexplained += 1
                    place = f"entry {seq}, step {step.ref}"
                    judged.findings.fault("integrity", "commitment-unexplained", place, "its choices, disclosed with all others", "nothing")
    except FileDamaged as error:
        judged.findings.left_out("lawfulness", "disclosure-root", f"which ballots of step {step.ref} were disclosed", str(error))
        return
    while shown is not None:
        judged.supersede(shown, step)
        shown = next(shipped, None)
    judged.commitments.statuses["unexplained"] += unexplained
    judged.commitments.statuses["superseded"] += judged.commitments.undisclosed.pop(step.ref, 0) - unexplained
    if judged.redacted:
        what = f"how many ballots of step {step.ref} were disclosed, and which"
        judged.findings.left_out("lawfulness", "not-replayable", what, f"of {len(judged.redacted)} of them an entry is redacted")
    else:
        _compare(step, disclosed, tree, judged.findings)


def _compare(step: BallotStep, disclosed: Mapping[str, JsonValue], tree: Frontier, findings: Findings) -> None:
    place = f"entry {disclosed['seq']}, step {step.ref}"
    if disclosed["count"] != tree.size:
        findings.fault("lawfulness", "disclosure-count", place, f"{tree.size} ballots, as were cast", str(disclosed["count"]))
    root = digest_text(tree.root())
    if disclosed["root"] != root:
        findings.fault("lawfulness", "disclosure-root", place, f"root {root} over the ballots that were cast", str(disclosed["root"]))
