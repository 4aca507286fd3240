"""What is not shown because a court ordered so, and what waits until nothing of it is left."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Unavailable, Withheld


@dataclass
class EntryRedacted(Withheld):
    """The bytes of the entry are withheld by order of a court; its leaf hash is all that is left of them."""

    code: ClassVar[str] = "entry-redacted"
    message: ClassVar[str] = "Entry {entry} ({event_type}, version {version} of {stream!r}) is redacted by order of {authority!r}."
    entry: int
    stream: str
    event_type: str
    version: int
    authority: str
    leaf_hash: str


@dataclass
class ViewsRebuilding(Unavailable):
    """An entry was redacted, and what is published is being made anew without it."""

    code: ClassVar[str] = "views-rebuilding"
    message: ClassVar[str] = "An entry was redacted; what is published of the project is being made again without it. Ask again soon."
