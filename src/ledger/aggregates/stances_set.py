"""What a step takes stances on, by which scales, and what it takes arguments about: set before the opening (stream `step/<step>`)."""

from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import StepState, check_not_opened, planned_step
from ledger.errors import OptionUnfit, StepAlreadyOpen, StepClosed, StepUnknown
from ledger.events import Event
from ledger.events.step import StepStancesSet


def _admit_set(event: Event, data: StepStancesSet, state: StepState, states: States) -> None:
    check_not_opened(planned_step(states, data.step))
    if state.kind == "ballot":
        raise OptionUnfit(state.kind, "stances")


def _set(event: Event, data: StepStancesSet, state: StepState, states: States) -> None:
    """Before the opening the last one holds. How targets are ranked is for projections."""
    state.scales = data.scales
    state.arguments_on = data.arguments_on


LAWS: tuple[Law, ...] = (law(StepStancesSet, _admit_set, _set, StepUnknown, StepAlreadyOpen, StepClosed, OptionUnfit),)
