"""A ledger log as the ledger would hold it, in memory: what it says of logs is admitted, proven and signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.aggregates.ledger_log import LoggedLogs, LoggedState, admit_logged, evolve_logged
from ledger.events import Event
from ledger.events.envelope import entry_bytes
from ledger.events.ledger_log import (
    LEDGER_ENTRY,
    LEDGER_LOG,
    VIA,
    KeyAdded,
    KeyRetired,
    LogCheckpointed,
    LogClosed,
    LoggedEvent,
    LogOpened,
    ledger_origin,
)
from ledger.exports.extracting import extract_of
from ledger.package.ledger_extract import LedgerExtract
from ledger.sealing import digest_text
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.proof import inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.vkey import Vkey
from tests.tlog.keys import KnownSigner

OPENED_AT = "2026-03-01T07:00:00.000Z"


@dataclass
class LoggedLedger:
    """The ledger log of the host `ledger.example`, which says of itself that it was opened."""

    origin: str = ledger_origin("ledger.example")
    stored: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.logs = LoggedLogs(self.origin)
        self.signers = [KnownSigner(self.origin, 21)]
        """Those that sign it now, the newest first."""
        self.append(LogOpened(project=LEDGER_LOG, origin=self.origin, opened_at=OPENED_AT, vkey=str(self.signers[0].vkey)))

    def append(self, data: LoggedEvent, *, admitted: bool = True, **envelope: Any) -> int:
        """What is said next; returned is its index. Not `admitted`: as somebody says it who holds the ledger's keys."""
        seq = len(self.stored)
        fields = {
            "role": "system", "channel": "api", "via": VIA, "log": self.origin, "stream": data.stream(None), "seq": seq,
            "at": f"2026-03-01T{8 + seq // 60:02}:{seq % 60:02}:00.000Z", "version": self.logs.of(data.project).version + 1,
        }  # fmt: skip
        event = Event(type=data.wire_type(), data=data, **{**fields, **envelope})
        if admitted:
            admit_logged(event, self.logs)
        evolve_logged(self.logs, event)
        self.stored.append(entry_bytes(event))
        return seq

    def open(self, origin: str, vkey: Vkey, first: bytes | None) -> None:
        """A log exists, signed with this key; `first` is its first entry."""
        digest = None if first is None else digest_text(leaf_hash(first))
        self.append(LogOpened(project=_ref(origin), origin=origin, opened_at=OPENED_AT, vkey=str(vkey), first=digest))

    def grown(self, log: Checkpoint, cause: Any = "grown") -> int:
        """The log has this size and root."""
        root = digest_text(log.root)
        return self.append(LogCheckpointed(**self.about(log.origin), size=log.size, root=root, cause=cause))

    def closed(self, log: Checkpoint, code: str = "key_compromised") -> int:
        """The log has ended with this size and root."""
        root = digest_text(log.root)
        return self.append(LogClosed(**self.about(log.origin), size=log.size, root=root, code=code, successor=f"{log.origin}-2"))

    def added(self, origin: str, vkey: Vkey) -> int:
        """The log is signed with this key, too."""
        return self.append(KeyAdded(**self.about(origin), vkey=str(vkey)))

    def retired(self, origin: str, vkey: Vkey) -> int:
        """The log is signed with this key no more."""
        return self.append(KeyRetired(**self.about(origin), vkey=str(vkey), code="rotated"))

    def stand(self, log: Checkpoint, vkey: Vkey, first: bytes | None) -> None:
        """The log stands here as in its checkpoint, unless something of that size or greater does."""
        if not self.of(log.origin).version:
            self.open(log.origin, vkey, first)
        if log.size > self.of(log.origin).size and not self.of(log.origin).closed:
            self.grown(log, "export")

    def of(self, origin: str) -> LoggedState:
        """What is said of the log."""
        return self.logs.of(self._project(origin))

    def checkpoint(self, signers: Sequence[KnownSigner] = ()) -> bytes:
        """The signed checkpoint of the ledger log itself."""
        leaves = [leaf_hash(entry) for entry in self.stored]
        return sign_note(Checkpoint(self.origin, len(leaves), tree_root(leaves)).text, signers or self.signers).encode()

    def extract(self, about: Checkpoint, note: bytes | None = None) -> LedgerExtract:
        """What of it goes into a package that is cut at `about`."""
        streams = {f"log/{LEDGER_LOG}", f"log/{_ref(about.origin)}"}
        entries = [(index, entry) for index, entry in enumerate(self.stored) if LEDGER_ENTRY.validate_json(entry).stream in streams]
        return extract_of(entries, note or self.checkpoint(), about, HeldTiles([leaf_hash(entry) for entry in self.stored])).extract

    def holding(self, *indices: int) -> LedgerExtract:
        """An extract of these entries, whatever they say, proven and signed as they stand."""
        note, tiles = self.checkpoint(), HeldTiles([leaf_hash(entry) for entry in self.stored])
        proofs = tuple(TlogProof(index, inclusion_proof(index, tiles.size, tiles), parse_note(note)).encode() for index in indices)
        vkeys = tuple(str(signer.vkey) for signer in self.signers)
        return LedgerExtract(note, vkeys, tuple((index, self.stored[index]) for index in indices), proofs)

    def about(self, origin: str) -> dict[str, Any]:
        """What anything further that is said of the log begins with."""
        return {"project": self._project(origin), "origin": origin, "previous": self.of(origin).last_index}

    def _project(self, origin: str) -> str:
        return LEDGER_LOG if origin == self.origin else _ref(origin)


def _ref(origin: str) -> str:
    return origin.rpartition("/p/")[2]
