"""Where the money for a candidate comes from: one common budget, an envelope of its own, or a common budget under a bound.

An account is an amount that candidates draw on. A candidate is affordable when every account it draws on holds its cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.rules.profile import Item
from ledger.rules.spec import Envelope, RuleSpec

TOTAL: Final = 0
"""The account of the whole budget; envelopes have the accounts 1, 2, … in the order of the rules."""


@dataclass(slots=True)
class Accounts:
    """`left` per account, and the accounts that each candidate draws on: with upper bounds the total first."""

    left: list[int]
    draws: dict[int, tuple[int, ...]]


def envelope_of(spec: RuleSpec, item: Item) -> Envelope | None:
    """The envelope that `item` belongs to, or None."""
    index = _envelope_index(spec, item)
    return None if spec.envelopes is None or index is None else spec.envelopes.envelopes[index]


def accounts(spec: RuleSpec, items: Iterable[Item]) -> Accounts:
    """The accounts at the first step. With envelopes of their own, the total holds what no envelope was given."""
    if spec.budget_minor is None:
        raise AssertionError("check_spec refuses a rule that spends without a budget")
    if spec.envelopes is None:
        return Accounts([spec.budget_minor], {item.position: (TOTAL,) for item in items})
    amounts = [envelope.amount_minor for envelope in spec.envelopes.envelopes]
    own = spec.envelopes.kind == "own"
    draws: dict[int, tuple[int, ...]] = {}
    for item in items:
        index = _envelope_index(spec, item)
        if index is None:
            draws[item.position] = (TOTAL,)
        else:
            draws[item.position] = (index + 1,) if own else (TOTAL, index + 1)
    return Accounts([spec.budget_minor - sum(amounts) if own else spec.budget_minor, *amounts], draws)


def _envelope_index(spec: RuleSpec, item: Item) -> int | None:
    if spec.envelopes is None:
        return None
    key = item.district if spec.envelopes.by == "district" else item.category
    for index, envelope in enumerate(spec.envelopes.envelopes):
        if envelope.key == key:
            return index
    return None
