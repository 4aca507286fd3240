"""What an import says of itself when it is done: what it recorded, what it could not map, and what was refused, each with its place."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the file that is not in the ledger as it stands there. `code` is stable, `place` the file and line."""

    code: str
    place: str
    words: str


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

    def note(self, code: str, place: str, words: str) -> None:
        """Adds a notice."""
        self.notices.append(Notice(code, place, words))
