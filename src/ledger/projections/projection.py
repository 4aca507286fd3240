"""What a projection is: a pure fold from events to rows, row by row."""

from collections.abc import Mapping
from typing import Protocol

from ledger.canonical import JsonValue
from ledger.events import Event

Row = Mapping[str, JsonValue]
Disclosed = Mapping[str, JsonValue]
"""Committed fields of the event that may be shown: name → value. A field that is sealed, private or erased is absent."""


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

    def apply(self, key: str, row: Row | None, event: Event, disclosed: Disclosed) -> Row | None:
        """The row of this key after the event; None where there is (or is no longer) one. The row given is never mutated."""
        ...
