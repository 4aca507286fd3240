"""Facts about one person's report of one content (stream `report/<target>/<actor>`)."""

from typing import ClassVar

from ledger.events.envelope import EventData
from ledger.ids import Code, Target, Titles


class ReportMade(EventData):
    """A person reports content for a declared motive; what they wrote is never published."""

    TYPE: ClassVar[str] = "report.made"
    SCOPE: ClassVar[str | None] = "report"
    BY_THE_HOUR: ClassVar[bool] = True
    COMMITTED = {"details": "private"}

    target: Target
    motive: Code
    details: Titles | None = None

    def stream(self, actor: str | None) -> str:
        """`report/<target>/<actor>`: one per person and target."""
        return f"report/{self.target}/{actor}"
