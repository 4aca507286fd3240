"""Who witnessed a result that is about to be certified: found, and waited for a little, before the turn.

A result is witnessed when a checkpoint of the ledger log is cosigned as the policy asks, and states the project's log at a size that covers
the computed result. What the ledger certified without that would be worth as much as the ledger's own word.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic, sleep
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import CountedTogether, FieldDiffers, LedgerError, QuorumMissing
from ledger.events import EventData
from ledger.events.result import MOST_NAMED, ResultCertified, ResultComputed, WitnessedBy
from ledger.sealing import digest_text
from ledger.store.cosignatures import is_within_reach, quorum_at, stated_below, witness_rows
from ledger.store.datastore import LedgerDatastore
from ledger.store.projects import Project, find_ledger_log, find_project
from ledger.store.sealer import Draft
from ledger.tlog.policy import Policy
from ledger.tlog.vkey import Vkey

CERTIFIED: Final = frozenset({ResultCertified.wire_type()})
"""Types of events that state who witnessed."""
PATIENCE_SECONDS: Final = 5.0
"""How long a certification waits for witnesses before it is refused: checkpoints are signed and shown to them within two or so."""
_LOOK_SECONDS: Final = 0.1
_MOST_NAME_BYTES: Final = 4096

_NEWEST: Final = """
SELECT seq FROM events WHERE project_id = %s AND stream = %s COLLATE "C" AND type = ANY(%s) ORDER BY version DESC LIMIT 1"""

_CERTIFIED: Final = """
SELECT 1 FROM events WHERE project_id = %s AND stream >= 'result/' COLLATE "C" AND stream < 'result0' COLLATE "C" AND type = ANY(%s)
LIMIT 1"""

Witnessing = Callable[[str, str], WitnessedBy | None]
"""Project and step → who witnessed the result that was computed last; None where no policy asks for witnesses, or nothing was computed.

May take some seconds. Raises `QuorumMissing`.
"""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as the operator has it: its bytes, what they say, and their SHA-256 in base64url."""

    content: bytes
    policy: Policy
    digest: str


class WitnessedResults:
    """Finds out who witnessed. See `Witnessing`."""

    def __init__(
        self, datastore: LedgerDatastore, policy: PolicyFile, state: Callable[[str], object], patience: float = PATIENCE_SECONDS
    ) -> None:
        """`state` has the newest checkpoint of a project stated in the ledger log. See `LedgerLogWriter.note`."""
        self._datastore = datastore
        self._file = policy
        self._state = state
        self._patience = patience

    def of(self, ref: str, step: str) -> WitnessedBy | None:
        """See `Witnessing`."""
        deadline, stated = monotonic() + self._patience, False
        while True:
            with self._datastore.connection() as connection:
                project, log = find_project(connection, ref), find_ledger_log(connection)
                computed = None if project is None else _newest(connection, project, step, ResultComputed)
                if project is None or computed is None or _newest(connection, project, step, ResultCertified) is not None:
                    return None  # the last: it is sent again, and answered as before, or refused for that
                found = None if log is None else self._witnessed(connection, log, project, computed)
                is_signed = _signed_size(connection, project) > computed
                hopeless = log is not None and not is_within_reach(connection, log, self._file.policy)
            if found is not None or not self._file.policy.asks_for_witnesses:
                return found
            if not stated and is_signed:
                # Not at its turn, within a minute, but now: somebody waits for it.
                self._state(ref)
                stated = True
            if hopeless or monotonic() >= deadline:
                raise QuorumMissing(step, self._file.policy.asked, self._cosigners(log))
            sleep(_LOOK_SECONDS)

    def _witnessed(self, connection: Connection[Any], log: Project, project: Project, computed: int) -> WitnessedBy | None:
        quorum = quorum_at(connection, log, self._file.policy)
        stated = None if quorum is None else stated_below(connection, log, project.ref, quorum.size)
        if quorum is None or stated is None or stated[1] <= computed:
            return None
        return WitnessedBy(policy=self._file.digest, size=quorum.size, witnesses=named(quorum.cosigners))

    def _cosigners(self, log: Project | None) -> str:
        """Who cosigned when last asked, for whoever is refused."""
        if log is None:
            return "nobody"
        with self._datastore.connection() as connection:
            rows = witness_rows(connection, log)
        cosigned = [row.vkey.partition("+")[0] for row in rows.values() if row.state == "cosigned"]
        return ", ".join(sorted(cosigned)) or "nobody"


def named(cosigners: Sequence[Vkey]) -> tuple[str, ...]:
    """The names of these keys, in their order; of very many, or very long ones, as many of the first as fit into an entry."""
    names: list[str] = []
    for vkey in cosigners[:MOST_NAMED]:
        names.append(vkey.name)
        if sum(len(name.encode()) for name in names) > _MOST_NAME_BYTES:
            return tuple(names[:-1])
    return tuple(names)


def fill_witnessed(drafts: Sequence[Draft], project: str, witnessing: Witnessing | None) -> list[tuple[Draft, LedgerError]]:
    """Fills those of the drafts that certify a result with who witnessed it; returned are those that cannot be, and why.

    What is computed in the same request has nobody seen yet; and what somebody posts of witnesses has to be what the ledger finds.
    """
    failed: list[tuple[Draft, LedgerError]] = []
    computed = {draft.submission.data.step for draft in drafts if isinstance(draft.submission.data, ResultComputed)}
    for draft in drafts:
        data = draft.submission.data
        if not isinstance(data, ResultCertified):
            continue
        try:
            if witnessing is not None and data.step in computed:
                raise CountedTogether(draft.submission.type, ResultComputed.wire_type(), data.step)
            found = None if witnessing is None else witnessing(project, data.step)
            if data.witnessed is not None and data.witnessed != found:
                raise FieldDiffers("witnessed", "nobody" if found is None else str(found), str(data.witnessed))
        except LedgerError as error:
            failed.append((draft, error))
            continue
        draft.submission = draft.submission.model_copy(update={"data": data.model_copy(update={"witnessed": found})})
    return failed


def policy_file(content: bytes, policy: Policy) -> PolicyFile:
    """The policy with its digest."""
    return PolicyFile(content, policy, digest_text(sha256(content).digest()))


def _newest(connection: Connection[Any], project: Project, step: str, kind: type[EventData]) -> int | None:
    """The seq of the newest event of this kind about the step."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_NEWEST, (project.project_id, f"result/{step}", list(kind.wire_types())), prepare=False).fetchone()
    return None if found is None else int(found[0])


def has_certified(connection: Connection[Any], project: Project) -> bool:
    """True when a result of the project was certified."""
    return connection.execute(_CERTIFIED, (project.project_id, list(ResultCertified.wire_types()))).fetchone() is not None


def _signed_size(connection: Connection[Any], project: Project) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        (size,) = cursor.execute(
            "SELECT coalesce(max(size), 0) FROM checkpoints WHERE project_id = %s", (project.project_id,)
        ).fetchone() or (0,)
    return int(size)
