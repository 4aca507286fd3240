"""What a log signs in answer to a request: a receipt for what it will include, or a refusal (docs/formats/log.md)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedNote
from ledger.tlog.lines import base64, decimal, unbase64
from ledger.tlog.note import Note, signed_by
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.vkey import Vkey

RECEIPT_HEADER: Final = "ledger-receipt/v1"
REFUSAL_HEADER: Final = "ledger-refusal/v1"

MAXIMUM_DELAY_SECONDS: Final = 86_400
"""What `ledger-receipt/v1` promises: that long after its time, at the latest, a published checkpoint includes the entries."""

_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The entries `first` to `last` of the log `origin` are recorded, and `root` is the root of the tree of these leaves alone.

    A line of the request has its audit path in that tree (`audit_path`, `verify_inclusion` at `index - first`).
    """

    origin: str
    first: int
    last: int
    root: bytes
    unix_seconds: int

    @property
    def text(self) -> str:
        """The note text to be signed."""
        lines = (RECEIPT_HEADER, self.origin, self.first, self.last, base64(self.root), self.unix_seconds)
        return "".join(f"{line}\n" for line in lines)

    @property
    def width(self) -> int:
        """How many entries the receipt is for."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request to the log `origin`, known by the SHA-256 of its body as it was received, was refused with the error `code`."""

    origin: str
    code: str
    body_digest: bytes
    unix_seconds: int

    @property
    def text(self) -> str:
        """The note text to be signed."""
        lines = (REFUSAL_HEADER, self.origin, self.code, base64(self.body_digest), self.unix_seconds)
        return "".join(f"{line}\n" for line in lines)


def parse_receipt(text: str) -> Receipt:
    """The receipt that a note text states; raises `MalformedNote`."""
    origin, first, last, root, seconds = _fields(text, RECEIPT_HEADER, 5)
    receipt = Receipt(origin, _number(first, 3), _number(last, 4), _hash(root, 5), _number(seconds, 6))
    if receipt.last < receipt.first:
        raise MalformedNote(place="line 4", why="the last index is less than the first")
    return receipt


def parse_refusal(text: str) -> Refusal:
    """The refusal that a note text states; raises `MalformedNote`."""
    origin, code, digest, seconds = _fields(text, REFUSAL_HEADER, 4)
    if not _CODE.match(code):
        raise MalformedNote(place="line 3", why="an error code is lower-case words with - between them")
    return Refusal(origin, code, _hash(digest, 4), _number(seconds, 5))


def signed_receipt(note: Note, vkeys: Iterable[Vkey]) -> Receipt | None:
    """The receipt in `note`, if one of `vkeys` signed it under the log's own name; None otherwise. Raises as `parse_receipt`."""
    receipt = parse_receipt(note.text)
    return receipt if signed_by(note, receipt.origin, vkeys) else None


def signed_refusal(note: Note, vkeys: Iterable[Vkey]) -> Refusal | None:
    """The refusal in `note`, if one of `vkeys` signed it under the log's own name; None otherwise. Raises as `parse_refusal`."""
    refusal = parse_refusal(note.text)
    return refusal if signed_by(note, refusal.origin, vkeys) else None


def _fields(text: str, header: str, count: int) -> list[str]:
    """The lines after the header, `count` of them, none empty."""
    lines = text.split("\n")
    if lines[0] != header:
        raise MalformedNote(place="line 1", why=f"it is not {header}")
    if len(lines) != count + 2 or lines[-1] or not all(lines[:-1]):
        raise MalformedNote(place="note", why=f"{header} has {count} lines after its first, none of them empty")
    return lines[1:-1]


def _number(line: str, place: int) -> int:
    number = decimal(line)
    if number is None:
        raise MalformedNote(place=f"line {place}", why="it is not a decimal number below 2^63 without leading zeros")
    return number


def _hash(line: str, place: int) -> bytes:
    content = unbase64(line)
    if content is None or len(content) != HASH_SIZE:
        raise MalformedNote(place=f"line {place}", why=f"it is not the base64 of {HASH_SIZE} bytes")
    return content
