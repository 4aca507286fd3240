"""What an import says of itself when it is done: what it recorded, what it could not map, and what was refused, each with its place."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

REFUSED: Final = "refused"
"""What `unmapped` counts everything as that the ledger refused: a later run may be refused for another reason, and has to count alike."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the file that is not in the ledger as it stands there. `code` is stable, `place` the file and line."""

    code: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """The votes of one conversation, counted both ways: every row of the file, and the last of each person on each comment.

    Of the `published` comments, which state agrees and disagrees, `rows_as_published` and `last_as_published` are those where the counts
    are the same.
    """

    conversation: str
    comments: int
    published: int
    rows: dict[str, int]
    last: dict[str, int]
    rows_as_published: int
    last_as_published: int


@dataclass(slots=True)
class ImportReport:
    """The report of one import. `recorded` counts events by type; a second run records nothing and says so."""

    file: str
    project: str
    recorded: dict[str, int] = field(default_factory=dict)
    already_there: int = 0
    notices: list[Notice] = field(default_factory=list)
    prose: str | None = None
    """What the file says in words only; its reader decides which options it calls for."""
    unmapped: Counter[str] = field(default_factory=Counter)
    """How much of the file is not in the ledger, by the code of its notices; what the ledger refused stands under `refused`."""
    vote_counts: list[VoteCounts] = field(default_factory=list)
    """Of formats whose own counts are not those of one vote a person."""

    def note(self, code: str, place: str, words: str) -> None:
        """Adds a notice."""
        self.notices.append(Notice(code, place, words))

    def lose(self, code: str, place: str, words: str, count: int = 1) -> None:
        """Adds a notice of things that could not be brought in, and counts them."""
        self.note(code, place, words)
        self.unmapped[code] += count

    def refuse(self, code: str, place: str, words: str) -> None:
        """Adds a notice of something that the ledger refused, in its words, and counts it."""
        self.note(code, place, words)
        self.unmapped[REFUSED] += 1
