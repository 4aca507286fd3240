"""Which ballots are possible, and which count."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.ballot_form import (
    ApprovalForm,
    BallotForm,
    CartForm,
    ChooseOneForm,
    CumulativeForm,
    RankedForm,
    ScoreForm,
    YesNoBlankForm,
)
from ledger.rules.choices import ChoiceFault, below_minimum, checker, choice_fault
from ledger.rules.profile import Entries, grouped
from tests.rules.elections import candidates, entries_of, items

LISTED = items(10, 20, 30, 40, categories=("air", "air", "sea", None))

FORMS: list[BallotForm] = [
    ChooseOneForm(), ApprovalForm(max=3), ApprovalForm(max_per_category=1), CartForm(budget_minor=50, max_items=2),
    CumulativeForm(sum=5, max_per_item=3, max_items=2), RankedForm(max_length=3), ScoreForm(min_score=-2, max_score=2), YesNoBlankForm(),
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "entries", "fault"),
    [
        (ChooseOneForm(), (1,), None),
        (ChooseOneForm(), (1, 2), ChoiceFault("too-many-choices", 1)),
        (ApprovalForm(max=2), (3, 1), None),
        (ApprovalForm(max=2), (3, 1, 0), ChoiceFault("too-many-choices", 2)),
        (ApprovalForm(), (3, 4), ChoiceFault("unknown-position", 1)),
        (ApprovalForm(), (3, -1), ChoiceFault("unknown-position", 1)),
        (ApprovalForm(), (3, 0, 3), ChoiceFault("repeated-position", 2)),
        (ApprovalForm(), ((3, 1),), ChoiceFault("wrong-shape", 0)),
        (ApprovalForm(max_per_category=1), (0, 2, 3), None),
        (ApprovalForm(max_per_category=1), (0, 2, 1), ChoiceFault("too-many-in-category", 2)),
        (CartForm(budget_minor=50), (0, 3), None),
        (CartForm(budget_minor=50), (1, 0, 2), ChoiceFault("over-budget", 2)),
        (CumulativeForm(sum=5), ((0, 5), (1, 0)), None),
        (CumulativeForm(sum=5), ((0, 3), (1, 3)), ChoiceFault("over-sum", 1)),
        (CumulativeForm(sum=5, max_per_item=2), ((0, 3),), ChoiceFault("value-out-of-range", 0)),
        (CumulativeForm(sum=5), ((0, -1),), ChoiceFault("value-out-of-range", 0)),
        (CumulativeForm(sum=5, max_items=1), ((0, 1), (1, 1)), ChoiceFault("too-many-choices", 1)),
        (CumulativeForm(sum=5), (0, 1), ChoiceFault("wrong-shape", 0)),
        (CumulativeForm(sum=5), ((0, 1), (0, 1)), ChoiceFault("repeated-position", 1)),
        (CumulativeForm(sum=5), ((7, 1),), ChoiceFault("unknown-position", 0)),
        (RankedForm(max_length=2), (2, 0), None),
        (RankedForm(max_length=2), (2, 0, 1), ChoiceFault("too-many-choices", 2)),
        (ScoreForm(min_score=0, max_score=3), ((0, 0), (1, 3)), None),
        (ScoreForm(min_score=0, max_score=3), ((0, 4),), ChoiceFault("value-out-of-range", 0)),
        (YesNoBlankForm(), ((0, 1), (1, -1), (2, 0)), None),
        (YesNoBlankForm(), ((0, 2),), ChoiceFault("value-out-of-range", 0)),
    ],
)
def test_a_ballot_is_possible_or_has_its_first_fault(form: BallotForm, entries: Entries, fault: ChoiceFault | None) -> None:
    assert choice_fault(entries, form, LISTED) == fault


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_a_blank_ballot_is_possible_and_below_no_minimum(form: BallotForm) -> None:
    assert choice_fault((), form, LISTED) is None
    assert below_minimum((), form.model_copy(update={"min": 3, "min_items": 3, "min_length": 3}), LISTED) is None


@pytest.mark.parametrize(
    ("form", "entries", "reason"),
    [
        (ApprovalForm(min=2), (1,), "under-min-choices"),
        (ApprovalForm(min=2), (1, 2), None),
        (RankedForm(min_length=3), (1, 2), "under-min-choices"),
        (CartForm(budget_minor=90, min_items=2), (1,), "under-min-choices"),
        (CartForm(budget_minor=90, min_spend_minor=30), (1,), "under-min-spend"),
        (CartForm(budget_minor=90, min_spend_minor=30), (0, 1), None),
        (CumulativeForm(sum=5, min_sum=3), ((0, 2),), "under-min-sum"),
        (CumulativeForm(sum=5, min_sum=3, min_items=2), ((0, 3),), "under-min-choices"),
        (CumulativeForm(sum=5, min_sum=3), ((0, 3),), None),
        (ChooseOneForm(), (1,), None),
    ],
)
def test_below_a_minimum_a_ballot_is_recorded_and_not_counted(form: BallotForm, entries: Entries, reason: str | None) -> None:
    assert choice_fault(entries, form, LISTED) is None
    assert below_minimum(entries, form, LISTED) == reason


@given(st.data())
def test_a_valid_ballot_of_every_form_passes(data: st.DataObject) -> None:
    listed = data.draw(candidates())
    form = data.draw(st.sampled_from([form for form in FORMS if not (isinstance(form, ApprovalForm) and form.max_per_category)]))
    entries = data.draw(entries_of(form, listed))
    limit = getattr(form, "max_items", None)
    assert checker(form, listed)(entries if limit is None else entries[:limit]) is None


@given(st.lists(st.integers(-1, 5), max_size=6))
def test_approvals_are_checked_as_the_definition_says(chosen: list[int]) -> None:
    possible = all(0 <= position <= 3 for position in chosen) and len(set(chosen)) == len(chosen) <= 3
    assert (choice_fault(tuple(chosen), ApprovalForm(max=3), LISTED) is None) == possible


def test_ballots_that_differ_in_an_order_without_meaning_are_grouped() -> None:
    ballots: list[Entries] = [(1, 2), (2, 1), (1,), ()]
    assert grouped(ApprovalForm(), ballots) == {(1, 2): 2, (1,): 1, (): 1}
    assert grouped(RankedForm(), ballots) == Counter(ballots)
    assert grouped(CumulativeForm(sum=3), [((2, 1), (1, 2)), ((1, 2), (2, 1))]) == {((1, 2), (2, 1)): 2}
