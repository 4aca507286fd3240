"""Opened commitments, stored encrypted beside the log, and read again by whoever may see them now (docs/formats/commitments.md).

Under which key, by `key_name`:

- `sealed.<step>`  sealed choices: a key in the key store, one for each step;
- `subject/<actor>`  what a participant wrote: a random key for each person and scope, itself stored wrapped under the epoch key of the key
  store, in the transaction that appends the first text. Erasing a person's texts is deleting them with that row, and destroying the epoch;
- `institution`  what the authority wrote: one such random key for the project.

AES-256-GCM with random nonces of 96 bits: up to 2^32 texts under one key a repetition is improbable (NIST SP 800-38D, 8.3). A nonce made
from the seq would repeat: a transaction that is undone and tried again gives the same seq to another text, and the bytes of the first try
stay in the database's write-ahead log.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates.withholding import WITHHELD_TYPES
from ledger.errors import KeyMissing, KeyNotCommitted
from ledger.ports import Entropy, KeyStore
from ledger.store.projects import Project
from ledger.store.sealer import Draft
from ledger.store.visibility import withheld_among, withheld_seqs

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
INSTITUTION: Final = "institution"
FIRST_EPOCH: Final = "epoch.1"

DisclosureRow = tuple[int, str, str, str, bytes]
"""seq, name, visibility, key name, ciphertext."""
Shown = tuple[int, str, str]
"""seq, name, disclosure."""


class WrappedKey(NamedTuple):
    """A row of `subject_keys`: a key as it is stored."""

    key_name: str
    epoch: int
    wrapped: bytes


class Cipher:
    """One key in use. What it encrypts is bound to its log and its name; to its entry the commitment binds it."""

    __slots__ = ("_bound", "_key")

    def __init__(self, key: bytes, origin: str, key_name: str) -> None:
        self._key = AESGCM(key)
        self._bound = f"disclosure/v1\0{origin}\0{key_name}".encode()

    def encrypt(self, content: bytes, nonce: bytes) -> bytes:
        """The nonce and what the content became."""
        return nonce + self._key.encrypt(nonce, content, self._bound)

    def decrypt(self, ciphertext: bytes) -> bytes:
        """The content. Raises `InvalidTag` when another key, or nobody, encrypted it."""
        if len(ciphertext) <= NONCE_BYTES:
            raise InvalidTag
        return self._key.decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], self._bound)


class Safe:
    """The keys of one project's disclosures. Those of steps are kept in memory, those of subjects and epochs never."""

    def __init__(self, project: str, origin: str, keys: KeyStore, entropy: Entropy) -> None:
        self._project = project
        self._origin = origin
        self._keys = keys
        self._entropy = entropy
        self._steps: dict[str, Cipher] = {}

    def step_cipher(self, key_name: str) -> Cipher:
        """The cipher of a step's sealed choices. Raises `KeyMissing`."""
        cipher = self._steps.get(key_name)
        if cipher is None:
            cipher = self._steps[key_name] = Cipher(self._keys.scope_key(self._project, key_name), self._origin, key_name)
        return cipher

    def unwrapped(self, stored: WrappedKey) -> Cipher:
        """The cipher of a stored key. Raises `KeyMissing` when its epoch is over, `KeyNotCommitted` when it was not wrapped in it."""
        return Cipher(self._unwrap(stored), self._origin, stored.key_name)

    def wrapped_anew(self, stored: WrappedKey, epoch: int) -> bytes:
        """The same key as it is to be stored under another epoch. Raises as `unwrapped` does."""
        return self._wrapping(epoch, stored.key_name).encrypt(self._unwrap(stored), self.nonce())

    def _unwrap(self, stored: WrappedKey) -> bytes:
        try:
            return self._wrapping(stored.epoch, stored.key_name).decrypt(stored.wrapped)
        except InvalidTag:
            raise KeyNotCommitted(self._project, f"epoch.{stored.epoch}") from None

    def _wrapping(self, epoch: int, key_name: str) -> Cipher:
        name = f"epoch.{epoch}"
        return Cipher(self._keys.scope_key(self._project, name), self._origin, f"{name}/{key_name}")

    def new_key(self, key_name: str) -> tuple[WrappedKey, Cipher]:
        """A fresh key as it is to be stored, wrapped under the newest epoch key, and its cipher."""
        epochs = self._keys.epochs(self._project)
        if not epochs:
            raise KeyMissing(self._project, FIRST_EPOCH)
        wrapping = self._wrapping(epochs[-1], key_name)
        key = self._entropy.bytes(KEY_BYTES)
        wrapped = wrapping.encrypt(key, self._entropy.bytes(NONCE_BYTES))
        return WrappedKey(key_name, epochs[-1], wrapped), Cipher(key, self._origin, key_name)

    def opened(self, key_name: str, cipher: Cipher, ciphertext: bytes) -> str:
        """The disclosure in a row. Raises `KeyNotCommitted` when the key is not the one that it was encrypted with."""
        try:
            return cipher.decrypt(ciphertext).decode()
        except InvalidTag:
            raise KeyNotCommitted(self._project, key_name) from None

    def nonce(self) -> bytes:
        """A fresh nonce."""
        return self._entropy.bytes(NONCE_BYTES)


