"""docs/formats/rules.md names every option, status, fault, reason and alternative that there is."""

from pathlib import Path
from typing import get_args

import pytest

from ledger.rules import RULES
from ledger.rules.ballot_form import ApprovalForm, CartForm, CumulativeForm, RankedForm, ScoreForm
from ledger.rules.choices import FaultCode
from ledger.rules.facts import ReasonCode
from ledger.rules.outcome import Outcome, Purchase, SharesDetail, StatusCode, Visit
from ledger.rules.spec import EqualShares, RuleSpec, Rung, ScoreBy, Threshold

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "rules.md").read_text()
MODELS = (RuleSpec, ApprovalForm, CartForm, CumulativeForm, RankedForm, ScoreForm, EqualShares, ScoreBy, Threshold)
WORDS = {
    "rules": RULES,
    "options": sorted({name for model in MODELS for name in model.model_fields}),
    "rungs": get_args(Rung),
    "statuses": get_args(StatusCode),
    "faults": get_args(FaultCode),
    "reasons": get_args(ReasonCode),
    "outcome": [name for part in (Outcome, Visit, Purchase, SharesDetail) for name in part.__dataclass_fields__],
    "alternatives": [
        "unaffordable_skip", "unaffordable_stop", "completion_", "comparison_none", "greedy", "ties_reversed", "without_thresholds",
        "without_exclusive_sets", "without_withdrawals", "plain",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", WORDS)
def test_the_page_names_everything_of_a_kind(kind: str) -> None:
    assert [word for word in WORDS[kind] if f"`{word}" not in PAGE and f'"{word}"' not in PAGE and f"## {word}" not in PAGE] == []
