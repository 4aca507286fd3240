"""How equal shares go on when the shares alone leave money unspent.

`add1` gives every voter `increment_minor` more and counts anew, again and again, until the outcome overspends or has everyone in it; the
last outcome within the budget stands (Wieliczka 2023). `add1e` also stops as soon as the outcome is exhaustive: nobody left out who has
support would fit. `add1u` spends what add1 leaves, and `utilitarian` what the shares alone leave, on candidates in order of score.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from ledger.rules.spec import EqualShares

Elect: TypeAlias = Callable[[Fraction], tuple[int, ...]]
Completion: TypeAlias = Literal["none", "add1", "add1e", "add1u", "utilitarian"]
Ended: TypeAlias = Literal["no_completion", "next_overspends", "all_elected", "exhaustive"]


@dataclass(frozen=True, slots=True)
class Search:
    """The deciding run: its share and winners, how many runs it took, why it ended, and the share that overspent, if one did."""

    share: Fraction
    winners: tuple[int, ...]
    runs: int
    ended: Ended
    overspending_share: Fraction | None = None


def first_share(options: EqualShares, budget_minor: int, voters: int) -> Fraction:
    """Each voter's share in the first run: the budget divided, or the greatest multiple of the increment that is not above it."""
    if voters == 0:
        return Fraction(0)
    if options.start == "fraction" or options.increment_minor is None:
        return Fraction(budget_minor, voters)
    return Fraction(budget_minor // voters // options.increment_minor * options.increment_minor)


def searches(elect: Elect, costs: Mapping[int, int], budget_minor: int, start: Fraction, increment_minor: int | None) -> dict[str, Search]:
    """The deciding runs of `none` and, where there is an increment, of `add1` and `add1e`, all from one sequence of runs.

    Ends because at a share as great as the greatest cost everybody with a supporter is elected.
    """
    share, winners, runs = start, elect(start), 1
    found = {"none": Search(share, winners, runs, "no_completion")}
    if increment_minor is None:
        return found
    while True:
        left = budget_minor - sum(costs[position] for position in winners)
        if len(winners) == len(costs):
            search = Search(share, winners, runs, "all_elected")
        else:
            if "add1e" not in found and all(cost > left for position, cost in costs.items() if position not in winners):
                found["add1e"] = Search(share, winners, runs, "exhaustive")
            following = elect(share + increment_minor)
            runs += 1
            if sum(costs[position] for position in following) <= budget_minor:
                share, winners = share + increment_minor, following
                continue
            search = Search(share, winners, runs, "next_overspends", share + increment_minor)
        found["add1"] = search
        found.setdefault("add1e", search)
        return found


def deciding_search(completion: Completion, found: Mapping[str, Search]) -> Search:
    """The run whose winners `completion` starts from."""
    return found[{"none": "none", "utilitarian": "none", "add1": "add1", "add1u": "add1", "add1e": "add1e"}[completion]]


def bought_with_leftover(order: Iterable[int], costs: Mapping[int, int], left_minor: int) -> list[tuple[int, int, bool]]:
    """For each candidate of `order`: position, the money left at its turn, and whether it is bought because it fits."""
    turns = []
    for position in order:
        fits = costs[position] <= left_minor
        turns.append((position, left_minor, fits))
        if fits:
            left_minor -= costs[position]
    return turns
