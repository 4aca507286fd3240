"""Whether an author may contribute (stream `suspension/<holder>`). Its laws stand in `suspending`."""

from dataclasses import dataclass

from ledger.aggregates.state import State


@dataclass(slots=True)
class SuspensionState(State):
    """Until when the author is suspended; None where not."""

    until: str | None = None
