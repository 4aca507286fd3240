"""Facts about the moderation of one content (stream `case/<target>`)."""

from typing import ClassVar, Literal

from ledger.events.envelope import EventData
from ledger.ids import Code, Instant, Ref, Target, Titles

Counted = Literal["counted", "not_counted"]
"""Whether the stances on the content count while the decision stands; both counts are shown."""


class CaseEvent(EventData):
    """A fact of the stream `case/<target>`."""

    SCOPE: ClassVar[str | None] = "author"

    target: Target

    def stream(self, actor: str | None) -> str:
        """`case/<target>`: one per content."""
        return f"case/{self.target}"


class CaseOpened(CaseEvent):
    """Somebody looks into the content: because it was reported, or of their own accord."""

    TYPE: ClassVar[str] = "case.opened"

    origin: Literal["reports", "moderator", "court", "machine"]


class ModerationDecision(CaseEvent):
    """A decision against content. `until` is its announced end; it ends with `content.restored`."""

    motive: Code
    rule_ref: Ref | None = None
    until: Instant | None = None
    stances: Counted = "counted"
    reason: Titles | None = None


class ContentHidden(ModerationDecision):
    """The content is withheld from everybody; its place, its motive and its counts stay."""

    TYPE: ClassVar[str] = "content.hidden"
    COMMITTED = {"reason": "public"}


class ContentLimited(ModerationDecision):
    """The content is in the trash: readable there, or not."""

    TYPE: ClassVar[str] = "content.limited"
    COMMITTED = {"reason": "public"}

    trash: Literal["visible", "invisible"]


class DecisionNotified(CaseEvent):
    """The author was told of the decision, through the event's channel."""

    TYPE: ClassVar[str] = "decision.notified"


class AppealLodged(CaseEvent):
    """The author asks for the decision to be looked at by somebody else."""

    TYPE: ClassVar[str] = "appeal.lodged"
    COMMITTED = {"details": "public"}

    details: Titles | None = None


class AppealDecided(CaseEvent):
    """Somebody who did not make the decision upholds or reverses it. A reversed one ends with `content.restored`."""

    TYPE: ClassVar[str] = "appeal.decided"
    COMMITTED = {"reason": "public"}

    outcome: Literal["upheld", "reversed"]
    code: Code
    reason: Titles | None = None


class ContentRestored(CaseEvent):
    """The content is public again. The decision, its motive and how long it stood stay on record."""

    TYPE: ClassVar[str] = "content.restored"
    COMMITTED = {"reason": "public"}

    because: Literal["appeal", "mistake", "expired", "revised"]
    reason: Titles | None = None


class ReportDismissed(CaseEvent):
    """The reports of the content so far lead to nothing."""

    TYPE: ClassVar[str] = "report.dismissed"
    COMMITTED = {"reason": "public"}

    code: Code
    reason: Titles | None = None
