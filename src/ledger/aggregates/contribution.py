"""A contribution: whose it is, where it was submitted, whether it still stands (stream `contribution/<ref>`)."""

from dataclasses import dataclass

from ledger.aggregates.project import check_places, project_of
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import check_open, planned_step
from ledger.errors import (
    AlreadySubmitted,
    CategoryUnknown,
    ContributionUnknown,
    ContributionWithdrawn,
    DistrictUnknown,
    KindNotAccepted,
    MeetingMissing,
    MeetingUnknown,
    NotTheAuthor,
    ParticipantMissing,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
)
from ledger.events import Event
from ledger.events import contribution as facts
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
    merge_proposed: frozenset[str] = frozenset()
    merge_accepted: frozenset[str] = frozenset()
    merged_into: str | None = None
    split: bool = False
    withdrawn: bool = False
    """Folded by `ledger.aggregates.withdrawal`."""


def standing_contribution(states: States, ref: str) -> ContributionState:
    """The state of a contribution that was submitted and not withdrawn; raises `ContributionUnknown`, `ContributionWithdrawn`."""
    state: ContributionState = states.state(f"contribution/{ref}")  # type: ignore[assignment]  # by AGGREGATES a state of this class
    if not state.version:
        raise ContributionUnknown(ref)
    if state.withdrawn:
        raise ContributionWithdrawn(ref)
    return state


def _admit_submitted(event: Event, data: facts.ContributionSubmitted, state: ContributionState, states: States) -> None:
    _check_accepted(data, data.kind, states)
    if state.version:
        raise AlreadySubmitted(data.ref)
    if event.actor is None:
        _check_without_participant(event, data)
    if data.meeting is not None and data.meeting not in project_of(states).meetings:
        raise MeetingUnknown(data.meeting)
    if data.derived_from is not None and not states.state(f"contribution/{data.derived_from}").version:
        raise ContributionUnknown(data.derived_from)


def _check_accepted(data: facts.ContributionSubmitted | facts.ContributionRevised, kind: ContributionKind, states: States) -> None:
    """The step is open and accepts contributions of the kind, and district and category are defined."""
    step = planned_step(states, data.step)
    if kind not in step.accepts:
        raise KindNotAccepted(data.step, kind)
    check_open(step)
    check_places(project_of(states), data.district, data.category)


def _check_without_participant(event: Event, data: facts.ContributionSubmitted) -> None:
    """What nobody is named for was said in a meeting; or the organizer brings it in: the authority's own, or from an archive."""
    if event.role == "participant":
        raise ParticipantMissing(event.type)
    if data.meeting is None and event.role != "organizer":
        raise MeetingMissing(data.ref)


def _submit(event: Event, data: facts.ContributionSubmitted, state: ContributionState, states: States) -> None:
    state.kind = data.kind
    state.step = data.step
    state.author = event.actor


def _admit_revised(event: Event, data: facts.ContributionRevised, state: ContributionState, states: States) -> None:
    standing_contribution(states, data.ref)
    check_author(event, data.ref, state)
    if state.kind is not None:
        _check_accepted(data, state.kind, states)


def check_author(event: Event, ref: str, state: ContributionState) -> None:
    """Returns when the event is on behalf of the author or, where there is none, posted by an organizer; raises `NotTheAuthor`."""
    if event.actor != state.author if state.author is not None else event.role != "organizer":
        raise NotTheAuthor(ref)


def _revise(event: Event, data: facts.ContributionRevised, state: ContributionState, states: States) -> None:
    """Texts and clear fields are for projections; nothing that admission asks for changes."""


LAWS: tuple[Law, ...] = (
    law(
        facts.ContributionSubmitted,
        _admit_submitted,
        _submit,
        StepUnknown,
        KindNotAccepted,
        StepNotOpen,
        StepSuspended,
        StepClosed,
        DistrictUnknown,
        CategoryUnknown,
        AlreadySubmitted,
        ParticipantMissing,
        MeetingMissing,
        MeetingUnknown,
        ContributionUnknown,
    ),
    law(
        facts.ContributionRevised,
        _admit_revised,
        _revise,
        ContributionUnknown,
        ContributionWithdrawn,
        NotTheAuthor,
        StepUnknown,
        KindNotAccepted,
        StepNotOpen,
        StepSuspended,
        StepClosed,
        DistrictUnknown,
        CategoryUnknown,
    ),
)
