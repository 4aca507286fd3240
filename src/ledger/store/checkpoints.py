"""The checkpoint signer: within a second of an append the log's tree is signed, at a size that was read as committed.

A round, for each project that grew: read its size, then the leaf hashes up to it; hash the tree on from where it stood; then, in one
transaction, store the subtrees that became complete, and the checkpoint. A crash before the commit leaves the last checkpoint, and the next
round does the same again. Nothing is signed ahead of what is on disk, as only committed rows are read; and as Ed25519 signs the same tree
with the same bytes, a second signer (for a moment, when a lease runs out) does no harm.

A process that takes over, or starts, goes on from the stored tiles, and signs only if their root is that of the newest checkpoint, and if
the log holds what was signed last by the word of the guard outside the database (`store.guard`): a log that was changed beneath its
checkpoint, or put back to an older state, is not signed any further.
"""

import logging
from collections.abc import Callable
from functools import partial
from threading import Event as Flag
from threading import Thread
from typing import Any, Final
from uuid import uuid4

from eventsourcing.persistence import PersistenceError
from psycopg import Connection, Error
from psycopg.rows import tuple_row

from ledger.errors import ClockUnconfirmed, LedgerError, LogForked
from ledger.events.ledger_log import LEDGER_LOG
from ledger.ports import KeyStore
from ledger.store.cosignatures import check_witnessed
from ledger.store.datastore import LedgerDatastore
from ledger.store.guard import check_signed
from ledger.store.log import read_leaf_hashes, read_tiles
from ledger.store.projects import Project
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.proof import frontier_of_tiles
from ledger.tlog.tree import Frontier, Subtree

_Newest = tuple[int, bytes] | None
"""Size and root of the newest checkpoint in the database."""

ROUND_SECONDS: Final = 0.5
"""Between two rounds, at most; at least a third of it."""
KEPT_HOURS: Final = 24
"""How long a checkpoint is kept once there is a newer one: whoever was told of it can ask for a proof from it."""
_LEASE_SECONDS: Final = 10
_LEAVES_AT_ONCE: Final = 65_536

_LEASE: Final = """
INSERT INTO leases AS l (name, holder, until) VALUES ('checkpoints', %s, now() + make_interval(secs => %s))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE l.holder = excluded.holder OR l.until < now() RETURNING holder"""

_RELEASE: Final = "DELETE FROM leases WHERE name = 'checkpoints' AND holder = %s"

_GROWN: Final = """
SELECT p.project_id, p.ref, p.origin, p.opened_at, h.size, c.size, c.root FROM heads AS h JOIN projects AS p USING (project_id)
LEFT JOIN LATERAL (SELECT size, root FROM checkpoints WHERE project_id = h.project_id ORDER BY size DESC LIMIT 1) AS c ON true
WHERE h.size > coalesce(c.size, 0) ORDER BY p.project_id"""

_SUBTREES: Final = """
INSERT INTO subtrees (project_id, level, index, hash)
SELECT %s, * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[]) ON CONFLICT DO NOTHING"""
_CHECKPOINT: Final = "INSERT INTO checkpoints (project_id, size, root, note) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"

# What is cosigned stays as long as its cosignatures do; what is dated stays.
_OLD: Final = """
DELETE FROM checkpoints AS c WHERE project_id = %s AND size < %s AND signed_at < now() - make_interval(hours => %s)
AND NOT EXISTS (SELECT FROM cosignatures WHERE project_id = c.project_id AND size = c.size)
AND NOT EXISTS (SELECT FROM anchors WHERE project_id = c.project_id AND size = c.size)"""

_log = logging.getLogger(__name__)


