"""One import from elsewhere (stream `import/<ref>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class ImportState(State):
    """Whether the import runs, and what was stated of which target."""

    finished: bool = False
    stated: set[tuple[str, str]] = field(default_factory=set)
    """(target, basis)."""

    def copy(self) -> "ImportState":
        """See `State.copy`."""
        return ImportState(self.version, self.finished, set(self.stated))


LAWS: tuple[Law, ...] = ()
