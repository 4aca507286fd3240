"""The lines of `disclosures.jsonl`: which field of which entry a disclosure opens."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ledger.canonical import canonical_trusted
from ledger.errors import MalformedDisclosure

_LINE: Final = re.compile(rb'\{"disclosure":"([A-Za-z0-9_-]*)","name":"([a-z_]{1,64})","seq":(0|[1-9][0-9]{0,15})\}')
"""What `disclosure_lines` writes: canonical JSON of three members, in which nothing has to be escaped."""


class DisclosureLine(NamedTuple):
    """A field of the entry `seq`, and the disclosure that opens it. Lines ascend by `seq`, then `name`."""

    seq: int
    name: str
    disclosure: str


def disclosure_lines(disclosures: Iterable[tuple[int, str, str]]) -> Iterator[bytes]:
    """The lines of these disclosures, each with its line feed."""
    for seq, name, text in disclosures:
        yield canonical_trusted({"disclosure": text, "name": name, "seq": seq}) + b"\n"


def read_disclosure_line(line: bytes) -> DisclosureLine:
    """What the line says; raises `MalformedDisclosure` for any line that `disclosure_lines` does not write."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise MalformedDisclosure(line[:60].decode("ascii", "replace"), "a line is canonical JSON of `disclosure`, `name` and `seq`")
    text, name, seq = match.groups()
    return DisclosureLine(int(seq), name.decode(), text.decode())
