"""Verifier keys of C2SP signed notes: Ed25519, plain (type 01) and as a witness's cosignature with a time (type 04, cosignature/v1)."""

import re
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.errors import MalformedVkey
from ledger.tlog.lines import LARGEST_NUMBER, base64, unbase64

KEY_ID_SIZE: Final = 4
_KEY_SIZE: Final = 32
_SIGNATURE_SIZE: Final = 64
TIME_SIZE: Final = 8
_ID: Final = re.compile(r"[0-9a-f]{8}\Z")


class SignatureType(IntEnum):
    """The signature types that are read here, by their byte in C2SP signed-note."""

    ED25519 = 1
    COSIGNATURE = 4


@dataclass(frozen=True, slots=True)
class Vkey:
    """A name and a public key; together they have the id that signature lines carry. Raises `MalformedVkey` when they can have none."""

    name: str
    public_key: bytes
    type: SignatureType = SignatureType.ED25519

    def __post_init__(self) -> None:
        """The name is one that can stand in a signature line."""
        if not is_key_name(self.name):
            raise MalformedVkey(place="name", why="a key name is not empty and holds no space, no control character and no +")
        if len(self.public_key) != _KEY_SIZE:
            raise MalformedVkey(place="key", why=f"{len(self.public_key)} bytes are not an Ed25519 public key of {_KEY_SIZE}")

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256 over name, line end, type and public key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public_key).digest()[:KEY_ID_SIZE]

    def __str__(self) -> str:
        """The key as people hand it on: `name+id+key`."""
        return f"{self.name}+{self.key_id.hex()}+{base64(bytes([self.type]) + self.public_key)}"

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """True when `signature`, without its key id, is this key's over the note text `text`."""
        if self.type is SignatureType.ED25519:
            return verify_ed25519(self.public_key, signature, text)
        seconds = cosigned_at(signature)
        return seconds <= LARGEST_NUMBER and verify_ed25519(self.public_key, signature[TIME_SIZE:], cosigned_message(text, seconds))


def cosigned_message(text: bytes, seconds: int) -> bytes:
    """What a witness signs when it cosigns the note text `text` at a Unix time: a line for the kind, one for the time, the text."""
    return b"cosignature/v1\ntime %d\n%b" % (seconds, text)


def cosigned_at(signature: bytes) -> int:
    """The Unix time in seconds that a cosignature says it was made at. Believe it only once the key verifies it."""
    return int.from_bytes(signature[:TIME_SIZE], "big")


def parse_vkey(text: str) -> Vkey:
    """The key that `text` spells; raises `MalformedVkey` unless it is spelled exactly so."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    content = unbase64(encoded)
    if not content or not _ID.match(key_id):
        raise MalformedVkey(
            place="vkey", why="this is not a name, eight lower-case hexadecimal digits and a base64 key with + between them"
        )
    try:
        signature_type = SignatureType(content[0])
    except ValueError:
        raise MalformedVkey(place="type", why=f"signatures of type {content[0]:02x} are not read here") from None
    vkey = Vkey(name, content[1:], signature_type)
    if vkey.key_id.hex() != key_id:
        raise MalformedVkey(place="id", why=f"the id of this name and key is {vkey.key_id.hex()}, not {key_id}")
    return vkey


def is_key_name(name: str) -> bool:
    """True when `name` can stand in a signature line: not empty, no Unicode space, no +, no control character, no lone surrogate."""
    return bool(name) and not any(letter.isspace() or letter < " " or letter == "+" or "\ud800" <= letter <= "\udfff" for letter in name)


def verify_ed25519(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """True when `signature` is the Ed25519 signature (RFC 8032) of `message` by `public_key`; False also for a key that is none."""
    if len(public_key) != _KEY_SIZE or len(signature) != _SIGNATURE_SIZE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
