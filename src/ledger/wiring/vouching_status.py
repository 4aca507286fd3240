"""Who vouches for the ledger log, for whoever asks over HTTP: witnesses, and a timestamp authority."""

from datetime import UTC, datetime

from ledger.api.library import AnchorStatus, QuorumStatus, WitnessStatus
from ledger.store.anchors import newest_anchor
from ledger.store.cosignatures import WitnessRow, quorum_at, witness_rows
from ledger.store.projects import Project
from ledger.tlog.policy import PolicyWitness
from ledger.wiring.ledger import Ledger


class VouchingStatus:
    """What is known now, of the ledger log whose newest checkpoint has this size."""

    def __init__(self, ledger: Ledger, log: Project, size: int) -> None:
        self._datastore = ledger.datastore
        self._policy = ledger.witness_policy
        self._log = log
        self._size = size

    def quorum(self) -> QuorumStatus | None:
        """What the policy asks for; None without a policy."""
        file = self._policy
        if file is None:
            return None
        with self._datastore.connection() as connection:
            found = quorum_at(connection, self._log, file.policy)
        size = None if found is None else found.size
        return QuorumStatus(file.policy.asked, file.digest, size == self._size or not file.policy.asks_for_witnesses, size)

    def witnesses(self) -> list[WitnessStatus]:
        """Those of the policy, in its order."""
        if self._policy is None:
            return []
        with self._datastore.connection() as connection:
            rows = witness_rows(connection, self._log)
        return [_witness(witness, rows.get(str(witness.vkey))) for witness in self._policy.policy.witnesses]

    def anchor(self) -> AnchorStatus | None:
        """The newest timestamp."""
        with self._datastore.connection() as connection:
            newest = newest_anchor(connection, self._log)
        return None if newest is None else AnchorStatus(newest.size, _told(newest.stated_at))


def _witness(witness: PolicyWitness, row: WitnessRow | None) -> WitnessStatus:
    url, vkey = witness.url or None, str(witness.vkey)
    if row is None:
        return WitnessStatus(witness.label, vkey, url, "waiting", None if url else "the policy has no URL of it", 0, None, None)
    at = None if row.cosigned_at is None else _seconds_told(row.cosigned_at)
    return WitnessStatus(witness.label, vkey, url, row.state, row.why or None, row.seen_size, row.cosigned_size, at)


def _told(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _seconds_told(seconds: int) -> str:
    """A witness's time; as it came where no calendar goes so far."""
    try:
        return _told(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return str(seconds)
