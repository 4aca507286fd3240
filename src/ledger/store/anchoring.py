"""The ledger log is dated by a timestamp authority: once an hour at most, and after every closing of a step, if it has grown.

A thread asks; nothing waits for it. What was asked about is the text of a checkpoint, so whoever has the checkpoint can check the
timestamp with `openssl ts -verify`, or any other program.
"""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final

from eventsourcing.persistence import PersistenceError
from psycopg import Error

from ledger.errors import LedgerError
from ledger.store.anchors import closed_since, newest_anchor, put_anchor
from ledger.store.cosignatures import quorum_at
from ledger.store.datastore import LedgerDatastore
from ledger.store.log import NothingShown, PostgresLog, StoredCheckpoint
from ledger.store.projects import find_ledger_log
from ledger.tlog.note import parse_note
from ledger.tlog.policy import Policy
from ledger.witness.timestamps import AskTimestamp, NotAnchored

ROUND_SECONDS: Final = 5.0
EVERY: Final = timedelta(hours=1)
"""Between two timestamps, at least, unless a step closed."""
_LONGEST_REST_SECONDS: Final = 3600.0

_log = logging.getLogger(__name__)


class AnchorKeeper:
    """A thread that has the ledger log dated. Several processes may run one: what one has stored the others find."""

    def __init__(self, datastore: LedgerDatastore, ask: AskTimestamp, policy: Policy | None = None) -> None:
        """With a `policy` that asks for witnesses, a witnessed checkpoint is dated; after an hour without one, the newest."""
        self._datastore = datastore
        self._policy = policy
        self._ask = ask
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="anchors", daemon=True)
        self._failures = 0
        self._again = datetime.min.replace(tzinfo=UTC)

    def start(self) -> None:
        """The thread runs."""
        self._thread.start()

    def stop(self) -> None:
        """What was asked is waited for, then the thread ends."""
        self._stopping.set()
        self._thread.join()

    def round(self, now: datetime) -> bool:
        """True when the newest checkpoint was due to be dated at `now`, and was.

        Where the authority fails, it is asked again later and later, up to an hour; the operator's log says why.
        """
        if now < self._again:
            return False
        with self._datastore.connection() as connection:
            project = find_ledger_log(connection)
        if project is None:
            return False
        checkpoint = self._due(PostgresLog(self._datastore, project, NothingShown()), now)
        if checkpoint is None:
            return False
        said = self._ask(parse_note(checkpoint.note.encode()).text.encode())
        if isinstance(said, NotAnchored):
            self._failures += 1
            self._again = now + timedelta(seconds=min(2.0 ** min(self._failures + 3, 16), _LONGEST_REST_SECONDS))
            _log.warning("the ledger log is not dated at size %s: %s", checkpoint.size, said.why)
            return False
        self._failures = 0
        with self._datastore.connection() as connection:
            put_anchor(connection, project, checkpoint.size, said.response, said.at)
        return True

    def _due(self, log: PostgresLog, now: datetime) -> StoredCheckpoint | None:
        """The checkpoint that is to be dated at `now`; None while none is."""
        checkpoint = log.newest_checkpoint()
        with self._datastore.connection() as connection:
            newest = newest_anchor(connection, log.project)
            start, is_old = (newest.size, now - newest.asked_at >= EVERY) if newest else (0, True)
            if checkpoint is None or checkpoint.size <= start:
                return None
            asks = self._policy is not None and self._policy.asks_for_witnesses
            found = quorum_at(connection, log.project, self._policy) if self._policy is not None and asks else None
            size = found.size if found is not None and found.size > start else checkpoint.size if is_old or not asks else start
            if size <= start or not (is_old or closed_since(connection, log.project, start, size)):
                return None
        return log.checkpoint_at(size)

    def _run(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            try:
                self.round(datetime.now(UTC))
            except (LedgerError, PersistenceError, Error) as error:
                _log.warning("the dating of the ledger log waits for the database: %s", error)
            except Exception:  # noqa: BLE001
                # A fault of ours, or of a library's on an answer that nobody foresaw: the thread must outlive it.
                _log.exception("the ledger log could not be dated")