class CheckpointSigner:
    """A thread that signs. Several processes may run one: who holds the lease signs."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore, state: Callable[[], int] | None = None) -> None:
        """`state` says in the ledger log what was signed, and returns how many entries that took; see `LedgerLogWriter.round`."""
        self._state = state
        self._datastore = datastore
        self._keys = keys
        self._holder = uuid4().hex
        self._trees: dict[int, Frontier] = {}
        self._grown = Flag()
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """The thread runs."""
        self._thread.start()

    def stop(self) -> None:
        """What is committed is signed, then the thread ends."""
        self._stopping.set()
        self._grown.set()
        self._thread.join()

    def notice(self) -> None:
        """Something was appended. Not needed, as the signer looks by itself; it then looks sooner."""
        self._grown.set()

    def sign_round(self) -> int:
        """Signs what grew, unless another process holds the lease; returns how many checkpoints were signed.

        A log that has ended is left as it is. A project that cannot be signed is passed over, and said in the operator's log.
        """
        with self._datastore.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            if cursor.execute(_LEASE, (self._holder, _LEASE_SECONDS)).fetchone() is None:
                self._trees.clear()  # whoever signs now moves on; taken up again, the trees are read anew
                return 0
            grown = cursor.execute(_GROWN).fetchall()
        signed = 0
        for *columns, size, newest_size, newest_root in grown:
            project = Project(*columns)
            try:
                if self._keys.closing(project.ref) is None:
                    self._sign(project, size, None if newest_size is None else (newest_size, newest_root))
                    signed += 1
            except (LedgerError, OSError) as error:  # the second: of the disk that the keys are on
                _log.error("no checkpoint of %s: %s", project.ref, error)
        return signed

    def round(self) -> int:
        """Signs what grew, has it stated in the ledger log, and signs that; returns how many checkpoints were signed.

        What cannot be stated is stated by a later round, and keeps no log from being signed.
        """
        signed = self.sign_round()
        if self._state is not None:
            try:
                if self._state():
                    signed += self.sign_round()
            except ClockUnconfirmed as error:
                _log.warning("the ledger log waits for the clock: %s", error)
            except (LedgerError, OSError) as error:
                _log.error("the ledger log says nothing: %s", error)
        return signed

    def retire(self) -> None:
        """The lease is given up, so that another process need not wait for it to run out."""
        with self._datastore.connection() as connection:
            connection.execute(_RELEASE, (self._holder,))

    def _run(self) -> None:
        while True:
            self._grown.wait(ROUND_SECONDS)
            self._grown.clear()
            last = self._stopping.is_set()
            try:
                self.round()
                if last:
                    self.retire()
            except (LedgerError, PersistenceError, Error) as error:
                self._trees.clear()
                _log.warning("checkpoints wait for the database: %s", error)
            if last:
                return
            self._stopping.wait(ROUND_SECONDS / 3)

    def _sign(self, project: Project, size: int, newest: _Newest) -> None:
        """Stores the checkpoint of a committed size. See the top of this file for what is on disk when."""
        # Out of memory until it is stored: a tree that is ahead of the database would never be caught up with.
        tree = self._trees.pop(project.project_id, None)
        completed: list[Subtree] = []
        with self._datastore.connection() as connection:
            if project.ref == LEDGER_LOG:
                check_witnessed(connection)
            if tree is None or newest is None or (tree.size, tree.root()) != newest:
                # We have just begun, or the database is not as we left it: another process signed, or it was put back to another state.
                tree = self._taken_up(connection, project, newest)
            while tree.size < size:
                completed += tree.extend(read_leaf_hashes(connection, project, tree.size, min(tree.size + _LEAVES_AT_ONCE, size)))
        checkpoint = Checkpoint(project.origin, size, tree.root())
        note = sign_note(checkpoint.text, self._keys.signers(project.ref)).encode()
        # Outside the database first: whatever is put back of it from now on, this was signed.
        self._keys.keep_signed(project.ref, note)
        with self._datastore.connection() as connection, connection.transaction():
            if completed:
                rows = zip(*((subtree.level, subtree.index, subtree.hash) for subtree in completed), strict=True)
                connection.execute(_SUBTREES, (project.project_id, *map(list, rows)))
            connection.execute(_CHECKPOINT, (project.project_id, size, checkpoint.root, note.decode()))
            connection.execute(_OLD, (project.project_id, size, KEPT_HOURS))
        # The checkpoint is on disk, and so is everything that it is about.
        self._trees[project.project_id] = tree

    def _taken_up(self, connection: Connection[Any], project: Project, newest: _Newest) -> Frontier:
        """The tree of the newest checkpoint, from the tiles, once it is found to go on from what was signed last.

        Raises `LogForked` where the tiles do not have its root, `LogRolledBack` as `check_signed` does.
        """
        tree = Frontier()
        if newest is not None:
            tree = frontier_of_tiles(newest[0], partial(read_tiles, connection, project))
            if tree.root() != newest[1]:
                raise LogForked(project.ref, newest[0])
        check_signed(connection, project, self._keys)
        return tree
