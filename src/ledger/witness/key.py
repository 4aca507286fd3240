"""A witness's key and its file, which is written as `golang.org/x/mod/sumdb/note` writes one, with the type byte 04:

PRIVATE+KEY+<name>+<key id in hex>+<base64 of the type byte and the 32-byte seed>
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.durable import make_folder, put
from ledger.errors import KeyFileDamaged, KeyFileExposed, MalformedVkey
from ledger.tlog.lines import base64, unbase64
from ledger.tlog.vkey import SignatureType, Vkey

_PREFIX: Final = "PRIVATE+KEY+"
_SEED_BYTES: Final = 32


class WitnessKey:
    """See `tlog.note.Signer`; its key is of type 04. The private half does not show when it is printed."""

    __slots__ = ("_key", "_vkey")

    def __init__(self, name: str, seed: bytes) -> None:
        """Cosigns as `name`. Raises `MalformedVkey` for a name that cannot stand in a signature line."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._vkey = Vkey(name, self._key.public_key().public_bytes_raw(), SignatureType.COSIGNATURE)

    @property
    def vkey(self) -> Vkey:
        """See `Signer.vkey`."""
        return self._vkey

    def sign(self, message: bytes) -> bytes:
        """See `Signer.sign`."""
        return self._key.sign(message)

    def written(self) -> bytes:
        """The file form. Whoever has it can cosign."""
        secret = bytes([self._vkey.type]) + self._key.private_bytes_raw()
        return f"{_PREFIX}{self._vkey.name}+{self._vkey.key_id.hex()}+{base64(secret)}\n".encode()

    @classmethod
    def read(cls, content: bytes) -> Self | None:
        """The key of a file, or None where it is not written as `written` writes it."""
        try:
            name, _, encoded = content.decode().removeprefix(_PREFIX).split("+", 2)
            key = cls(name, (unbase64(encoded.rstrip("\n")) or b"")[1:])
        except (ValueError, MalformedVkey):
            return None
        return key if key.written() == content else None


def kept_key(file: Path, name: str, random: Callable[[int], bytes] = secrets.token_bytes) -> WitnessKey:
    """The key in `file`, made now if there is none, and named `name`; durable when this returns.

    Raises `KeyFileExposed` where others may read it, `KeyFileDamaged` where it is no such key or has another name: whoever trusts a
    witness trusts a name and a key together.
    """
    if not file.exists():
        make_folder(file.parent)
        put(file, WitnessKey(name, random(_SEED_BYTES)).written())
    mode = S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        raise KeyFileExposed(str(file), f"{mode:04o}")
    key = WitnessKey.read(file.read_bytes())
    if key is None:
        raise KeyFileDamaged(str(file), "the key of a witness with its name")
    if key.vkey.name != name:
        raise KeyFileDamaged(str(file), f"the key of a witness named {name}, but of {key.vkey.name}")
    return key
