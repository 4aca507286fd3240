"""The states of one project's streams, and the kinds of stream there are."""

from typing import Final, NamedTuple

from ledger.aggregates.argument import ArgumentState
from ledger.aggregates.ballot import BallotState
from ledger.aggregates.case import CaseState
from ledger.aggregates.clustering import ClusteringState
from ledger.aggregates.contribution import ContributionState
from ledger.aggregates.imported import ImportState
from ledger.aggregates.participant import ParticipantState
from ledger.aggregates.privacy import PrivacyState
from ledger.aggregates.project import ProjectState, project_of
from ledger.aggregates.report import ReportState
from ledger.aggregates.result import ResultState
from ledger.aggregates.roll import RollState, roll_of
from ledger.aggregates.selection import SelectionState, selection_of
from ledger.aggregates.stance import StanceState
from ledger.aggregates.state import State
from ledger.aggregates.step import StepState, step_of
from ledger.aggregates.suspension import SuspensionState
from ledger.aggregates.text import TextState


class Aggregate(NamedTuple):
    """A kind of stream: the first part of its name, and the class of its state.

    Shared streams are few and consulted by many events: they are folded together, in the order of the log, and kept. Own streams are of one
    person or one contribution each: they are many, and each is folded from its own events alone.
    """

    prefix: str
    state: type[State]
    is_shared: bool


AGGREGATES: Final[tuple[Aggregate, ...]] = (
    Aggregate("project", ProjectState, is_shared=True),
    Aggregate("step", StepState, is_shared=True),
    Aggregate("selection", SelectionState, is_shared=True),
    Aggregate("roll", RollState, is_shared=True),
    Aggregate("result", ResultState, is_shared=True),
    Aggregate("text", TextState, is_shared=True),
    Aggregate("clustering", ClusteringState, is_shared=True),
    Aggregate("privacy", PrivacyState, is_shared=True),
    Aggregate("contribution", ContributionState, is_shared=False),
    Aggregate("ballot", BallotState, is_shared=False),
    Aggregate("participant", ParticipantState, is_shared=False),
    Aggregate("argument", ArgumentState, is_shared=False),
    Aggregate("stance", StanceState, is_shared=False),
    Aggregate("report", ReportState, is_shared=False),
    Aggregate("case", CaseState, is_shared=False),
    Aggregate("suspension", SuspensionState, is_shared=False),
    Aggregate("import", ImportState, is_shared=False),
)

_BY_PREFIX: Final = {aggregate.prefix: aggregate for aggregate in AGGREGATES}
_BLANK: Final = {aggregate.prefix: aggregate.state() for aggregate in AGGREGATES}


def blank(stream: str) -> State:
    """A new state of a stream of which nothing happened. Raises `KeyError` where no event has a stream of that name."""
    return _BY_PREFIX[stream.partition("/")[0]].state()


def is_shared(stream: str) -> bool:
    """True when the stream is one of those that are kept and folded together."""
    return _BY_PREFIX[stream.partition("/")[0]].is_shared


class Aggregates:
    """The states of one project by stream, in memory. Subclasses keep them otherwise by overriding `state` and `writable`."""

    __slots__ = ("states",)

    def __init__(self, states: dict[str, State] | None = None) -> None:
        self.states: dict[str, State] = {} if states is None else states

    def state(self, stream: str) -> State:
        """The state of a stream, for reading only: blank ones are one object for all that read them."""
        found = self.states.get(stream)
        return _BLANK[stream.partition("/")[0]] if found is None else found

    def writable(self, stream: str) -> State:
        """The state of a stream, to be changed by the fold of an event."""
        found = self.states.get(stream)
        if found is None:
            found = self.states[stream] = blank(stream)
        return found

    @property
    def project(self) -> ProjectState:
        """The project as a whole."""
        return project_of(self)

    def step(self, ref: str) -> StepState:
        """A step; `unplanned` where there is none of that name."""
        return step_of(self, ref)

    def selection(self, step: str) -> SelectionState:
        """The ballot paper of a step."""
        return selection_of(self, step)

    def roll(self, step: str) -> RollState:
        """The roll of a step."""
        return roll_of(self, step)

    def contribution(self, ref: str) -> ContributionState:
        """A contribution."""
        return self.state(f"contribution/{ref}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class

    def ballot(self, step: str, actor: str) -> BallotState:
        """The ballot of one person in one step."""
        return self.state(f"ballot/{step}/{actor}")  # type: ignore[return-value]  # as above

    def result(self, step: str) -> ResultState:
        """What was said of the outcome of a step."""
        return self.state(f"result/{step}")  # type: ignore[return-value]  # as above
