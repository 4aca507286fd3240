"""What may stand in the ledger log: the rules that a monitor follows it by (stream `log/<project>`).

One opening per log and per origin; sizes strictly increase; each entry about a log names the one before it; nothing after the closing; a
key is added once and retired once, and the last one is not retired while the log goes on. The service asks them before it appends, a
monitor asks them again about every entry.
"""

from dataclasses import dataclass, field
from typing import Final

from ledger.errors import (
    KeyAlreadyAdded,
    KeyNotActive,
    LedgerEnvelopeUnfit,
    LedgerError,
    LogAlreadyOpened,
    LogChainBroken,
    LogClosedAlready,
    LogNotGrown,
    LogNotOpened,
    OriginDiffers,
    OriginTwice,
    StreamDiffers,
    VersionDiffers,
)
from ledger.events import Event
from ledger.events.ledger_log import (
    VIA,
    FollowingEvent,
    KeyAdded,
    KeyRetired,
    LogCheckpointed,
    LogClosed,
    LoggedEvent,
    LogOpened,
)


@dataclass(slots=True)
class LoggedState:
    """One log, as the ledger log tells of it."""

    version: int = 0
    origin: str = ""
    first: str | None = None
    size: int = 0
    root: str | None = None
    """Base64url of the root at `size`; None before the first checkpoint."""
    opened_index: int = -1
    """Where its opening stands."""
    last_index: int = -1
    """Where the newest entry about this log stands."""
    checkpointed: int = -1
    """Where `size` and `root` are stated; -1 before the first checkpoint."""
    last_at: str = ""
    closed: bool = False
    successor: str | None = None
    vkeys: tuple[str, ...] = ()
    """Keys that sign the log now, in the order in which they were added."""
    retired: tuple[str, ...] = ()


@dataclass(slots=True)
class LoggedLogs:
    """Every log that a ledger log tells of, by the reference of its project."""

    origin: str
    """Of the ledger log itself."""
    logs: dict[str, LoggedState] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    """Origin → project."""

    def of(self, project: str) -> LoggedState:
        """The log of a project; a blank state where the ledger log does not know it. For reading only."""
        return self.logs.get(project, _BLANK)


_BLANK: Final = LoggedState()

REFUSALS: Final[tuple[type[LedgerError], ...]] = (
    StreamDiffers,
    LedgerEnvelopeUnfit,
    LogAlreadyOpened,
    OriginTwice,
    LogNotOpened,
    OriginDiffers,
    LogChainBroken,
    LogClosedAlready,
    LogNotGrown,
    KeyAlreadyAdded,
    KeyNotActive,
    VersionDiffers,
)
"""What `admit_logged` refuses with."""


def admit_logged(event: Event, logs: LoggedLogs) -> None:
    """Returns when the event may stand next in the ledger log; raises the refusal, a leaf of `Refused`, otherwise. Changes nothing."""
    data = event.data
    if not isinstance(data, LoggedEvent):
        raise AssertionError(f"{event.type} is no event of a ledger log")
    if event.stream != data.stream(None):
        raise StreamDiffers(data.stream(None), event.stream)
    if (event.log, event.role, event.via) != (logs.origin, "system", VIA) or event.actor is not None:
        raise LedgerEnvelopeUnfit(event.seq, logs.origin)
    state = logs.of(data.project)
    if isinstance(data, LogOpened):
        _admit_opened(data, state, logs)
    elif isinstance(data, FollowingEvent):
        _admit_following(data, state)
    if event.version != state.version + 1:
        raise VersionDiffers(event.stream, state.version + 1, event.version)


def _admit_opened(data: LogOpened, state: LoggedState, logs: LoggedLogs) -> None:
    if state.version:
        raise LogAlreadyOpened(data.project, state.origin)
    if data.origin in logs.origins:
        raise OriginTwice(data.origin, logs.origins[data.origin])


def _admit_following(data: FollowingEvent, state: LoggedState) -> None:
    if not state.version:
        raise LogNotOpened(data.project)
    if data.origin != state.origin:
        raise OriginDiffers(data.project, state.origin, data.origin)
    if data.previous != state.last_index:
        raise LogChainBroken(data.project, state.last_index, data.previous)
    if state.closed:
        raise LogClosedAlready(data.project)
    _check_against(data, state)


def _check_against(data: FollowingEvent, state: LoggedState) -> None:
    """What the entry states can follow on what was stated before."""
    match data:
        case LogCheckpointed(size=size):
            if size <= state.size:
                raise LogNotGrown(data.project, state.size, size)
        case LogClosed(size=size, root=root):
            if size < state.size or (size == state.size and state.root is not None and root != state.root):
                raise LogNotGrown(data.project, state.size, size)
        case KeyAdded(vkey=vkey):
            if vkey in state.vkeys or vkey in state.retired:
                raise KeyAlreadyAdded(data.project, vkey)
        case KeyRetired(vkey=vkey):
            if vkey not in state.vkeys or len(state.vkeys) == 1:
                raise KeyNotActive(data.project, vkey)


def evolve_logged(logs: LoggedLogs, event: Event) -> None:
    """The logs are as told after the event, which was admitted."""
    data = event.data
    if not isinstance(data, LoggedEvent):
        raise AssertionError(f"{event.type} is no event of a ledger log")
    state = logs.logs.setdefault(data.project, LoggedState())
    match data:
        case LogOpened():
            state.origin, state.first, state.vkeys, state.opened_index = data.origin, data.first, (data.vkey,), event.seq
            logs.origins[data.origin] = data.project
        case LogCheckpointed():
            state.size, state.root, state.checkpointed = data.size, data.root, event.seq
        case LogClosed():
            state.size, state.root, state.checkpointed = data.size, data.root, event.seq
            state.closed, state.successor = True, data.successor
        case KeyAdded():
            state.vkeys = (*state.vkeys, data.vkey)
        case KeyRetired():
            state.vkeys = tuple(vkey for vkey in state.vkeys if vkey != data.vkey)
            state.retired = (*state.retired, data.vkey)
    state.version = event.version
    state.last_index, state.last_at = event.seq, event.at
