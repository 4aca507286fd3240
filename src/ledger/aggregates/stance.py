"""One person's stance on one target: taken once, changed or withdrawn until the closing (stream `stance/<target>/<actor>`).

A target takes stances while it stands, is not moderated, and its step is open. To take a stance back, only the step has to be open: nobody
is kept in a stance by what others decided about its target.
"""

from dataclasses import dataclass

from ledger.aggregates.addressed import NOT_ADDRESSED, addressed, existing
from ledger.aggregates.argument import ArgumentState
from ledger.aggregates.contribution import ContributionState
from ledger.aggregates.state import Law, State, States, law, nothing_follows
from ledger.aggregates.step import StepState, check_open, planned_step, step_of
from ledger.errors import (
    AgentMayNotReplace,
    ArgumentUnknown,
    ClaimedTimeUnfit,
    ContributionUnknown,
    FieldDiffers,
    ParticipantMissing,
    StanceAlreadyTaken,
    StanceNotTaken,
    StancesNotTaken,
    StanceWithdrawn,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetOfOtherStep,
    TargetVersionUnknown,
    ValueNotOnScale,
)
from ledger.events import Event
from ledger.events import stance as facts
from ledger.events.kinds import StanceTarget
from ledger.rules.scales import SCALES, StanceValue

WHOLE_HOUR = ":00:00.000Z"
"""How a time ends that tells no more than the hour."""


@dataclass(slots=True)
class StanceState(State):
    """The stance as it is now; `value` is None before it is cast and while it is withdrawn."""

    value: StanceValue | None = None
    target_version: int | None = None
    by_agent: bool = False
    """The stance as it is now was posted by somebody else than the person, for them."""


def stance_of(states: States, stream: str) -> StanceState:
    """The state of a stance; blank where it was never cast."""
    return states.state(stream)  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def old_stance(state: StanceState) -> dict[str, str | int | None]:
    """What the fields for the stance before have to say: nothing where it had been withdrawn."""
    return {"old_value": state.value, "old_version": state.target_version}


def _open_step(event: Event, data: facts.StanceEvent, states: States) -> StepState:
    """The state of the step, which is open; somebody acts, and claims no time that would give them away."""
    if event.actor is None:
        raise ParticipantMissing(event.type)
    claimed = event.claimed_at
    if claimed is not None and (event.channel != "import" or not claimed.endswith(WHOLE_HOUR)):
        raise ClaimedTimeUnfit(event.type, claimed, event.channel)
    step = step_of(states, data.step)
    if step.status != "open":
        check_open(planned_step(states, data.step))
    return step


def _check_taken(event: Event, data: facts.StanceTaken, states: States) -> None:
    """The target takes stances in this step now, on the version named, and the value is one of its scale."""
    step = _open_step(event, data, states)
    target = addressed(states, data.target, data.step)
    kind = _kind(target)
    scale = step.scales.get(kind)
    if scale is None:
        raise StancesNotTaken(data.step, kind)
    if data.value not in SCALES[scale]:
        raise ValueNotOnScale(data.step, kind, scale, data.value)
    if data.target_version > target.texts:
        raise TargetVersionUnknown(data.target, data.target_version, target.texts)


def _kind(target: ContributionState | ArgumentState) -> StanceTarget:
    if isinstance(target, ArgumentState):
        return "argument"
    if target.kind is None:
        raise AssertionError("a contribution that was submitted has a kind")
    return target.kind


def _is_by_agent(event: Event) -> bool:
    return event.by is not None or event.role != "participant"


def _check_may_change(event: Event, data: facts.StanceEvent, state: StanceState) -> None:
    """A stance was taken; and not by the person themselves where somebody else acts for them."""
    if not state.version:
        raise StanceNotTaken(data.target)
    if not state.by_agent and _is_by_agent(event):
        raise AgentMayNotReplace(data.step)


def _check_old(data: facts.StanceChanged | facts.StanceWithdrawn, state: StanceState) -> None:
    if data.old_value != state.value:
        raise FieldDiffers("old_value", state.value, data.old_value)
    if data.old_version != state.target_version:
        raise FieldDiffers("old_version", state.target_version, data.old_version)


def _admit_cast(event: Event, data: facts.StanceCast, state: StanceState, states: States) -> None:
    _check_taken(event, data, states)
    if state.version:
        raise StanceAlreadyTaken(data.target)


def _take(event: Event, data: facts.StanceTaken, state: StanceState, states: States) -> None:
    state.value = data.value
    state.target_version = data.target_version
    state.by_agent = event.by is not None or event.role != "participant"


def _admit_changed(event: Event, data: facts.StanceChanged, state: StanceState, states: States) -> None:
    """Also after a withdrawal, and to the same value: that somebody said it again is a fact."""
    _check_taken(event, data, states)
    _check_may_change(event, data, state)
    _check_old(data, state)


def _admit_withdrawn(event: Event, data: facts.StanceWithdrawn, state: StanceState, states: States) -> None:
    _open_step(event, data, states)
    target = existing(states, data.target)
    if target.step != data.step:
        raise TargetOfOtherStep(data.target, target.step, data.step)
    _check_may_change(event, data, state)
    if state.value is None:
        raise StanceWithdrawn(data.target)
    _check_old(data, state)


def _withdraw(event: Event, data: facts.StanceWithdrawn, state: StanceState, states: States) -> None:
    state.value = state.target_version = None
    state.by_agent = _is_by_agent(event)


def _admit_explained(event: Event, data: facts.StanceExplained, state: StanceState, states: States) -> None:
    _open_step(event, data, states)
    addressed(states, data.target, data.step)
    _check_may_change(event, data, state)
    if state.value is None:
        raise StanceWithdrawn(data.target)


_OPEN = (ParticipantMissing, ClaimedTimeUnfit, StepUnknown, StepNotOpen, StepSuspended, StepClosed)
_TAKEN = (*_OPEN, *NOT_ADDRESSED, StancesNotTaken, ValueNotOnScale, TargetVersionUnknown)
_CHANGED = (StanceNotTaken, AgentMayNotReplace)

LAWS: tuple[Law, ...] = (
    law(facts.StanceCast, _admit_cast, _take, *_TAKEN, StanceAlreadyTaken),
    law(facts.StanceChanged, _admit_changed, _take, *_TAKEN, *_CHANGED, FieldDiffers),
    law(
        facts.StanceWithdrawn,
        _admit_withdrawn,
        _withdraw,
        *_OPEN,
        ContributionUnknown,
        ArgumentUnknown,
        TargetOfOtherStep,
        *_CHANGED,
        StanceWithdrawn,
        FieldDiffers,
    ),
    law(facts.StanceExplained, _admit_explained, nothing_follows, *_OPEN, *NOT_ADDRESSED, *_CHANGED, StanceWithdrawn),
)
