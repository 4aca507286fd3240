"""What the core asks of the outside world. Adapters live in `store/`; tests bring their own."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.canonical import JsonValue
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import Signer
from ledger.tlog.vkey import Vkey


@dataclass(frozen=True, slots=True)
class Client:
    """A program that posts for a platform, and what its API key allows. Necessary, not sufficient: admission still decides.

    `name` is public, it stands in entries as `via`. `namespace` is where the references of its people live: two platforms never collide.
    `projects` empty means every project.
    """

    name: str
    namespace: str
    scopes: frozenset[str]
    roles: frozenset[str]
    projects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a log ended: size and root (base64url) of its last checkpoint, why, and the keys that it was signed with then."""

    size: int
    root: str
    code: str
    successor: str | None
    """The origin of the log that takes its place."""
    vkeys: tuple[str, ...]

    def checkpoint(self, origin: str) -> Checkpoint:
        """The last checkpoint of the log, whose origin is not among the closing."""
        return Checkpoint(origin, self.size, urlsafe_b64decode(f"{self.root}="))

    def written(self) -> dict[str, JsonValue]:
        """The closing as JSON; `read` of it gives this closing."""
        return {"code": self.code, "root": self.root, "size": self.size, "successor": self.successor, "vkeys": list(self.vkeys)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Closing":
        """The closing that `written` wrote. Raises `KeyError`, `TypeError`, `ValueError` for another document."""
        size, root, code, successor = (document[name] for name in ("size", "root", "code", "successor"))
        if type(size) is not int or not isinstance(root, str) or not isinstance(code, str) or not isinstance(successor, str | None):
            raise TypeError("a field of a closing is of another kind")
        return cls(size, root, code, successor, tuple(map(str, document["vkeys"])))


class Clock(Protocol):
    """The ledger's own time."""

    def now(self) -> str:
        """The current UTC time as an `Instant`. Raises `ClockUnconfirmed` after a jump until an operator confirms the time."""
        ...


class Entropy(Protocol):
    """Randomness fit for keys and salts."""

    def bytes(self, count: int) -> bytes:
        """Fresh unpredictable bytes."""
        ...


class KeyStore(Protocol):
    """Keys outside the database: 32 random bytes each, in a file of mode 0600, written with fsync before anyone relies on it."""

    def signer(self, project: str) -> Signer:
        """The newest signing key of the project's log. Raises `KeyMissing`."""
        ...

    def signers(self, project: str) -> tuple[Signer, ...]:
        """Every key that signs the project's log now, the newest first: several while one takes over from another.

        None once the log has ended. Raises `KeyMissing` where there should be one.
        """
        ...

    def vkeys(self, project: str) -> tuple[Vkey, ...]:
        """The public halves of `signers`, in that order; of a log that has ended, the keys that signed it last. Raises `KeyMissing`."""
        ...

    def make_signer(self, project: str, origin: str) -> Signer:
        """The newest signing key of the project's log, named `origin`, made now if there is none; durable when this returns.

        Raises `LogClosed` where a log of this reference has ended.
        """
        ...

    def add_signer(self, project: str) -> Signer:
        """A new signing key beside those there are, of which there has to be one; durable when this returns. Raises `KeyMissing`."""
        ...

    def retire_signer(self, project: str, vkey: Vkey) -> None:
        """Destroys this signing key. Raises `KeyMissing` where it is not there. Whether it may go is for the rules of the ledger log."""
        ...

    def signed(self, project: str) -> bytes | None:
        """The rollback guard: the note of the checkpoint that was kept last, wherever the database is now; None before the first."""
        ...

    def keep_signed(self, project: str, note: bytes) -> None:
        """Keeps the note of a checkpoint as the guard; durable when this returns. One of a smaller size than the last changes nothing."""
        ...

    def closing(self, project: str) -> Closing | None:
        """How the project's log ended; None while it goes on. What is closed stays so, whatever is put back of the database."""
        ...

    def close_log(self, project: str, closing: Closing) -> None:
        """The log has ended; durable when this returns. A second call changes nothing."""
        ...

    def scope_key(self, project: str, scope: str) -> bytes:
        """The key of a scope (`author`, `report`, `step.<ref>`), of `sealed.<step>` (choices), `fingerprint` or `epoch.<number>`.

        Raises `KeyMissing`.
        """
        ...

    def make_scope_key(self, project: str, scope: str) -> bytes:
        """The key of a scope, made now if there is none; durable when this returns. A second call returns the same key."""
        ...

    def destroy_scope_key(self, project: str, scope: str) -> None:
        """Deletes the key; what was made with it can no longer be made, nor read. Raises `KeyMissing` where there is none."""
        ...

    def epochs(self, project: str) -> tuple[int, ...]:
        """The numbers of the epoch keys that exist, ascending; subjects' keys are wrapped under the last."""
        ...


class ProjectLog(Protocol):
    """The entries of one project's log, as stored."""

    def size(self) -> int:
        """How many entries are committed."""
        ...

    def visibility_size(self) -> int:
        """1 + seq of the newest event that may have changed what is shown of earlier entries (a case, an erasure); 0 before the first.

        Asked before texts are read, it names a state that is not newer than theirs.
        """
        ...

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(seq, entry bytes) for start ≤ seq < stop, ascending, without gaps.

        Of a redacted entry the line that stands in its place (`ledger.events.redacted`).
        """
        ...

    def redaction_size(self) -> int:
        """1 + seq of the newest event that redacted an earlier entry; 0 before the first. What was made of entries before is to go."""
        ...

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """(seq, field name, disclosure text) of what may be shown now, for start ≤ seq < stop, ascending by seq, then name."""
        ...

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        """(seq, field name) → what may be shown now of the public fields of these entries, however many; choices are not among it."""
        ...


Row = Mapping[str, JsonValue]


class Views(Protocol):
    """Rows of projections of one project, as they were at a size."""

    def rows(self, projection: str, size: int) -> Iterator[tuple[str, Row]]:
        """(key, row) pairs true at `size`, ascending by key (by code point)."""
        ...

    def latest(self, projection: str, size: int, after: int = -1) -> Iterator[tuple[str, Row]]:
        """The same pairs, ascending by the seq of the event that last changed the row; memory does not grow with their number.

        Rows that were last changed at the seq `after`, or before, are left out.
        """
        ...

    def row(self, projection: str, key: str, size: int) -> Row | None:
        """The row of one key at `size`, or None."""
        ...

    def reflected(self) -> int:
        """The size up to which every projection has caught up."""
        ...
