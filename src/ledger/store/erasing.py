"""Erasure carried out: what a `content.erased` is about is looked up before its turn, and destroyed by the transaction that appends it.

Destroyed are the disclosures. A key under which none is left goes with them. Where other texts of the key survive they are encrypted anew
under a fresh key of the same name, because whoever has a copy of the database from before has what was erased under the old one. What wraps
the old key in that copy is destroyed next: see `ledger.store.epochs`.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import (
    AlreadyErased,
    ChoicesNotErasable,
    EntryUnknown,
    FieldDiffers,
    FieldNotCommitted,
    KeyMissing,
    NothingCommitted,
    Refused,
)
from ledger.events import COMMITTED
from ledger.events.privacy import ContentErased
from ledger.sealing import disclosure_digest
from ledger.store.disclosures import DisclosureRow, Safe, WrappedKey
from ledger.store.projects import Project
from ledger.store.sealer import Draft

ERASURES: Final = frozenset(ContentErased.wire_types())
_LOOKS: Final = 3
"""How often keys are looked up that are being wrapped under a new epoch just now."""

Place = tuple[int, str]
"""The seq of an entry and the name of a field."""

_ENTRIES: Final = """
SELECT asked.seq, found.stream, found.type FROM unnest(%s::bigint[]) AS asked (seq)
CROSS JOIN LATERAL (SELECT stream, type FROM events WHERE project_id = %s AND seq = asked.seq OFFSET 0) AS found"""

# One statement, so that each text stands beside the key that it is encrypted with.
_OPENABLE: Final = """
SELECT asked.seq, found.* FROM unnest(%s::bigint[]) AS asked (seq)
CROSS JOIN LATERAL (
    SELECT d.name, d.key_name, d.ciphertext, k.epoch, k.wrapped
    FROM disclosures AS d JOIN subject_keys AS k ON k.project_id = d.project_id AND k.key_name = d.key_name
    WHERE d.project_id = %s AND d.seq = asked.seq AND d.visibility <> 'sealed' OFFSET 0
) AS found"""

_DELETE: Final = """
DELETE FROM disclosures AS d USING unnest(%s::bigint[], %s::text[]) AS erased (seq, name)
WHERE d.project_id = %s AND d.seq = erased.seq AND d.name = erased.name COLLATE "C" AND d.visibility <> 'sealed' RETURNING d.key_name"""

_EMPTY_KEYS: Final = """
DELETE FROM subject_keys AS k WHERE k.project_id = %s AND k.key_name = ANY(%s) AND NOT EXISTS (
    SELECT FROM disclosures AS d WHERE d.project_id = k.project_id AND d.key_name = k.key_name AND d.visibility <> 'sealed'
) AND NOT k.key_name = ANY(%s)"""

_KEYS: Final = "SELECT key_name, epoch, wrapped FROM subject_keys WHERE project_id = %s AND key_name = ANY(%s) ORDER BY key_name"
_SURVIVORS: Final = "SELECT seq, name, ciphertext FROM disclosures WHERE project_id = %s AND key_name = %s AND visibility <> 'sealed'"
_NEW_KEY: Final = "UPDATE subject_keys SET epoch = %s, wrapped = %s WHERE project_id = %s AND key_name = %s"
_NEW_CIPHERTEXTS: Final = """
UPDATE disclosures AS d SET ciphertext = fresh.ciphertext
FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) AS fresh (seq, name, ciphertext)
WHERE d.project_id = %s AND d.seq = fresh.seq AND d.name = fresh.name COLLATE "C" """

_DUE: Final = """
INSERT INTO rotations_due AS due (project_id) VALUES (%s)
ON CONFLICT (project_id) DO UPDATE SET erasures = due.erasures + 1"""


class _Erasable(NamedTuple):
    """An entry, and the digests of those of its fields that can still be opened."""

    stream: str
    type: str
    digests: dict[str, str]


def look_up(drafts: Iterable[Draft], project: Project, connection: Connection[Any], safe: Safe) -> None:
    """Each draft of an erasure says what of its entry is opened no more, or why nothing can be erased; that is answered at its turn.

    Raises `KeyMissing` where the key store lacks what the texts are encrypted with.
    """
    wanted = [draft for draft in drafts if draft.submission.type in ERASURES]
    found = _erasable(connection, project, safe, {cast("ContentErased", draft.submission.data).entry for draft in wanted})
    for draft in wanted:
        try:
            _fill(draft, found)
        except Refused as error:
            draft.refusal = error


def _fill(draft: Draft, found: dict[int, _Erasable]) -> None:
    data = cast("ContentErased", draft.submission.data)
    entry = found.get(data.entry)
    if entry is None:
        raise EntryUnknown(data.entry)
    if entry.stream.startswith("ballot/"):
        raise ChoicesNotErasable(data.entry)
    committed = COMMITTED[entry.type]
    if not committed:
        raise NothingCommitted(data.entry, entry.type)
    for name in data.fields or ():
        if name not in committed:
            raise FieldNotCommitted(data.entry, entry.type, name, tuple(sorted(committed)))
    names = sorted({name for name in data.fields or committed if name in entry.digests})
    if not names:
        raise AlreadyErased(data.entry)
    digests = tuple(sorted(entry.digests[name] for name in names))
    if data.erased not in {None, entry.stream}:
        raise FieldDiffers("erased", entry.stream, data.erased)
    if data.digests not in {None, digests}:
        raise FieldDiffers("digests", ", ".join(digests), ", ".join(data.digests or ()))
    draft.submission = draft.submission.model_copy(update={"data": data.model_copy(update={"erased": entry.stream, "digests": digests})})
    draft.erases = tuple((data.entry, name) for name in names)


def _erasable(connection: Connection[Any], project: Project, safe: Safe, seqs: Collection[int]) -> dict[int, _Erasable]:
    """The entries of these seqs, as far as there are any."""
    asked = list(seqs)
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        cursor.execute(_ENTRIES, (asked, project.project_id), prepare=False)
        found = {seq: _Erasable(stream, kind, {}) for seq, stream, kind in cursor}
        for seq, name, text in _opened(connection, project, safe, asked):
            found[seq].digests[name] = disclosure_digest(text)
    return found


def _opened(connection: Connection[Any], project: Project, safe: Safe, seqs: list[int]) -> list[tuple[int, str, str]]:
    for looks_left in reversed(range(_LOOKS)):
        with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            rows = cursor.execute(_OPENABLE, (seqs, project.project_id), prepare=False).fetchall()
        try:
            keys = {key: safe.unwrapped(key) for key in {WrappedKey(row[2], row[4], row[5]) for row in rows}}
        except KeyMissing:
            # Perhaps the epoch ended between the query and the look into the key store; its keys are wrapped under the next one then.
            if not looks_left:
                raise
            continue
        return [
            (seq, name, safe.opened(key_name, keys[WrappedKey(key_name, epoch, wrapped)], ciphertext))
            for seq, name, key_name, ciphertext, epoch, wrapped in rows
        ]
    raise AssertionError("the last look is answered")


def carry_out(
    connection: Connection[Any],
    project_id: int,
    safe: Safe,
    places: Sequence[Place],
    pending: list[DisclosureRow],
    made: Collection[str],
) -> list[DisclosureRow]:
    """The disclosures at these places are gone with the open transaction, and nothing that survives is under a key that opened them.

    `pending` are rows that the same transaction is about to store, `made` the names of keys that it stores for the first time. Returned are
    the rows to store instead. The transaction has the head locked.
    """
    seqs, names = [seq for seq, _ in places], [name for _, name in places]
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_DELETE, (seqs, names, project_id), prepare=False)
        touched = sorted({key_name for (key_name,) in cursor})
    make_rotation_due(connection, project_id)
    return renew_keys(connection, project_id, safe, touched, pending, made)


def make_rotation_due(connection: Connection[Any], project_id: int) -> None:
    """A new epoch has to begin once the open transaction is committed, so that copies from before open nothing that it destroys."""
    connection.execute(_DUE, (project_id,))


def drop_empty_keys(connection: Connection[Any], project_id: int, key_names: list[str], but: Collection[str] = ()) -> None:
    """Those of the keys under which there is no text are gone with the open transaction."""
    connection.execute(_EMPTY_KEYS, (project_id, key_names, list(but)), prepare=False)


def renew_keys(
    connection: Connection[Any],
    project_id: int,
    safe: Safe,
    touched: list[str],
    pending: list[DisclosureRow],
    made: Collection[str],
) -> list[DisclosureRow]:
    """Of these keys, those without texts are gone with the open transaction, and the texts of the others are under fresh ones."""
    waiting = {key_name for _, _, _, key_name, _ in pending if key_name in touched and key_name not in made}
    drop_empty_keys(connection, project_id, touched, waiting)
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        keys = [WrappedKey(*columns) for columns in cursor.execute(_KEYS, (project_id, touched), prepare=False)]
    for key in keys:
        old = safe.unwrapped(key)
        fresh, cipher = safe.new_key(key.key_name)
        connection.execute(_NEW_KEY, (fresh.epoch, fresh.wrapped, project_id, key.key_name))
        with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            rows = cursor.execute(_SURVIVORS, (project_id, key.key_name), prepare=False).fetchall()
        anew = [cipher.encrypt(safe.opened(key.key_name, old, ciphertext).encode(), safe.nonce()) for *_, ciphertext in rows]
        connection.execute(
            _NEW_CIPHERTEXTS, ([seq for seq, _, _ in rows], [name for _, name, _ in rows], anew, project_id), prepare=False, binary=True
        )
        pending = [
            (*row[:4], cipher.encrypt(safe.opened(key.key_name, old, row[4]).encode(), safe.nonce())) if row[3] == key.key_name else row
            for row in pending
        ]
    return pending
