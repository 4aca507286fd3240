"""Facts about an import from elsewhere (stream `import/<ref>`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.events.envelope import EventData
from ledger.ids import Code, Count, Digest, Ref, Target

CountName = Literal[
    "votes",
    "agree",
    "mixed",
    "disagree",
    "pass",
    "support",
    "up",
    "down",
    "arguments",
    "arguments_for",
    "arguments_against",
    "sources",
    "comments",
    "versions",
]


class ImportEvent(EventData):
    """A fact of the stream `import/<ref>`."""

    ref: Ref

    def stream(self, actor: str | None) -> str:
        """`import/<ref>`: one per import."""
        return f"import/{self.ref}"


class ImportStarted(ImportEvent):
    """Somebody begins to bring in a file from elsewhere, known by its SHA-256."""

    TYPE: ClassVar[str] = "import.started"

    format: Code
    file_digest: Digest


class AggregateRecorded(ImportEvent):
    """Counts of a target that the source states.

    `counts_only`: there are no acts behind them in the log, so nobody can verify them, and they are marked so wherever they are shown.
    `published`: the acts are in the log, and an audit compares.
    """

    TYPE: ClassVar[str] = "aggregate.recorded"

    target: Target
    basis: Literal["counts_only", "published"]
    counts: Annotated[dict[CountName, Count], Field(min_length=1, max_length=16)]


class ImportFinished(ImportEvent):
    """Nothing more comes from that file. `unmapped` counts what could not be brought in, by reason."""

    TYPE: ClassVar[str] = "import.finished"

    unmapped: Annotated[dict[Code, Count], Field(max_length=32)] = {}
