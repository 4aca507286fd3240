"""Groups of people who answered alike, found outside and recorded as an input (stream `clustering/<step>/<ref>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.digests import clusters_digest
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import planned_step
from ledger.errors import AlreadyGrouped, ClusteringEmpty, ClusteringSealed, FieldDiffers, FieldMissing, MembersUnordered, StepUnknown
from ledger.events import Event
from ledger.events import clustering as facts


@dataclass(slots=True)
class ClusteringState(State):
    """Member → group; no more is added once it is sealed."""

    groups: dict[str, int] = field(default_factory=dict)
    sealed: bool = False

    def copy(self) -> "ClusteringState":
        """See `State.copy`."""
        return ClusteringState(self.version, dict(self.groups), self.sealed)


def clustering_of(states: States, step: str, ref: str) -> ClusteringState:
    """The state of a clustering; blank where nobody was listed."""
    return states.state(f"clustering/{step}/{ref}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def sealed_fields(state: ClusteringState) -> dict[str, str | int]:
    """What the fields of the sealing have to say: how many groups and members there are, and the digest over all."""
    return {"groups": len(set(state.groups.values())), "count": len(state.groups), "digest": clusters_digest(state.groups)}


def _check_in_preparation(data: facts.ClusteringEvent, state: ClusteringState, states: States) -> None:
    """Members are listed and sealed at any time from the step's planning on: an analysis often follows the closing."""
    planned_step(states, data.step)
    if state.sealed:
        raise ClusteringSealed(data.step, data.ref)


def _admit_listed(event: Event, data: facts.ClustersListed, state: ClusteringState, states: States) -> None:
    _check_in_preparation(data, state, states)
    if not data.members:
        raise FieldMissing(event.type, "members")
    before = ""
    for member in data.members:
        if member <= before:
            raise MembersUnordered(data.step)
        if member in state.groups:
            raise AlreadyGrouped(data.ref, member, state.groups[member])
        before = member


def _list(event: Event, data: facts.ClustersListed, state: ClusteringState, states: States) -> None:
    state.groups.update(dict.fromkeys(data.members or (), data.group))


def _admit_sealed(event: Event, data: facts.ClustersSealed, state: ClusteringState, states: States) -> None:
    _check_in_preparation(data, state, states)
    if not state.groups:
        raise ClusteringEmpty(data.step, data.ref)
    for name, expected in sealed_fields(state).items():
        found = getattr(data, name)
        if found != expected:
            raise FieldDiffers(name, expected, found)


def _seal(event: Event, data: facts.ClustersSealed, state: ClusteringState, states: States) -> None:
    state.sealed = True


LAWS: tuple[Law, ...] = (
    law(facts.ClustersListed, _admit_listed, _list, StepUnknown, ClusteringSealed, FieldMissing, MembersUnordered, AlreadyGrouped),
    law(facts.ClustersSealed, _admit_sealed, _seal, StepUnknown, ClusteringSealed, ClusteringEmpty, FieldDiffers),
)
