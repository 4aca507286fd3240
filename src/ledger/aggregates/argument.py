"""An argument: what it is about, whose it is, whether it still stands (stream `argument/<ref>`). Its laws stand in `arguing`."""

from dataclasses import dataclass

from ledger.aggregates.state import State, States
from ledger.errors import ArgumentUnknown, ArgumentWithdrawn


@dataclass(slots=True)
class ArgumentState(State):
    """What is known of an argument. `texts` counts its versions: 1 as submitted."""

    contribution: str = ""
    step: str = ""
    author: str | None = None
    texts: int = 0
    withdrawn: bool = False


def submitted_argument(states: States, ref: str) -> ArgumentState:
    """The state of an argument that was submitted, whatever became of it; raises `ArgumentUnknown`, also where that was redacted."""
    state: ArgumentState = states.state(f"argument/{ref}")  # type: ignore[assignment]  # by AGGREGATES a state of this class
    if not state.step:
        raise ArgumentUnknown(ref)
    return state


def standing_argument(states: States, ref: str) -> ArgumentState:
    """The state of an argument that was submitted and not taken back; raises `ArgumentUnknown`, `ArgumentWithdrawn`."""
    state = submitted_argument(states, ref)
    if state.withdrawn:
        raise ArgumentWithdrawn(ref)
    return state
