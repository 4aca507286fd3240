"""The states of a million ballots in 27 bytes each, so that an audit fits on any machine.

A state is looked up by the person's pseudonym, which is spread evenly by its making: its checksum names a shelf, and on the shelf the
records stand one after the other, to be searched by the memory search of the C library. The order of records is never read.
"""

from typing import Final
from zlib import crc32

from ledger.aggregates import Aggregates, BallotState, State

_ACTOR: Final = 22
_RECORD: Final = _ACTOR + 5
_ON_ONE_SHELF: Final = 64
_MOST_SHELVES: Final = 1 << 20

Shelf = bytearray
"""Records of 22 characters of a pseudonym and 5 bytes of a packed state."""


def shelves(expected: int) -> list[Shelf | None]:
    """Empty shelves, a power of 2 of them, on which `expected` ballots are found fast; more are found, too."""
    count = 1
    while count * _ON_ONE_SHELF < min(expected, _MOST_SHELVES * _ON_ONE_SHELF):
        count *= 2
    return [None] * count


def find(shelf: Shelf, actor: bytes) -> int:
    """Where the record of `actor` starts, or -1. A match that straddles two records is none."""
    at = shelf.find(actor)
    while at > 0 and at % _RECORD:
        at = shelf.find(actor, at + 1)
    return at


class AuditedAggregates(Aggregates):
    """The states of a project, those of ballots packed. One ballot at a time is unpacked, and packed again when another is asked for."""

    __slots__ = ("_actor", "_ballot", "_expected", "_place", "_shelf", "_steps", "_stream")

    def __init__(self, expected: int) -> None:
        """`expected`: how many entries the log has."""
        super().__init__()
        self._expected = expected
        self._steps: dict[str, list[Shelf | None]] = {}
        self._stream = ""
        self._ballot = BallotState()
        self._actor = b""
        self._shelf = Shelf()
        self._place = -1

    def state(self, stream: str) -> State:
        """See `Aggregates.state`."""
        # Asked four times for each event, so nothing is called that need not be.
        found = self.states.get(stream)
        if found is not None:
            return found
        return self._unpacked(stream) if stream.startswith("ballot/") else super().state(stream)

    def writable(self, stream: str) -> State:
        """See `Aggregates.writable`."""
        return self._unpacked(stream) if stream.startswith("ballot/") else super().writable(stream)

    def _unpacked(self, stream: str) -> BallotState:
        if stream == self._stream:
            return self._ballot
        self._pack()
        _, step, name = stream.split("/", 2)
        shelves_of_step = self._steps.get(step)
        if shelves_of_step is None:
            shelves_of_step = self._steps[step] = shelves(self._expected)
        actor = name.encode()
        number = crc32(actor) & len(shelves_of_step) - 1
        shelf = shelves_of_step[number]
        if shelf is None:
            shelf = shelves_of_step[number] = Shelf()
        place = find(shelf, actor)
        packed = int.from_bytes(shelf[place + _ACTOR : place + _RECORD], "big") if place >= 0 else 0
        self._stream, self._actor, self._shelf, self._place = stream, actor, shelf, place
        self._ballot = BallotState.unpack(packed) if packed else BallotState()
        return self._ballot

    def _pack(self) -> None:
        ballot = self._ballot
        if not ballot.version:
            return
        record = ballot.pack().to_bytes(5, "big")
        if self._place < 0:
            self._shelf += self._actor + record
        else:
            self._shelf[self._place + _ACTOR : self._place + _RECORD] = record
