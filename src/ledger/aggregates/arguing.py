"""Arguments for and against contributions, and answers to them, where the step takes them (stream `argument/<ref>`)."""

from typing import Final

from ledger.aggregates.addressed import CONTRIBUTION_NOT_ADDRESSED, addressed, check_not_suspended
from ledger.aggregates.argument import ArgumentState, standing_argument, submitted_argument
from ledger.aggregates.contributing import check_origin
from ledger.aggregates.contribution import ContributionState, check_author, check_author_or_authority
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import check_open, planned_step
from ledger.errors import (
    AlreadySubmitted,
    ArgumentUnknown,
    ArgumentWithdrawn,
    AuthorSuspended,
    LedgerError,
    MeetingMissing,
    MeetingUnknown,
    NotArguable,
    NotTheAuthor,
    ParentUnrelated,
    ParticipantMissing,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetModerated,
    TargetOfOtherStep,
)
from ledger.events import Event
from ledger.events import argument as facts


def _admit_submitted(event: Event, data: facts.ArgumentSubmitted, state: ArgumentState, states: States) -> None:
    step = planned_step(states, data.step)
    check_open(step)
    if state.version:
        raise AlreadySubmitted(data.ref)
    check_origin(event, data, states)
    check_not_suspended(states, event)
    about = addressed(states, f"contribution/{data.contribution}", data.step)
    if isinstance(about, ContributionState) and about.kind not in step.arguments_on:
        raise NotArguable(data.step, str(about.kind))
    if data.parent is not None:
        _check_parent(data, data.parent, states)


def _check_parent(data: facts.ArgumentSubmitted, parent: str, states: States) -> None:
    """The answered argument is about the same contribution, from either side; it may be gone by now."""
    answered = submitted_argument(states, parent)
    if (answered.contribution, answered.step) != (data.contribution, data.step):
        raise ParentUnrelated(parent, data.contribution)


def _submit(event: Event, data: facts.ArgumentSubmitted, state: ArgumentState, states: States) -> None:
    state.contribution = data.contribution
    state.step = data.step
    state.author = event.actor
    state.texts = 1


def _admit_revised(event: Event, data: facts.ArgumentRevised, state: ArgumentState, states: States) -> None:
    check_open(planned_step(states, data.step))
    addressed(states, f"argument/{data.ref}", data.step)
    check_author(event, data.ref, state.author)
    check_not_suspended(states, event)


def _revise(event: Event, data: facts.ArgumentRevised, state: ArgumentState, states: States) -> None:
    state.texts += 1


def _admit_withdrawn(event: Event, data: facts.ArgumentWithdrawn, state: ArgumentState, states: States) -> None:
    """At any time, as contributions are: also when it is hidden, or its author suspended."""
    planned_step(states, data.step)
    standing_argument(states, data.ref)
    if data.step != state.step:
        raise TargetOfOtherStep(f"argument/{data.ref}", state.step, data.step)
    check_author_or_authority(event, data.ref, state.author)


def _withdraw(event: Event, data: facts.ArgumentWithdrawn, state: ArgumentState, states: States) -> None:
    state.withdrawn = True


_STEP_REFUSES: Final[tuple[type[LedgerError], ...]] = (StepUnknown, StepNotOpen, StepSuspended, StepClosed)
_OWN_REFUSES: Final[tuple[type[LedgerError], ...]] = (ArgumentUnknown, ArgumentWithdrawn, TargetOfOtherStep, NotTheAuthor)

LAWS: tuple[Law, ...] = (
    law(
        facts.ArgumentSubmitted,
        _admit_submitted,
        _submit,
        *_STEP_REFUSES,
        AlreadySubmitted,
        ParticipantMissing,
        MeetingMissing,
        MeetingUnknown,
        AuthorSuspended,
        *CONTRIBUTION_NOT_ADDRESSED,
        NotArguable,
        ArgumentUnknown,
        ParentUnrelated,
    ),
    law(facts.ArgumentRevised, _admit_revised, _revise, *_STEP_REFUSES, *_OWN_REFUSES, TargetModerated, AuthorSuspended),
    law(facts.ArgumentWithdrawn, _admit_withdrawn, _withdraw, StepUnknown, *_OWN_REFUSES),
)
