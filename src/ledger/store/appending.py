"""The statements of the write path on one connection: lock a head, write a turn, commit. Two round trips for a small turn, four for a big.

Which is durable when: nothing before `commit` is; all of a turn is once its COMMIT is answered, as PostgreSQL has forced its log to disk
then (`synchronous_commit` is never off here). If the process or the connection ends between sending COMMIT and its answer, the turn is on
disk as a whole or not at all, and nobody was told either; whoever sends the request again with its key finds out.
"""

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from ledger.store.binary_copy import HEADER, TRAILER, EventRow, copy_events
from ledger.store.disclosures import DisclosureRow, WrappedKey
from ledger.store.pipelined import ARRAY_OF, BYTEA, INT4, INT8, TEXT, Pipeline, array, int4, int8
from ledger.store.projects import Head

SMALL: Final = 128
"""Rows up to which one INSERT in the round trip of the COMMIT is faster than a COPY, which takes two round trips of its own."""

_TEXTS, _BYTEAS, _INT8S, _INT4S = ARRAY_OF[TEXT], ARRAY_OF[BYTEA], ARRAY_OF[INT8], ARRAY_OF[INT4]

_STATEMENTS: Final[dict[str, tuple[str, Sequence[int]]]] = {
    "begin": ("BEGIN", []),
    "lock": ("SELECT size, shared_size, last_at, next_due_at, visibility_size FROM heads WHERE project_id = $1 FOR UPDATE", [INT8]),
    "remembered": (
        "SELECT asked.client, asked.key, found.fingerprint, found.answer FROM unnest($2, $3) AS asked (client, key) "
        "CROSS JOIN LATERAL (SELECT fingerprint, answer FROM requests WHERE project_id = $1 "
        'AND client = asked.client COLLATE "C" AND key = asked.key COLLATE "C" OFFSET 0) AS found',
        [INT8, _TEXTS, _TEXTS],
    ),
    "events": (
        "INSERT INTO events (project_id, seq, stream, version, type, leaf_hash, entry) SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7)",
        [INT8, _INT8S, _TEXTS, _INT4S, _TEXTS, _BYTEAS, _BYTEAS],
    ),
    "disclosures": (
        "INSERT INTO disclosures (project_id, seq, name, visibility, key_name, ciphertext) SELECT $1, * FROM unnest($2, $3, $4, $5, $6)",
        [INT8, _INT8S, _TEXTS, _TEXTS, _TEXTS, _BYTEAS],
    ),
    "keys": (
        "INSERT INTO subject_keys (project_id, key_name, epoch, wrapped) SELECT $1, * FROM unnest($2, $3, $4)",
        [INT8, _TEXTS, _INT4S, _BYTEAS],
    ),
    "remember": (
        "INSERT INTO requests (project_id, client, key, fingerprint, answer) SELECT $1, * FROM unnest($2, $3, $4, $5)",
        [INT8, _TEXTS, _TEXTS, _BYTEAS, _BYTEAS],
    ),
    "head": (
        "UPDATE heads SET size = $2, shared_size = $3, last_at = $4, next_due_at = $5, visibility_size = $6 WHERE project_id = $1",
        [INT8, INT8, INT8, TEXT, TEXT, INT8],
    ),
    "commit": ("COMMIT", []),
}

