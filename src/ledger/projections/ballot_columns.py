"""The events of ballots in columns, in the order of the log: some 60 bytes for each, whatever it chose.

A first event of a ballot is a line and nothing else. Only ballots that were replaced or withdrawn stand in a table, which says where
their last event is; so the table is as long as there are second thoughts, not as there are people.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import orjson

from ledger.events import Event
from ledger.events.ballot import BallotChoices, BallotEvent, BallotWithdrawn
from ledger.projections.ballots import hour
from ledger.projections.projection import Disclosed
from ledger.projections.source import Ballot, BallotGroup

_ACTOR: Final = 22
MOST_KNOWN: Final = 2**17
"""Among how many different choices alike ones are looked for."""


class BallotColumns:
    """What the projection `ballots` folds to, kept small."""

    __slots__ = (
        "_actors",
        "_choices",
        "_circumstances",
        "_last",
        "_lines",
        "_lines_read",
        "_numbers",
        "_revisions",
        "_same",
        "_sealed",
        "_seqs",
        "_unusual",
    )

    def __init__(self) -> None:
        self._seqs = array("Q")
        self._revisions = array("I")
        self._actors = bytearray()
        self._choices: list[bytes | None] = []
        """Entries as canonical JSON, also the disclosed ones; alike ones are mostly one object."""
        self._same: dict[bytes, bytes] = {}
        self._sealed = bytearray()
        """1 where the choices did not stand in the entry."""
        self._circumstances: array[int] = array("I")
        self._numbers: dict[tuple[str, str, str], int] = {}
        """(step, channel, at) → number, in the order first met; few, because times of ballots are whole hours."""
        self._unusual: dict[int, tuple[str | None, int, int]] = {}
        """Line → (withdrawal code, withdrawals so far, unknown entries), where one of them is set."""
        self._last: dict[str, int] = {}
        """`<step>/<actor>` of ballots with more than one event → line of the last."""
        self._lines: array[int] = array("I")
        self._lines_read = 0
        """The last lines, and how many lines there were when they were looked for."""

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
        code, unknown, sealed = None, 0, 0
        choices: bytes | None = None
        if isinstance(data, BallotChoices):
            if data.entries is not None:
                choices = self._one(orjson.dumps(data.entries))
            elif "entries" in disclosed:
                sealed, choices = 1, self._one(orjson.dumps(disclosed["entries"]))
            unknown = data.unknown_entries or 0
        elif isinstance(data, BallotWithdrawn):
            code = data.code
        self._choices.append(choices)
        self._sealed.append(sealed)
        withdrawals = 0 if code is None else 1
        if event.version > 1:
            withdrawals += self._supersede(f"{data.step}/{event.actor}", line)
        if code is not None or withdrawals or unknown:
            self._unusual[line] = (code, withdrawals, unknown)

    def _one(self, choices: bytes) -> bytes:
        """The same bytes, as the object that is kept of them, if one is."""
        known = self._same.get(choices)
        if known is None:
            known = bytes(memoryview(choices))  # what `orjson` returns holds on to a kilobyte
            if len(self._same) < MOST_KNOWN:
                self._same[known] = known
        return known

    def _supersede(self, key: str, line: int) -> int:
        """How often the ballot had been withdrawn before this line, which is its last from now on."""
        before = self._last.get(key)
        self._last[key] = line
        return self._unusual.get(-1 if before is None else before, (None, 0, 0))[1]

    def __len__(self) -> int:
        return len(self._seqs)

    def last_lines(self) -> Sequence[int]:
        """The lines that are the last of their ballot, ascending."""
        if not self._last:
            return range(len(self._seqs))
        if self._lines_read != len(self._seqs):
            steps = [step for step, _, _ in self._numbers]
            numbers, last, actor = self._circumstances, self._last, self._actor
            self._lines = array("I", (line for line, n in enumerate(numbers) if last.get(f"{steps[n]}/{actor(line)}", line) == line))
            self._lines_read = len(self._seqs)
        return self._lines

    def lines_by_key(self) -> list[int]:
        """The last lines, by `<step>/<actor>` ascending."""
        steps = [step for step, _, _ in self._numbers]
        return sorted(self.last_lines(), key=lambda line: f"{steps[self._circumstances[line]]}/{self._actor(line)}")

    def ballots(self, lines: Iterable[int], step: str | None = None) -> Iterator[Ballot]:
        """The ballots of these lines, in their order; of one step, if one is named."""
        told = [(named, channel, hour(at)) for named, channel, at in self._numbers]
        seqs, revisions, numbers, choices, sealed = self._seqs, self._revisions, self._circumstances, self._choices, self._sealed
        actors, unusual = self._actors, self._unusual
        usual = (None, 0, 0)
        # A named tuple is made by a function in Python; made as the tuple that it is, a million of them take a third of a second less.
        make = tuple.__new__
        for line in lines:
            named, channel, at = told[numbers[line]]
            if step is not None and named != step:
                continue
            actor = actors[line * _ACTOR : (line + 1) * _ACTOR].decode()
            entries = None if sealed[line] else choices[line]
            code, withdrawals, unknown = unusual.get(line, usual)
            fields = (named, actor, seqs[line], revisions[line], channel, at, entries, code, withdrawals, unknown)
            yield make(Ballot, fields)

    def groups(self, step: str | None = None) -> Mapping[BallotGroup, int]:
        """See `Source.ballot_groups`. Numbers are counted, and no ballot is made: this takes a hundredth of the time of reading them."""
        lines = self.last_lines()
        numbers = self._circumstances if isinstance(lines, range) else map(self._circumstances.__getitem__, lines)
        counts = Counter(numbers)
        withdrawn: Counter[int] = Counter()
        steps = [named for named, _, _ in self._numbers]
        for line, (code, _, _) in self._unusual.items():
            number = self._circumstances[line]
            if code is not None and self._last.get(f"{steps[number]}/{self._actor(line)}", line) == line:
                withdrawn[number] += 1
        found: Counter[BallotGroup] = Counter()
        for number, (named, channel, at) in enumerate(self._numbers):
            if step in (None, named):
                found[BallotGroup(named, channel, hour(at), False)] += counts[number] - withdrawn[number]
                found[BallotGroup(named, channel, hour(at), True)] += withdrawn[number]
        return +found

    def disclosed_choices(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `Source.disclosed_choices`."""
        for line, seq in enumerate(self._seqs):
            if start <= seq < stop and self._sealed[line]:
                choices = self._choices[line]
                if choices is not None:
                    yield seq, choices

    def _actor(self, line: int) -> str:
        return self._actors[line * _ACTOR : (line + 1) * _ACTOR].decode()
