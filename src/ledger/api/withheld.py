"""What is answered of entries whose bytes a court ordered to be withheld."""

from ledger.errors import EntryRedacted
from ledger.events.redacted import is_redacted, read_redacted


def unredacted(entry: bytes) -> bytes:
    """The bytes of an entry; raises `EntryRedacted` where something stands in their place."""
    if is_redacted(entry):
        left = read_redacted(entry)
        raise EntryRedacted(left.seq, left.stream, left.type, left.version, left.authority, left.leaf_hash)
    return entry