class KeyRing:
    """The keys of texts in one turn: those stored, and those made because somebody writes for the first time."""

    def __init__(self, safe: Safe, stored: Iterable[WrappedKey]) -> None:
        self._safe = safe
        self._stored = {row.key_name: row for row in stored}
        self._ciphers: dict[str, Cipher] = {}
        self.made: list[WrappedKey] = []
        """New keys, to be stored in the same transaction as what they encrypt."""

    def rows(self, seq: int, draft: Draft) -> Iterator[DisclosureRow]:
        """The rows of what a draft, which has this seq, keeps out of its entry."""
        for name, visibility, text in draft.opened:
            if visibility == "sealed":
                key_name = f"sealed.{draft.submission.data.step}"  # type: ignore[attr-defined]  # sealed are choices, made in a step
                cipher = self._safe.step_cipher(key_name)
            else:
                key_name = _text_key_name(draft)
                cipher = self._cipher(key_name)
            yield seq, name, visibility, key_name, cipher.encrypt(text.encode(), self._safe.nonce())

    def let_go(self, since: int) -> None:
        """Keys made since there were so many are not: the request that needed them came to nothing."""
        for key in self.made[since:]:
            del self._ciphers[key.key_name]
        del self.made[since:]

    def _cipher(self, key_name: str) -> Cipher:
        cipher = self._ciphers.get(key_name)
        if cipher is None:
            stored = self._stored.get(key_name)
            if stored is not None:
                cipher = self._safe.unwrapped(stored)
            else:
                made, cipher = self._safe.new_key(key_name)
                self.made.append(made)
            self._ciphers[key_name] = cipher
        return cipher


def text_key_names(drafts: Iterable[Draft]) -> set[str]:
    """The names of the keys that the texts of these sealed drafts are encrypted with; sealed choices have another."""
    return {_text_key_name(draft) for draft in drafts if any(opened.visibility != "sealed" for opened in draft.opened)}


def _text_key_name(draft: Draft) -> str:
    """The key of the person where a person wrote the texts, or somebody brought in what they contributed; else the institution's."""
    event = draft.event
    if event is None or event.actor is None:
        return INSTITUTION
    wrote = event.role in {"participant", "agent"} or event.data.WITHHELD
    return f"subject/{event.actor}" if wrote else INSTITUTION


class StoredDisclosures:
    """See `log.DisclosureReader`: what may be shown now, of the project that is asked about."""

    def __init__(self, keys: KeyStore, entropy: Entropy) -> None:
        self._keys = keys
        self._entropy = entropy

    def between(self, connection: Connection[Any], project: Project, start: int, stop: int) -> Iterator[Shown]:
        """See `disclosed`."""
        return disclosed(connection, project, self._safe(project), start, stop)

    def of(self, connection: Connection[Any], project: Project, seqs: Sequence[int]) -> list[Shown]:
        """See `disclosed_of`."""
        return disclosed_of(connection, project, self._safe(project), seqs)

    def _safe(self, project: Project) -> Safe:
        return Safe(project.ref, project.origin, self._keys, self._entropy)


