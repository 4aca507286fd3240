"""Facts about who may vote in a step, and who came (stream `roll/<step>`)."""

from typing import Annotated, ClassVar

from pydantic import Field

from ledger.events.envelope import EventData
from ledger.ids import Pseudonym, Ref, Subject


class RollEvent(EventData):
    """A fact of the stream `roll/<step>`."""

    SCOPE: ClassVar[str | None] = "step"

    step: Ref

    def stream(self, actor: str | None) -> str:
        """`roll/<step>`: one per step."""
        return f"roll/{self.step}"


class RollListed(RollEvent):
    """Further members of the roll, by their pseudonyms in this step, ascending; the platform posts its own references."""

    TYPE: ClassVar[str] = "roll.listed"
    PSEUDONYMISED: ClassVar[dict[str, str]] = {"participants": "members"}

    participants: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=300)] | None = None
    members: Annotated[tuple[Pseudonym, ...], Field(min_length=1, max_length=300)] | None = None


class AttendanceMarked(RollEvent):
    """A member (`actor`) voted through the event's channel; where that is paper, the web is closed to them."""

    TYPE: ClassVar[str] = "attendance.marked"
