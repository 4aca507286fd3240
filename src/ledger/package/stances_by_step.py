"""The stances of several steps, read once for all of them: their keys begin with what they are about, so that each pass is one over all."""

from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from ledger.projections.source import Source
from ledger.projections.stances import Stance

MOST_KEPT: Final = 1 << 21
"""Stances that are kept, in 12 bytes each; of more than these every question is a pass over all."""


class Taken(NamedTuple):
    """A stance as far as files in the shapes of other platforms tell it. `hour`: that of the source, where it states one."""

    target: str
    actor: str
    value: str | None
    hour: str


class StancesByStep:
    """The stances of a source in some of its steps. They are read when the first are asked for."""

    def __init__(self, source: Source, steps: Collection[str], most: int = MOST_KEPT) -> None:
        self._source = source
        self._steps = steps
        self._most = most
        self._kept: dict[str, _Columns] | None = {}
        """None where there are too many."""
        self._is_read = False

    def of(self, step: str) -> Iterable[Taken]:
        """Those of one of the steps, ascending by target and actor as `Source.stances` gives them."""
        if not self._is_read:
            self._kept, self._is_read = self._read(), True
        if self._kept is None:
            return map(_taken, self._source.stances(step))
        return self._kept.get(step, ())

    def _read(self) -> "dict[str, _Columns] | None":
        found = {step: _Columns() for step in self._steps}
        count = 0
        for stance in self._source.stances():
            columns = found.get(stance.step)
            if columns is not None:
                count += 1
                if count > self._most:
                    return None
                columns.add(_taken(stance))
        return found


class _Columns:
    """The stances of one step, in their order; each different name and value is kept once."""

    __slots__ = ("_actor_numbers", "_actors", "_said", "_said_numbers", "_target_numbers", "_targets")

    def __init__(self) -> None:
        self._targets, self._actors, self._said = array("I"), array("I"), array("I")
        self._target_numbers: dict[str, int] = {}
        self._actor_numbers: dict[str, int] = {}
        self._said_numbers: dict[tuple[str | None, str], int] = {}

    def add(self, stance: Taken) -> None:
        target, actor, value, hour = stance
        self._targets.append(self._target_numbers.setdefault(target, len(self._target_numbers)))
        self._actors.append(self._actor_numbers.setdefault(actor, len(self._actor_numbers)))
        self._said.append(self._said_numbers.setdefault((value, hour), len(self._said_numbers)))

    def __iter__(self) -> Iterator[Taken]:
        targets, actors, said = [*self._target_numbers], [*self._actor_numbers], [*self._said_numbers]
        make = tuple.__new__
        # Not by the class: a named tuple is made by a function in Python.
        for target, actor, number in zip(self._targets, self._actors, self._said, strict=True):
            yield make(Taken, (targets[target], actors[actor], *said[number]))


def _taken(stance: Stance) -> Taken:
    return Taken(stance.target, stance.actor, stance.value, stance.claimed_hour or stance.hour)
