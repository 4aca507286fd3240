"""What voters have left, exactly and fast: voters with equal remaining money form a class, and a class holds one exact amount.

A payment moves groups of voters from class to class, so exact arithmetic is done once per class, not once per voter. An amount is a whole
number of 1/`parts` of a minor unit. `parts` grows with every payment; a class keeps the units of the payment that made it (its stage) and
is brought to the present parts when it is read. Beside it, each group's money stands as a float, correctly rounded: the filter reads those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ledger.rules.equal_shares.contest import Supporters

BROKE = 0
"""The class of those who have nothing left."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The least price at which supporters can pay: `rho` minor units per unit of utility."""

    rho: Fraction
    rows: tuple[tuple[int, int, int], ...]
    """Class, utility, and how many voters of both; poorest in relation to utility first."""


class Purses:
    """The money of all groups of voters in one run."""

    __slots__ = ("_scale", "_stage", "_units", "money", "of", "parts", "worth")

    def __init__(self, share: Fraction, weights: Sequence[int]) -> None:
        self.parts = share.denominator
        self.of = [1] * len(weights)
        """Group → class."""
        self._units = [0, share.numerator]
        self._stage = [0, 0]
        self._scale = [1]
        worth = share.numerator / share.denominator
        self.worth = [worth] * len(weights)
        """Group → what each of its voters has left, as a float."""
        self.money = [worth * weight for weight in weights]
        """Group → what its voters have left together, as a float."""

    def units(self, kind: int) -> int:
        """What a voter of the class `kind` has left, in 1/`parts` of a minor unit."""
        return self._units[kind] * self._scale[self._stage[kind]]

    def classes(self, supporters: Supporters) -> dict[tuple[int, int], int]:
        """How many voters of each class and utility there are among `supporters`."""
        count: dict[tuple[int, int], int] = {}
        of = self.of
        for group, weight, utility in zip(supporters.groups, supporters.weights, supporters.utilities, strict=True):
            key = (of[group], utility)
            count[key] = count.get(key, 0) + weight
        return count

    def together(self, supporters: Supporters) -> Fraction:
        """What `supporters` have left together, in minor units."""
        return Fraction(sum(self.units(kind) * weight for (kind, _), weight in self.classes(supporters).items()), self.parts)

    def offer(self, cost_minor: int, supporters: Supporters) -> Offer | None:
        """The least price at which `supporters` can pay the cost, or None when they cannot."""
        count = self.classes(supporters)
        common = lcm(*{utility for _, utility in count})
        # A class can pay up to limit / common of 1/`parts` per unit of utility.
        rows = sorted((self.units(kind) * (common // utility), kind, utility, weight) for (kind, utility), weight in count.items())
        cost, utility_left = cost_minor * self.parts, sum(utility * weight for _, _, utility, weight in rows)
        paid = 0
        for limit, kind, utility, weight in rows:
            if (cost - paid) * common <= limit * utility_left:
                rho = Fraction(cost - paid, utility_left * self.parts)
                return Offer(rho, tuple((kind, utility, weight) for _, kind, utility, weight in rows))
            paid += self.units(kind) * weight
            utility_left -= utility * weight
        return None

    def pay(self, offer: Offer, supporters: Supporters) -> None:
        """Takes from each of `supporters` what the offer asks, or all there is."""
        price = offer.rho * self.parts
        self.parts *= price.denominator
        self._scale = [scale * price.denominator for scale in self._scale]
        stage = len(self._scale)
        self._scale.append(1)
        after: dict[tuple[int, int], int] = {}
        worth: dict[int, float] = {BROKE: 0.0}
        for kind, utility, _ in offer.rows:
            rest = self.units(kind) - price.numerator * utility
            if rest <= 0:
                after[kind, utility] = BROKE
            else:
                after[kind, utility] = new = len(self._units)
                self._units.append(rest)
                self._stage.append(stage)
                worth[new] = rest / self.parts
        of, worths, money = self.of, self.worth, self.money
        for group, weight, utility in zip(supporters.groups, supporters.weights, supporters.utilities, strict=True):
            of[group] = new = after[of[group], utility]
            worths[group] = left = worth[new]
            money[group] = left * weight
