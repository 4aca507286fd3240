"""What a projection is: a pure fold from events to rows, row by row."""

from collections.abc import Mapping
from typing import Protocol

from ledger.canonical import JsonValue
from ledger.events import Event

Row = Mapping[str, JsonValue]
Texts = Mapping[str, JsonValue]
"""Name of a public committed field of the event → the reference that stands for its text (`ledger.projections.references`)."""
Disclosed = Mapping[str, JsonValue]
"""Committed fields of the event that may be shown: name → value. A field that is sealed, private, withheld or erased is absent."""


class Projection(Protocol):
    """A fold whose rows are its whole state. The service and the auditor run the same one.

    `version` goes up whenever the rows of an old history would come out different: the service then rebuilds.
    """

    name: str
    version: int
    handles: frozenset[str]
    """Wire types of the events it reads; every other event leaves its rows as they are."""

    def keys(self, event: Event) -> tuple[str, ...]:
        """The keys of the rows that the event may change, each once."""
        ...

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """The row of this key after the event; None where there is (or is no longer) one. The row given is never mutated.

        No text is known here: `texts.get("title")` is what a row stores in place of the title. Whoever reads the row is shown the title,
        or null where it may not be shown. References are equal only where they refer to the same field of the same entry.
        """
        ...
