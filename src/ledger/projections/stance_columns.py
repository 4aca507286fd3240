"""The events of stances in columns, in the order of the log: some 60 bytes for each, whatever was said about what.

A first event of a stance is a line and nothing else. Only stances with more than one event stand in a table, so it is as long as there are
second thoughts, not as there are stances.
"""

from array import array
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.stance import StanceEvent, StanceExplained, StanceTaken, StanceWithdrawn
from ledger.projections.ballots import hour
from ledger.projections.projection import Texts
from ledger.projections.stances import Stance

_ACTOR: Final = 22
_FIRST: Final = -1


class _Said(NamedTuple):
    """What one event said, but who and about what; few are different, since times of stances are whole hours."""

    step: str
    value: str | None
    target_version: int | None
    channel: str
    at: str
    claimed_at: str | None
    code: str | None


class _Later:
    """What came after the first event of a stance: the last event, the line that holds now (-1 for the first), and words about it."""

    __slots__ = ("explained", "line", "revision", "seq")

    def __init__(self) -> None:
        self.line = _FIRST
        self.seq = -1
        self.revision = 1
        self.explained: JsonValue = None


class StanceColumns:
    """What the projection `stances` folds to, kept small."""

    __slots__ = ("_actors", "_kinds", "_kinds_of", "_later", "_names", "_numbers", "_said", "_seqs", "_targets")

    def __init__(self) -> None:
        self._seqs = array("Q")
        self._actors = bytearray()
        self._targets: array[int] = array("I")
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        """Target → its number, in the order first met; `_names` are the targets by number."""
        self._said: array[int] = array("I")
        self._kinds: list[_Said] = []
        self._kinds_of: dict[_Said, int] = {}
        self._later: dict[str, _Later] = {}
        """`<target>/<actor>` of stances with more than one event."""

    def add(self, event: Event, data: StanceEvent, texts: Texts) -> None:
        """The next event of a stance, of whomever; `seq` ascends from call to call."""
        if event.actor is None:
            return
        later: _Later | None = None
        if event.version > 1:
            key = f"{data.target}/{event.actor}"
            later = self._later.get(key)
            if later is None:
                later = self._later[key] = _Later()
            later.seq, later.revision = event.seq, event.version
        if isinstance(data, StanceTaken):
            said = _Said(data.step, data.value, data.target_version, event.channel, event.at, event.claimed_at, None)
        elif later is None:
            # Nobody can take back or explain what they never said.
            return
        elif isinstance(data, StanceWithdrawn):
            said = _Said(data.step, None, None, event.channel, event.at, event.claimed_at, data.code)
        else:
            if isinstance(data, StanceExplained):
                later.explained = texts.get("how")
            return
        if later is not None:
            later.line = len(self._seqs)
        self._append(event.seq, event.actor, data.target, said)

    def _append(self, seq: int, actor: str, target: str, said: _Said) -> None:
        self._seqs.append(seq)
        self._actors += actor.encode()
        number = self._numbers.get(target)
        if number is None:
            number = self._numbers[target] = len(self._names)
            self._names.append(target)
        self._targets.append(number)
        kind = self._kinds_of.get(said)
        if kind is None:
            kind = self._kinds_of[said] = len(self._kinds)
            self._kinds.append(said)
        self._said.append(kind)

    def __len__(self) -> int:
        return len(self._seqs)

    def explained(self, stance: Stance) -> JsonValue:
        """What refers to the words about the stance; None where there are none."""
        later = self._later.get(f"{stance.target}/{stance.actor}") if stance.revision > 1 else None
        return None if later is None else later.explained

    def stances(self, step: str | None = None) -> Iterator[Stance]:
        """Every stance, or those of one step, ascending by `<target>/<actor>`."""
        lines: list[array[int]] = [array("I") for _ in self._names]
        for line, number in enumerate(self._targets):
            lines[number].append(line)
        told = [(*said[:4], hour(said.at), None if said.claimed_at is None else hour(said.claimed_at), said.code) for said in self._kinds]
        make = tuple.__new__
        # As the whole keys ascend: a reference may go on with a character below "/".
        for number in sorted(range(len(lines)), key=lambda number: f"{self._names[number]}/"):
            target = self._names[number]
            for actor, first, last, later in self._by_actor(target, lines[number]):
                named, value, target_version, channel, at, claimed, code = told[self._said[last]]
                if step is None or step == named:
                    seq = self._seqs[first]
                    changed, revision = (seq, 1) if later is None else (later.seq, later.revision)
                    fields = (target, actor, seq, changed, named, value, target_version, channel, at, revision, claimed, code)
                    # Not by the class: a named tuple is made by a function in Python, and there are a hundred thousand.
                    yield make(Stance, fields)

    def _by_actor(self, target: str, lines: Sequence[int]) -> list[tuple[str, int, int, _Later | None]]:
        """(actor, line of the first event, line that holds now, what came later) of one target's stances, ascending by actor."""
        found: list[tuple[str, int, int, _Later | None]] = []
        begun: set[str] = set()
        for line in lines:
            actor = self._actors[line * _ACTOR : (line + 1) * _ACTOR].decode()
            later = self._later.get(f"{target}/{actor}") if self._later else None
            if later is None:
                found.append((actor, line, line, None))
            elif actor not in begun:
                begun.add(actor)
                found.append((actor, line, line if later.line == _FIRST else later.line, later))
        found.sort(key=itemgetter(0))
        return found
