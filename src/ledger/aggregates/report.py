"""One person's report of one content (stream `report/<target>/<actor>`)."""

from dataclasses import dataclass

from ledger.aggregates.addressed import existing
from ledger.aggregates.project import check_motive, project_of
from ledger.aggregates.state import Law, State, States, law, nothing_follows
from ledger.errors import AlreadyReported, ArgumentUnknown, ContributionUnknown, MotiveUnknown, ParticipantMissing
from ledger.events import Event
from ledger.events import report as facts


@dataclass(slots=True)
class ReportState(State):
    """That a report was made; what it says is never read."""


def _admit_made(event: Event, data: facts.ReportMade, state: ReportState, states: States) -> None:
    """Also of what is withdrawn or taken out already: who reports may not know it yet."""
    if event.actor is None:
        raise ParticipantMissing(event.type)
    existing(states, data.target)
    check_motive(project_of(states), data.motive)
    if state.version:
        raise AlreadyReported(data.target)


LAWS: tuple[Law, ...] = (
    law(
        facts.ReportMade,
        _admit_made,
        nothing_follows,
        ParticipantMissing,
        ContributionUnknown,
        ArgumentUnknown,
        MotiveUnknown,
        AlreadyReported,
    ),
)
