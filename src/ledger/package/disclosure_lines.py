"""The lines of `disclosures.jsonl`: which field of which entry a disclosure opens."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.canonical import canonical_trusted, parse_canonical
from ledger.errors import DuplicateKey, MalformedDisclosure, NotCanonical, NotJson


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
    try:
        value = parse_canonical(line)
    except (NotJson, NotCanonical, DuplicateKey) as error:
        raise MalformedDisclosure(line[:60].decode("ascii", "replace"), str(error)) from None
    match value:
        case {"disclosure": str(text), "name": str(name), "seq": int(seq), **further} if not further and type(seq) is int and seq >= 0:
            return DisclosureLine(seq, name, text)
    raise MalformedDisclosure(line[:60].decode("ascii", "replace"), "a line holds `disclosure`, `name` and `seq`, and nothing else")
