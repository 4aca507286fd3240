"""Checkpoints of the ledger log that vouch for a package: signed, cosigned where witnesses are asked, and dated where that is possible."""

from dataclasses import dataclass
from time import monotonic, sleep

from ledger.errors import CheckpointMissing
from ledger.events.ledger_log import LEDGER_LOG
from ledger.store.anchors import anchors_from
from ledger.store.certifying import PATIENCE_SECONDS, PolicyFile
from ledger.store.checkpoints import CheckpointSigner
from ledger.store.cosignatures import is_within_reach, quorum_at, quorums
from ledger.store.log import PostgresLog, StoredCheckpoint
from ledger.store.log_keys import signed_by_all
from ledger.wiring.ledger import Ledger
from ledger.wiring.witnesses import ask_witnesses

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Covering:
    """A checkpoint of the ledger log. `witnessed`: it is cosigned as the policy asks, or no policy asks. `timestamp` is over its text."""

    checkpoint: StoredCheckpoint
    witnessed: bool
    timestamp: bytes | None


def covering_checkpoint(ledger: Ledger, size: int, patience: float) -> Covering:
    """A checkpoint of the ledger log that has so many entries or more: signed now, where nobody else does, and waited for a little until it
    is witnessed. The newest, unless one of those that would do is dated. Raises `CheckpointMissing`.
    """
    log = ledger.ledger_log()
    sign_until(ledger, log, size, patience)
    newest = log.newest_checkpoint()
    if newest is None or newest.size < size:
        raise CheckpointMissing(LEDGER_LOG)
    file = ledger.witness_policy
    if file is None or not file.policy.asks_for_witnesses:
        return _best(ledger, log, [newest.size, *_dated(ledger, log, size)], witnessed=True)
    _wait_for_witnesses(ledger, log, size, file)
    witnessed = _witnessed(ledger, log, size, file)
    return _best(ledger, log, witnessed or [newest.size], witnessed=bool(witnessed))


def witnessed_checkpoint(ledger: Ledger) -> Covering | None:
    """The newest checkpoint of the ledger log that was cosigned as the policy asks, however old; None where there is none."""
    file = ledger.witness_policy
    if file is None:
        return None
    log = ledger.ledger_log()
    with ledger.datastore.connection() as connection:
        found = quorum_at(connection, log.project, file.policy)
    return None if found is None else _best(ledger, log, [found.size], witnessed=True)


def sign_until(ledger: Ledger, log: PostgresLog, size: int, patience: float) -> None:
    """The newest checkpoint of the log covers so many entries, or no process could sign within so many seconds."""
    deadline, signer = monotonic() + patience, CheckpointSigner(ledger.datastore, ledger.keys)
    try:
        while ((newest := log.newest_checkpoint()) is None or newest.size < size) and monotonic() < deadline:
            if not signer.sign_round():
                sleep(_LOOK_SECONDS)  # another process has the lease, and signs, or died with it
    finally:
        signer.retire()


def _wait_for_witnesses(ledger: Ledger, log: PostgresLog, size: int, file: PolicyFile) -> None:
    """A checkpoint of this size or more is witnessed, or there is no hope of it, or the time is over."""
    deadline, asked = monotonic() + PATIENCE_SECONDS, False
    while not _witnessed(ledger, log, size, file) and monotonic() < deadline:
        with ledger.datastore.connection() as connection:
            if not is_within_reach(connection, log.project, file.policy):
                return
        if not asked:
            ask_witnesses(ledger.datastore, file.policy)
            asked = True
        sleep(_LOOK_SECONDS)


def _witnessed(ledger: Ledger, log: PostgresLog, size: int, file: PolicyFile) -> list[int]:
    """Witnessed sizes from `size` up, the newest first."""
    with ledger.datastore.connection() as connection:
        return [found.size for found in quorums(connection, log.project, file.policy) if found.size >= size]


def _dated(ledger: Ledger, log: PostgresLog, size: int) -> list[int]:
    with ledger.datastore.connection() as connection:
        return [anchor.size for anchor in anchors_from(connection, log.project, size)]


def _best(ledger: Ledger, log: PostgresLog, sizes: list[int], *, witnessed: bool) -> Covering:
    """Of the checkpoints of these sizes, the newest first, the newest that is dated; else the newest."""
    with ledger.datastore.connection() as connection:
        dated = {anchor.size: anchor.response for anchor in anchors_from(connection, log.project, min(sizes))}
    size = next((size for size in sizes if size in dated), sizes[0])
    found = log.checkpoint_at(size)
    if found is None:
        raise CheckpointMissing(LEDGER_LOG)
    return Covering(signed_by_all(ledger.datastore, log.project, ledger.keys, found), witnessed, dated.get(size))
