"""The check of choices outside admission: at intake on the plaintext of sealed ballots, and when they are disclosed."""

import pytest

from ledger.aggregates import check_choices
from ledger.errors import CandidatesNotSealed, ChoicesRefused, RulesMissing
from ledger.rules.ballot_form import ApprovalForm
from tests.given import Given, given
from tests.town import RULES, closing, disclosed, ideas, opening, planned, prepared, rules_set, sealed_vote, voting


def check(past: Given, entries: tuple[int, ...]) -> None:
    check_choices(entries, past.now.step("vote"), past.now.selection("vote"))


@pytest.mark.parametrize("after", [(), (closing(),), (closing(), disclosed(1))])
def test_sealed_choices_are_checked_like_open_ones_at_any_time_after_the_opening(after: tuple[object, ...]) -> None:
    past = given(*voting(secrecy="sealed"), sealed_vote(), *after)  # type: ignore[arg-type]  # pytest erases the type
    check(past, (0, 2))
    with pytest.raises(ChoicesRefused) as caught:
        check(past, (0, 7))
    assert caught.value == ChoicesRefused("vote", "unknown-position", 1)


def test_there_is_nothing_to_check_against_before_rules_and_candidates_stand() -> None:
    with pytest.raises(RulesMissing):
        check(given(*ideas(), planned()), (0,))
    with pytest.raises(CandidatesNotSealed):
        check(given(*ideas(), planned(), rules_set()), (0,))


def test_a_check_made_before_the_opening_does_not_outlive_other_rules() -> None:
    past = given(*prepared())
    check(past, (0, 1))
    one_only = RULES.model_copy(update={"ballot": ApprovalForm(max=1)})
    past = past.when(rules_set(one_only)).then().when(opening()).then()
    with pytest.raises(ChoicesRefused):
        check(past, (0, 1))
