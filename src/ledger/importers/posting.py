"""How an importer reaches the ledger: the same intake, in this process or over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.canonical import JsonValue


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one submission: recorded at `seq`, or refused with a code and words."""

    seq: int | None
    code: str | None = None
    words: str | None = None


class Posting(Protocol):
    """One project's events route."""

    def post(self, documents: Sequence[bytes], key: str, *, atomic: bool) -> list[LineOutcome]:
        """What became of each document, in order. The same key with the same documents records nothing twice and answers as before.

        An atomic request that is refused raises the refusal; one that is not reports it line by line.
        """
        ...

    def entry(self, seq: int) -> dict[str, JsonValue]:
        """The recorded entry."""
        ...

    def size(self) -> int:
        """How many entries the project has; 0 where it does not exist."""
        ...
