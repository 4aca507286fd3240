"""Cosignatures: what a witness says of a checkpoint, with the time at which it says so (C2SP tlog-cosignature, type 04)."""

from typing import Final

from ledger.errors import MalformedNote
from ledger.tlog.lines import LARGEST_NUMBER
from ledger.tlog.note import MAX_SIGNATURES, NoteSignature, Signer, parse_signature
from ledger.tlog.vkey import TIME_SIZE, SignatureType, cosigned_message

LONGEST_ANSWER: Final = 1 << 16
"""Bytes of a witness's answer that are read: some cosignatures, of which each of type 04 takes less than 400."""


def cosign(text: str, signer: Signer, seconds: int) -> NoteSignature:
    """The cosignature of `signer`, whose key is of type 04, on the checkpoint with this note text at a Unix time in seconds."""
    vkey = signer.vkey
    if vkey.type is not SignatureType.COSIGNATURE:
        raise AssertionError(f"{vkey} signs notes, and cosigns none")
    if not 0 <= seconds <= LARGEST_NUMBER:
        raise AssertionError(f"{seconds} is no time of a cosignature")
    signature = signer.sign(cosigned_message(text.encode(), seconds))
    return NoteSignature(vkey.name, vkey.key_id, seconds.to_bytes(TIME_SIZE, "big") + signature)


def parse_cosignatures(content: bytes) -> tuple[NoteSignature, ...]:
    """The signature lines in a witness's answer, one or more; raises `MalformedNote`. Nothing about them is verified."""
    if len(content) > LONGEST_ANSWER:
        raise MalformedNote(place="answer", why=f"it is longer than {LONGEST_ANSWER} bytes")
    try:
        written = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedNote(place=f"byte {error.start}", why="this is not UTF-8") from None
    if not written.endswith("\n"):
        raise MalformedNote(place="answer", why="it is no complete signature lines")
    lines = written[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(place="answer", why=f"it has more than {MAX_SIGNATURES} signatures")
    return tuple(parse_signature(line, f"line {number}") for number, line in enumerate(lines, 1))
