"""A contribution is taken back, at any time: before the cut-off it leaves the count, after it stands beside the result."""

from ledger.aggregates.contribution import ContributionState, check_author, standing_contribution
from ledger.aggregates.selection import selection_of
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import planned_step
from ledger.errors import ContributionUnknown, ContributionWithdrawn, NotTheAuthor, StepUnknown, StepUnrelated
from ledger.events import Event
from ledger.events import contribution as facts


def _admit_withdrawn(event: Event, data: facts.ContributionWithdrawn, state: ContributionState, states: States) -> None:
    planned_step(states, data.step)
    standing_contribution(states, data.ref)
    if data.step != state.step and data.ref not in selection_of(states, data.step).positions:
        raise StepUnrelated(data.ref, data.step)
    if event.role not in {"organizer", "moderator"}:
        check_author(event, data.ref, state)


def _withdraw(event: Event, data: facts.ContributionWithdrawn, state: ContributionState, states: States) -> None:
    state.withdrawn = True


LAWS: tuple[Law, ...] = (
    law(
        facts.ContributionWithdrawn,
        _admit_withdrawn,
        _withdraw,
        StepUnknown,
        ContributionUnknown,
        ContributionWithdrawn,
        StepUnrelated,
        NotTheAuthor,
    ),
)
