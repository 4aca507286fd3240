"""What a submission becomes before it may stand in a public log: people become pseudonyms, texts become commitments.

Pseudonyms: docs/formats/pseudonyms.md. Commitments: the disclosure and digest of RFC 9901 section 4.2. Randomness comes in through a port.
"""

from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import NamedTuple

from ledger.canonical import JsonValue, canonical, parse
from ledger.errors import DuplicateKey, MalformedDisclosure, NotCanonical, NotJson

SALT_BYTES = 16
KEY_BYTES = 32
_STANDARD = bytes.maketrans(b"-_+/", b"+/--")


class Disclosure(NamedTuple):
    """A committed field opened: `text` is what is hashed and shipped, `digest` what stands in the entry's `_sd`."""

    name: str
    value: JsonValue
    text: str
    digest: str


def participant_key(scope_key: bytes, namespace: str, subject: str) -> bytes:
    """The 32-byte `k` of a person within a scope; the platform may hand it to that person to find what is theirs."""
    return hmac_digest(scope_key, namespace.encode() + b"\0" + subject.encode(), "sha256")


def pseudonym(k: bytes, origin: str, scope: str) -> str:
    """The name a person goes by in one scope of one log: 22 characters of base64url, 132 bits."""
    return urlsafe_b64encode(hmac_digest(k, f"actor/v1\0{origin}\0{scope}".encode(), "sha256")[:17])[:22].decode()


def written_key(k: bytes) -> str:
    """A `k` as it is handed out: 43 characters of base64url."""
    return digest_text(k)


def read_key(text: str) -> bytes | None:
    """The `k` that a text writes, white space around it passed over; None where it writes none. Nothing says what was wrong with it."""
    try:
        k = decode_text(text.strip())
    except MalformedDisclosure:
        return None
    return k if len(k) == KEY_BYTES else None


def commit(name: str, value: JsonValue, salt: bytes) -> Disclosure:
    """The disclosure of a field under a fresh 16-byte salt. The array is written canonically, so equal inputs give equal bytes."""
    array = canonical([urlsafe_b64encode(salt).rstrip(b"=").decode(), name, value])
    text = urlsafe_b64encode(array).rstrip(b"=").decode()
    return Disclosure(name, value, text, disclosure_digest(text))


def disclosure_digest(text: str) -> str:
    """The digest of a disclosure as shipped: base64url of SHA-256 over its ASCII characters."""
    return digest_text(sha256(text.encode("ascii", "replace")).digest())


def digest_text(digest: bytes) -> str:
    """A digest as entries write it: base64url without padding."""
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def read_disclosure(text: str) -> Disclosure:
    """The field that a shipped disclosure opens. Raises `MalformedDisclosure` where it is not `[salt, name, value]` in base64url."""
    try:
        array = parse(decode_text(text))
    except (NotJson, NotCanonical, DuplicateKey) as error:
        raise MalformedDisclosure(text[:60], str(error)) from None
    match array:
        case [str(), str(name), value]:
            return Disclosure(name, value, text, disclosure_digest(text))
    raise MalformedDisclosure(text[:60], "not an array of salt, name and value")


def decode_text(text: str) -> bytes:
    """The bytes of base64url without padding, read strictly: one text for each sequence of bytes."""
    raw = text.encode("ascii", "replace")
    padded = raw + b"=" * (-len(raw) % 4)
    try:
        data = b64decode(padded.translate(_STANDARD), validate=True)
    except ValueError:
        raise MalformedDisclosure(text[:60], "not base64url") from None
    if urlsafe_b64encode(data).rstrip(b"=") != raw:
        raise MalformedDisclosure(text[:60], "not base64url as written by RFC 4648 section 5 without padding")
    return data
