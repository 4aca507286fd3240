"""What keeps submissions from being recorded although nothing is wrong with them: somebody wrote first, or the write path is not sure."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Conflict, Forbidden, Malformed, Refused, TooLarge, Unavailable


@dataclass
class VersionStale(Conflict):
    """The stream moved on since the client read it."""

    code: ClassVar[str] = "version-stale"
    message: ClassVar[str] = "The stream {stream!r} is at version {found}, not {expected}; read it again, then post."
    stream: str
    expected: int
    found: int


@dataclass
class CutOffMoved(Conflict):
    """Between the counting and the recording of a result, the cut-off of the step moved."""

    code: ClassVar[str] = "cut-off-moved"
    message: ClassVar[str] = "The result of the step {step!r} was computed at the cut-off {computed}, which is now {found}; post it again."
    step: str
    computed: int | None
    found: int | None


@dataclass
class VersionUnclear(Malformed):
    """A version is expected of one stream, and the request writes to several."""

    code: ClassVar[str] = "version-unclear"
    message: ClassVar[str] = (
        "If-Match states the version of one stream, and the request writes to {streams}; send one request for each stream."
    )
    streams: int


@dataclass
class SubmissionTooLarge(TooLarge):
    """One submission is longer than anything that could become an entry with its texts."""

    code: ClassVar[str] = "submission-too-large"
    message: ClassVar[str] = "{place}: the submission takes {size} bytes, at most {limit} are read; send long lists as several events."
    place: str
    size: int
    limit: int


@dataclass
class IdempotencyKeyReused(Malformed):
    """The key of a request was used before, with another body."""

    code: ClassVar[str] = "idempotency-key-reused"
    message: ClassVar[str] = "The Idempotency-Key {key!r} belongs to a request with another body; choose a new key for a new request."
    key: str


@dataclass
class RoleBeyondKey(Forbidden):
    """The API key does not let its client claim this role."""

    code: ClassVar[str] = "role-beyond-key"
    message: ClassVar[str] = "{place}: the API key of {client!r} may not post in the role {role!r}."
    place: str
    client: str
    role: str


@dataclass
class ClockUnconfirmed(Unavailable):
    """The clock of the machine jumped, and nobody has said yet that it is right."""

    code: ClassVar[str] = "clock-unconfirmed"
    message: ClassVar[str] = (
        "The clock jumped {direction} by {seconds} seconds, so nothing is recorded until an operator confirms the time."
    )
    direction: str
    seconds: int


@dataclass
class KeyNotCommitted(Unavailable):
    """The key store holds another key of a scope than the one that the log commits to."""

    code: ClassVar[str] = "key-not-committed"
    message: ClassVar[str] = "The key {key!r} of project {project!r} is not the one its log commits to; put the right key back."
    project: str
    key: str


@dataclass
class WriteUnconfirmed(Unavailable):
    """The connection to the database broke while recording; whether it was recorded is not known."""

    code: ClassVar[str] = "write-unconfirmed"
    message: ClassVar[str] = (
        "The database did not answer, so it is not known whether this was recorded; send it again with the same Idempotency-Key."
    )


@dataclass
class WriteInterrupted(Unavailable):
    """Recording failed and was undone."""

    code: ClassVar[str] = "write-interrupted"
    message: ClassVar[str] = "Nothing was recorded, because {why}; send it again."
    why: str


@dataclass
class WritersBusy(Unavailable):
    """More waits to be recorded than the service lets wait."""

    code: ClassVar[str] = "writers-busy"
    message: ClassVar[str] = "{waiting} submissions wait to be recorded already; send this again in a moment."
    waiting: int


@dataclass
class LogForked(Unavailable):
    """The hashes in the database do not make the tree that was signed."""

    code: ClassVar[str] = "log-forked"
    message: ClassVar[str] = "The database no longer has the tree of project {project!r} that was signed at size {size}; put a backup back."
    project: str
    size: int


@dataclass
class CountedTogether(Refused):
    """A request closes a step and states what is counted in it."""

    code: ClassVar[str] = "counted-together"
    message: ClassVar[str] = (
        "{event_type} is counted once {closing} of the step {step!r} is recorded; post it in a request of its own, after that one."
    )
    event_type: str
    closing: str
    step: str
