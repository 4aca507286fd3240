"""What the database holds of witnesses: cosignatures of the ledger log, how each witness answered last, and whether a quorum is met."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from ledger.errors import LedgerBehindWitness
from ledger.events.ledger_log import LogCheckpointed, read_ledger_event
from ledger.store.projects import Project
from ledger.tlog.policy import Policy, PolicyWitness
from ledger.tlog.vkey import Vkey

WitnessState = Literal["waiting", "cosigned", "uncosigned", "conflict", "ahead"]
"""Not asked yet; cosigned what it was shown last; did not; has another history of the log; has more of it than the database."""

_MOST_SIZES: Final = 1000
"""Cosigned sizes that are looked at, the newest first, for one with a quorum."""
_KEPT_HOURS: Final = 24
"""As long as a checkpoint is kept once there is a newer one."""

_STATES: Final = """
SELECT vkey, state, why, seen_size, cosigned_size, cosigned_at, failures, asked_at, again_at FROM witnesses WHERE project_id = %s"""

_PUT_STATE: Final = """
INSERT INTO witnesses AS w (project_id, vkey, state, why, seen_size, cosigned_size, cosigned_at, failures, again_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now() + make_interval(secs => %s))
ON CONFLICT (project_id, vkey) DO UPDATE SET state = excluded.state, why = excluded.why, seen_size = excluded.seen_size,
cosigned_size = coalesce(excluded.cosigned_size, w.cosigned_size), cosigned_at = coalesce(excluded.cosigned_at, w.cosigned_at),
failures = excluded.failures, again_at = excluded.again_at, asked_at = now()"""

_PUT_LINE: Final = """
INSERT INTO cosignatures (project_id, size, vkey, line, cosigned_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""

_SIZES: Final = """
SELECT size, array_agg(vkey) FROM cosignatures WHERE project_id = %s GROUP BY size ORDER BY size DESC LIMIT %s"""

_FORGET: Final = """
DELETE FROM cosignatures AS c WHERE project_id = %s AND size <> %s AND stored_at < now() - make_interval(hours => %s)
AND EXISTS (SELECT FROM cosignatures AS newer WHERE newer.project_id = c.project_id AND newer.vkey = c.vkey AND newer.size > c.size)
AND NOT EXISTS (SELECT FROM anchors WHERE project_id = c.project_id AND size = c.size)"""

_BEHIND: Final = """
SELECT w.vkey, w.seen_size, h.size FROM witnesses AS w JOIN heads AS h USING (project_id) WHERE w.seen_size > h.size
ORDER BY w.seen_size DESC LIMIT 1"""

_STATED: Final = """
SELECT seq, entry FROM events WHERE project_id = %s AND stream = %s COLLATE "C" AND type = 'log.checkpointed/1' AND seq < %s
ORDER BY version DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """How a witness answered last. `cosigned_at` is its own time, in Unix seconds."""

    vkey: str
    state: WitnessState
    why: str
    seen_size: int
    cosigned_size: int | None
    cosigned_at: int | None
    failures: int
    asked_at: datetime
    again_at: datetime


@dataclass(frozen=True, slots=True)
class QuorumAt:
    """The newest size of the ledger log at which a policy's quorum is met, and the keys of those that cosigned it, in its order."""

    size: int
    cosigners: tuple[Vkey, ...]


def witness_rows(connection: Connection[Any], log: Project) -> dict[str, WitnessRow]:
    """The witnesses that were asked, by their verifier keys."""
    with connection.cursor(row_factory=class_row(WitnessRow)) as cursor:
        return {row.vkey: row for row in cursor.execute(_STATES, (log.project_id,))}


@dataclass(frozen=True, slots=True)
class WitnessAnswer:
    """How a witness answered, to be kept. `cosigned` is a size and its time, where it cosigned; what it cosigned before stays."""

    state: WitnessState
    why: str
    seen: int
    failures: int
    rest_seconds: float
    cosigned: tuple[int, int] | None = None


def put_witness(connection: Connection[Any], log: Project, vkey: Vkey, answer: WitnessAnswer) -> None:
    """This is how the witness answered last."""
    size, at = answer.cosigned or (None, None)
    values = (answer.state, answer.why, answer.seen, size, at, answer.failures, answer.rest_seconds)
    connection.execute(_PUT_STATE, (log.project_id, str(vkey), *values))


def put_cosignature(connection: Connection[Any], log: Project, size: int, vkey: Vkey, line: str, at: int) -> None:
    """The verified signature line of a witness under the checkpoint of this size; the first of a witness stays."""
    connection.execute(_PUT_LINE, (log.project_id, size, str(vkey), line, at))


def keep_only(connection: Connection[Any], vkeys: Iterable[Vkey]) -> None:
    """Nothing is known of witnesses with other keys: they are not of the policy any more, and what they said bars nobody."""
    connection.execute("DELETE FROM witnesses WHERE NOT vkey = ANY(%s)", ([str(vkey) for vkey in vkeys],))


def forget_old(connection: Connection[Any], log: Project, kept_size: int) -> None:
    """Cosignatures are gone once they are a day old, but for the newest of each witness, those of `kept_size`, and those of dated
    checkpoints.
    """
    connection.execute(_FORGET, (log.project_id, kept_size, _KEPT_HOURS))


def quorums(connection: Connection[Any], log: Project, policy: Policy) -> Iterator[QuorumAt]:
    """The sizes of the ledger log at which it was cosigned as the policy asks, the newest first."""
    known: Mapping[str, Vkey] = {str(witness.vkey): witness.vkey for witness in policy.witnesses}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for size, vkeys in cursor.execute(_SIZES, (log.project_id, _MOST_SIZES)):
            there = frozenset(vkeys)
            signed = tuple(vkey for written, vkey in known.items() if written in there)
            if signed and policy.quorum_met(signed):
                yield QuorumAt(size, signed)


def quorum_at(connection: Connection[Any], log: Project, policy: Policy) -> QuorumAt | None:
    """The newest of `quorums`; None where there is none."""
    return next(quorums(connection, log, policy), None)


def is_within_reach(connection: Connection[Any], log: Project, policy: Policy) -> bool:
    """True when the quorum can be met by those who cosigned when they were last asked, and those who were not asked yet."""
    rows = witness_rows(connection, log)
    willing = [witness.vkey for witness in policy.witnesses if _is_willing(rows.get(str(witness.vkey)), witness)]
    return policy.quorum_met(willing)


def _is_willing(row: WitnessRow | None, witness: PolicyWitness) -> bool:
    return bool(witness.url) if row is None else row.state == "cosigned"


def stated_below(connection: Connection[Any], log: Project, ref: str, ledger_size: int) -> tuple[int, int] | None:
    """Of the first `ledger_size` entries of the ledger log the newest that states how far the log of `ref` has come: its index, and that
    size; None where none does.
    """
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        found = cursor.execute(_STATED, (log.project_id, f"log/{ref}", ledger_size), prepare=False).fetchone()
    if found is None:
        return None
    data = read_ledger_event(bytes(found[1])).data
    return (int(found[0]), data.size) if isinstance(data, LogCheckpointed) else None


def is_behind(connection: Connection[Any]) -> bool:
    """True when `check_witnessed` would raise."""
    return connection.execute(_BEHIND).fetchone() is not None


def check_witnessed(connection: Connection[Any]) -> None:
    """Returns when no witness of the policy has seen more of the ledger log than there is; raises `LedgerBehindWitness` otherwise."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_BEHIND).fetchone()
    if found is not None:
        vkey, seen, size = found
        raise LedgerBehindWitness(vkey.partition("+")[0], seen, size)
