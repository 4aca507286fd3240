"""A contribution is submitted, revised and documented while a step that accepts its kind is open (stream `contribution/<ref>`)."""

from typing import Final

from ledger.aggregates.addressed import addressed, check_not_moderated, check_not_suspended
from ledger.aggregates.contribution import (
    ContributionState,
    check_author,
    check_author_or_authority,
    standing_contribution,
    submitted_contribution,
)
from ledger.aggregates.project import check_places, project_of
from ledger.aggregates.state import Law, States, law, nothing_follows
from ledger.aggregates.step import check_open, planned_step
from ledger.aggregates.text import open_section, open_text
from ledger.errors import (
    AlreadySubmitted,
    AmendmentUnclear,
    AuthorSuspended,
    CategoryUnknown,
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    DistrictUnknown,
    KindNotAccepted,
    LedgerError,
    MeetingMissing,
    MeetingUnknown,
    NotTheAuthor,
    ParticipantMissing,
    ReplyUnfit,
    SectionUnknown,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetMissing,
    TargetModerated,
    TargetOfOtherStep,
    TextAdopted,
    TextMissing,
    TextUnknown,
)
from ledger.events import Event
from ledger.events import argument as arguments
from ledger.events import contribution as facts
from ledger.events.kinds import ContributionKind

ABOUT_ANOTHER: Final[frozenset[ContributionKind]] = frozenset({"counter_proposal", "answer", "source", "comment"})
"""Kinds that are about another contribution, and say nothing without it."""
REPLIES: Final[frozenset[ContributionKind]] = frozenset({"comment", "answer"})
"""Kinds that threads are made of."""


def _admit_submitted(event: Event, data: facts.ContributionSubmitted, state: ContributionState, states: States) -> None:
    _check_accepted(data.step, data.kind, states)
    check_places(project_of(states), data.district, data.category)
    if state.version:
        raise AlreadySubmitted(data.ref)
    check_origin(event, data, states)
    if data.derived_from is not None:
        submitted_contribution(states, data.derived_from)
    if event.type in data.FORMER:
        return  # what schema 1 admitted stays admitted: it could name neither text nor target, also for kinds that need one
    check_not_suspended(states, event)
    _check_subject(data, states)


def _check_accepted(step_ref: str, kind: ContributionKind, states: States) -> None:
    """The step is open and accepts contributions of the kind."""
    step = planned_step(states, step_ref)
    if kind not in step.accepts:
        raise KindNotAccepted(step_ref, kind)
    check_open(step)


def check_origin(event: Event, data: facts.ContributionSubmitted | arguments.ArgumentSubmitted, states: States) -> None:
    """Returns when it is of a person, was said in a meeting, or is brought in by an organizer: the authority's own, or an archive's.

    A meeting that it names is on record. Raises `ParticipantMissing`, `MeetingMissing`, `MeetingUnknown`.
    """
    if event.actor is None:
        if event.role == "participant":
            raise ParticipantMissing(event.type)
        if data.meeting is None and event.role != "organizer":
            raise MeetingMissing(data.ref)
    if data.meeting is not None and data.meeting not in project_of(states).meetings:
        raise MeetingUnknown(data.meeting)


def _check_subject(data: facts.ContributionSubmitted, states: States) -> None:
    """What the contribution is about is clear, exists, and can be addressed."""
    if data.kind == "amendment":
        of_text = data.text is not None or data.section is not None
        if of_text == (data.target is not None) or (of_text and data.section is None):
            raise AmendmentUnclear(data.ref)
    if data.kind in ABOUT_ANOTHER and data.target is None:
        raise TargetMissing(data.ref, data.kind)
    if data.section is not None:
        if data.text is None:
            raise TextMissing(data.ref, data.section)
        open_section(states, data.text, data.section)
    elif data.text is not None:
        open_text(states, data.text)
    if data.target is not None:
        addressed(states, f"contribution/{data.target}", data.step)
    if data.reply_to is not None:
        _check_reply(data, data.reply_to, states)


def _check_reply(data: facts.ContributionSubmitted, reply_to: str, states: States) -> None:
    """A thread has one target. What is replied to may be gone by now: threads of platforms go on."""
    replied = submitted_contribution(states, reply_to)
    if data.kind not in REPLIES or replied.kind not in REPLIES or data.target is None or replied.target != data.target:
        raise ReplyUnfit(data.ref, reply_to)


def _submit(event: Event, data: facts.ContributionSubmitted, state: ContributionState, states: States) -> None:
    state.kind = data.kind
    state.step = data.step
    state.author = event.actor
    state.texts = 1
    state.target = data.target
    state.derived_from = data.derived_from


def _admit_revised(event: Event, data: facts.ContributionRevised, state: ContributionState, states: States) -> None:
    standing_contribution(states, data.ref)
    check_author(event, data.ref, state.author)
    _check_writable(event, data, state, states)
    check_places(project_of(states), data.district, data.category)


def _check_writable(
    event: Event, data: facts.ContributionRevised | facts.ContributionAttached, state: ContributionState, states: States
) -> None:
    """A step that accepts the kind is open: its own, or one in which the contribution is worked on further."""
    if state.kind is not None:
        _check_accepted(data.step, state.kind, states)
    check_not_moderated(states, f"contribution/{data.ref}")
    check_not_suspended(states, event)


def _revise(event: Event, data: facts.ContributionRevised, state: ContributionState, states: States) -> None:
    """Stances name the version they are on. The texts and the clear fields are for projections."""
    state.texts += 1


def _admit_attached(event: Event, data: facts.ContributionAttached, state: ContributionState, states: States) -> None:
    standing_contribution(states, data.ref)
    check_author_or_authority(event, data.ref, state.author)
    _check_writable(event, data, state, states)


_STEP_REFUSES: Final[tuple[type[LedgerError], ...]] = (StepUnknown, KindNotAccepted, StepNotOpen, StepSuspended, StepClosed)
_PLACE_REFUSES: Final[tuple[type[LedgerError], ...]] = (DistrictUnknown, CategoryUnknown)
_STANDING_REFUSES: Final[tuple[type[LedgerError], ...]] = (
    ContributionUnknown,
    ContributionWithdrawn,
    ContributionMerged,
    ContributionSplit,
    TargetModerated,
)

LAWS: tuple[Law, ...] = (
    law(
        facts.ContributionSubmitted,
        _admit_submitted,
        _submit,
        *_STEP_REFUSES,
        *_PLACE_REFUSES,
        AlreadySubmitted,
        ParticipantMissing,
        MeetingMissing,
        MeetingUnknown,
        AuthorSuspended,
        AmendmentUnclear,
        TargetMissing,
        TextMissing,
        TextUnknown,
        SectionUnknown,
        TextAdopted,
        *_STANDING_REFUSES,
        TargetOfOtherStep,
        ReplyUnfit,
    ),
    law(
        facts.ContributionRevised,
        _admit_revised,
        _revise,
        *_STANDING_REFUSES,
        NotTheAuthor,
        *_STEP_REFUSES,
        *_PLACE_REFUSES,
        AuthorSuspended,
    ),
    law(
        facts.ContributionAttached,
        _admit_attached,
        nothing_follows,
        *_STANDING_REFUSES,
        NotTheAuthor,
        *_STEP_REFUSES,
        AuthorSuspended,
    ),
)
