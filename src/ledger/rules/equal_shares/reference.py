"""The method of equal shares, as its definition reads. Normative: where another engine differs, this one is right.

D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021, section 3.

Every voter holds the same share. A candidate is affordable at rho when its supporters can pay its cost and nobody pays more than rho per
unit of utility: sum of min(left, rho * utility) = cost. In each round the candidate affordable at the least rho is bought; ties go by the
ladder. The count ends when no candidate is affordable. Exact throughout: what a voter has left is a whole number of 1/`parts` of a minor
unit, and `parts` grows so that every payment is whole.
"""

from fractions import Fraction
from math import lcm

from ledger.rules.equal_shares.contest import Contest, Supporters


def elect(contest: Contest, share: Fraction) -> tuple[int, ...]:
    """Positions in the order in which they are bought, when every voter holds `share`."""
    left, parts = [share.numerator] * contest.groups, share.denominator
    rho = dict.fromkeys(contest.costs, Fraction(0))  # as last computed; it only grows, so whoever stands above the best needs no new look
    bought: list[int] = []
    while True:
        best: Fraction | None = None
        for position in sorted(rho, key=rho.__getitem__):
            if best is not None and rho[position] > best:
                break
            price = least_rho(contest.costs[position] * parts, contest.supporters[position], left)
            if price is None:
                del rho[position]
                continue
            rho[position] = price / parts
            best = rho[position] if best is None else min(best, rho[position])
        if best is None:
            return tuple(bought)
        winner = min((position for position in rho if rho[position] == best), key=contest.keys.__getitem__)
        del rho[winner]
        bought.append(winner)
        price = best * parts
        left, parts = [units * price.denominator for units in left], parts * price.denominator
        for group, utility in zip(contest.supporters[winner].groups, contest.supporters[winner].utilities, strict=True):
            left[group] -= min(left[group], price.numerator * utility)


def least_rho(cost: int, supporters: Supporters, left: list[int]) -> Fraction | None:
    """The least payment per unit of utility at which `supporters` together pay `cost`, or None when they cannot."""
    common = lcm(*set(supporters.utilities))
    everyone = zip(supporters.groups, supporters.weights, supporters.utilities, strict=True)
    paid, utility_left = 0, sum(map(int.__mul__, supporters.weights, supporters.utilities))
    for limit, weight, utility in sorted((left[group] * (common // utility), weight, utility) for group, weight, utility in everyone):
        if (cost - paid) * common <= limit * utility_left:
            return Fraction(cost - paid, utility_left)
        paid += limit * utility // common * weight
        utility_left -= weight * utility
    return None
