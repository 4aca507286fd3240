"""A contribution: whose it is, where it was submitted, whether it still stands (stream `contribution/<ref>`).

Its laws stand in `contributing`, `answering`, `merging` and `withdrawal`.
"""

from dataclasses import dataclass

from ledger.aggregates.state import State, States
from ledger.errors import ContributionMerged, ContributionSplit, ContributionUnknown, ContributionWithdrawn, NotTheAuthor
from ledger.events import Event
from ledger.events.kinds import ContributionKind


@dataclass(slots=True)
class ContributionState(State):
    """What is known of a contribution. `author` is None where it was made without a participant."""

    kind: ContributionKind | None = None
    step: str = ""
    author: str | None = None
    texts: int = 0
    """Versions of its text: 1 as submitted."""
    target: str | None = None
    """The contribution that this one is about."""
    derived_from: str | None = None
    merge_proposed: frozenset[str] = frozenset()
    """Those it is to be merged into by proposals that were not refused."""
    merge_accepted: frozenset[str] = frozenset()
    """Those of them that its author agreed to."""
    merged_into: str | None = None
    split: bool = False
    withdrawn: bool = False


def submitted_contribution(states: States, ref: str) -> ContributionState:
    """The state of a contribution that was submitted, whatever became of it; raises `ContributionUnknown`.

    Where its submission was redacted, what is known of it is not enough for anything to follow on it.
    """
    state: ContributionState = states.state(f"contribution/{ref}")  # type: ignore[assignment]  # by AGGREGATES a state of this class
    if state.kind is None:
        raise ContributionUnknown(ref)
    return state


def standing_contribution(states: States, ref: str) -> ContributionState:
    """The state of a contribution that was submitted, not taken back, and did not become part of others.

    Raises `ContributionUnknown`, `ContributionWithdrawn`, `ContributionMerged`, `ContributionSplit`.
    """
    state = submitted_contribution(states, ref)
    if state.withdrawn:
        raise ContributionWithdrawn(ref)
    if state.merged_into is not None:
        raise ContributionMerged(ref, state.merged_into)
    if state.split:
        raise ContributionSplit(ref)
    return state


def check_author(event: Event, ref: str, author: str | None) -> None:
    """Returns when the event is on behalf of the author or, where there is none, posted by an organizer; raises `NotTheAuthor`."""
    if event.actor != author if author is not None else event.role != "organizer":
        raise NotTheAuthor(ref)


def check_author_or_authority(event: Event, ref: str, author: str | None) -> None:
    """Returns when an organizer or a moderator posts the event, or `check_author` does; raises `NotTheAuthor`."""
    if event.role not in {"organizer", "moderator"}:
        check_author(event, ref, author)
