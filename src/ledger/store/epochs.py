"""Epochs: the keys under which the keys of texts are wrapped, one after another, so that what was erased stays closed in every copy.

A copy of the database from before an erasure (a dump, a standby, the write-ahead log) holds the text and its key, wrapped. Only the epoch's
key opens that, and it stands in a file of the key store. So after an erasure a new epoch begins: every key that is still needed is wrapped
under it, and the old file is destroyed.

What is durable when: the new file before anything is wrapped under it; each lot of keys with its commit; the old files are destroyed only
after the last. Wherever it stops, every key that is needed is wrapped under an epoch whose file exists, and doing it again finishes it.
"""

import logging
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import KeyMissing
from ledger.ports import Entropy, KeyStore
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import Safe, WrappedKey
from ledger.store.projects import Project, lock_head

_AT_ONCE: Final = 5000
"""Keys wrapped anew in one transaction; whoever posts waits so long, a fifth of a second."""

_NEWEST: Final = "SELECT coalesce(max(epoch), 0) FROM subject_keys WHERE project_id = %s"
_ERASURES: Final = "SELECT erasures FROM rotations_due WHERE project_id = %s"
_LOT: Final = """
SELECT key_name, epoch, wrapped FROM subject_keys
WHERE project_id = %s AND key_name > %s COLLATE "C" AND epoch < %s ORDER BY key_name LIMIT %s"""
_WRAP: Final = """
UPDATE subject_keys AS k SET epoch = %s, wrapped = fresh.wrapped FROM unnest(%s::text[], %s::bytea[]) AS fresh (key_name, wrapped)
WHERE k.project_id = %s AND k.key_name = fresh.key_name COLLATE "C" """
_DONE: Final = "DELETE FROM rotations_due WHERE project_id = %s AND erasures = %s"
_USED: Final = "SELECT DISTINCT epoch FROM subject_keys WHERE project_id = %s"

_log = logging.getLogger(__name__)


def rotate(datastore: LedgerDatastore, project: Project, keys: KeyStore, entropy: Entropy) -> int:
    """The number of an epoch that begins: every key of texts is wrapped under it, and those of the epochs before are destroyed.

    A key whose own epoch is missing in the key store can be opened by nobody, and is left as it is. Raises `KeyNotCommitted`.
    """
    safe = Safe(project.ref, project.origin, keys, entropy)
    epoch, erasures = _begin(datastore, project, keys)
    after: str | None = ""
    while after is not None:
        after = _wrap_lot(datastore, project, safe, epoch, after)
    with datastore.connection() as connection, connection.transaction():
        lock_head(connection, project.project_id)
        # If something was erased meanwhile, its key may have been wrapped under this epoch before: then another one is due.
        connection.execute(_DONE, (project.project_id, erasures))
    # No row needs an older epoch any more, and no turn can add one: whoever has the head locked wraps under the newest.
    _destroy(keys, project, [old for old in keys.epochs(project.ref) if old < epoch])
    return epoch


def destroy_leftovers(datastore: LedgerDatastore, project: Project, keys: KeyStore) -> None:
    """Destroys what a rotation that was interrupted left behind: epochs before the newest under which no key is wrapped."""
    if len(keys.epochs(project.ref)) < 2:
        return
    with datastore.connection() as connection, connection.transaction():
        lock_head(connection, project.project_id)
        epochs = keys.epochs(project.ref)
        used = {epoch for (epoch,) in _rows(connection, _USED, project.project_id)}
        unused = [epoch for epoch in epochs[:-1] if epoch not in used]
        _destroy(keys, project, unused)


def _begin(datastore: LedgerDatastore, project: Project, keys: KeyStore) -> tuple[int, int]:
    """A new epoch, its key on disk; and how many erasures it comes after. No two rotations begin the same one, as the head is locked."""
    with datastore.connection() as connection, connection.transaction():
        lock_head(connection, project.project_id)
        [(newest,)] = _rows(connection, _NEWEST, project.project_id)
        due = _rows(connection, _ERASURES, project.project_id)
        epoch = max(newest, *keys.epochs(project.ref), 0) + 1
        keys.make_scope_key(project.ref, f"epoch.{epoch}")
    return epoch, due[0][0] if due else 0


def _wrap_lot(datastore: LedgerDatastore, project: Project, safe: Safe, epoch: int, after: str) -> str | None:
    """Wraps the next keys by name; returns the last of them, or None when there are no more."""
    with datastore.connection() as connection, connection.transaction():
        lock_head(connection, project.project_id)
        lot = [WrappedKey(*columns) for columns in _rows(connection, _LOT, project.project_id, after, epoch, _AT_ONCE)]
        names, wrapped = [], []
        for key in lot:
            try:
                wrapped.append(safe.wrapped_anew(key, epoch))
                names.append(key.key_name)
            except KeyMissing:
                _log.error("of %s the key %s is lost: its epoch %d is not in the key store", project.ref, key.key_name, key.epoch)
        if names:
            connection.execute(_WRAP, (epoch, names, wrapped, project.project_id), binary=True)
    return lot[-1].key_name if len(lot) == _AT_ONCE else None


def _rows(connection: Connection[Any], query: str, *parameters: Any) -> list[Any]:
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        return cursor.execute(query.encode(), parameters).fetchall()


def _destroy(keys: KeyStore, project: Project, epochs: list[int]) -> None:
    for epoch in epochs:
        try:
            keys.destroy_scope_key(project.ref, f"epoch.{epoch}")
        except KeyMissing:
            continue  # another process was faster
