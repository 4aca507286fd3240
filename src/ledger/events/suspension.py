"""Facts about the suspension of one author (stream `suspension/<holder>`)."""

from typing import ClassVar

from ledger.events.envelope import EventData
from ledger.ids import Code, Instant, Pseudonym, Subject, Target, Titles


class SuspensionEvent(EventData):
    """A fact of the stream `suspension/<holder>`; `holder` is who is suspended."""

    SCOPE: ClassVar[str | None] = "author"
    PSEUDONYMISED: ClassVar[dict[str, str]] = {"person": "holder"}

    person: Subject | None = None
    holder: Pseudonym | None = None

    def stream(self, actor: str | None) -> str:
        """`suspension/<holder>`: one per author."""
        return f"suspension/{self.holder}"


class ParticipantSuspended(SuspensionEvent):
    """An author may not contribute or argue until this time. Stances and ballots are not touched: they go by other names."""

    TYPE: ClassVar[str] = "participant.suspended"
    COMMITTED = {"reason": "public"}

    until: Instant
    motive: Code
    target: Target | None = None
    reason: Titles | None = None


class ParticipantReadmitted(SuspensionEvent):
    """The suspension ends before its time."""

    TYPE: ClassVar[str] = "participant.readmitted"
    COMMITTED = {"reason": "public"}

    code: Code
    reason: Titles | None = None
