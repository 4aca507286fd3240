"""Requests and their answers, and the memory of those that carry an Idempotency-Key (docs/formats/requests.md).

What is remembered is stored in the transaction that appends, so that there is no moment at which one is on disk without the other. It says
where the entries stand, not what they are: the first answer is put together again from the log. A request that recorded nothing is not
remembered: sent again, it is judged again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hmac import compare_digest
from hmac import digest as hmac_digest
from typing import Any, Final, NamedTuple

import orjson
from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import IdempotencyKeyReused, LedgerError
from ledger.ports import Client
from ledger.store.sealer import Draft

LIFETIME_DAYS: Final = 7
"""How long a request is remembered. docs/problems/idempotency-key-reused.md says so too."""


class Recorded(NamedTuple):
    """A submission became an entry of the log, on disk."""

    seq: int
    stream: str
    version: int
    type: str
    leaf_hash: bytes


Outcome = Recorded | LedgerError


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of each submission of a request, in order. The seqs of what was recorded follow one another without gaps."""

    outcomes: Sequence[Outcome]
    unix_seconds: int
    """The ledger's time of the recording."""
    replayed: bool = False
    """The request had been answered before; this is that answer."""

    @property
    def recorded(self) -> list[Recorded]:
        """The entries made."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Recorded)]


@dataclass(slots=True, eq=False)
class Request:
    """Submissions that are recorded together, or where not `atomic` each by itself."""

    project: str
    client: Client
    drafts: list[Draft]
    key: str | None = None
    body_digest: bytes = b""
    """SHA-256 of the body; what makes a request the same as another, with `key`."""
    expected_version: int | None = None
    atomic: bool = True
    answer: Answer | None = None
    error: BaseException | None = None

    @property
    def name(self) -> tuple[str, str]:
        """Client and key: what the request is remembered by, within its project."""
        return self.client.name, self.key or ""


def remembered_bytes(answer: Answer) -> bytes:
    """What is stored of an answer."""
    recorded = answer.recorded
    refused = {
        str(place): {"code": outcome.code, "fields": outcome.details(), "submission": outcome.submission}
        for place, outcome in enumerate(answer.outcomes)
        if isinstance(outcome, LedgerError)
    }
    return orjson.dumps({"first": recorded[0].seq, "lines": len(answer.outcomes), "refused": refused, "seconds": answer.unix_seconds})


class Memory:
    """Which requests of a project were answered before: those that are stored, and those of the turn that is going on."""

    def __init__(self, key: bytes, stored: Iterable[tuple[str, str, bytes, bytes]]) -> None:
        """`key` makes fingerprints; `stored` are client, key, fingerprint and answer of remembered requests, those asked for at least."""
        self._key = key
        self._stored = {(client, name): (mark, answer) for client, name, mark, answer in stored}
        self._taken: dict[tuple[str, str], Request] = {}

    def fingerprint(self, request: Request) -> bytes:
        """What tells the bodies of requests apart, and tells nothing about them to whoever does not have the key."""
        mode = b"atomic" if request.atomic else b"lines"
        return hmac_digest(self._key, b"request/v1\0" + mode + b"\0" + request.body_digest, "sha256")

    def remember(self, request: Request) -> None:
        """The request is answered in this turn."""
        self._taken[request.name] = request

    def recalls(self, request: Request, connection: Connection[Any], project_id: int) -> bool:
        """True when the request was answered before; it has that answer then, or the error that its key is another request's."""
        stored, taken = self._stored.get(request.name), self._taken.get(request.name)
        if stored is not None:
            mark = stored[0]
        elif taken is not None:
            mark = self.fingerprint(taken)
        else:
            return False
        if not compare_digest(mark, self.fingerprint(request)):
            request.error = IdempotencyKeyReused(request.key or "")
        elif stored is not None:
            request.answer = _first_answer(connection, project_id, stored[1])
        elif taken is not None and taken.answer is not None:
            request.answer = replace(taken.answer, replayed=True)
        return True


def _first_answer(connection: Connection[Any], project_id: int, remembered: bytes) -> Answer:
    """The answer that a request was given before, put together from what was stored and from the log."""
    kept = orjson.loads(remembered)
    refused = {int(place): _error(fields) for place, fields in kept["refused"].items()}
    entries = _recorded(connection, project_id, kept["first"], kept["lines"] - len(refused))
    outcomes: list[Outcome] = [refused.get(place) or next(entries) for place in range(kept["lines"])]
    return Answer(outcomes, kept["seconds"], replayed=True)


def _recorded(connection: Connection[Any], project_id: int, first: int, count: int) -> Iterator[Recorded]:
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        cursor.execute(
            "SELECT seq, stream, version, type, leaf_hash FROM events WHERE project_id = %s AND seq >= %s AND seq < %s ORDER BY seq",
            (project_id, first, first + count),
        )
        for columns in cursor:
            yield Recorded(*columns)


def forget_requests(connection: Connection[Any]) -> int:
    """Deletes what was remembered longer than `LIFETIME_DAYS`; returns how many requests that were."""
    return connection.execute("DELETE FROM requests WHERE answered_at < now() - make_interval(days => %s)", (LIFETIME_DAYS,)).rowcount


def _error(kept: dict[str, Any]) -> LedgerError:
    """The error of a line as it was, by its code."""
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in kept["fields"].items()}
    error = _leaves(LedgerError)[kept["code"]](**fields)
    error.submission = kept["submission"]
    return error


def _leaves(kind: type[LedgerError]) -> dict[str, type[LedgerError]]:
    """Code → class, of a class of errors and all below it."""
    found = {kind.code: kind}
    for below in kind.__subclasses__():
        found |= _leaves(below)
    return found
