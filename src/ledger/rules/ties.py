"""The order of equal candidates: the declared ladder, one permutation for the whole count.

The lot orders candidates by SHA-256(seed + reference), least first. A seed of the rules goes in as SHA-256("ledger-lot/v1\\n" + seed), one
that was drawn as it is (`ledger.rules.lot`). It depends on references alone, so the order in which candidates, ballots or files are read
cannot reach it.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec, Rung

Keys: TypeAlias = tuple[int, ...]

LOT_DOMAIN = b"ledger-lot/v1\n"


@dataclass(frozen=True, slots=True)
class Ladder:
    """`keys` of each candidate: one number per rung, the least first. `rungs` names them in order."""

    rungs: tuple[Rung, ...]
    keys: Mapping[int, Keys]

    def breaker(self, first: int, second: int) -> Rung:
        """The rung that puts `first` before or after `second`."""
        last = -len(self.rungs)
        for rung, mine, other in zip(self.rungs, self.keys[first][last:], self.keys[second][last:], strict=True):
            if mine != other:
                return rung
        raise AssertionError("the last rung leaves no tie")

    def reversed(self) -> "Ladder":
        """The ladder that puts every tie the other way round."""
        return Ladder(self.rungs, {position: tuple(-key for key in keys) for position, keys in self.keys.items()})

    def preferring(self, chosen: frozenset[int], costs: Mapping[int, int], among: frozenset[int]) -> "Ladder":
        """The ladder that, among the candidates `among`, puts `chosen` first and of the others the dearest: how a tie would go for them."""
        none = (0, 0)
        return Ladder(
            self.rungs,
            {
                position: ((0, 0) if position in chosen else (1, -costs[position])) + keys if position in among else none + keys
                for position, keys in self.keys.items()
            },
        )


def ladder(spec: RuleSpec, items: Iterable[Item], votes: Mapping[int, int], lot: bytes | None = None) -> Ladder:
    """The ladder of `spec` over `items`, with their votes as counted; `lot` is the seed that was drawn."""
    makers = [_rung_key(rung, spec, votes, lot) for rung in spec.ties]
    return Ladder(spec.ties, {item.position: tuple(make(item) for make in makers) for item in items})


def _rung_key(rung: Rung, spec: RuleSpec, votes: Mapping[int, int], lot: bytes | None) -> Callable[[Item], int]:
    if rung == "lower_cost":
        return lambda item: item.cost_minor
    if rung == "higher_cost":
        return lambda item: -item.cost_minor
    if rung == "more_votes":
        return lambda item: -votes[item.position]
    if rung == "list_order":
        return lambda item: item.position
    seed = _seed(spec, lot)
    return lambda item: int.from_bytes(hashlib.sha256(seed + item.ref.encode()).digest(), "big")


def _seed(spec: RuleSpec, lot: bytes | None) -> bytes:
    if spec.lottery is None:
        raise AssertionError("check_spec refuses the rung lot without a lottery")
    if spec.lottery.seed is not None:
        return hashlib.sha256(LOT_DOMAIN + spec.lottery.seed.encode()).digest()
    if lot is None:
        raise AssertionError("nothing is counted before the lottery that the rules declare is drawn")
    return lot
