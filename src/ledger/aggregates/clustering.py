"""Groups of people who answered alike, as an input (stream `clustering/<step>/<ref>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class ClusteringState(State):
    """Member → group, until it is sealed."""

    groups: dict[str, int] = field(default_factory=dict)
    sealed: bool = False

    def copy(self) -> "ClusteringState":
        """See `State.copy`."""
        return ClusteringState(self.version, dict(self.groups), self.sealed)


LAWS: tuple[Law, ...] = ()
