"""What a state, the states of a project, and a law about an event are.

A law says of one event type when it is admitted and what becomes of the states. `admit` reads and never changes; `evolve` changes and
never asks. Facts of a shared stream may be folded into the state of another shared stream (a project knows its steps); the laws that do so
say it.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self, TypeAlias, TypeVar, cast

from ledger.errors import LedgerError
from ledger.events import Event, EventData


@dataclass(slots=True)
class State:
    """What the events of one stream add up to; `version` of them were folded. Changed by its fold only."""

    version: int = 0

    def copy(self) -> Self:
        """A state that can be changed without changing this one."""
        return copy(self)


class States(Protocol):
    """The states of one project by stream, as laws see them."""

    def state(self, stream: str) -> State:
        """The state of a stream, for reading only; blank where nothing of it happened."""
        ...

    def writable(self, stream: str) -> State:
        """The state of a stream, to be changed by the fold of an event."""
        ...


Admit: TypeAlias = Callable[[Event, EventData, State, States], None]
Evolve: TypeAlias = Callable[[Event, EventData, State, States], None]

D = TypeVar("D", bound=EventData)
S = TypeVar("S", bound=State)


class Law(NamedTuple):
    """When events of one type are admitted, what they change, and which errors of their own they can be refused with."""

    event: type[EventData]
    admit: Admit
    evolve: Evolve
    refuses: tuple[type[LedgerError], ...]


def law(
    event: type[D],
    admit: Callable[[Event, D, S, States], None],
    evolve: Callable[[Event, D, S, States], None],
    *refuses: type[LedgerError],
) -> Law:
    """The law about `event`. Both functions receive the event, its data, the state of its own stream, and all states."""
    return Law(event, cast("Admit", admit), cast("Evolve", evolve), refuses)


def nothing_forbids(event: Event, data: EventData, state: State, states: States) -> None:
    """Admits: no condition beyond those of every event."""


def nothing_follows(event: Event, data: EventData, state: State, states: States) -> None:
    """Changes nothing but the version: the event is for people and projections to read."""
