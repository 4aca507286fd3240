"""One person's report of one content (stream `report/<target>/<actor>`)."""

from dataclasses import dataclass

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class ReportState(State):
    """That a report was made; what it says is never read."""


LAWS: tuple[Law, ...] = ()
