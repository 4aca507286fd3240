"""Equal shares voter by voter with fractions and nothing clever: what the engines are compared with, after the text of the definition."""

from fractions import Fraction

from ledger.rules.equal_shares.contest import Contest


def elect(contest: Contest, share: Fraction) -> tuple[int, ...]:
    """Positions in the order in which they are bought."""
    voters = [
        {position: utility for position in contest.costs if (utility := utility_to(contest, group, position)) > 0}
        for group, weight in sorted(weights(contest).items())
        for _ in range(weight)
    ]
    left = [share] * len(voters)
    bought: list[int] = []
    while True:
        offers = {}
        for position in contest.costs:
            if position not in bought:
                rho = price(contest.costs[position], [(left[i], likes[position]) for i, likes in enumerate(voters) if position in likes])
                if rho is not None:
                    offers[position] = rho
        if not offers:
            return tuple(bought)
        best = min(offers.values())
        winner = min((position for position in offers if offers[position] == best), key=lambda position: contest.keys[position])
        for i, likes in enumerate(voters):
            if winner in likes:
                left[i] -= min(left[i], best * likes[winner])
        bought.append(winner)


def price(cost: int, supporters: list[tuple[Fraction, int]]) -> Fraction | None:
    """The least rho with sum(min(left, rho * utility)) = cost: between two neighbouring ratios left / utility the sum is a line."""
    if sum(left for left, _ in supporters) < cost:
        return None
    for rho in sorted({left / utility for left, utility in supporters}):
        if sum(min(left, rho * utility) for left, utility in supporters) >= cost:
            poor = sum(left for left, utility in supporters if left < rho * utility)
            rich = sum(utility for left, utility in supporters if left >= rho * utility)
            return (cost - poor) / Fraction(rich)
    raise AssertionError("at the greatest ratio everyone pays everything")


def weights(contest: Contest) -> dict[int, int]:
    found: dict[int, int] = {}
    for supporters in contest.supporters.values():
        found.update(zip(supporters.groups, supporters.weights, strict=True))
    return found


def utility_to(contest: Contest, group: int, position: int) -> int:
    supporters = contest.supporters[position]
    return dict(zip(supporters.groups, supporters.utilities, strict=True)).get(group, 0)
