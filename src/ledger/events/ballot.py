"""Facts about one person's ballot in one step (stream `ballot/<step>/<actor>`)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from ledger.events.envelope import EventData, Visibility
from ledger.ids import Code, Count, Digest, Int, Position, Ref

Entries = Annotated[tuple[Position, ...], Field(max_length=1000)] | Annotated[tuple[tuple[Position, Int], ...], Field(max_length=1000)]
"""The choices of one ballot: positions in the sealed list (ranked: best first), or (position, value) pairs; empty = blank."""

SEALED_CHOICES: dict[str, Visibility] = {"entries": "sealed"}
"""What is committed when the step is sealed; in an open step `entries` stands in clear."""


class BallotEvent(EventData):
    """A fact of the stream `ballot/<step>/<actor>`."""

    SCOPE: ClassVar[str | None] = "step"
    BY_THE_HOUR: ClassVar[bool] = True

    step: Ref

    def stream(self, actor: str | None) -> str:
        """`ballot/<step>/<actor>`: one per person and step."""
        return f"ballot/{self.step}/{actor}"


class BallotChoices(BallotEvent):
    """Choices on a ballot paper, which the ballot cites by digest along with the rules it is counted by.

    `entries` stands in clear in an open step and is a commitment (`_sd`) in a sealed one.
    `unknown_entries` counts marks of an imported ballot that name nothing on the ballot paper.
    """

    candidates: Digest
    rules: Digest
    entries: Entries | None = None
    unknown_entries: Count | None = None

    def clear(self) -> dict[str, Any]:
        """See `EventData.clear`; written out because every ballot of an election passes here."""
        fields: dict[str, Any] = {"candidates": self.candidates, "rules": self.rules, "step": self.step}
        if self.entries is not None:
            fields["entries"] = self.entries
        if self.sd is not None:
            fields["_sd"] = self.sd
        if self.unknown_entries is not None:
            fields["unknown_entries"] = self.unknown_entries
        return fields


class BallotCast(BallotChoices):
    """A person voted, for the first time in this step."""

    TYPE: ClassVar[str] = "ballot.cast"


class BallotReplaced(BallotChoices):
    """A person voted again; the last ballot below the closing counts."""

    TYPE: ClassVar[str] = "ballot.replaced"


class BallotWithdrawn(BallotEvent):
    """A person took their ballot back; nothing of theirs counts unless they vote again."""

    TYPE: ClassVar[str] = "ballot.withdrawn"

    code: Code
