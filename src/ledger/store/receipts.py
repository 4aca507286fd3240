"""What a log signs in answer to requests: receipts for what it recorded, refusals of what it did not (docs/formats/log.md).

Each bears a signature of every key that signs the log now. A refusal is signed when somebody is refused and never before, so recording
costs nothing for it; it takes one signature, some 32 µs, and whoever has an API key may ask for many.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Final

from ledger.errors import KeyMissing, LedgerError
from ledger.ports import Clock, KeyStore
from ledger.store.datastore import LedgerDatastore
from ledger.store.projects import find_project
from ledger.store.requests import Recorded
from ledger.tlog.note import Signer, sign_note
from ledger.tlog.receipt import Receipt, Refusal
from ledger.tlog.tree import tree_root

LEASE_SECONDS: Final = 1.0
"""How long a process goes on signing with the keys that it read."""
_MOST_PROJECTS: Final = 1000


class AnswerSigner:
    """Signs answers for every project of a ledger. Threads may share it; what it is asked may block."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore, clock: Clock) -> None:
        self._datastore = datastore
        self._keys = keys
        self._clock = clock
        self._signers: dict[str, tuple[float, Sequence[Signer]]] = {}
        self._projects: set[str] = set()

    def receipt(self, project: str, recorded: Sequence[Recorded], unix_seconds: int) -> bytes:
        """The receipt for these entries, at least one, which follow one another. Raises `KeyMissing`."""
        signers = self._of(project)
        if not signers:
            raise KeyMissing(project, "signing")
        self._projects.add(project)
        root = tree_root([entry.leaf_hash for entry in recorded])
        receipt = Receipt(signers[0].vkey.name, recorded[0].seq, recorded[-1].seq, root, unix_seconds)
        return sign_note(receipt.text, signers).encode()

    def refuse(self, project: str, refused: Iterable[tuple[LedgerError, bytes]], unix_seconds: int | None = None) -> None:
        """Each of these errors bears the log's refusal of the bytes beside it; none does where there is no such project, or no more.

        Signed at this time, else at the ledger's time now. Raises `KeyMissing`, `ClockUnconfirmed`: what cannot be signed is not to be
        answered without.
        """
        if not self._exists(project):
            return
        signers = self._of(project)
        if not signers:
            return
        seconds = self._now() if unix_seconds is None else unix_seconds
        for error, posted in refused:
            refusal = Refusal(signers[0].vkey.name, error.code, sha256(posted).digest(), seconds)
            error.signed_refusal = sign_note(refusal.text, signers).encode().decode()

    def _of(self, project: str) -> Sequence[Signer]:
        lease = self._signers.get(project)
        if lease is not None and monotonic() < lease[0]:
            return lease[1]
        until = monotonic() + LEASE_SECONDS
        signers = self._keys.signers(project)
        if len(self._signers) >= _MOST_PROJECTS:
            self._signers = {}
        self._signers[project] = until, signers
        return signers

    def _exists(self, project: str) -> bool:
        """A project is never removed, so it is looked for until it is found; strangers cannot fill this up with names."""
        if project not in self._projects:
            with self._datastore.connection() as connection:
                if find_project(connection, project) is None:
                    return False
            self._projects.add(project)
        return True

    def _now(self) -> int:
        return int(datetime.fromisoformat(self._clock.now()).timestamp())
