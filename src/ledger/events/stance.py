"""Facts about one person's stance on one target (stream `stance/<target>/<actor>`)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from ledger.events.envelope import EventData
from ledger.ids import Code, Count, LongTexts, Ref, Target
from ledger.rules.scales import StanceValue

Version = Annotated[Count, Field(ge=1)]


class StanceEvent(EventData):
    """A fact of the stream `stance/<target>/<actor>`."""

    SCOPE: ClassVar[str | None] = "step"
    BY_THE_HOUR: ClassVar[bool] = True

    step: Ref
    target: Target

    def stream(self, actor: str | None) -> str:
        """`stance/<target>/<actor>`: one per person and target."""
        return f"stance/{self.target}/{actor}"


class StanceTaken(StanceEvent):
    """A stance on the version of the target that the person read."""

    value: StanceValue
    target_version: Version

    def clear(self) -> dict[str, Any]:
        """See `EventData.clear`; written out because every stance of a consultation passes here."""
        return {"step": self.step, "target": self.target, "target_version": self.target_version, "value": self.value}


class StanceCast(StanceTaken):
    """A person took a stance, for the first time on this target."""

    TYPE: ClassVar[str] = "stance.cast"


class StanceChanged(StanceTaken):
    """A person took a stance again, which replaces the one before (`old_value`, null where that had been withdrawn)."""

    TYPE: ClassVar[str] = "stance.changed"
    FILLED: ClassVar[frozenset[str]] = frozenset({"old_value", "old_version"})

    old_value: StanceValue | None = None
    old_version: Version | None = None

    def clear(self) -> dict[str, Any]:
        """See `StanceTaken.clear`."""
        fields = super().clear()
        if self.old_value is not None:
            fields["old_value"] = self.old_value
        if self.old_version is not None:
            fields["old_version"] = self.old_version
        return fields


class StanceWithdrawn(StanceEvent):
    """A person took their stance back, which was `old_value`."""

    TYPE: ClassVar[str] = "stance.withdrawn"
    FILLED: ClassVar[frozenset[str]] = frozenset({"old_value", "old_version"})

    old_value: StanceValue | None = None
    old_version: Version | None = None
    code: Code | None = None


class StanceExplained(StanceEvent):
    """A person said more about their stance: how they want a thing continued, say. The last one holds."""

    TYPE: ClassVar[str] = "stance.explained"
    COMMITTED = {"how": "public"}

    how: LongTexts
