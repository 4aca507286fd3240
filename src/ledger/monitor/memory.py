"""What a monitor remembers between two visits: one file, replaced whole, so that it is never half written."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.aggregates.ledger_log import LoggedLogs, LoggedState
from ledger.durable import replace
from ledger.errors import MalformedTile, MonitorStateUnfit
from ledger.tlog.lines import base64, unbase64
from ledger.tlog.tree import Frontier

FORMAT: Final = "participation-ledger-monitor/1"


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Log(_Kept):
    """One log as the ledger log tells of it. See `LoggedState`."""

    version: int
    origin: str
    first: str | None
    size: int
    root: str | None
    opened_index: int
    last_index: int
    checkpointed: int
    last_at: str
    closed: bool
    successor: str | None
    vkeys: tuple[str, ...]
    retired: tuple[str, ...]


class Seen(_Kept):
    """What was seen of a project itself at the last visit."""

    note: str | None = None
    """Its newest checkpoint, the greatest that was seen."""
    ahead_since: float | None = None
    """Unix time since when its checkpoint was greater than what the ledger log states, without the ledger log moving."""
    ahead_of: int = 0
    """What the ledger log stated then."""
    missing_since: float | None = None
    unlisted_since: float | None = None


class Memory(_Kept):
    """Everything that a monitor knows of one ledger."""

    format: Literal["participation-ledger-monitor/1"] = FORMAT
    url: str
    vkeys: tuple[str, ...] = ()
    """Keys of the ledger log that are trusted: given, or those of the first visit, and those it announced since."""
    key_given: bool = False
    origin: str = ""
    """Of the ledger log, as it was first seen."""
    note: str | None = None
    """The newest checkpoint of the ledger log that was followed."""
    size: int = 0
    frontier: tuple[str, ...] = ()
    logs: Annotated[dict[str, Log], Field(max_length=1_000_000)] = {}
    seen: dict[str, Seen] = {}
    visited_at: str | None = None
    evidence: tuple[str, ...] = ()
    """Marks of what was saved as evidence already, so that a fault that lasts is saved once."""

    def tree(self) -> Frontier:
        """The tree of the ledger log as far as it was followed."""
        return Frontier(self.size, tuple(unbase64(part) or b"" for part in self.frontier))

    def grown(self, tree: Frontier) -> None:
        """The ledger log was followed up to this tree."""
        self.size, self.frontier = tree.size, tuple(base64(part) for part in tree.hashes)

    def logged(self, origin: str) -> LoggedLogs:
        """The logs as the ledger log of this origin tells of them."""
        logs = LoggedLogs(origin)
        for project, log in self.logs.items():
            logs.logs[project] = LoggedState(**log.model_dump())
            logs.origins[log.origin] = project
        return logs

    def keep(self, logs: LoggedLogs) -> None:
        """The logs are told of so now."""
        self.logs = {
            project: Log.model_construct(**{name: getattr(state, name) for name in Log.model_fields})
            for project, state in logs.logs.items()
        }


def read_memory(path: Path, url: str) -> Memory:
    """What is kept in the file; a blank memory where there is none. Raises `MonitorStateUnfit`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Memory(url=url)
    except OSError as error:
        raise MonitorStateUnfit(str(path), error.strerror or "it cannot be read") from None
    try:
        memory = Memory.model_validate_json(content)
        memory.tree()
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise MonitorStateUnfit(str(path), f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    except MalformedTile as error:
        raise MonitorStateUnfit(str(path), str(error)) from None
    if memory.url != url:
        raise MonitorStateUnfit(str(path), f"it is about {memory.url}, not {url}")
    return memory


def write_memory(path: Path, memory: Memory) -> None:
    """Replaces the file; when this returns it is on the disk."""
    try:
        replace(path.absolute(), memory.model_dump_json(indent=1).encode() + b"\n")
    except OSError as error:
        raise MonitorStateUnfit(str(path), error.strerror or "it cannot be written") from None
