"""The import of one election: its submissions posted in order, in requests that a second run repeats and the ledger recognises."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice

from ledger.canonical import JsonValue, canonical
from ledger.errors import ImportConflict, Refused
from ledger.importers.pabulib.submissions import Election, Told
from ledger.importers.posting import LineOutcome, Posting
from ledger.importers.report import ImportReport

BATCH = 1000
"""Ballots in one request."""

Progress = Callable[[int], None]
"""Told how many more submissions were answered."""


def import_election(election: Election, posting: Posting, content: bytes, progress: Progress) -> ImportReport:
    """The report of the import. Running it again with the same file and options records nothing; `content` and options name the run.

    The vote is opened before the first ballot and closed after the last. A ballot that is refused is noted with its line and the import
    goes on; anything else that is refused ends it, and a later run goes on from there.
    """
    report = election.report
    run = _Run(posting, sha256(content + repr(election.options).encode()).hexdigest()[:32], report, progress)
    before = posting.size()
    opened = run.first(election.first())
    told = election.opening(str(posting.entry(opened).get("via")))
    seqs = dict(zip((one.document["type"] for one in told), run.whole(told), strict=True))
    sealed, rules = posting.entry(seqs["candidates.sealed/1"]), posting.entry(seqs["step.rules_set/1"])
    ballots = election.ballots(_digest(sealed), _digest(rules))
    run.each(ballots)
    if election.options.with_demographics:
        run.each(election.demographics())
    run.whole(election.closing())
    run.whole(election.outcome())
    report.already_there = run.answered - (posting.size() - before)
    return report


class _Run:
    """One run: numbered requests under one name."""

    def __init__(self, posting: Posting, name: str, report: ImportReport, progress: Progress) -> None:
        self.posting, self.name, self.report, self.progress = posting, name, report, progress
        self.requests = 0
        self.answered = 0

    def first(self, told: Told) -> int:
        """The seq of the opening; a project that something else opened is refused."""
        try:
            return self.whole([told])[0]
        except Refused as error:
            raise ImportConflict(self.report.project, str(error)) from error

    def whole(self, told: list[Told]) -> list[int]:
        """The seqs of submissions posted together: all are recorded, or the refusal of one is raised."""
        outcomes = self._post(told, atomic=True)
        return [outcome.seq for outcome in outcomes if outcome.seq is not None]

    def each(self, told: Iterator[Told]) -> None:
        """Posts submissions of which each stands for itself; what is refused is noted with its place."""
        while part := list(islice(told, BATCH)):
            for one, outcome in zip(part, self._post(part, atomic=False), strict=True):
                if outcome.seq is None:
                    self.report.note(outcome.code or "refused", one.place, outcome.words or "refused")

    def _post(self, told: list[Told], *, atomic: bool) -> list[LineOutcome]:
        self.requests += 1
        documents = [canonical(one.document) for one in told]
        outcomes = self.posting.post(documents, f"import-{self.name}-{self.requests}", atomic=atomic)
        for one, outcome in zip(told, outcomes, strict=True):
            if outcome.seq is not None:
                self.answered += 1
                kind = one.document["type"]
                self.report.recorded[kind] = self.report.recorded.get(kind, 0) + 1
        self.progress(len(told))
        return outcomes


def _digest(entry: dict[str, JsonValue]) -> str:
    match entry:
        case {"data": {"digest": str(digest)}}:
            return digest
    raise AssertionError("the ledger fills the digest of rules and candidates")
