"""The run of one import: its submissions posted in order, in requests that a second run repeats and the ledger recognises."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Final

from ledger.canonical import canonical
from ledger.errors import ImportConflict, Refused
from ledger.importers.posting import LineOutcome, Posting
from ledger.importers.report import ImportReport
from ledger.importers.told import Told

BATCH: Final = 1000
"""Submissions in one request, at most."""
BATCH_BYTES: Final = 4 * 1024 * 1024
"""Bytes of submissions in one request, at most, so that long texts stay far below what the HTTP interface takes."""

Progress = Callable[[int], None]
"""Told how many more submissions were answered."""


def run_name(content: bytes, options: object) -> str:
    """The name of the run of a file with options: the same file with the same options has the same one. `repr` has to tell the options."""
    return sha256(content + repr(options).encode()).hexdigest()[:32]


class Run:
    """Numbered requests under one name. A second run of that name has to post the same submissions in the same order.

    What an importer posts may therefore depend on the file, on its options and on what the ledger answered, and on nothing else.
    """

    def __init__(self, posting: Posting, name: str, report: ImportReport, progress: Progress) -> None:
        self._posting, self._name, self._report, self._progress = posting, name, report, progress
        self._requests = 0
        self._answered = 0
        self._size_before = posting.size()

    def first(self, told: Told) -> int:
        """The seq of the opening; a project that something else opened is refused."""
        try:
            return self.whole([told])[0]
        except Refused as error:
            raise ImportConflict(self._report.project, str(error)) from error

    def whole(self, told: list[Told]) -> list[int]:
        """The seqs of submissions posted together: all are recorded, or the refusal of one is raised."""
        outcomes = self._post(told, [canonical(one.document) for one in told], atomic=True)
        return [outcome.seq for outcome in outcomes if outcome.seq is not None]

    def each(self, told: Iterable[Told]) -> None:
        """Posts submissions of which each stands for itself; what is refused is noted with its place."""
        for part, documents in _parts(told):
            for one, outcome in zip(part, self._post(part, documents, atomic=False), strict=True):
                if outcome.seq is None:
                    self._report.refuse(outcome.code or "refused", one.place, outcome.words or "refused")

    def finish(self) -> None:
        """Tells the report how much of the import was there before this run."""
        self._report.already_there = self._answered - (self._posting.size() - self._size_before)

    def _post(self, told: list[Told], documents: list[bytes], *, atomic: bool) -> list[LineOutcome]:
        self._requests += 1
        outcomes = self._posting.post(documents, f"import-{self._name}-{self._requests}", atomic=atomic)
        for one, outcome in zip(told, outcomes, strict=True):
            if outcome.seq is not None:
                self._answered += 1
                kind = one.document["type"]
                self._report.recorded[kind] = self._report.recorded.get(kind, 0) + 1
        self._progress(len(told))
        return outcomes


def _parts(told: Iterable[Told]) -> Iterator[tuple[list[Told], list[bytes]]]:
    part: list[Told] = []
    documents: list[bytes] = []
    size = 0
    for one in told:
        document = canonical(one.document)
        if part and (len(part) == BATCH or size + len(document) > BATCH_BYTES):
            yield part, documents
            part, documents, size = [], [], 0
        part.append(one)
        documents.append(document)
        size += len(document)
    if part:
        yield part, documents
