"""What a platform says of a participant in a step, once (stream `participant/<step>/<actor>`)."""

from dataclasses import dataclass

from ledger.aggregates.state import Law, State, States, law, nothing_follows
from ledger.aggregates.step import planned_step
from ledger.errors import AlreadyDescribed, ParticipantMissing, StepUnknown
from ledger.events import Event
from ledger.events import participant as facts


@dataclass(slots=True)
class ParticipantState(State):
    """That a participant was described; what was said is never read."""


def _admit_described(event: Event, data: facts.ParticipantDescribed, state: ParticipantState, states: States) -> None:
    if event.actor is None:
        raise ParticipantMissing(event.type)
    planned_step(states, data.step)
    if state.version:
        raise AlreadyDescribed(data.step)


LAWS: tuple[Law, ...] = (
    law(facts.ParticipantDescribed, _admit_described, nothing_follows, ParticipantMissing, StepUnknown, AlreadyDescribed),
)
