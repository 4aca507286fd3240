"""Ballots become results: published rules, pure and exact. What each option means stands in docs/formats/rules.md.

`compute` applies a rule; `margins` and `counterfactuals` say how much it, and how much the ballots decided; `explain` compares a published
selection with the outcome. A rule is named with its version and old versions stay runnable: a correction is a new line of `RULES`.
"""

from typing import Final

from ledger.rules.combinations import check_spec
from ledger.rules.counterfactuals import counterfactuals
from ledger.rules.counting import compute
from ledger.rules.explanation import explain
from ledger.rules.margins import margins
from ledger.rules.outcome import outcome_digest

RULES: Final = ("greedy/1", "equal-shares/1", "undeclared/1")
"""The rules that can be set, as results name them."""

__all__ = ["RULES", "check_spec", "compute", "counterfactuals", "explain", "margins", "outcome_digest"]
