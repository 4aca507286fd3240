"""The keys that sign a log are exchanged, and a log whose key was stolen is ended: beside a running service, and told in the ledger log.

Which is true when, if the process ends in between; calling the same again finishes what was begun:

- `rotate`: the key's file is on the disk (it signs, and nobody knows it yet; what it signs bears the old key's signature too), then
  `key.added` is. A key that signs and was not told of is told of before another one is made.
- `retire`: `key.retired` is on the disk (nobody believes the key any more), then its file is destroyed.
- `close`: while the log's head is locked, so that nothing is appended: all of it is signed, `log.closed` is on the disk, and the closing
  stands in the key folder, which no backup of the database undoes; then, after the time for which processes remember keys, the keys go.
"""

from collections.abc import Callable
from time import sleep
from typing import Final

from ledger.errors import CheckpointMissing, KeyNotActive, LogClosed, LogRolledBack, ProjectUnknown, SigningKeyUnknown
from ledger.events.ledger_log import LEDGER_LOG, KeyAdded, KeyRetired
from ledger.events.ledger_log import LogClosed as LogEnds
from ledger.ports import Closing, KeyStore
from ledger.sealing import digest_text
from ledger.store.datastore import LedgerDatastore
from ledger.store.guard import check_signed, signed_last
from ledger.store.ledger_log import LedgerLogWriter
from ledger.store.ledger_turn import LedgerTurn
from ledger.store.log import NothingShown, PostgresLog, StoredCheckpoint
from ledger.store.projects import Project, find_ledger_log, find_project, lock_head
from ledger.store.receipts import LEASE_SECONDS
from ledger.tlog.note import Note, parse_note, sign_note
from ledger.tlog.vkey import Vkey

LOST: Final = "lost"
"""The code of a closing for which the database need not have what was signed."""
_AWHILE: Final = LEASE_SECONDS + 0.5
"""After so many seconds every process signs with the keys that there are now."""

_NOTHING_DUE: Final = "UPDATE heads SET next_due_at = NULL WHERE project_id = %s"
_SIGNED_AGAIN: Final = "UPDATE checkpoints SET note = %s WHERE project_id = %s AND size = %s AND note = %s"


