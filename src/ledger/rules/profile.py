"""What a rule counts: the candidates, and the valid ballots, alike ones together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ledger.rules.ballot_form import BallotForm, RankedForm

Entries: TypeAlias = tuple[int, ...] | tuple[tuple[int, int], ...]
"""The choices of one ballot as they stand on the wire: positions, or pairs of position and value; empty = blank."""


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate of the sealed list: `position` is what ballots cite, `ref` what people and lotteries know it by."""

    position: int
    ref: str
    cost_minor: int
    district: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Candidates and counted ballots, with how many are alike; no order in it has a meaning. `enrolled` counts the roll, if any.

    `lot` is the seed that was drawn, where the rules have one drawn.
    """

    items: tuple[Item, ...]
    ballots: Mapping[Entries, int]
    enrolled: int | None = None
    lot: bytes | None = None


def grouped(form: BallotForm, ballots: Iterable[Entries]) -> dict[Entries, int]:
    """How many of `ballots` are alike. Where the order of entries has no meaning, ballots that differ in it alone are alike."""
    if isinstance(form, RankedForm):
        return Counter(ballots)
    return Counter(entries if len(entries) < 2 else tuple(sorted(entries)) for entries in ballots)  # type: ignore[misc]  # sorting keeps the kind
