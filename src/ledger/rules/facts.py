"""What is recorded about a published selection, as far as it can explain a difference from the computed outcome."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.rules.spec import RuleSpec

ReasonCode: TypeAlias = Literal[
    "tie",
    "below_threshold",
    "withdrawn",
    "excluded_by",
    "funded_outside_rule",
    "budget_amended",
    "overridden",
    "ballots_missing",
    "rule_unknown",
    "unexplained",
]


@dataclass(frozen=True, slots=True)
class Published:
    """Positions that the authority announced as selected by the rule."""

    selected: frozenset[int]


@dataclass(frozen=True, slots=True)
class Amendment:
    """Rules that replaced others after the opening, or after the vote."""

    before: RuleSpec
    after: RuleSpec


@dataclass(frozen=True, slots=True)
class MissingBallots:
    """Ballots that the authority counted and the record lacks: their channel, and at most how many they are, where that is stated."""

    channel: str
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The recorded facts. None of them is taken at its word: each explains only what counting again shows that it does."""

    withdrawn: frozenset[int] = frozenset()
    """Not part of the computed outcome."""
    withdrawn_after: frozenset[int] = frozenset()
    """Withdrawn after the close: still part of the computed outcome."""
    amendments: tuple[Amendment, ...] = ()
    """In order. The rule of the computed outcome is the first `before` or one of the `after`."""
    overridden: frozenset[int] = frozenset()
    outside_rule: frozenset[int] = frozenset()
    """Published as funded, but not by the rule."""
    missing: tuple[MissingBallots, ...] = ()
