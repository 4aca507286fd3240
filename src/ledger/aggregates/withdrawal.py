"""A contribution is taken back, at any time: before the cut-off it leaves the count, after it stands beside the result.

Also what was merged, split, hidden, or is of a suspended author: it may still be on a ballot paper, and it is theirs to take back.
"""

from ledger.aggregates.contribution import ContributionState, check_author_or_authority, submitted_contribution
from ledger.aggregates.selection import check_related
from ledger.aggregates.state import Law, States, law
from ledger.errors import ContributionUnknown, ContributionWithdrawn, NotTheAuthor, StepUnknown, StepUnrelated
from ledger.events import Event
from ledger.events import contribution as facts


def _admit_withdrawn(event: Event, data: facts.ContributionWithdrawn, state: ContributionState, states: States) -> None:
    if submitted_contribution(states, data.ref).withdrawn:
        raise ContributionWithdrawn(data.ref)
    check_related(states, data, state)
    check_author_or_authority(event, data.ref, state.author)


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
