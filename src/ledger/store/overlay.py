"""Aggregates above aggregates: changes that can be kept or let go."""

from ledger.aggregates import Aggregates, State, blank


class Overlay(Aggregates):
    """States as they are below, until they are changed here; nothing changes below before `merge`.

    `below` does not change while an overlay above it is in use.
    """

    __slots__ = ("below", "written")

    def __init__(self, below: Aggregates) -> None:
        super().__init__()
        # `states` is what was seen so far, read or written, so that a state is looked for below only once.
        self.below = below
        self.written: dict[str, State] = {}

    def state(self, stream: str) -> State:
        """See `Aggregates.state`."""
        found = self.states.get(stream)
        if found is None:
            found = self.states[stream] = self.below.state(stream)
        return found

    def writable(self, stream: str) -> State:
        """See `Aggregates.writable`. The first change of a state copies it."""
        found = self.written.get(stream)
        if found is None:
            there = self.state(stream)
            found = there.copy() if there.version else blank(stream)
            self.states[stream] = self.written[stream] = found
        return found

    def put(self, stream: str, state: State) -> None:
        """The state of a stream is this one, read from the log; it is not counted as changed here."""
        self.states[stream] = state

    def merge(self, above: "Overlay") -> None:
        """What was changed in an overlay on this one holds here from now on."""
        self.states.update(above.written)
        self.written.update(above.written)
