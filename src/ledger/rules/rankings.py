"""Targets in the order of a declared method, from the three counts of their stances (docs/formats/rankings.md).

`net` and `ratio` are plain arithmetic. `wilson` is the lower bound of the Wilson score interval (see `ledger.rules.wilson`). `controversy`
is the index of qualitative variation (J. P. Gibbs and D. L. Poston, "The division of labor: conceptualization and related measures",
Social Forces 53, 1975, 468-476) of the two sides, times the people who took one. Every order is total: equals stand by name, ascending.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Final, NamedTuple

from ledger.rules.scales import Ranking
from ledger.rules.wilson import PLACES, compared, lower_bound, millionths


class Counts(NamedTuple):
    """How many people stand for a target, in between, and against it."""

    positive: int = 0
    neutral: int = 0
    negative: int = 0

    @property
    def stances(self) -> int:
        """All of them; somebody in between was asked, too."""
        return self.positive + self.neutral + self.negative


class Score(NamedTuple):
    """What a target is ordered by. `exact` is None where the number is irrational, both are None where there is no number."""

    exact: str | None
    """`num/den` in lowest terms."""
    decimal: str | None
    """Six places, rounded down."""


class Ranked(NamedTuple):
    """One target in its place. `rank` is 1 + how many targets are better, so equals share it."""

    rank: int
    target: str
    counts: Counts
    score: Score


@dataclass(frozen=True, slots=True)
class Method:
    """A way of ordering. `compare` is negative, 0 or positive as the first counts stand below, beside or above the second."""

    compare: Callable[[Counts, Counts], int]
    score: Callable[[Counts], Score]


def net(counts: Counts) -> Fraction:
    """For minus against."""
    return Fraction(counts.positive - counts.negative)


def ratio(counts: Counts) -> Fraction | None:
    """The share of those for it among all who took a stance, in between included; None where nobody did."""
    return Fraction(counts.positive, counts.stances) if counts.stances else None


def controversy(counts: Counts) -> Fraction:
    """4 · for · against / (for + against): as many as took a side where the sides are even, 0 where there is one side only."""
    sides = counts.positive + counts.negative
    return Fraction(4 * counts.positive * counts.negative, sides) if sides else Fraction(0)


def score_of(value: Fraction | None) -> Score:
    """A rational number as it is published."""
    if value is None:
        return Score(None, None)
    return Score(f"{value.numerator}/{value.denominator}", decimal(value.numerator * PLACES // value.denominator))


def decimal(parts: int) -> str:
    """So many millionths as a decimal of six places: `-0.500000`."""
    whole, rest = divmod(abs(parts), PLACES)
    return f"{'-' if parts < 0 else ''}{whole}.{rest:06d}"


def _rational(value: Callable[[Counts], Fraction | None]) -> Method:
    def compare(one: Counts, other: Counts) -> int:
        left, right = value(one), value(other)
        if left is None or right is None:
            return (left is not None) - (right is not None)
        return (left > right) - (left < right)

    return Method(compare, lambda counts: score_of(value(counts)))


def _compare_wilson(one: Counts, other: Counts) -> int:
    if not one.stances or not other.stances:
        return bool(one.stances) - bool(other.stances)
    return compared(lower_bound(one.positive, one.stances), lower_bound(other.positive, other.stances))


def _score_wilson(counts: Counts) -> Score:
    if not counts.stances:
        return Score(None, None)
    return Score(None, decimal(millionths(lower_bound(counts.positive, counts.stances))))


RANKINGS: Final[Mapping[Ranking, Method]] = {
    "net": _rational(net),
    "ratio": _rational(ratio),
    "wilson": Method(_compare_wilson, _score_wilson),
    "controversy": _rational(controversy),
}
"""Every method that can be declared."""


def ranked(method: Ranking, targets: Mapping[str, Counts]) -> list[Ranked]:
    """The targets by the method, best first; equals by name ascending (by code point)."""
    compare, score = RANKINGS[method].compare, RANKINGS[method].score
    found: list[Ranked] = []
    alike: dict[Counts, list[str]] = {}
    for target, counts in targets.items():
        alike.setdefault(counts, []).append(target)
    ordered = sorted(alike, key=cmp_to_key(compare), reverse=True)
    start = 0
    while start < len(ordered):
        stop = start + 1
        while stop < len(ordered) and compare(ordered[start], ordered[stop]) == 0:
            stop += 1
        equals = sorted((target, counts) for counts in ordered[start:stop] for target in alike[counts])
        rank = len(found) + 1
        found += [Ranked(rank, target, counts, score(counts)) for target, counts in equals]
        start = stop
    return found
