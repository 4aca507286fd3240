"""Every event of a log admitted again at its place, by the same function that admitted it when it was recorded."""

from ledger.aggregates import admit, evolve
from ledger.audit.ballot_table import AuditedAggregates
from ledger.audit.findings import Findings
from ledger.audit.moments import Moments
from ledger.errors import LedgerError, VersionDiffers
from ledger.events import Event


class Admission:
    """The log so far, replayed. An event that could not be admitted leaves no trace in it, and later ones of its stream are not judged."""

    __slots__ = ("_findings", "_lost", "aggregates", "moments", "not_judged")

    def __init__(self, expected: int, findings: Findings) -> None:
        """`expected`: how many entries the log is said to have."""
        self.aggregates = AuditedAggregates(expected)
        self.moments = Moments(findings)
        self.not_judged = 0
        """Events of streams that an earlier finding made unknown."""
        self._findings = findings
        self._lost: set[str] = set()

    def consider(self, event: Event) -> None:
        """The next event is admitted and folded, or a finding says why it may not stand where it stands."""
        self.moments.consider(event)
        stream = event.stream
        if self._lost and stream in self._lost:
            self.not_judged += 1
            return
        try:
            admit(event, self.aggregates)
        except VersionDiffers as error:
            self._refuse(event, error.code, f"version {error.expected} of {stream}", f"version {error.found}")
        except LedgerError as error:
            self._refuse(event, error.code, f"an event that is lawful here: {event.type}", str(error))
        else:
            if event.type in _BY_THE_CLOCK:
                self.moments.consider_clock(event, self.aggregates)
            evolve(self.aggregates, event)

    def finish(self) -> None:
        """The end of the log is judged: nothing that the clock had to do is left undone."""
        self.moments.finish(self.aggregates)
        if self.not_judged:
            self._findings.left_out(
                "lawfulness", "stream-lost", f"{self.not_judged} events", "an earlier event of the same stream could not be admitted"
            )

    def forget(self) -> None:
        """The states are let go; nothing more can be considered."""
        self.aggregates = AuditedAggregates(0)

    def _refuse(self, event: Event, code: str, expected: str, found: str) -> None:
        self._lost.add(event.stream)
        self._findings.fault("lawfulness", code, f"entry {event.seq}, stream {event.stream}", expected, found)


_BY_THE_CLOCK = frozenset({"step.opened/1", "step.closed/1", "step.closed_early/1"})
