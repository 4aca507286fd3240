"""What is known of a participant in one step beyond their acts, for statistics only (stream `participant/<step>/<actor>`)."""

from typing import Annotated, ClassVar

from pydantic import Field

from ledger.events.envelope import EventData
from ledger.ids import Ref, Text


class ParticipantDescribed(EventData):
    """A platform said what it knows of a participant. It is never disclosed, and nothing is counted by it."""

    TYPE: ClassVar[str] = "participant.described"
    SCOPE: ClassVar[str | None] = "step"
    COMMITTED = {"demographics": "private"}

    step: Ref
    demographics: Annotated[dict[Ref, Text], Field(min_length=1, max_length=32)] | None = None

    def stream(self, actor: str | None) -> str:
        """`participant/<step>/<actor>`: one per person and step."""
        return f"participant/{self.step}/{actor}"
