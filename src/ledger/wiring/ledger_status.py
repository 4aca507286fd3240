"""What the ledger log says in short, for whoever asks over HTTP: folded once, and read on from there."""

from threading import Lock

from ledger.api.library import LedgerStatus, LoggedLog, SignedTree
from ledger.events.ledger_log import LEDGER_LOG
from ledger.store.logged import LoggedFold
from ledger.tlog.lines import base64
from ledger.wiring.ledger import Ledger
from ledger.wiring.vouching_status import VouchingStatus


class LedgerStatusReader:
    """Any number of threads may ask."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._fold: LoggedFold | None = None

    def status(self) -> LedgerStatus:
        """See `Library.ledger_status`."""
        log = self._ledger.ledger_log()
        newest = log.newest_checkpoint()
        vouching = VouchingStatus(self._ledger, log.project, newest.size if newest else 0)
        with self._lock, self._ledger.datastore.connection() as connection:
            fold = self._fold = self._fold or LoggedFold(log.project)
            fold.catch_up_unlocked(connection)
            logs = [
                LoggedLog(ref, state.origin, state.size, state.closed) for ref, state in sorted(fold.logs.logs.items()) if ref != LEDGER_LOG
            ]
            return LedgerStatus(
                origin=log.project.origin,
                vkeys=fold.logs.of(LEDGER_LOG).vkeys,
                size=fold.size,
                checkpoint=None if newest is None else SignedTree(newest.size, base64(newest.root)),
                logs=logs,
                quorum=vouching.quorum(),
                witnesses=vouching.witnesses(),
                anchor=vouching.anchor(),
            )
