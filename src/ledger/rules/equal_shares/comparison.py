"""The declared comparison of equal shares with greedy: greedy is kept only when strictly more ballots are better served by it.

`satisfaction`: a ballot is better served by the outcome with more of the candidates it supports. `exclusion_ratio`: by the outcome with at
least one, where the other has none; so the outcome that excludes fewer people is kept. Both as the equalshares.net tool defines them.
"""

from collections.abc import Iterable
from typing import Literal

from ledger.rules.equal_shares.contest import Contest


def preferences(
    contest: Contest, shares: Iterable[int], greedy: Iterable[int], by: Literal["satisfaction", "exclusion_ratio"]
) -> tuple[int, int]:
    """How many ballots are better served by the winners `shares`, and how many by `greedy`."""
    supported = _supported(contest, shares)
    instead = _supported(contest, greedy)
    weights: dict[int, int] = {}
    for supporters in contest.supporters.values():
        weights.update(zip(supporters.groups, supporters.weights, strict=True))
    for_shares = for_greedy = 0
    for group, weight in weights.items():
        mine, other = supported.get(group, 0), instead.get(group, 0)
        if by == "exclusion_ratio":
            mine, other = min(mine, 1), min(other, 1)
        for_shares += weight if mine > other else 0
        for_greedy += weight if other > mine else 0
    return for_shares, for_greedy


def _supported(contest: Contest, winners: Iterable[int]) -> dict[int, int]:
    """Group → how many of `winners` it supports."""
    count: dict[int, int] = {}
    for position in winners:
        if position in contest.supporters:
            for group in contest.supporters[position].groups:
                count[group] = count.get(group, 0) + 1
    return count
