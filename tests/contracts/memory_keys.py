"""A key store in memory, for tests that have no use for files."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import KeyMissing
from ledger.store.signing import LogSigner


class MemoryKeyStore:
    """See `ports.KeyStore`. Its keys follow from their order of making, so that what is made with them is the same in every run."""

    def __init__(self) -> None:
        self._signers: dict[str, LogSigner] = {}
        self._keys: dict[tuple[str, str], bytes] = {}
        self._made = 0

    def signer(self, project: str) -> LogSigner:
        try:
            return self._signers[project]
        except KeyError:
            raise KeyMissing(project, "signing") from None

    def signers(self, project: str) -> tuple[LogSigner, ...]:
        return (self.signer(project),)

    def make_signer(self, project: str, origin: str) -> LogSigner:
        if project not in self._signers:
            self._signers[project] = LogSigner(origin, Ed25519PrivateKey.from_private_bytes(self._next()))
        return self._signers[project]

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

    def _next(self) -> bytes:
        self._made += 1
        return self._made.to_bytes(32, "big")
