"""An Ed25519 key that signs notes under a name, and its file form: the one that Go's `golang.org/x/mod/sumdb/note` reads and writes.

PRIVATE+KEY+<name>+<key id in hex>+<base64 of the type byte 01 and the 32-byte seed>
"""

from base64 import b64decode, b64encode
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import MalformedVkey
from ledger.tlog.vkey import SignatureType, Vkey

_PREFIX = "PRIVATE+KEY+"


class LogSigner:
    """See `tlog.note.Signer`. The private key does not show when the signer is printed."""

    __slots__ = ("_key", "_vkey")

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        """Signs as `name`. Raises `MalformedVkey` for a name that cannot stand in a signature line."""
        self._key = key
        self._vkey = Vkey(name, key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> Vkey:
        """See `Signer.vkey`."""
        return self._vkey

    def sign(self, message: bytes) -> bytes:
        """See `Signer.sign`."""
        return self._key.sign(message)

    def written(self) -> bytes:
        """The file form. Whoever has it can sign."""
        seed = bytes([SignatureType.ED25519]) + self._key.private_bytes_raw()
        return f"{_PREFIX}{self._vkey.name}+{self._vkey.key_id.hex()}+{b64encode(seed).decode()}\n".encode()

    @classmethod
    def read(cls, content: bytes) -> Self | None:
        """The signer of a file, or None where it is not written as `written` writes it."""
        try:
            name, _, encoded = content.decode().removeprefix(_PREFIX).split("+", 2)
            seed = b64decode(encoded.strip(), validate=True)
            signer = cls(name, Ed25519PrivateKey.from_private_bytes(seed[1:]))
        except (ValueError, MalformedVkey):
            return None
        return signer if signer.written() == content else None
