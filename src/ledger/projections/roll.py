"""The projection `roll`: one row per member of a step's roll and per person marked present, keyed `<step>/<actor>`."""

from ledger.events import Event
from ledger.events.roll import AttendanceMarked, RollListed
from ledger.projections.projection import Row, Texts


class Roll:
    """Who may vote in a step, and who came through which channel (the last mark holds)."""

    name = "roll"
    version = 1
    handles = frozenset({RollListed.wire_type(), AttendanceMarked.wire_type()})

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        match event.data:
            case RollListed(step=step, members=members):
                return tuple(dict.fromkeys(f"{step}/{member}" for member in members or ()))
            case AttendanceMarked(step=step):
                return (f"{step}/{event.actor}",)
        return ()

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        before = row or {"listed_seq": None, "attended_seq": None, "channel": None}
        if isinstance(event.data, RollListed):
            return {**before, "listed_seq": event.seq}
        return {**before, "attended_seq": event.seq, "channel": event.channel}
