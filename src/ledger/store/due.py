"""What the clock has to do: steps open and close at their announced times (see `StepState.due_at`), keys of pseudonyms go at theirs."""

from datetime import datetime, timedelta
from typing import Final

from ledger.aggregates import Aggregates, StepState
from ledger.events.privacy import PrivacyEvent, ScopeKeyDestroyed
from ledger.events.step import StepClosed, StepEvent, StepOpened

LATE: Final = timedelta(seconds=60)
"""A closing that comes later after its time than this names why."""
ANNOUNCED: Final = "announced_date"
"""Why the clock destroys a key."""


def due_events(states: Aggregates, now: str) -> list[StepEvent | PrivacyEvent]:
    """What is due at `now`: openings and closings, the longest overdue first, ties by reference; then the keys whose date has come."""
    steps: list[StepEvent | PrivacyEvent] = [_due_event(step, now) for step in _due_steps(states, now)]
    return [*steps, *_due_keys(states, now)]


def next_due_at(states: Aggregates, now: str) -> str | None:
    """When the clock next has something to do after `now`; None when it has nothing.

    A key that has to go when its step is over goes in the turn that ends the step, so nobody has to be woken for it.
    """
    steps = (states.step(ref).due_at for ref, over in states.project.steps.items() if not over)
    dates = (*steps, states.project.keys_destroyed_at)
    return min((due for due in dates if due is not None and due > now), default=None)


def _due_steps(states: Aggregates, now: str) -> list[StepState]:
    steps = (states.step(ref) for ref, over in states.project.steps.items() if not over)
    return sorted(
        (step for step in steps if step.due_at is not None and step.due_at <= now), key=lambda step: (step.due_at or "", step.ref)
    )


def _due_event(step: StepState, now: str) -> StepEvent:
    if step.status == "planned":
        return StepOpened(step=step.ref)
    late = datetime.fromisoformat(now) - datetime.fromisoformat(step.due_at or now) > LATE
    return StepClosed(step=step.ref, delayed_by="outage" if late else None)


def _due_keys(states: Aggregates, now: str) -> list[ScopeKeyDestroyed]:
    """Of authors, of reports, and of every step that is over: once the announced date has come."""
    project = states.project
    if not project.version or now < project.keys_destroyed_at:
        return []
    scopes = ("author", "report", *(f"step/{step}" for step in sorted(project.steps) if project.steps[step]))
    return [ScopeKeyDestroyed(scope=scope, code=ANNOUNCED) for scope in scopes if scope not in project.destroyed]
