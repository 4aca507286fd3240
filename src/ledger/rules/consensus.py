"""Group-informed consensus: how far every group agrees with a target, as Polis publishes it.

C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw and C. Megill, "Polis: scaling deliberation by mapping high dimensional opinion spaces",
Recerca 26 (2021); https://compdemocracy.org/group-informed-consensus. For each group the chance that a member agrees is estimated as
(agreed + 1) / (seen + 2), and the estimates are multiplied: one group that disagrees brings the product down, whatever the others say.
Which groups there are is an input (`clusters.sealed`); from there on everything is exact.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.rules.rankings import Score, score_of


class GroupCounts(NamedTuple):
    """Of the members of one group: how many took a stance at all (`seen`; to pass is one), and how many of them for it."""

    agreed: int = 0
    seen: int = 0


class Agreed(NamedTuple):
    """One target in its place. `rank` is 1 + how many targets have more consensus, so equals share it."""

    rank: int
    target: str
    groups: tuple[GroupCounts, ...]
    score: Score


def group_informed_consensus(groups: Sequence[GroupCounts]) -> Fraction:
    """The product over the groups of (agreed + 1) / (seen + 2); 1/2 for a group of which nobody saw it."""
    numerator = denominator = 1
    for agreed, seen in groups:
        numerator *= agreed + 1
        denominator *= seen + 2
    return Fraction(numerator, denominator)


def by_consensus(targets: Mapping[str, Sequence[GroupCounts]]) -> list[Agreed]:
    """The targets by group-informed consensus, most first; equals by name ascending (by code point)."""
    scores = {target: group_informed_consensus(groups) for target, groups in targets.items()}
    found: list[Agreed] = []
    rank, before = 0, Fraction(-1)
    for target in sorted(scores, key=lambda name: (-scores[name], name)):
        if scores[target] != before:
            rank, before = len(found) + 1, scores[target]
        found.append(Agreed(rank, target, tuple(targets[target]), score_of(scores[target])))
    return found
