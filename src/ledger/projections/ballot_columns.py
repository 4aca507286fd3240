"""The events of ballots in columns, in the order of the log: some 60 bytes for each, whatever it chose.

A first event of a ballot is a line and nothing else. Only ballots that were replaced or withdrawn stand in a table, which says where
their last event is; so the table is as long as there are second thoughts, not as there are people.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from ledger.events import Event
from ledger.events.ballot import BallotChoices, BallotEvent, BallotWithdrawn
from ledger.projections.ballots import hour
from ledger.projections.projection import Disclosed
from ledger.projections.source import Ballot

_ACTOR: Final = 22
_WITHOUT, _OPEN, _SEALED = 0, 1, 2
"""What choices a line has: none that are known, those that stood in the entry, those that were disclosed."""


class BallotColumns:
    """What the projection `ballots` folds to, kept small."""

    __slots__ = ("_actors", "_choices", "_circumstances", "_ends", "_known", "_last", "_numbers", "_revisions", "_seqs", "_unusual")

    def __init__(self) -> None:
        self._seqs = array("Q")
        self._revisions = array("I")
        self._known = bytearray()
        self._actors = bytearray()
        self._choices = bytearray()
        self._ends = array("Q", [0])
        self._circumstances: array[int] = array("I")
        self._numbers: dict[tuple[str, str, str], int] = {}
        """(step, channel, at) → number, in the order first met; few, because times of ballots are whole hours."""
        self._unusual: dict[int, tuple[str | None, int, int]] = {}
        """Line → (withdrawal code, withdrawals so far, unknown entries), where one of them is set."""
        self._last: dict[str, int] = {}
        """`<step>/<actor>` of ballots with more than one event → line of the last."""

    def add(self, event: Event, data: BallotEvent, disclosed: Disclosed) -> None:
        """The next event of a ballot, of whomever; `seq` ascends from call to call."""
        if event.actor is None:
            return
        line = len(self._seqs)
        self._seqs.append(event.seq)
        self._revisions.append(event.version)
        self._actors += event.actor.encode()
        circumstances = (data.step, event.channel, event.at)
        self._circumstances.append(self._numbers.setdefault(circumstances, len(self._numbers)))
        code, unknown = None, 0
        known = _WITHOUT
        if isinstance(data, BallotChoices):
            if data.entries is not None:
                known = _OPEN
                self._choices += orjson.dumps(data.entries)
            elif "entries" in disclosed:
                known = _SEALED
                self._choices += orjson.dumps(disclosed["entries"])
            unknown = data.unknown_entries or 0
        elif isinstance(data, BallotWithdrawn):
            code = data.code
        self._known.append(known)
        self._ends.append(len(self._choices))
        withdrawals = 0 if code is None else 1
        if event.version > 1:
            withdrawals += self._supersede(f"{data.step}/{event.actor}", line)
        if code is not None or withdrawals or unknown:
            self._unusual[line] = (code, withdrawals, unknown)

    def _supersede(self, key: str, line: int) -> int:
        """How often the ballot had been withdrawn before this line, which is its last from now on."""
        before = self._last.get(key)
        self._last[key] = line
        return self._unusual.get(-1 if before is None else before, (None, 0, 0))[1]

    def __len__(self) -> int:
        return len(self._seqs)

    def last_lines(self) -> Iterator[int]:
        """The lines that are the last of their ballot, ascending."""
        if not self._last:
            yield from range(len(self._seqs))
            return
        steps = [step for step, _, _ in self._numbers]
        last = self._last
        for line, number in enumerate(self._circumstances):
            if last.get(f"{steps[number]}/{self._actor(line)}", line) == line:
                yield line

    def lines_by_key(self) -> list[int]:
        """The last lines, by `<step>/<actor>` ascending."""
        steps = [step for step, _, _ in self._numbers]
        return sorted(self.last_lines(), key=lambda line: f"{steps[self._circumstances[line]]}/{self._actor(line)}")

    def ballots(self, lines: Iterable[int], step: str | None = None) -> Iterator[Ballot]:
        """The ballots of these lines, in their order; of one step, if one is named."""
        told = [(named, channel, hour(at)) for named, channel, at in self._numbers]
        seqs, revisions, numbers, known = self._seqs, self._revisions, self._circumstances, self._known
        ends, choices, actors, unusual = self._ends, self._choices, self._actors, self._unusual
        usual = (None, 0, 0)
        make = Ballot
        for line in lines:
            named, channel, at = told[numbers[line]]
            if step is not None and named != step:
                continue
            actor = actors[line * _ACTOR : (line + 1) * _ACTOR].decode()
            entries = bytes(choices[ends[line] : ends[line + 1]]) if known[line] == _OPEN else None
            code, withdrawals, unknown = unusual.get(line, usual)
            yield make(named, actor, seqs[line], revisions[line], channel, at, entries, code, withdrawals, unknown)

    def disclosed_choices(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `Source.disclosed_choices`."""
        ends, choices = self._ends, self._choices
        for line, seq in enumerate(self._seqs):
            if start <= seq < stop and self._known[line] == _SEALED:
                yield seq, bytes(choices[ends[line] : ends[line + 1]])

    def _actor(self, line: int) -> str:
        return self._actors[line * _ACTOR : (line + 1) * _ACTOR].decode()
