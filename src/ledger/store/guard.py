"""The rollback guard: what was signed last stands outside the database too, so that a database put back to an older state signs nothing.

A log that goes on from an old backup is a fork: two histories under one name. So the signer writes each checkpoint to a file beside the
log's keys, forced to the disk, *before* the transaction that publishes it. Which is true when, if the machine stops:

- before the file: nothing was signed that anybody has seen; the next round signs the same or more;
- between the file and the commit: the file is ahead of the table of checkpoints, but not of the log, as only committed entries are signed.
  The check then hashes the entries themselves, finds the root that the file names, and the next round signs on;
- after the commit: both agree.

So the file never names a tree that the database did not have, and a database that does not have it is not the one that was signed. Of
what lies beyond the last checkpoint (the entries of about a second, with receipts) the file does not know: where such entries are lost with
a backup, the receipts are the proof, as they are of any entry that is withheld (docs/formats/log.md).
"""

import fcntl
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.durable import replace
from ledger.errors import KeyFileDamaged, LedgerError, LedgerLogRolledBack, LogRolledBack, MalformedNote, MalformedTile
from ledger.events.ledger_log import LEDGER_LOG
from ledger.ports import KeyStore
from ledger.store.log import read_leaf_hashes, read_tiles
from ledger.store.projects import Project
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.proof import frontier_of_tiles
from ledger.tlog.tree import Frontier

_LEAVES_AT_ONCE: Final = 65_536
_SIZE: Final = "SELECT size FROM heads WHERE project_id = %s"
_ROOT: Final = "SELECT root FROM checkpoints WHERE project_id = %s AND size = %s"
_BELOW: Final = "SELECT coalesce(max(size), 0) FROM checkpoints WHERE project_id = %s AND size <= %s"


def kept_note(file: Path) -> bytes | None:
    """The note in the guard's file; None before anything was signed. Raises `KeyFileDamaged`."""
    try:
        note = file.read_bytes()  # others may read it: it is published
    except (FileNotFoundError, NotADirectoryError):
        return None
    _read(note, str(file))
    return note


def keep_note(file: Path, note: bytes) -> None:
    """The file holds this note of a checkpoint, on the disk, unless it holds a larger one already: it never goes back.

    A signer whose lease ran out while it slept may come second, with less.
    """
    offered = _read(note, "note")
    # The folder is there: the log's key is in it.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        kept = kept_note(file)
        if kept is None or _read(kept, str(file)).size <= offered.size:
            replace(file, note)
    finally:
        os.close(folder)


def signed_last(keys: KeyStore, project: str) -> Checkpoint | None:
    """The checkpoint of the project's log that was signed last, as the guard has it."""
    note = keys.signed(project)
    return None if note is None else _read(note, f"signed of {project}")


def check_signed(connection: Connection[Any], project: Project, keys: KeyStore) -> None:
    """Returns when the database holds the tree that was signed last; raises `LogRolledBack` where it is behind it, or has another.

    The guard is read before the database: what it names was committed by then.
    """
    signed = signed_last(keys, project.ref)
    if signed is None:
        return
    with connection.cursor(row_factory=tuple_row) as cursor:
        (size,) = cursor.execute(_SIZE, (project.project_id,)).fetchone() or (0,)
        if signed.origin != project.origin:
            raise _rolled_back(project.ref, size, signed, f"its origin is {project.origin}, and {signed.origin} was signed")
        if size < signed.size:
            raise _rolled_back(project.ref, size, signed, f"it has {size} entries, and {signed.size} were signed")
        found = cursor.execute(_ROOT, (project.project_id, signed.size)).fetchone()
    try:
        root = found[0] if found else tree_at(connection, project, signed.size).root()
    except MalformedTile:
        root = None
    if root != signed.root:
        raise _rolled_back(project.ref, size, signed, f"its first {signed.size} entries are not those that were signed")


def check_unsigned(project: str, keys: KeyStore) -> None:
    """Returns when nothing was ever signed for a project that the database does not have; raises `LogRolledBack` otherwise."""
    signed = signed_last(keys, project)
    if signed is not None:
        raise _rolled_back(project, 0, signed, f"it does not have the project, and {signed.size} entries were signed")


def barred(connection: Connection[Any], projects: Iterable[Project], keys: KeyStore) -> list[LedgerError]:
    """Why which of these projects can be read only, in their order; a log that has ended is none of them."""
    found: list[LedgerError] = []
    for project in projects:
        try:
            if keys.closing(project.ref) is None:
                check_signed(connection, project, keys)
        except LedgerError as error:
            found.append(error)
    return found


def tree_at(connection: Connection[Any], project: Project, size: int) -> Frontier:
    """The tree of the first `size` entries as the database has them, which are at least that many.

    Raises `LogIncomplete`, and `MalformedTile` where the hashes of complete subtrees are missing.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        (below,) = cursor.execute(_BELOW, (project.project_id, size)).fetchone() or (0,)
    tree = frontier_of_tiles(below, partial(read_tiles, connection, project)) if below else Frontier()
    while tree.size < size:
        tree.extend(read_leaf_hashes(connection, project, tree.size, min(tree.size + _LEAVES_AT_ONCE, size)))
    return tree


def _rolled_back(project: str, size: int, signed: Checkpoint, found: str) -> LogRolledBack:
    leaf = LedgerLogRolledBack if project == LEDGER_LOG else LogRolledBack
    return leaf(project, size, signed.size, found)


def _read(note: bytes, place: str) -> Checkpoint:
    try:
        return parse_checkpoint(parse_note(note).text)
    except MalformedNote:
        raise KeyFileDamaged(place, "the note of a checkpoint") from None
