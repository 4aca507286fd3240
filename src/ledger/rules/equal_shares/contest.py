"""What a run of equal shares needs to know: who supports what, how strongly, and what it costs. Shares come with each run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from ledger.rules.ballot_form import CumulativeForm, RankedForm, ScoreForm
from ledger.rules.profile import Profile
from ledger.rules.spec import RuleSpec
from ledger.rules.tally import place_points
from ledger.rules.ties import Keys, Ladder


@dataclass(frozen=True, slots=True)
class Supporters:
    """Groups of like ballots that support one candidate: their numbers, how many ballots each is, and the utility to each."""

    groups: tuple[int, ...]
    weights: tuple[int, ...]
    utilities: tuple[int, ...]

    @property
    def alike(self) -> bool:
        """True when the candidate has the same utility for all its supporters."""
        return self.utilities.count(self.utilities[0]) == len(self.utilities)


@dataclass(frozen=True, slots=True)
class Contest:
    """The candidates that take part and have supporters. `keys` break ties, the least first. `groups`: how many there are."""

    costs: Mapping[int, int]
    """Of those that cost something: the candidates of a run. The others are free and need no run."""
    supporters: Mapping[int, Supporters]
    """Of all, the free ones too."""
    keys: Mapping[int, Keys]
    groups: int


def contest(spec: RuleSpec, profile: Profile, eligible: frozenset[int], ladder: Ladder) -> Contest:
    """The contest over `eligible` candidates. A candidate whose every supporter gets nothing from it (zero points) is not in it."""
    gathered: dict[int, list[tuple[int, int, int]]] = {position: [] for position in eligible}
    costs = {item.position: item.cost_minor for item in profile.items if item.position in eligible}
    for group, (utilities, weight) in enumerate(_utilities(spec, profile)):
        for position, utility in utilities:
            if utility > 0 and position in costs:
                gathered[position].append((group, weight, utility))
    by_cost = spec.equal_shares is not None and spec.equal_shares.utility == "cost"
    supporters = {
        position: Supporters(
            tuple(group for group, _, _ in rows),
            tuple(weight for _, weight, _ in rows),
            (max(costs[position], 1),) * len(rows) if by_cost else tuple(utility for _, _, utility in rows),
        )
        for position, rows in gathered.items()
        if rows
    }
    paid = {position: costs[position] for position in supporters if costs[position] > 0}
    return Contest(paid, supporters, ladder.keys, len(profile.ballots))


def _utilities(spec: RuleSpec, profile: Profile) -> list[tuple[tuple[tuple[int, int], ...], int]]:
    """Of every group of like ballots: pairs of position and utility (1 where only support counts), and how many ballots it is."""
    form = spec.ballot
    points = spec.equal_shares is not None and spec.equal_shares.utility == "points"
    if isinstance(form, CumulativeForm | ScoreForm):
        pairs = cast("Mapping[tuple[tuple[int, int], ...], int]", profile.ballots)
        if points:
            return list(pairs.items())
        return [(tuple((position, min(value, 1)) for position, value in entries), weight) for entries, weight in pairs.items()]
    ballots = cast("Mapping[tuple[int, ...], int]", profile.ballots)
    if points and isinstance(form, RankedForm):
        worth = place_points(spec.score, form)
        return [
            (tuple((position, worth(rank, len(entries))) for rank, position in enumerate(entries)), weight)
            for entries, weight in ballots.items()
        ]
    return [(tuple((position, 1) for position in entries), weight) for entries, weight in ballots.items()]
