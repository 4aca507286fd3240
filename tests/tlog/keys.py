"""Keys whose private half is known to everybody, for tests."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.tlog.note import NoteSignature
from ledger.tlog.vkey import SignatureType, Vkey


class KnownSigner:
    """A `Signer` with the private key that is 32 times `byte`."""

    def __init__(self, name: str, byte: int = 1) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)
        self.vkey = Vkey(name, self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def cosign(self, text: str, seconds: int) -> tuple[Vkey, NoteSignature]:
        """A cosignature as C2SP tlog-cosignature defines it, and the key that verifies it."""
        vkey = Vkey(self.vkey.name, self.vkey.public_key, SignatureType.COSIGNATURE)
        signature = seconds.to_bytes(8, "big") + self.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        return vkey, NoteSignature(vkey.name, vkey.key_id, signature)
