"""Equal shares, fast: the same winners as `reference`, found with a filter of floats and decided exactly wherever the filter is not sure.

The filter gives, for each candidate, an interval that certainly holds its rho; a candidate whose interval lies above another's cannot be
next. The rest are compared exactly. Why the interval is certain: let f(x) be what the supporters pay when nobody pays more than x per unit
of utility; rho is where f reaches the cost. With `cut` a little above a lower bound of rho, call poor whoever has less than cut; they pay
all they have, the rich pay `new` = (cost - paid by the poor) / utility of the rich. f(new) <= cost in any case, so new is a lower bound
too. If new < cut then f(cut) > cost, so there is a rho and it lies in [new, cut]; if not, go on from new. Floats of money are correctly
rounded and sums are rounded once (`fsum`); while the rich hold at least 2^-12 of the utility, all rounding together moves new by less than
2^-38 of itself. ROUNDING covers that in the bounds, and MARGIN in the question whether new < cut: f(cut) then exceeds the cost by more than
2^-44 of it. Where the rich hold less, the candidate is looked at exactly.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import compress
from math import fsum
from operator import itemgetter, truediv
from typing import Final, TypeAlias

from ledger.rules.equal_shares.contest import Contest, Supporters
from ledger.rules.equal_shares.purses import Offer, Purses

SLACK: Final = 2.0**-30
"""How far above its lower bound a price is still taken for that bound."""
MARGIN: Final = 2.0**-32
ROUNDING: Final = 2.0**-36
FEWEST_RICH: Final = 2.0**-12

_Floats: TypeAlias = Sequence[float]
_Pick: TypeAlias = Callable[[_Floats], _Floats]


class _Support:
    """The supporters of one candidate, laid out for the filter."""

    __slots__ = ("cost", "pick", "rho_per_price", "supporters", "total", "utilities", "weights")

    def __init__(self, cost: int, supporters: Supporters) -> None:
        self.cost = cost
        self.supporters = supporters
        self.pick = _picker(supporters.groups)
        if supporters.alike:
            # The price is then looked for per voter, not per unit of utility: no division in the inner loop.
            self.utilities: tuple[int, ...] | None = None
            self.weights = supporters.weights
            self.rho_per_price = 1 / supporters.utilities[0]
        else:
            self.utilities = supporters.utilities
            self.weights = tuple(map(int.__mul__, supporters.weights, supporters.utilities))
            self.rho_per_price = 1.0
        self.total = sum(self.weights)

    def interval(self, floor: float, purses: Purses) -> tuple[float, float] | None:
        """Bounds of the price, given that it is at least `floor`. None: the filter is not sure, not even whether there is a price."""
        limits = self.pick(purses.worth)
        if self.utilities is not None:
            limits = list(map(truediv, limits, self.utilities))
        money = self.pick(purses.money)
        price = floor
        while True:
            cut = price * (1 + SLACK)
            poor = [limit < cut for limit in limits]
            rich = self.total - sum(compress(self.weights, poor))
            if rich < self.total * FEWEST_RICH:
                return None
            new = (self.cost - fsum(compress(money, poor))) / rich
            if new < cut * (1 - MARGIN):
                return max(price, new) * (1 - ROUNDING), cut * (1 + ROUNDING)
            price = new

    def short(self, purses: Purses) -> bool | None:
        """True when the supporters certainly have less than the cost, False when they certainly have it, None when it is close."""
        money = fsum(self.pick(purses.money))
        if money < self.cost * (1 - SLACK):
            return True
        return False if money > self.cost * (1 + SLACK) else None


class Bid:
    """A candidate about to be bought, what it asks of whom, and the equals it goes before (itself first)."""

    __slots__ = ("offer", "position", "tied")

    def __init__(self, position: int, offer: Offer, tied: tuple[int, ...]) -> None:
        self.position = position
        self.offer = offer
        self.tied = tied


class Engine:
    """Runs of one contest at any share."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self._supports = {position: _Support(contest.costs[position], contest.supporters[position]) for position in contest.costs}
        self._weights = [0] * contest.groups
        for supporters in contest.supporters.values():
            for group, weight in zip(supporters.groups, supporters.weights, strict=True):
                self._weights[group] = weight

    def elect(self, share: Fraction) -> tuple[int, ...]:
        """Positions in the order in which they are bought, when every voter holds `share`."""
        return tuple(bid.position for bid in self.bids(share))

    def bids(self, share: Fraction, purses: Purses | None = None) -> Iterator[Bid]:
        """The purchases of a run in order. Each is paid when the next is asked for; `purses`, if given, are used and left as they end."""
        purses = self.purses(share) if purses is None else purses
        floors = {position: support.cost / support.total * (1 - ROUNDING) for position, support in self._supports.items()}
        while True:
            bid = self._next(floors, purses)
            if bid is None:
                return
            yield bid
            del floors[bid.position]
            purses.pay(bid.offer, self._contest.supporters[bid.position])

    def purses(self, share: Fraction) -> Purses:
        """Everyone with a full share."""
        return Purses(share, self._weights)

    def short(self, position: int, purses: Purses) -> bool:
        """True when the supporters of `position` have less than its cost. Exact."""
        support = self._supports[position]
        short = support.short(purses)
        return purses.together(support.supporters) < support.cost if short is None else short

    def _next(self, floors: dict[int, float], purses: Purses) -> Bid | None:
        """The purchase to come. Raises `floors` to what was learned, and drops from them who cannot be paid any more."""
        highest = float("inf")
        contenders: list[tuple[float, int]] = []
        offers: dict[int, Offer] = {}
        by_floor = sorted((floor * self._supports[position].rho_per_price, position) for position, floor in floors.items())
        for floor, position in by_floor:
            if floor > highest:
                break
            interval = self._look(position, floors[position], purses, offers)
            if interval is None:
                del floors[position]
                continue
            floors[position] = interval[0]
            per_price = self._supports[position].rho_per_price
            contenders.append((interval[0] * per_price, position))
            highest = min(highest, interval[1] * per_price)
        for low, position in contenders:
            if low <= highest and position not in offers:
                offers[position] = self._offer(position, purses)
        if not contenders:
            return None
        least = min(offers[position].rho for low, position in contenders if low <= highest)
        equals = (position for low, position in contenders if low <= highest and offers[position].rho == least)
        tied = tuple(sorted(equals, key=self._contest.keys.__getitem__))
        return Bid(tied[0], offers[tied[0]], tied)

    def _look(self, position: int, floor: float, purses: Purses, offers: dict[int, Offer]) -> tuple[float, float] | None:
        """Bounds of the price of `position`, or None when it cannot be paid; an exact look leaves its offer in `offers`."""
        support = self._supports[position]
        interval = support.interval(floor, purses)
        if interval is not None:
            return interval
        if support.short(purses):
            return None
        offer = purses.offer(support.cost, support.supporters)
        if offer is None:
            return None
        offers[position] = offer
        price = offer.rho.numerator / offer.rho.denominator / support.rho_per_price
        return price * (1 - ROUNDING), price * (1 + ROUNDING)

    def _offer(self, position: int, purses: Purses) -> Offer:
        offer = purses.offer(self._supports[position].cost, self._supports[position].supporters)
        if offer is None:
            raise AssertionError("the filter found a price where there is none")
        return offer


def _picker(groups: tuple[int, ...]) -> _Pick:
    if len(groups) == 1:
        only = groups[0]
        return lambda values: (values[only],)
    pick: _Pick = itemgetter(*groups)
    return pick
