"""What the clock has to do: steps open and close at their announced times (see `StepState.due_at`)."""

from datetime import datetime, timedelta
from typing import Final

from ledger.aggregates import Aggregates, StepState
from ledger.events.step import StepClosed, StepEvent, StepOpened

LATE: Final = timedelta(seconds=60)
"""A closing that comes later after its time than this names why."""


def due_steps(states: Aggregates, now: str) -> list[StepState]:
    """The steps whose opening or closing is due at `now`, the longest overdue first, ties by reference."""
    steps = (states.step(ref) for ref, over in states.project.steps.items() if not over)
    return sorted(
        (step for step in steps if step.due_at is not None and step.due_at <= now), key=lambda step: (step.due_at or "", step.ref)
    )


def due_event(step: StepState, now: str) -> StepEvent:
    """What the clock does with a step that is due."""
    if step.status == "planned":
        return StepOpened(step=step.ref)
    late = datetime.fromisoformat(now) - datetime.fromisoformat(step.due_at or now) > LATE
    return StepClosed(step=step.ref, delayed_by="outage" if late else None)


def next_due_at(states: Aggregates, now: str) -> str | None:
    """When the clock next has something to do after `now`; None when it has nothing."""
    steps = (states.step(ref).due_at for ref, over in states.project.steps.items() if not over)
    return min((due for due in steps if due is not None and due > now), default=None)
