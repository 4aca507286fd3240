"""A ballot opens when everything it rests on is final."""

from ledger.errors import CandidatesNotSealed, ExclusiveUnknown, FieldMissing, RollNotSealed, RulesMissing
from ledger.events.selection import CandidatesSealed
from ledger.rules.spec import ExclusiveSet, RuleSpec
from tests.given import given, post
from tests.town import PROJECTS, RULES, ideas, listed, opened, opening, planned, prepared, roll_listed, rules_set

SEALED = post(CandidatesSealed, step="vote")


def test_a_step_commits_to_the_key_of_its_pseudonyms_when_it_opens() -> None:
    given(opened(), planned("talk", "deliberation")).when(opening("talk", step_key=None)).refused(FieldMissing, field="step_key")
    given(opened(), planned("talk", "deliberation")).when(opening("talk")).then()


def test_no_ballot_opens_without_rules() -> None:
    given(*ideas(), planned(), listed(*PROJECTS), SEALED).when(opening()).refused(RulesMissing)


def test_no_ballot_opens_without_sealed_candidates() -> None:
    given(*ideas(), planned(), rules_set()).when(opening()).refused(CandidatesNotSealed)
    given(*ideas(), planned(), rules_set(), listed(*PROJECTS)).when(opening()).refused(CandidatesNotSealed)


def test_no_ballot_with_a_roll_opens_before_the_roll_is_sealed() -> None:
    past = (*ideas(), planned(has_roll=True), rules_set(), listed(*PROJECTS), SEALED, roll_listed("ana"))
    given(*past).when(opening()).refused(RollNotSealed)


def test_no_ballot_opens_whose_rules_exclude_somebody_who_is_no_candidate() -> None:
    def rules(*members: str) -> RuleSpec:
        return RULES.model_copy(update={"exclusive_sets": (ExclusiveSet(members=members),)})

    given(*prepared(rules=rules("bench", "helipad"))).when(opening()).refused(ExclusiveUnknown, ref="helipad")
    given(*prepared(rules=rules("bench", "library"))).when(opening()).then()


def test_rules_in_force_at_the_opening_are_kept_as_announced() -> None:
    assert given(*prepared()).when(opening()).then().now.step("vote").announced == RULES