# A server that is gone without a word is found out in half a minute, not when somebody restarts the service.
_CONNECTION: Final[dict[str, Any]] = {
    "application_name": "ledger writer",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

_SETTINGS: Final = (
    # Every query of this connection finds its rows by a key; a plan made while a table was empty must not walk it once it is full.
    "SET enable_seqscan = off",
    # Whoever holds a head longer is stuck or gone; who waits longer says so instead of waiting on.
    "SET lock_timeout = '20s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)

_KEYS: Final = """
SELECT asked.name, found.epoch, found.wrapped FROM unnest(%s::text[]) AS asked (name) CROSS JOIN LATERAL (
    SELECT epoch, wrapped FROM subject_keys WHERE project_id = %s AND key_name = asked.name COLLATE "C" OFFSET 0
) AS found"""

_COPY_DISCLOSURES: Final = "COPY disclosures (project_id, seq, name, visibility, key_name, ciphertext) FROM STDIN (FORMAT binary)"
_BEFORE_NAME = Struct(">hiqiqi").pack
_BLOCK = 512


class Appender:
    """A connection for appends, of one thread. In autocommit, so that only `begin` begins a transaction."""

    def __init__(self, conninfo: str) -> None:
        """Raises `psycopg.OperationalError` when the database cannot be reached."""
        # The driver prepares nothing by itself: after a roll-back it would forget what it prepared with DEALLOCATE ALL, and ours with it.
        self.connection: Connection[Any] = psycopg.connect(
            conninfo, autocommit=True, connect_timeout=5, row_factory=tuple_row, prepare_threshold=None
        )
        self.committing = False
        """COMMIT was sent and not answered: whether the turn is on disk is not known."""
        for setting in _SETTINGS:
            self.connection.execute(setting)
        if self.connection.execute("SHOW synchronous_commit").fetchone() == ("off",):
            self.connection.execute("SET synchronous_commit = on")  # acknowledged is durable, whatever the server's default
        self._pipeline = Pipeline(self.connection)
        self._pipeline.prepare(_STATEMENTS)

    def close(self) -> None:
        """Gives the connection up; a transaction that is open on it is undone."""
        self._pipeline.close()
        self.connection.close()

    def begin(self, project_id: int, names: list[tuple[str, str]]) -> tuple[Head, list[tuple[str, str, bytes, bytes]]]:
        """Begins a transaction: the head, locked until its end, and which of the requests named (client, key) are remembered, with
        fingerprint and answer. Waits for other processes that append to the project.
        """
        add = self._pipeline.add
        add("begin")
        add("lock", int8(project_id))
        if names:
            clients, keys = ([name[part].encode() for name in names] for part in (0, 1))
            add("remembered", int8(project_id), array(TEXT, clients), array(TEXT, keys))
        results = self._pipeline.run()
        found = results[1]
        if not found.ntuples:
            raise LookupError(f"project {project_id} has no head")
        size, shared_size, last_at, due, visibility_size = (found.get_value(0, column) for column in range(5))
        head = Head(
            int.from_bytes(size or b"", "big"),
            int.from_bytes(shared_size or b"", "big"),
            (last_at or b"").decode(),
            due.decode() if due else None,
            int.from_bytes(visibility_size or b"", "big"),
        )
        if not names:
            return head, []
        remembered = results[2]
        rows = [[remembered.get_value(row, column) or b"" for column in range(4)] for row in range(remembered.ntuples)]
        return head, [(client.decode(), key.decode(), mark, answer) for client, key, mark, answer in rows]

    def stored_keys(self, project_id: int, names: set[str]) -> list[WrappedKey]:
        """Those of the keys of texts that exist."""
        if not names:
            return []
        found = self.connection.execute(_KEYS, (sorted(names), project_id), prepare=False, binary=True)
        return [WrappedKey(*columns) for columns in found]

    def add_events(self, project_id: int, first: int, rows: list[EventRow], disclosures: list[DisclosureRow]) -> None:
        """Appends entries with consecutive seqs, and what was kept out of them. Few go with `commit`, whose errors are then theirs."""
        project = int8(project_id)
        if len(rows) > SMALL:
            with self.connection.cursor() as cursor:
                copy_events(cursor, project_id, first, rows)
        elif rows:
            streams, versions, types, leaves, entries = zip(*rows, strict=True)
            self._pipeline.add(
                "events",
                project,
                array(INT8, [int8(first + place) for place in range(len(rows))]),
                array(TEXT, [stream.encode() for stream in streams]),
                array(INT4, [int4(version) for version in versions]),
                array(TEXT, [kind.encode() for kind in types]),
                array(BYTEA, leaves),
                array(BYTEA, entries),
            )
        if len(disclosures) > SMALL:
            with self.connection.cursor() as cursor, cursor.copy(_COPY_DISCLOSURES) as copy:
                for block in _disclosure_blocks(project_id, disclosures):
                    copy.write(block)
        elif disclosures:
            seqs, *texts, ciphertexts = zip(*disclosures, strict=True)
            encoded = [array(TEXT, [text.encode() for text in column]) for column in texts]
            self._pipeline.add("disclosures", project, array(INT8, [int8(seq) for seq in seqs]), *encoded, array(BYTEA, ciphertexts))

    def add_keys(self, project_id: int, made: list[WrappedKey]) -> None:
        """Stores new keys of texts; goes with `commit`."""
        if made:
            names, epochs, wrapped = zip(*made, strict=True)
            encoded = (array(TEXT, [name.encode() for name in names]), array(INT4, [int4(epoch) for epoch in epochs]))
            self._pipeline.add("keys", int8(project_id), *encoded, array(BYTEA, wrapped))

    def add_requests(self, project_id: int, remembered: list[tuple[str, str, bytes, bytes]]) -> None:
        """Stores client, key, fingerprint and answer of requests; goes with `commit`."""
        if remembered:
            clients, keys, marks, answers = zip(*remembered, strict=True)
            names = [array(TEXT, [name.encode() for name in column]) for column in (clients, keys)]
            self._pipeline.add("remember", int8(project_id), *names, array(BYTEA, marks), array(BYTEA, answers))

    def commit(self, project_id: int, head: Head) -> None:
        """Stores the head and commits. When this returns, all of the turn is on disk; when it raises, see `committing`.

        Raises `psycopg.errors.UniqueViolation` when a stream had events that the turn did not know of; then nothing was committed.
        """
        due = None if head.next_due_at is None else head.next_due_at.encode()
        self._pipeline.add(
            "head", int8(project_id), int8(head.size), int8(head.shared_size), head.last_at.encode(), due, int8(head.visibility_size)
        )
        self._pipeline.add("commit")
        self.committing = True
        self._pipeline.run()
        self.committing = False

    def roll_back(self) -> None:
        """Nothing of the open transaction is kept, and its locks are released. Without an open transaction nothing happens."""
        self._pipeline.forget()
        self.committing = False
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            self.connection.execute("ROLLBACK")


def _disclosure_blocks(project_id: int, rows: list[DisclosureRow]) -> Iterable[bytes]:
    before, length = _BEFORE_NAME, int4
    # Name, visibility and key name are the same for all ballots of a step.
    middles: dict[tuple[str, str, str], tuple[int, bytes]] = {}
    parts = [HEADER]
    for seq, name, visibility, key_name, ciphertext in rows:
        kind = (name, visibility, key_name)
        middle = middles.get(kind)
        if middle is None:
            if len(middles) >= _BLOCK:
                middles.clear()
            texts = [text.encode() for text in kind]
            middle = middles[kind] = (len(texts[0]), texts[0] + b"".join(length(len(text)) + text for text in texts[1:]))
        parts += (before(6, 8, project_id, 8, seq, middle[0]), middle[1], length(len(ciphertext)), ciphertext)
        if len(parts) > 4 * _BLOCK:
            yield b"".join(parts)
            parts.clear()
    parts.append(TRAILER)
    yield b"".join(parts)
