"""Whether an author may contribute (stream `suspension/<holder>`)."""

from dataclasses import dataclass

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class SuspensionState(State):
    """Until when the author is suspended; None where not."""

    until: str | None = None


LAWS: tuple[Law, ...] = ()
