"""Contributions become one, or several: merged with the author's consent, or split, with their lineage kept.

What was merged or split stands no longer and goes into nothing else, so lineage ends somewhere: it has no cycle.
"""

from typing import Final

from ledger.aggregates.addressed import CONTRIBUTION_NOT_ADDRESSED, addressed
from ledger.aggregates.contribution import ContributionState, check_author, check_author_or_authority, standing_contribution
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import check_open, planned_step
from ledger.errors import (
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    LedgerError,
    MergedIntoItself,
    MergeNotAccepted,
    MergeNotProposed,
    NothingChanged,
    NotTheAuthor,
    PartTwice,
    PartUnrelated,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetOfOtherStep,
)
from ledger.events import Event
from ledger.events import contribution as facts


def _check_pair(data: facts.MergeEvent, states: States) -> tuple[ContributionState, ContributionState]:
    """Both contributions, which are of the step, stand, and are not the same; the step is open."""
    check_open(planned_step(states, data.step))
    own = _addressed(states, data.ref, data.step)
    if data.into == data.ref:
        raise MergedIntoItself(data.ref)
    return own, _addressed(states, data.into, data.step)


def _addressed(states: States, ref: str, step: str) -> ContributionState:
    return addressed(states, f"contribution/{ref}", step)  # type: ignore[return-value]  # the stream is one of a contribution


def _admit_proposed(event: Event, data: facts.ContributionMergeProposed, state: ContributionState, states: States) -> None:
    own, other = _check_pair(data, states)
    if event.role not in {"organizer", "moderator"} and (event.actor is None or event.actor not in {own.author, other.author}):
        raise NotTheAuthor(data.ref)
    if data.into in state.merge_proposed:
        raise NothingChanged(event.type)


def _propose(event: Event, data: facts.ContributionMergeProposed, state: ContributionState, states: States) -> None:
    state.merge_proposed |= {data.into}


def _admit_accepted(event: Event, data: facts.ContributionMergeAccepted, state: ContributionState, states: States) -> None:
    _check_pair(data, states)
    check_author(event, data.ref, state.author)
    if data.into not in state.merge_proposed:
        raise MergeNotProposed(data.ref, data.into)
    if data.into in state.merge_accepted:
        raise NothingChanged(event.type)


def _accept(event: Event, data: facts.ContributionMergeAccepted, state: ContributionState, states: States) -> None:
    state.merge_accepted |= {data.into}


def _admit_refused(event: Event, data: facts.ContributionMergeRefused, state: ContributionState, states: States) -> None:
    """As long as it is not merged, also after accepting: who agreed may change their mind."""
    standing_contribution(states, data.ref)
    planned_step(states, data.step)
    if data.step != state.step:
        raise TargetOfOtherStep(f"contribution/{data.ref}", state.step, data.step)
    check_author(event, data.ref, state.author)
    if data.into not in state.merge_proposed:
        raise MergeNotProposed(data.ref, data.into)


def _refuse(event: Event, data: facts.ContributionMergeRefused, state: ContributionState, states: States) -> None:
    """It may be proposed anew."""
    state.merge_proposed -= {data.into}
    state.merge_accepted -= {data.into}


def _admit_merged(event: Event, data: facts.ContributionMergedInto, state: ContributionState, states: States) -> None:
    _check_pair(data, states)
    if data.into not in state.merge_accepted:
        raise MergeNotAccepted(data.ref, data.into)


def _merge(event: Event, data: facts.ContributionMergedInto, state: ContributionState, states: States) -> None:
    """The stances on it stay on it."""
    state.merged_into = data.into


def _admit_split(event: Event, data: facts.ContributionSplitInto, state: ContributionState, states: States) -> None:
    check_open(planned_step(states, data.step))
    _addressed(states, data.ref, data.step)
    check_author_or_authority(event, data.ref, state.author)
    for place, part in enumerate(data.parts):
        if part in data.parts[:place]:
            raise PartTwice(part, data.ref)
        if standing_contribution(states, part).derived_from != data.ref:
            raise PartUnrelated(part, data.ref)


def _split(event: Event, data: facts.ContributionSplitInto, state: ContributionState, states: States) -> None:
    state.split = True


_STEP_REFUSES: Final[tuple[type[LedgerError], ...]] = (StepUnknown, StepNotOpen, StepSuspended, StepClosed)
_PAIR_REFUSES: Final[tuple[type[LedgerError], ...]] = (*_STEP_REFUSES, *CONTRIBUTION_NOT_ADDRESSED, MergedIntoItself)

LAWS: tuple[Law, ...] = (
    law(facts.ContributionMergeProposed, _admit_proposed, _propose, *_PAIR_REFUSES, NotTheAuthor, NothingChanged),
    law(facts.ContributionMergeAccepted, _admit_accepted, _accept, *_PAIR_REFUSES, NotTheAuthor, MergeNotProposed, NothingChanged),
    law(
        facts.ContributionMergeRefused,
        _admit_refused,
        _refuse,
        ContributionUnknown,
        ContributionWithdrawn,
        ContributionMerged,
        ContributionSplit,
        StepUnknown,
        TargetOfOtherStep,
        NotTheAuthor,
        MergeNotProposed,
    ),
    law(facts.ContributionMergedInto, _admit_merged, _merge, *_PAIR_REFUSES, MergeNotAccepted),
    law(
        facts.ContributionSplitInto,
        _admit_split,
        _split,
        *_STEP_REFUSES,
        *CONTRIBUTION_NOT_ADDRESSED,
        NotTheAuthor,
        PartTwice,
        PartUnrelated,
    ),
)
