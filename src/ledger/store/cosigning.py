"""The ledger log's checkpoints are shown to the witnesses of the policy, and their cosignatures kept beside them.

A thread asks; nothing waits for it. All witnesses that are due are asked about one and the same checkpoint, at the same time, so that a
quorum comes together at one size however fast the log grows. One that fails is asked again later and later, up to five minutes; what it
did or said instead is kept for everybody to see. Several processes may ask: a witness answers each, and what one has stored the others
find.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event as Flag
from threading import Thread
from typing import Final, Protocol

from eventsourcing.persistence import PersistenceError
from psycopg import Error

from ledger.errors import LedgerError
from ledger.store.cosignatures import (
    WitnessAnswer,
    WitnessRow,
    forget_old,
    keep_only,
    put_cosignature,
    put_witness,
    quorum_at,
    witness_rows,
)
from ledger.store.datastore import LedgerDatastore
from ledger.store.log import NothingShown, PostgresLog, StoredCheckpoint
from ledger.store.projects import find_ledger_log
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import Note, parse_note
from ledger.tlog.policy import Policy
from ledger.tlog.proof import consistency_proof
from ledger.tlog.vkey import Vkey
from ledger.witness.client import Ahead, Conflict, Cosigned, Prove, Said

ROUND_SECONDS: Final = 1.0
"""Between two rounds; a witness is not asked more often, however fast the log grows."""
_LONGEST_REST_SECONDS: Final = 300.0
_MOST_AT_ONCE: Final = 32
_FORGET_ROUNDS: Final = 3600

_log = logging.getLogger(__name__)


class Shown(Protocol):
    """See `ledger.witness.client.WitnessClient`."""

    @property
    def vkey(self) -> Vkey:
        """The key that the policy trusts."""
        ...

    def show(self, note: Note, checkpoint: Checkpoint, old_size: int, prove: Prove) -> Said:
        """See `WitnessClient.show`."""
        ...


@dataclass(frozen=True, slots=True)
class _Newest:
    """The checkpoint that is shown in a round, and the log that proves it."""

    log: PostgresLog
    note: Note
    checkpoint: Checkpoint

    def proof_from(self, old_size: int) -> tuple[bytes, ...]:
        return consistency_proof(old_size, self.checkpoint.size, self.log.tiles)


class CosignatureKeeper:
    """A thread that collects cosignatures from the witnesses of one policy."""

    def __init__(self, datastore: LedgerDatastore, policy: Policy, witnesses: Sequence[Shown]) -> None:
        """`witnesses` are those of the policy that can be asked."""
        self._datastore = datastore
        self._policy = policy
        self._witnesses = witnesses
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="cosignatures", daemon=True)
        self._rounds = 0

    def start(self) -> None:
        """The thread runs."""
        self._thread.start()

    def stop(self) -> None:
        """The round that is going on is finished, then the thread ends."""
        self._stopping.set()
        self._thread.join()

    def look(self) -> None:
        """Every witness was asked about the newest checkpoint, cosigned or not, and waited for: before anything is signed or recorded.

        So a ledger that was put back to an earlier state with all its files learns of it from those who saw more. A witness that does not
        answer keeps nobody.
        """
        with self._datastore.connection() as connection:
            keep_only(connection, [witness.vkey for witness in self._policy.witnesses])
        newest = self._newest()
        if newest is not None:
            self._ask(newest, self._witnesses, {})

    def round(self) -> int:
        """The witnesses that are due were shown the newest checkpoint; returns how many cosigned it."""
        newest = self._newest()
        if newest is None:
            return 0
        with self._datastore.connection() as connection:
            rows = witness_rows(connection, newest.log.project)
            if self._rounds % _FORGET_ROUNDS == 0:
                quorum = quorum_at(connection, newest.log.project, self._policy)
                forget_old(connection, newest.log.project, quorum.size if quorum else 0)
        self._rounds += 1
        now = datetime.now(UTC)
        due = [witness for witness in self._witnesses if _is_due(rows.get(str(witness.vkey)), newest.checkpoint.size, now)]
        return self._ask(newest, due, rows)

    def _run(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            try:
                self.round()
            except (LedgerError, PersistenceError, Error) as error:
                _log.warning("witnesses wait for the database: %s", error)
            except Exception:  # noqa: BLE001
                # A fault of ours, or of a library's on an answer that nobody foresaw: the thread must outlive it.
                _log.exception("the witnesses could not be asked")

    def _newest(self) -> _Newest | None:
        with self._datastore.connection() as connection:
            project = find_ledger_log(connection)
        if project is None:
            return None
        log = PostgresLog(self._datastore, project, NothingShown())
        stored: StoredCheckpoint | None = log.newest_checkpoint()
        if stored is None:
            return None
        return _Newest(log, parse_note(stored.note.encode()), Checkpoint(project.origin, stored.size, stored.root))

    def _ask(self, newest: _Newest, witnesses: Sequence[Shown], rows: dict[str, WitnessRow]) -> int:
        if not witnesses:
            return 0
        with ThreadPoolExecutor(min(len(witnesses), _MOST_AT_ONCE), thread_name_prefix="witness") as pool:
            return sum(pool.map(lambda witness: self._ask_one(newest, witness, rows.get(str(witness.vkey))), witnesses))

    def _ask_one(self, newest: _Newest, witness: Shown, row: WitnessRow | None) -> bool:
        said = witness.show(newest.note, newest.checkpoint, row.seen_size if row else 0, newest.proof_from)
        self._keep(newest, witness.vkey, said, row)
        return isinstance(said, Cosigned)

    def _keep(self, newest: _Newest, vkey: Vkey, said: Said, row: WitnessRow | None) -> None:
        """What the witness said is on the disk. A crash before that: it is asked again, and says it again."""
        log, size = newest.log.project, newest.checkpoint.size
        failures = row.failures + 1 if row else 1
        rest = min(2.0 ** min(failures, 16), _LONGEST_REST_SECONDS)
        match said:
            case Cosigned(at=at):
                answer = WitnessAnswer("cosigned", "", size, 0, 0.0, (size, at))
            case Ahead(seen=seen):
                answer = WitnessAnswer("ahead", f"it has cosigned {seen} entries, of which this ledger has {size}", seen, failures, rest)
            case Conflict(seen=seen, why=why):
                answer = WitnessAnswer("conflict", why, seen, failures, rest)
            case _:
                known = said.seen if said.seen is not None else row.seen_size if row else 0
                answer = WitnessAnswer("uncosigned", said.why, known, failures, rest)
        with self._datastore.connection() as connection, connection.transaction():
            if isinstance(said, Cosigned):
                put_cosignature(connection, log, size, vkey, said.line.line, said.at)
            put_witness(connection, log, vkey, answer)
        if answer.state in {"ahead", "conflict"}:
            # Evidence, of a restored backup or of somebody's lie: the note that was shown stands beside what the witness said of it.
            _log.error("the witness %s does not cosign: %s. Shown was:\n%s", vkey.name, answer.why, newest.note.encode().decode())
        elif answer.state == "uncosigned" and failures == 1:
            _log.warning("the witness %s does not cosign: %s", vkey.name, answer.why)


def _is_due(row: WitnessRow | None, size: int, now: datetime) -> bool:
    if row is None:
        return True
    return row.again_at <= now and (row.state != "cosigned" or row.cosigned_size != size)