def disclosed_of(connection: Connection[Any], project: Project, safe: Safe, seqs: Sequence[int]) -> list[Shown]:
    """(seq, field name, disclosure) of the public fields of these entries that may be shown now, in no particular order."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        rows = cursor.execute(VISIBLE_OF, (list(seqs), project.project_id, project.project_id), prepare=False).fetchall()
    contents = {stream for *_, stream, wire_type in rows if wire_type in WITHHELD_TYPES}
    withheld = withheld_among(connection, project.project_id, contents) if contents else frozenset()
    shown = (row for *row, stream, wire_type in rows if wire_type not in WITHHELD_TYPES or stream not in withheld)
    return [*_opened(safe, shown, lambda *place: _as_of_now(connection, project.project_id, *place))]


def disclosed(connection: Connection[Any], project: Project, safe: Safe, start: int, stop: int) -> Iterator[Shown]:
    """(seq, field name, disclosure) of what may be shown now, for start ≤ seq < stop, ascending by seq, then name.

    Public fields that are neither withheld nor erased; and, once `ballots.disclosed` of their step is recorded (at whatever seq), the
    choices of ballots that were not replaced or withdrawn. Read through a cursor of the open transaction, so memory does not grow with the
    range.
    """
    withheld = withheld_seqs(connection, project.project_id)
    with connection.cursor(row_factory=tuple_row) as cursor:
        steps = cursor.execute(DISCLOSED_STEPS, (project.project_id,)).fetchall()
    with connection.cursor("disclosed", row_factory=tuple_row, binary=True) as cursor:
        cursor.itersize = 5000
        cursor.execute(VISIBLE, (project.project_id, start, stop, [f"sealed.{step}" for (step,) in steps]))
        rows = (row for row in cursor if row[0] not in withheld) if withheld else cursor
        yield from _opened(safe, rows, lambda *place: _as_of_now(connection, project.project_id, *place))


def _opened(safe: Safe, rows: Iterable[Sequence[Any]], again: Callable[[int, str], Sequence[Any] | None]) -> Iterator[Shown]:
    """Rows of the queries below, decrypted; those whose key is destroyed are passed over.

    While rows are read something may be erased, and what they were encrypted with is gone: such a row is read `again`, as it is now.
    """
    ciphers: dict[str, Cipher] = {}
    for seq, name, visibility, key_name, ciphertext, epoch, wrapped in rows:
        if visibility == "sealed":
            yield seq, name, safe.opened(key_name, safe.step_cipher(key_name), ciphertext)
            continue
        if wrapped is None:
            continue  # erased
        if len(ciphers) >= _MOST_CIPHERS:
            ciphers.clear()
        try:
            cipher = ciphers.get(key_name) or ciphers.setdefault(key_name, safe.unwrapped(WrappedKey(key_name, epoch, wrapped)))
            text = safe.opened(key_name, cipher, ciphertext)
        except (KeyMissing, KeyNotCommitted):
            now = again(seq, name)
            if now is None:
                continue  # erased since
            ciphers[key_name] = safe.unwrapped(WrappedKey(key_name, now[1], now[2]))
            text = safe.opened(key_name, ciphers[key_name], now[0])
        yield seq, name, text


def _as_of_now(connection: Connection[Any], project_id: int, seq: int, name: str) -> Sequence[Any] | None:
    """Ciphertext, epoch and wrapped key of one text; None where it is erased."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        return cursor.execute(NOW, (project_id, seq, name)).fetchone()


_MOST_CIPHERS: Final = 10_000

DISCLOSED_STEPS: Final = """
SELECT DISTINCT substr(stream, 6) FROM events
WHERE project_id = %s AND stream >= 'step/' AND stream < 'step0' AND type = 'ballots.disclosed/1'"""

# After a step's disclosure nothing is appended to its ballots any more, so the newest revision is the one that has no next version.
VISIBLE: Final = """
SELECT d.seq, d.name, d.visibility, d.key_name, d.ciphertext, k.epoch, k.wrapped
FROM disclosures AS d LEFT JOIN subject_keys AS k ON k.project_id = d.project_id AND k.key_name = d.key_name
WHERE d.project_id = %s AND d.seq >= %s AND d.seq < %s AND (
    d.visibility = 'public' OR d.visibility = 'sealed' AND d.key_name = ANY(%s) AND NOT EXISTS (
        SELECT FROM events AS e JOIN events AS later
        ON later.project_id = e.project_id AND later.stream = e.stream AND later.version = e.version + 1
        WHERE e.project_id = d.project_id AND e.seq = d.seq
    )
)
ORDER BY d.seq, d.name"""

NOW: Final = """
SELECT d.ciphertext, k.epoch, k.wrapped FROM disclosures AS d JOIN subject_keys AS k USING (project_id, key_name)
WHERE d.project_id = %s AND d.seq = %s AND d.name = %s"""

# In no order: who asks for some texts puts each where it belongs. `OFFSET 0`: one look into the primary keys for each seq.
VISIBLE_OF: Final = """
SELECT d.seq, d.name, d.visibility, d.key_name, d.ciphertext, d.epoch, d.wrapped, e.stream, e.type
FROM unnest(%s::bigint[]) AS wanted (seq)
CROSS JOIN LATERAL (
    SELECT d.seq, d.name, d.visibility, d.key_name, d.ciphertext, k.epoch, k.wrapped
    FROM disclosures AS d LEFT JOIN subject_keys AS k ON k.project_id = d.project_id AND k.key_name = d.key_name
    WHERE d.project_id = %s AND d.seq = wanted.seq AND d.visibility = 'public' OFFSET 0
) AS d
CROSS JOIN LATERAL (SELECT stream, type FROM events WHERE project_id = %s AND seq = d.seq OFFSET 0) AS e"""
