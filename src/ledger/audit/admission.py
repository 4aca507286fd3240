"""Every event of a log admitted again at its place, by the same function that admitted it when it was recorded."""

from ledger.aggregates import admit, consults, evolve, pass_over, tells_nothing
from ledger.audit.ballot_table import AuditedAggregates
from ledger.audit.findings import Findings
from ledger.audit.moments import Moments
from ledger.errors import LedgerError, VersionDiffers
from ledger.events import Event
from ledger.events.redacted import Redacted


class Admission:
    """The log so far, replayed. An event that could not be admitted leaves no trace in it, and later ones of its stream are not judged.

    A redacted entry counts as its version. Of events whose admission looks at its stream only the version is judged: what they rest on is
    not all known.
    """

    __slots__ = ("_findings", "_lost", "_redacted", "_resting", "aggregates", "moments", "not_judged")

    def __init__(self, expected: int, findings: Findings) -> None:
        """`expected`: how many entries the log is said to have."""
        self.aggregates = AuditedAggregates(expected)
        self.moments = Moments(findings)
        self.not_judged = 0
        """Events of streams that an earlier finding made unknown."""
        self._findings = findings
        self._lost: set[str] = set()
        self._redacted: set[str] = set()
        """Streams of which a redacted entry said something that others rest on."""
        self._resting = 0
        """Events that rest on one of them."""

    def consider(self, event: Event) -> None:
        """The next event is admitted and folded, or a finding says why it may not stand where it stands."""
        self.moments.consider(event)
        stream = event.stream
        if self._lost and stream in self._lost:
            self.not_judged += 1
            return
        try:
            if self._redacted and not self._redacted.isdisjoint((stream, *consults(event.data, event.actor))):
                self._rest(event)
            else:
                admit(event, self.aggregates)
        except VersionDiffers as error:
            self._refuse(event, error.code, f"version {error.expected} of {stream}", f"version {error.found}")
        except LedgerError as error:
            self._refuse(event, error.code, f"an event that is lawful here: {event.type}", str(error))
        else:
            if event.type in _BY_THE_CLOCK:
                self.moments.consider_clock(event, self.aggregates)
            evolve(self.aggregates, event)

    def pass_over(self, redacted: Redacted) -> None:
        """The next entry is redacted: only that it is the next of its stream is judged."""
        stream = redacted.stream
        if stream in self._lost:
            self.not_judged += 1
            return
        if redacted.version != (expected := self.aggregates.state(stream).version + 1):
            self._lost.add(stream)
            place = f"entry {redacted.seq}, stream {stream}"
            self._findings.fault("lawfulness", VersionDiffers.code, place, f"version {expected}", f"version {redacted.version}")
            return
        pass_over(self.aggregates, stream, redacted.version)
        if not tells_nothing(redacted.type):
            self._redacted.add(stream)

    def _rest(self, event: Event) -> None:
        """The event is taken as it is, but for its version. Raises `VersionDiffers`."""
        expected = self.aggregates.state(event.stream).version + 1
        if event.version != expected:
            raise VersionDiffers(event.stream, expected, event.version)
        self._resting += 1
        self.not_judged += 1

    def finish(self) -> None:
        """The end of the log is judged: nothing that the clock had to do is left undone."""
        self.moments.finish(self.aggregates)
        if lost := self.not_judged - self._resting:
            why = "an earlier event of the same stream could not be admitted"
            self._findings.left_out("lawfulness", "stream-lost", f"{lost} events", why)
        if self._resting:
            why = "an entry of a stream that their admission looks at is redacted"
            self._findings.left_out("lawfulness", "stream-redacted", f"{self._resting} events", why)

    def forget(self) -> None:
        """The states are let go; nothing more can be considered."""
        self.aggregates = AuditedAggregates(0)

    def _refuse(self, event: Event, code: str, expected: str, found: str) -> None:
        self._lost.add(event.stream)
        self._findings.fault("lawfulness", code, f"entry {event.seq}, stream {event.stream}", expected, found)


_BY_THE_CLOCK = frozenset({"step.opened/1", "step.closed/1", "step.closed_early/1"})
