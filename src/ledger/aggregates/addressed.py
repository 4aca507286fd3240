"""What people address: a contribution or an argument, as long as it stands and no decision of moderation is in force against it.

A target is the name of a stream: `contribution/<ref>` or `argument/<ref>`.
"""

from typing import Final

from ledger.aggregates.argument import ArgumentState, standing_argument, submitted_argument
from ledger.aggregates.case import CaseState
from ledger.aggregates.contribution import ContributionState, standing_contribution, submitted_contribution
from ledger.aggregates.state import States
from ledger.aggregates.suspension import SuspensionState
from ledger.errors import (
    ArgumentUnknown,
    ArgumentWithdrawn,
    AuthorSuspended,
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    LedgerError,
    TargetModerated,
    TargetOfOtherStep,
)
from ledger.events import Event

NOT_STANDING: Final[tuple[type[LedgerError], ...]] = (
    ContributionUnknown,
    ContributionWithdrawn,
    ContributionMerged,
    ContributionSplit,
    ArgumentUnknown,
    ArgumentWithdrawn,
)
"""What `standing` can refuse with, for a target that may be of either kind."""
NOT_ADDRESSED: Final[tuple[type[LedgerError], ...]] = (*NOT_STANDING, TargetOfOtherStep, TargetModerated)
"""What `addressed` can refuse with, for a target that may be of either kind."""
CONTRIBUTION_NOT_ADDRESSED: Final[tuple[type[LedgerError], ...]] = (
    ContributionUnknown,
    ContributionWithdrawn,
    ContributionMerged,
    ContributionSplit,
    TargetOfOtherStep,
    TargetModerated,
)
"""What `addressed` can refuse with, for a contribution."""


def standing(states: States, target: str) -> ContributionState | ArgumentState:
    """The state of a target that was not taken back and did not become part of others; moderation is not asked.

    Raises `ContributionUnknown`, `ContributionWithdrawn`, `ContributionMerged`, `ContributionSplit`, `ArgumentUnknown`,
    `ArgumentWithdrawn`.
    """
    kind, _, ref = target.partition("/")
    return standing_argument(states, ref) if kind == "argument" else standing_contribution(states, ref)


def existing(states: States, target: str) -> ContributionState | ArgumentState:
    """The state of a target that was submitted, whatever became of it; raises `ContributionUnknown`, `ArgumentUnknown`."""
    kind, _, ref = target.partition("/")
    return submitted_argument(states, ref) if kind == "argument" else submitted_contribution(states, ref)


def addressed(states: States, target: str, step: str) -> ContributionState | ArgumentState:
    """The state of a target of the step that stands, and against which no decision is in force; whether the step is open is not asked.

    Reads the target and its case. Raises what `standing` does, and `TargetOfOtherStep`, `TargetModerated`.
    """
    state = standing(states, target)
    if state.step != step:
        raise TargetOfOtherStep(target, state.step, step)
    check_not_moderated(states, target)
    return state


def check_not_moderated(states: States, target: str) -> None:
    """Returns when no decision of moderation is in force against the target; raises `TargetModerated`."""
    case: CaseState = states.state(f"case/{target}")  # type: ignore[assignment]  # by AGGREGATES the stream has a state of this class
    if case.decision is not None:
        raise TargetModerated(target, case.decision)


def check_not_suspended(states: States, event: Event) -> None:
    """Returns when the author whom the event is of may contribute, or it is of nobody; raises `AuthorSuspended`.

    A suspension ends at its time: an event at that very time is not refused.
    """
    if event.actor is None:
        return
    suspension: SuspensionState = states.state(f"suspension/{event.actor}")  # type: ignore[assignment]  # as above
    if suspension.until is not None and event.at < suspension.until:
        raise AuthorSuspended(suspension.until)