class LogKeys:
    """The signing keys of a ledger's logs, the ledger log's (`~ledger`) among them."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore, writer: LedgerLogWriter, wait: Callable[[float], None] = sleep) -> None:
        """`wait` returns after so many seconds, when no process remembers older keys."""
        self._datastore = datastore
        self._keys = keys
        self._writer = writer
        self._wait = wait

    def rotate(self, ref: str) -> Vkey:
        """A further key signs the log, and is told of in the ledger log.

        Raises `ProjectUnknown`, `LogClosed`, and what keeps the ledger log from being written to.
        """
        self._check_open(ref)
        added = self._tell_added(ref)
        if not added:
            made = self._keys.add_signer(ref).vkey
            added = self._tell_added(ref) or [made]
        self._wait(_AWHILE)
        self._sign_newest_again(ref)
        return added[-1]

    def retire(self, ref: str, key_id: str, code: str) -> Vkey:
        """The key of this id signs the log no more, as the ledger log tells, and is destroyed.

        Raises `SigningKeyUnknown`, `KeyNotActive` for the last one, `ProjectUnknown`, `LogClosed`.
        """
        self._check_open(ref)
        vkeys = self._keys.vkeys(ref)
        vkey = next((found for found in vkeys if found.key_id.hex() == key_id), None)
        if vkey is None:
            raise SigningKeyUnknown(ref, key_id, ", ".join(found.key_id.hex() for found in vkeys))
        if len(vkeys) == 1:
            raise KeyNotActive(ref, str(vkey))

        def write(turn: LedgerTurn) -> None:
            state = turn.logs.of(ref)
            if str(vkey) not in state.retired:
                turn.say(KeyRetired(project=ref, origin=state.origin, previous=state.last_index, vkey=str(vkey), code=code))

        self._writer.append(ref, write)
        self._keys.retire_signer(ref, vkey)
        self._wait(_AWHILE)
        self._sign_newest_again(ref)
        return vkey

    def close(self, ref: str, code: str, successor: str | None, sign: Callable[[str], object]) -> Closing:
        """The project's log has ended at its last checkpoint: nothing is recorded in it or signed any more, and its keys are destroyed.

        `sign` has everything signed that is in the log. With the code `lost` the database need not have what was signed last: the log then
        ends with that. Raises `LogRolledBack` otherwise, `CheckpointMissing` where something cannot be signed, `ProjectUnknown`.
        """
        if ref == LEDGER_LOG:
            raise ProjectUnknown(ref)  # nothing takes its place under its name: a ledger that lost it begins anew under another
        project = self._project(ref)
        closing = self._keys.closing(ref)
        if closing is None:
            self._writer.append(ref, lambda turn: None)  # raises where the ledger log cannot be told, before anything is done
            closing = self._end(project, code, successor, sign)
            self._wait(_AWHILE)
        for signer in self._keys.signers(ref):
            self._keys.retire_signer(ref, signer.vkey)
        return closing

    def _end(self, project: Project, code: str, successor: str | None, sign: Callable[[str], object]) -> Closing:
        with self._datastore.connection() as connection, connection.transaction():
            head = lock_head(connection, project.project_id)
            try:
                check_signed(connection, project, self._keys)
                sign(project.ref)
            except LogRolledBack:
                if code != LOST:
                    raise
            last = signed_last(self._keys, project.ref)
            if last is None or (last.size < head.size and code != LOST):
                raise CheckpointMissing(project.ref)
            vkeys = tuple(str(vkey) for vkey in self._keys.vkeys(project.ref))
            closing = Closing(last.size, digest_text(last.root), code, successor, vkeys)

            def write(turn: LedgerTurn) -> None:
                nonlocal closing
                state = turn.logs.of(project.ref)
                if state.closed and state.root is not None:
                    closing = Closing(state.size, state.root, code, state.successor, vkeys)
                    return
                turn.say(
                    LogEnds(
                        project=project.ref,
                        origin=state.origin,
                        previous=state.last_index,
                        size=closing.size,
                        root=closing.root,
                        code=code,
                        successor=successor,
                    )
                )

            self._writer.append(project.ref, write)
            self._keys.close_log(project.ref, closing)
            connection.execute(_NOTHING_DUE, (project.project_id,))
        return closing

    def _tell_added(self, ref: str) -> list[Vkey]:
        """Those of the keys that sign, the oldest first, of which the ledger log did not tell; now it does."""
        told: list[Vkey] = []

        def write(turn: LedgerTurn) -> None:
            for vkey in reversed(self._keys.vkeys(ref)):
                state = turn.logs.of(ref)
                if str(vkey) not in (*state.vkeys, *state.retired):
                    turn.say(KeyAdded(project=ref, origin=state.origin, previous=state.last_index, vkey=str(vkey)))
                    told.append(vkey)

        self._writer.append(ref, write)
        return told

    def _sign_newest_again(self, ref: str) -> None:
        project = self._project(ref)
        newest = PostgresLog(self._datastore, project, NothingShown()).newest_checkpoint()
        if newest is not None:
            signed_by_all(self._datastore, project, self._keys, newest)

    def _check_open(self, ref: str) -> None:
        if (closing := self._keys.closing(ref)) is not None:
            raise LogClosed(ref, closing.code, closing.successor or "none")

    def _project(self, ref: str) -> Project:
        with self._datastore.connection() as connection:
            found = find_ledger_log(connection) if ref == LEDGER_LOG else find_project(connection, ref)
        if found is None:
            raise ProjectUnknown(ref[:64])
        return found


def signed_by_all(datastore: LedgerDatastore, project: Project, keys: KeyStore, checkpoint: StoredCheckpoint) -> StoredCheckpoint:
    """The checkpoint with the signatures of exactly the keys that sign the log now: signed again where others signed it, and so stored.

    Of a log that has ended it stays as it is.
    """
    signers = keys.signers(project.ref)
    note = parse_note(checkpoint.note.encode())
    signed = {(signature.name, signature.key_id) for signature in note.signatures if signature.name == project.origin}
    if not signers or signed == {(signer.vkey.name, signer.vkey.key_id) for signer in signers}:
        return checkpoint
    others = [signature for signature in note.signatures if signature.name != project.origin]
    again = Note(note.text, sign_note(note.text, signers).signatures).with_signatures(others).encode().decode()
    with datastore.connection() as connection:
        connection.execute(_SIGNED_AGAIN, (again, project.project_id, checkpoint.size, checkpoint.note))
    return checkpoint._replace(note=again)
