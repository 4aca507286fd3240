"""What stands in the ledger log: which logs there are, how far each has come, and whose keys sign them (docs/formats/ledger-log.md).

These events are of one log of their own, which no platform posts to. They have the envelope of every entry; their types are apart from
those of projects, because nothing else is admitted in that log, and none of these anywhere else.
"""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import StringConstraints, TypeAdapter, ValidationError

from ledger.events.envelope import Entry, Event, EventData
from ledger.events.faults import malformed
from ledger.events.readings import entry_model, one_of
from ledger.ids import Code, Count, Digest, Instant, Origin, Ref

LEDGER_LOG: Final = "~ledger"
"""The reference under which a ledger keeps its ledger log; no project has it. The log's origin is `<host>/ledger`."""

VIA: Final = "ledger"
"""The `via` of these entries: nobody posts them."""

VkeyText = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\s\x00-\x1f]+$")]


def ledger_origin(host: str) -> str:
    """The origin of the ledger log of a ledger that is reached under `host`."""
    return f"{host}/ledger"


class LoggedEvent(EventData):
    """A fact about the log `origin`; `project` is the reference of its project, or `~ledger` for the ledger log itself."""

    project: Ref
    origin: Origin

    def stream(self, actor: str | None) -> str:
        """`log/<project>`: one per log."""
        return f"log/{self.project}"


class LogOpened(LoggedEvent):
    """The log exists. `first` is the leaf hash of its entry 0: another log of the same name would begin otherwise."""

    TYPE: ClassVar[str] = "log.opened"

    first: Digest | None = None
    opened_at: Instant
    vkey: VkeyText
    continues: Origin | None = None
    """The log that this one takes the place of."""


class FollowingEvent(LoggedEvent):
    """Anything after `log.opened`: `previous` is the index, in the ledger log, of the entry before it about the same log."""

    previous: Count


class LogCheckpointed(FollowingEvent):
    """The log had this size and root, and a checkpoint of it was signed."""

    TYPE: ClassVar[str] = "log.checkpointed"

    size: Count
    root: Digest
    cause: Literal["grown", "step_opened", "step_closed", "export"]


class LogClosed(FollowingEvent):
    """The log ends at this size and root: nothing of it that is longer is genuine."""

    TYPE: ClassVar[str] = "log.closed"

    size: Count
    root: Digest
    code: Code
    successor: Origin | None = None


class KeyAdded(FollowingEvent):
    """The log is signed with this key, too, from here on."""

    TYPE: ClassVar[str] = "key.added"

    vkey: VkeyText


class KeyRetired(FollowingEvent):
    """The log is signed with this key no more; what it signed of a greater size than the log had is not genuine."""

    TYPE: ClassVar[str] = "key.retired"

    vkey: VkeyText
    code: Code


LEDGER_EVENTS: Final[tuple[type[LoggedEvent], ...]] = (LogOpened, LogCheckpointed, LogClosed, KeyAdded, KeyRetired)

LEDGER_ENTRY: Final[TypeAdapter[Entry]] = one_of([entry_model(event) for event in LEDGER_EVENTS])
"""Reads the bytes of one stored entry of the ledger log."""


def read_ledger_event(entry: bytes) -> Event:
    """The event that the bytes of an entry of the ledger log say. Raises `Malformed` where they say none."""
    try:
        stored = LEDGER_ENTRY.validate_json(entry)
    except ValidationError as error:
        raise malformed(error, "$") from None
    return Event(
        stored.type, stored.data, stored.stream, stored.role, stored.channel, stored.via, stored.log, stored.at, seq=stored.seq,
        version=stored.version,
    )  # fmt: skip
