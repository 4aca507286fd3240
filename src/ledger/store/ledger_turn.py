"""The ledger log between the locking of its head and the commit: what is to be said is admitted by the rules that monitors follow it by."""

from ledger.aggregates.ledger_log import LoggedLogs, admit_logged, evolve_logged
from ledger.errors import EntryTooLarge
from ledger.events import Event
from ledger.events.envelope import ENTRY_LIMIT, entry_bytes
from ledger.events.ledger_log import VIA, LoggedEvent
from ledger.ports import Clock
from ledger.store.binary_copy import EventRow
from ledger.store.projects import Head
from ledger.tlog.tree import leaf_hash


class LedgerTurn:
    """What is said goes on disk together, or none of it."""

    def __init__(self, logs: LoggedLogs, head: Head, clock: Clock) -> None:
        """`logs` are folded up to the head, and changed by what is said."""
        self.logs = logs
        self.first = head.size
        self.rows: list[EventRow] = []
        self._head = head
        self._clock = clock
        self._now: str | None = None

    @property
    def now(self) -> str:
        """The time of everything in this turn. Times never decrease, even where another machine's clock was ahead of this one's.

        Raises `ClockUnconfirmed`.
        """
        if self._now is None:
            self._now = max(self._clock.now(), self._head.last_at)
        return self._now

    def say(self, data: LoggedEvent) -> None:
        """The fact stands next in the ledger log. Raises what `admit_logged` refuses with; then the whole turn is to be given up."""
        state = self.logs.of(data.project)
        seq = self.first + len(self.rows)
        event = Event(
            data.wire_type(), data, data.stream(None), "system", "api", VIA, self.logs.origin, self.now, seq=seq, version=state.version + 1
        )
        admit_logged(event, self.logs)
        entry = entry_bytes(event)
        if len(entry) > ENTRY_LIMIT:
            raise EntryTooLarge("$", len(entry), ENTRY_LIMIT)
        evolve_logged(self.logs, event)
        self.rows.append((event.stream, event.version, event.type, leaf_hash(entry), entry))

    def head(self) -> Head:
        """The head after this turn."""
        size = self.first + len(self.rows)
        return Head(size, size, self.now, None, self._head.visibility_size)
