"""Signed notes (C2SP signed-note): a text, an empty line, signature lines. Written and read byte for byte."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from ledger.errors import MalformedNote
from ledger.tlog.lines import base64, unbase64
from ledger.tlog.vkey import KEY_ID_SIZE, SignatureType, Vkey, is_key_name

MAX_NOTE_SIZE: Final = 1_000_000
MAX_SIGNATURES: Final = 100

_SIGNATURE_LINE: Final = re.compile(r"— (?P<name>[^ ]+) (?P<encoded>[^ ]+)\Z")
_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


class Signer(Protocol):
    """Whoever holds a private key. The key stays there; only signatures come out."""

    @property
    def vkey(self) -> Vkey:
        """The public half, with the name to sign as."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of `message`, 64 bytes; the same for the same message."""
        ...


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A signature line: who claims to have signed, and the signature. Nothing about it is verified."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line without its end."""
        return f"— {self.name} {base64(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it. The text means nothing before `verified_by` or `signed_by` has said who signed."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        """The bytes of the note; `parse_note` of them gives this note."""
        return "".join([self.text, "\n", *(f"{signature.line}\n" for signature in self.signatures)]).encode()

    def with_signatures(self, further: Iterable[NoteSignature]) -> "Note":
        """The note with `further` signature lines after its own; one that stands there already is left out."""
        return replace(self, signatures=tuple(dict.fromkeys([*self.signatures, *further])))


def sign_note(text: str, signers: Sequence[Signer]) -> Note:
    """The note with this text and one signature of each of `signers`, in their order; raises `MalformedNote` for a text that is none."""
    _check_text(text)
    message = text.encode()
    return Note(text, tuple(NoteSignature(signer.vkey.name, signer.vkey.key_id, signer.sign(message)) for signer in signers))


def parse_note(data: bytes) -> Note:
    """The note that `data` writes; raises `MalformedNote` where it is not written as `Note.encode` writes it."""
    if len(data) > MAX_NOTE_SIZE:
        raise MalformedNote(place="note", why=f"it is longer than {MAX_NOTE_SIZE} bytes")
    try:
        written = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedNote(place=f"byte {error.start}", why="this is not UTF-8") from None
    text, blank, under = written.rpartition("\n\n")
    if not blank or not under.endswith("\n"):
        raise MalformedNote(place="note", why="it does not end with an empty line and complete signature lines")
    text += "\n"
    _check_text(text)
    lines = under[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(place="note", why=f"it has more than {MAX_SIGNATURES} signatures")
    first = text.count("\n") + 2
    return Note(text, tuple(parse_signature(line, f"line {first + index}") for index, line in enumerate(lines)))


def parse_signature(line: str, place: str) -> NoteSignature:
    """The signature that `line` writes, without its line end; raises `MalformedNote` at `place` for any other line."""
    match = _SIGNATURE_LINE.match(line)
    content = unbase64(match["encoded"]) if match else None
    if match is None or not is_key_name(match["name"]) or content is None or len(content) <= KEY_ID_SIZE:
        raise MalformedNote(place=place, why="this is not a signature line: a dash, a key name, the base64 of a key id and a signature")
    return NoteSignature(match["name"], content[:KEY_ID_SIZE], content[KEY_ID_SIZE:])


def verified_by(note: Note, vkeys: Iterable[Vkey]) -> tuple[Vkey, ...]:
    """Those of `vkeys` that signed `note`, in their order.

    Signatures of other keys are passed over, as the format asks. A bad signature that bears the name and id of one of `vkeys` makes the
    whole note worthless: the result is then empty.
    """
    text = note.text.encode()
    known: dict[tuple[str, bytes], Vkey] = {(vkey.name, vkey.key_id): vkey for vkey in vkeys}
    signed: set[Vkey] = set()
    for signature in note.signatures:
        vkey = known.get((signature.name, signature.key_id))
        if vkey is None:
            continue
        if not vkey.verifies(text, signature.signature):
            return ()
        signed.add(vkey)
    return tuple(vkey for vkey in known.values() if vkey in signed)


def signed_by(note: Note, name: str, vkeys: Iterable[Vkey]) -> bool:
    """True when `verified_by` finds a plain signature under `name`: a log signs under its origin, and a cosignature says less."""
    return any(vkey.name == name and vkey.type is SignatureType.ED25519 for vkey in verified_by(note, vkeys))


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise MalformedNote(place="text", why="it does not end with a line end")
    found = _FORBIDDEN.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise MalformedNote(place=f"line {line}", why=f"the character U+{ord(found.group()):04X} cannot stand in a note")
