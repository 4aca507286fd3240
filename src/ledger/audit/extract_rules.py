"""The rules of the ledger log, asked again of the part of it that a package holds.

Left out of that part are sizes of the log other than that of the package. So where entries about a log follow each other with a gap, the
gap has to be one that entries could fill: as many versions as are left out, in as many places or more. What these said is not known here;
whoever follows the whole ledger log knows it.
"""

from dataclasses import dataclass, field

from ledger.aggregates.ledger_log import LoggedLogs, LoggedState, admit_logged, evolve_logged
from ledger.audit.findings import Findings
from ledger.canonical import parse_canonical
from ledger.errors import LedgerError, Malformed, MalformedVkey
from ledger.events import Event
from ledger.events.envelope import entry_bytes
from ledger.events.ledger_log import LEDGER_LOG, FollowingEvent, KeyRetired, LogCheckpointed, LogClosed, LoggedEvent, read_ledger_event
from ledger.package.layout import LEDGER_ENTRIES
from ledger.sealing import digest_text
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.lines import base64
from ledger.tlog.tree import EMPTY_ROOT
from ledger.tlog.vkey import SignatureType, Vkey, parse_vkey


@dataclass(slots=True)
class ExtractRules:
    """What the entries say, one after the other. `about` is the checkpoint at which the package is cut, `ledger` that of the ledger log."""

    about: Checkpoint
    ledger: Checkpoint
    findings: Findings
    logs: LoggedLogs = field(init=False)
    left_out: int = 0
    """Entries about these logs, before the last one here, that are not in the package."""
    closed: LogClosed | None = None
    retired_by: dict[str, int] = field(default_factory=dict)
    """Retired key of the package's log → the entry that says so."""
    _roots: list[str] = field(default_factory=list)
    """Roots that are stated for the size of the package."""
    _last: tuple[int, str] = (-1, "")
    """Place and time of the entry before."""

    def __post_init__(self) -> None:
        """Nothing is known of any log yet."""
        self.logs = LoggedLogs(self.ledger.origin)

    @property
    def log(self) -> LoggedState:
        """The package's log, as the entries tell of it."""
        return self.logs.of(self.logs.origins.get(self.about.origin, ""))

    @property
    def of_ledger(self) -> LoggedState:
        """The ledger log, as it tells of itself."""
        return self.logs.of(LEDGER_LOG)

    def consider(self, number: int, line: bytes) -> int | None:
        """The next entry, line `number` of its file, may follow, or a finding says why not; its index is returned if it has one."""
        place = f"{LEDGER_ENTRIES} line {number}"
        try:
            event = read_ledger_event(line)
            parse_canonical(line)
        except Malformed as error:
            self._fault("ledger-entry", place, "an entry of a ledger log", str(error))
            return None
        place = f"{place} (entry {event.seq} of the ledger log)"
        if entry_bytes(event) != line:
            self._fault("ledger-entry", place, "the entry as a ledger writes it", "canonical JSON that says the same otherwise")
        index, at = self._last
        if event.seq <= index or event.at < at:
            self._fault("ledger-rules", place, f"an entry after {index}, at {at} or later", f"entry {event.seq}, at {event.at}")
            return event.seq
        self._last = event.seq, event.at
        if self._belongs(event, place):
            self._admit(event, place)
        return event.seq

    def finish(self) -> None:
        """All entries were considered: the log is known, and it stands there as the package has it."""
        for origin, state in ((self.about.origin, self.log), (self.ledger.origin, self.of_ledger)):
            if not state.version:
                self._fault("ledger-rules", LEDGER_ENTRIES, f"the entry that opens the log {origin}", "no such entry")
        root = digest_text(self.about.root)
        if self.closed is not None:
            self._check_closed(self.closed)
        if not self.about.size:
            self._roots.append(digest_text(EMPTY_ROOT))
        expected = f"root {base64(self.about.root)} at {self.about.size} entries, as {self.about.origin} signed it"
        if not self._roots and self.log.version:
            self._fault("ledger-root", LEDGER_ENTRIES, expected, "nothing about this size")
        for stated in self._roots:
            if stated != root:
                self._fault("ledger-root", LEDGER_ENTRIES, expected, f"another root at that size: {stated}")
        if self.left_out:
            why = "a package does not hold them; whoever follows the whole ledger log (ledger monitor) sees what they say"
            self.findings.left_out("integrity", "ledger-left-out", f"{self.left_out} entries of the ledger log about this log", why)

    def check_first(self, leaf: bytes | None) -> None:
        """`leaf`: the leaf hash of the first entry in the package. It is the one with which the log was opened."""
        if not self.log.version or leaf is None:
            return
        expected = self.log.first or "none"
        if digest_text(leaf) != expected:
            self._fault("ledger-first", "entry 0", f"the entry with which this log was opened, leaf hash {expected}", digest_text(leaf))

    def _belongs(self, event: Event, place: str) -> bool:
        data = event.data
        if not isinstance(data, LoggedEvent):
            raise AssertionError(f"{event.type} is no event of a ledger log")
        of_ledger = (data.project == LEDGER_LOG, data.origin == self.ledger.origin)
        if of_ledger == (True, True) or (of_ledger == (False, False) and data.origin == self.about.origin):
            if not isinstance(data, LogCheckpointed):
                return True
            if data.size == self.about.size and data.origin == self.about.origin:
                return True
            self._fault("ledger-rules", place, f"no other size than that of the package, {self.about.size}", f"size {data.size}")
            return False
        expected = f"only entries about {self.about.origin} and {self.ledger.origin}"
        self._fault("ledger-rules", place, expected, f"{data.origin} of the project {data.project}")
        return False

    def _admit(self, event: Event, place: str) -> None:
        data = event.data
        if isinstance(data, FollowingEvent):
            self._bridge(data, event.version)
        try:
            admit_logged(event, self.logs)
            vkey = getattr(data, "vkey", None)
            if vkey is not None:
                self._check_key(vkey, self.about.origin if data.project != LEDGER_LOG else self.ledger.origin)  # type: ignore[attr-defined]
        except (LedgerError, MalformedVkey) as error:
            self._fault("ledger-rules", place, f"an entry that may follow here: {event.type}", str(error))
            return
        evolve_logged(self.logs, event)
        if isinstance(data, LogCheckpointed):
            self._roots.append(data.root)
        elif isinstance(data, LogClosed) and data.project != LEDGER_LOG:
            self.closed = data
        elif isinstance(data, KeyRetired) and data.project != LEDGER_LOG:
            self.retired_by[data.vkey] = event.seq

    def _bridge(self, data: FollowingEvent, version: int) -> None:
        """Where entries about the log can have been left out before this one, it is judged as what follows on them."""
        state = self.logs.logs.get(data.project)
        if state is None or data.project == LEDGER_LOG:
            return  # of the ledger log nothing is left out
        missing = version - state.version - 1
        if 0 < missing <= data.previous - state.last_index:
            self.left_out += missing
            state.version, state.last_index = version - 1, data.previous

    def _check_closed(self, closed: LogClosed) -> None:
        if self.about.size > closed.size:
            expected = f"at most {closed.size} entries: the ledger log says that this log ended there ({closed.code})"
            self._fault("ledger-closed", LEDGER_ENTRIES, expected, f"{self.about.size} entries")
            return
        if self.about.size == closed.size:
            self._roots.append(closed.root)
        after = f", and goes on as {closed.successor}" if closed.successor else ""
        expected, found = "a log that goes on", f"it ended at {closed.size} entries ({closed.code}){after}"
        self.findings.notice("integrity", "log-closed", LEDGER_ENTRIES, expected, found)

    def _check_key(self, text: str, origin: str) -> None:
        vkey = parse_vkey(text)
        if (vkey.name, vkey.type) != (origin, SignatureType.ED25519):
            raise MalformedVkey(place="vkey", why=f"it is not a key that signs as {origin}")

    def _fault(self, check: str, place: str, expected: str, found: str) -> None:
        self.findings.fault("integrity", check, place, expected, found)


def newest_first(vkeys: tuple[str, ...]) -> tuple[Vkey, ...]:
    """The keys that these texts spell, which were read before, the last of them first."""
    return tuple(parse_vkey(text) for text in reversed(vkeys))
