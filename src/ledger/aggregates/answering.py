"""What the authority and its services do with a contribution beside its step: they help to bring it into form, and they answer."""

from ledger.aggregates.contribution import ContributionState, standing_contribution, submitted_contribution
from ledger.aggregates.selection import check_related
from ledger.aggregates.state import Law, States, law, nothing_follows
from ledger.errors import ContributionMerged, ContributionSplit, ContributionUnknown, ContributionWithdrawn, StepUnknown, StepUnrelated
from ledger.events import Event
from ledger.events import contribution as facts


def _admit_formalised(event: Event, data: facts.ContributionFormalisedWith, state: ContributionState, states: States) -> None:
    check_related(states, data, standing_contribution(states, data.ref))


def _admit_answered(event: Event, data: facts.ContributionAnswered, state: ContributionState, states: States) -> None:
    """At any time, and whatever became of it: nobody loses their answer by a withdrawal, a merging or a decision of moderation."""
    check_related(states, data, submitted_contribution(states, data.ref))


LAWS: tuple[Law, ...] = (
    law(
        facts.ContributionFormalisedWith,
        _admit_formalised,
        nothing_follows,
        ContributionUnknown,
        ContributionWithdrawn,
        ContributionMerged,
        ContributionSplit,
        StepUnknown,
        StepUnrelated,
    ),
    law(facts.ContributionAnswered, _admit_answered, nothing_follows, ContributionUnknown, StepUnknown, StepUnrelated),
)
