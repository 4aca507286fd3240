"""A key store in memory, for tests that have no use for files."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import KeyMissing, LogClosed
from ledger.ports import Closing
from ledger.store.signing import LogSigner
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.vkey import Vkey, parse_vkey


class MemoryKeyStore:
    """See `ports.KeyStore`. Its keys follow from their order of making, so that what is made with them is the same in every run."""

    def __init__(self) -> None:
        self._signers: dict[str, list[LogSigner]] = {}
        self._keys: dict[tuple[str, str], bytes] = {}
        self._signed: dict[str, bytes] = {}
        self._closings: dict[str, Closing] = {}
        self._made = 0

    def signer(self, project: str) -> LogSigner:
        signers = self.signers(project)
        if not signers:
            raise KeyMissing(project, "signing")
        return signers[0]

    def signers(self, project: str) -> tuple[LogSigner, ...]:
        signers = self._signers.get(project, [])
        if not signers and project not in self._closings:
            raise KeyMissing(project, "signing")
        return tuple(signers)

    def vkeys(self, project: str) -> tuple[Vkey, ...]:
        signers = self.signers(project)
        return tuple(signer.vkey for signer in signers) or tuple(map(parse_vkey, self._closings[project].vkeys))

    def make_signer(self, project: str, origin: str) -> LogSigner:
        if (closing := self._closings.get(project)) is not None:
            raise LogClosed(project, closing.code, closing.successor or "none")
        if not self._signers.get(project):
            self._signers[project] = [self._new(origin)]
        return self._signers[project][0]

    def add_signer(self, project: str) -> LogSigner:
        made = self._new(self.signer(project).vkey.name)
        self._signers[project].insert(0, made)
        return made

    def retire_signer(self, project: str, vkey: Vkey) -> None:
        left = [signer for signer in self._signers.get(project, []) if signer.vkey != vkey]
        if len(left) == len(self._signers.get(project, [])):
            raise KeyMissing(project, f"signing {vkey.key_id.hex()}")
        self._signers[project] = left

    def signed(self, project: str) -> bytes | None:
        return self._signed.get(project)

    def keep_signed(self, project: str, note: bytes) -> None:
        kept = self._signed.get(project)
        if kept is None or _size(kept) <= _size(note):
            self._signed[project] = note

    def closing(self, project: str) -> Closing | None:
        return self._closings.get(project)

    def close_log(self, project: str, closing: Closing) -> None:
        self._closings.setdefault(project, closing)

    def scope_key(self, project: str, scope: str) -> bytes:
        try:
            return self._keys[project, scope]
        except KeyError:
            raise KeyMissing(project, scope) from None

    def make_scope_key(self, project: str, scope: str) -> bytes:
        if (project, scope) not in self._keys:
            self._keys[project, scope] = self._next()
        return self._keys[project, scope]

    def destroy_scope_key(self, project: str, scope: str) -> None:
        self.scope_key(project, scope)
        del self._keys[project, scope]

    def epochs(self, project: str) -> tuple[int, ...]:
        return tuple(sorted(int(scope[6:]) for owner, scope in self._keys if owner == project and scope.startswith("epoch.")))

    def _new(self, origin: str) -> LogSigner:
        return LogSigner(origin, Ed25519PrivateKey.from_private_bytes(self._next()))

    def _next(self) -> bytes:
        self._made += 1
        return self._made.to_bytes(32, "big")


def _size(note: bytes) -> int:
    return parse_checkpoint(parse_note(note).text).size
