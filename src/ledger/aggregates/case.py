"""The moderation of one content (stream `case/<target>`). Its laws stand in `moderating`."""

from dataclasses import dataclass
from typing import Literal

from ledger.aggregates.state import State

Decision = Literal["hidden", "limited_visible", "limited_invisible"]


@dataclass(slots=True)
class CaseState(State):
    """Where the case stands. `decision` is the one in force; `moderator` made it.

    Motive, moderator and appeal stay those of the last decision when that has ended.
    """

    opened: bool = False
    decision: Decision | None = None
    motive: str | None = None
    moderator: str = ""
    until: str | None = None
    """The end that was announced for the decision."""
    appeal: Literal["lodged", "upheld", "reversed"] | None = None
    stances_counted: bool = True

    @property
    def withheld(self) -> bool:
        """True while the texts of the content are not to be shown."""
        return self.decision in {"hidden", "limited_invisible"}
