"""The ballot paper: contributions that stand, each once, sealed before the opening."""

import pytest

from ledger.aggregates import candidates_digest
from ledger.errors import (
    AlreadyListed,
    AlreadySelected,
    CandidatesMissing,
    CandidatesSealed,
    CategoryUnknown,
    ContributionUnknown,
    ContributionWithdrawn,
    DistrictUnknown,
    FieldDiffers,
    NotSelected,
    StepAlreadyOpen,
    StepClosed,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events.selection import Candidate, CandidatesListed, ProposalDeselected, ProposalSelected
from ledger.events.selection import CandidatesSealed as Sealed
from ledger.rules.profile import Item
from tests.given import Post, digest, given, post
from tests.town import closing, ideas, listed, planned, prepared, rules_set, voting, withdrawn

SEALED = post(Sealed, step="vote")


def selected(ref: str = "bench") -> Post:
    return post(ProposalSelected, step="vote", ref=ref, criterion="feasible")


def deselected(ref: str = "bench") -> Post:
    return post(ProposalDeselected, step="vote", ref=ref, criterion="too_dear")


def candidate(**fields: str | int) -> Post:
    return post(CandidatesListed, step="vote", items=(Candidate.model_validate({"ref": "bench", **fields}),))


EVERY_STEP_OF_PREPARATION = pytest.mark.parametrize("draft", [selected(), deselected(), listed("bench"), SEALED])


@EVERY_STEP_OF_PREPARATION
def test_a_ballot_paper_is_of_a_planned_ballot_step(draft: Post) -> None:
    given(*ideas()).when(draft).refused(StepUnknown, step="vote")
    given(*ideas(), planned(kind="selection")).when(draft).refused(StepOfOtherKind, needed="ballot")


@EVERY_STEP_OF_PREPARATION
def test_a_ballot_paper_is_made_before_the_opening(draft: Post) -> None:
    given(*voting()).when(draft).refused(StepAlreadyOpen)
    given(*voting(), closing()).when(draft).refused(StepClosed)


@EVERY_STEP_OF_PREPARATION
def test_a_sealed_ballot_paper_changes_no_more(draft: Post) -> None:
    given(*prepared()).when(draft).refused(CandidatesSealed, step="vote")


@pytest.mark.parametrize("draft", [selected("helipad"), listed("bench", "helipad")])
def test_only_what_was_submitted_can_stand_on_it(draft: Post) -> None:
    given(*ideas(), planned()).when(draft).refused(ContributionUnknown, ref="helipad")


@pytest.mark.parametrize("draft", [selected(), listed("bench")])
def test_what_was_withdrawn_cannot_stand_on_it(draft: Post) -> None:
    given(*ideas(), withdrawn(), planned()).when(draft).refused(ContributionWithdrawn, ref="bench")


def test_a_proposal_is_selected_once_until_it_is_deselected() -> None:
    past = given(*ideas(), planned(), selected())
    past.when(selected()).refused(AlreadySelected, ref="bench")
    past.when(deselected()).then().when(selected()).then().when(listed("bench")).then()


def test_what_was_deselected_is_not_listed() -> None:
    given(*ideas(), planned(), selected(), deselected()).when(listed("bench")).refused(NotSelected, ref="bench")


def test_only_what_is_selected_and_not_listed_can_be_deselected() -> None:
    given(*ideas(), planned()).when(deselected()).refused(NotSelected)
    given(*ideas(), planned(), selected(), listed("bench")).when(deselected()).refused(AlreadyListed)


def test_a_candidate_stands_once_on_the_paper() -> None:
    given(*ideas(), planned(), listed("bench")).when(listed("orchard", "bench")).refused(AlreadyListed, ref="bench")
    given(*ideas(), planned()).when(listed("bench", "bench")).refused(AlreadyListed, ref="bench")


def test_positions_count_over_all_lists() -> None:
    past = given(*ideas(), planned(), listed("bench"), listed("library", "orchard"))
    assert past.now.selection("vote").positions == {"bench": 0, "library": 1, "orchard": 2}


def test_a_candidate_is_of_a_district_and_a_category_that_are_defined() -> None:
    past = given(*ideas(), planned())
    past.when(candidate(district="north", category="green")).then()
    past.when(candidate(district="south")).refused(DistrictUnknown, district="south")
    past.when(candidate(category="red")).refused(CategoryUnknown, category="red")


def test_the_cost_listed_counts_whatever_the_contribution_says() -> None:
    past = given(*ideas(), planned()).when(candidate(cost_minor=1)).then()
    assert past.now.selection("vote").items == [Item(0, "bench", 1)]


def test_sealing_fills_count_and_digest_over_all_lists() -> None:
    past = given(*ideas(), planned(), rules_set(), listed("bench"), listed("library"))
    items = [Item(0, "bench", 10_000), Item(1, "library", 10_000)]
    past.when(SEALED).then(count=2, digest=candidates_digest(items))


def test_sealing_with_another_count_or_digest_is_refused() -> None:
    past = given(*ideas(), planned(), listed("bench"))
    past.when(SEALED.but(count=2)).refused(FieldDiffers, field="count", expected=1, found=2)
    past.when(SEALED.but(digest=digest("x"))).refused(FieldDiffers, field="digest")


def test_an_empty_ballot_paper_is_not_sealed() -> None:
    given(*ideas(), planned()).when(SEALED).refused(CandidatesMissing)
