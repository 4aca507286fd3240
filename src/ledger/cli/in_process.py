"""Importing into a ledger of this machine: the intake itself, without HTTP in between."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from ledger.canonical import JsonValue, parse
from ledger.errors import LedgerError, ProjectUnknown
from ledger.importers.posting import LineOutcome
from ledger.ports import Client
from ledger.submit import CREATE, WRITE, Intake, Posted, read_submissions
from ledger.wiring import Ledger

IMPORTER: Final = Client("import", "import", frozenset({WRITE, CREATE}), frozenset({"organizer", "agent", "participant"}))
"""Who posts, as `via` of every entry says."""


class IntakePosting:
    """See `Posting`."""

    def __init__(self, ledger: Ledger, intake: Intake, project: str) -> None:
        self._ledger = ledger
        self._intake = intake
        self._project = project

    def post(self, documents: Sequence[bytes], key: str, *, atomic: bool) -> list[LineOutcome]:
        """See `Posting.post`."""
        places = [f"line {number}" for number in range(1, len(documents) + 1)]
        posted = Posted(
            read_submissions(documents, places, atomic=atomic),
            places,
            key=key,
            body_digest=sha256(b"\n".join(documents)).digest(),
            atomic=atomic,
        )
        receipted = self._intake.submit_now(self._project, IMPORTER, posted)
        return [
            LineOutcome(None, outcome.code, str(outcome)) if isinstance(outcome, LedgerError) else LineOutcome(outcome.seq)
            for outcome in receipted.outcomes
        ]

    def entry(self, seq: int) -> dict[str, JsonValue]:
        """See `Posting.entry`."""
        log = self._ledger.log(self._ledger.project(self._project))
        for _, entry in log.entries(seq, seq + 1):
            document = parse(entry)
            if isinstance(document, dict):
                return document
        raise AssertionError("an entry that was just recorded can be read")

    def size(self) -> int:
        """See `Posting.size`."""
        try:
            return self._ledger.log(self._ledger.project(self._project)).size()
        except ProjectUnknown:
            return 0
