"""The outcome: nothing of it before it may be known; computed from the rules in force, certified as computed."""

import pytest

from ledger.aggregates import LEDGER
from ledger.errors import (
    AlreadyCertified,
    BallotsUndisclosed,
    CertifierUnfit,
    ChannelTwice,
    FieldDiffers,
    FieldMissing,
    PaperNotClosed,
    PositionTwice,
    PositionUnknown,
    ResultDiffers,
    ResultMissing,
    StepNotClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
    WinnersUndeclared,
)
from ledger.events.result import MissingBallots, OutcomeOverridden, OutcomePublished
from ledger.rules.ballot_form import ApprovalForm
from ledger.rules.spec import RuleSpec, ScoreBy
from tests.given import Given, Post, digest, given, post
from tests.town import (
    certified,
    closing,
    computed,
    disclosed,
    granted,
    opened,
    paper_closing,
    planned,
    prepared,
    rules_set,
    sealed_vote,
    vote,
    voting,
)

UNDECLARED = RuleSpec(rule="undeclared", ballot=ApprovalForm(), score=ScoreBy(by="approvals"))


def published(*selected: int, **fields: object) -> Post:
    return post(OutcomePublished, step="vote", selected=selected, **fields)


def overridden(position: int = 2) -> Post:
    return post(OutcomeOverridden, step="vote", position=position, funded=True, code="grant")


def after_the_vote(*more: Post) -> Given:
    return given(*voting(), vote(), closing(), *more)


EVERY_WORD_OF_THE_OUTCOME = pytest.mark.parametrize("draft", [computed(), published(0), overridden(), certified()])


@EVERY_WORD_OF_THE_OUTCOME
def test_nothing_of_the_outcome_is_said_before_the_closing(draft: Post) -> None:
    given(opened()).when(draft).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(draft).refused(StepOfOtherKind)
    given(*prepared()).when(draft).refused(StepNotOpen)
    given(*voting(), vote()).when(draft).refused(StepNotClosed)
    given(*voting(takes_paper=True), closing()).when(draft).refused(PaperNotClosed)
    given(*voting(takes_paper=True), paper_closing()).when(draft).refused(StepNotClosed)


@EVERY_WORD_OF_THE_OUTCOME
def test_nothing_of_the_outcome_is_said_before_sealed_choices_are_disclosed(draft: Post) -> None:
    given(*voting(secrecy="sealed"), sealed_vote(), closing()).when(draft).refused(BallotsUndisclosed, step="vote")


def test_after_the_disclosure_the_outcome_can_be_said() -> None:
    past = given(*voting(secrecy="sealed"), sealed_vote(), closing(), disclosed(1))
    past.when(computed()).then().when(published(0)).then().when(overridden()).then().when(certified()).then()


def test_rule_and_cut_off_of_a_result_are_filled_from_the_step() -> None:
    past = after_the_vote()
    past.when(computed()).then(rule="greedy/1", cut_off=len(past.history.events) - 1)
    past.when(computed().posted(role="system", via=LEDGER)).then()


def test_a_result_of_another_rule_or_cut_off_is_refused() -> None:
    after_the_vote().when(computed().but(rule="equal-shares/1")).refused(FieldDiffers, field="rule", expected="greedy/1")
    after_the_vote().when(computed().but(cut_off=3)).refused(FieldDiffers, field="cut_off", found=3)


@pytest.mark.parametrize("field", ["digest", "winners"])
def test_a_result_has_winners_and_a_digest(field: str) -> None:
    after_the_vote().when(computed().but(**{field: None})).refused(FieldMissing, field=field)
    after_the_vote().when(computed(())).then()


def test_an_undeclared_rule_has_no_winners() -> None:
    past = given(*prepared(rules=UNDECLARED), *voting()[-1:], closing())
    past.when(computed((0,))).refused(WinnersUndeclared)
    past.when(computed(None)).then(rule="undeclared/1")


@pytest.mark.parametrize("draft", [computed((0, 3)), published(0, 3), published(0, outside_rule=(3,)), overridden(3)])
def test_the_outcome_is_of_candidates(draft: Post) -> None:
    after_the_vote().when(draft).refused(PositionUnknown, position=3, count=3)


@pytest.mark.parametrize("draft", [computed((0, 0)), published(0, 0), published(0, outside_rule=(0,))])
def test_each_candidate_is_named_once(draft: Post) -> None:
    after_the_vote().when(draft).refused(PositionTwice, position=0)


def test_what_was_announced_can_be_corrected_and_needs_no_computed_result() -> None:
    after_the_vote(published(0, outside_rule=(2,))).when(published(0, 1)).then()


def test_missing_ballots_are_stated_once_for_each_channel() -> None:
    paper, phone = MissingBallots(channel="paper", count=12), MissingBallots(channel="phone")
    after_the_vote().when(published(0, ballots_missing=(paper, phone))).then()
    after_the_vote().when(published(0, ballots_missing=(paper, phone, paper))).refused(ChannelTwice, channel="paper")


def test_a_result_computed_again_supersedes_the_one_before() -> None:
    past = after_the_vote(computed(), computed().but(digest=digest("again")))
    past.when(certified()).refused(ResultDiffers, expected=digest("again"), cited=digest("result"))
    past.when(certified("again")).then()


def test_only_a_computed_result_is_certified_and_once() -> None:
    after_the_vote(published(0)).when(certified()).refused(ResultMissing)
    after_the_vote(computed(), certified()).when(certified()).refused(AlreadyCertified)


def test_a_certified_result_is_not_computed_again() -> None:
    after_the_vote(computed(), certified()).when(computed()).refused(AlreadyCertified)


def test_those_who_certify_hold_their_roles_and_are_named_once() -> None:
    past = after_the_vote(computed())
    past.when(certified(by_roles=("organizer", "guarantor"))).refused(CertifierUnfit, role="guarantor")
    past.when(certified(by_roles=("organizer", "organizer"))).refused(CertifierUnfit, role="organizer")
    past.when(certified(by_roles=("participant",))).refused(CertifierUnfit, role="participant")
    after_the_vote(computed(), granted("guarantor", client="x")).when(certified(by_roles=("organizer", "guarantor"))).then()


def test_rules_set_before_the_opening_decide_which_rule_the_result_is_of() -> None:
    past = given(*prepared(), rules_set(UNDECLARED), *voting()[-1:], closing())
    past.when(computed(None)).then(rule="undeclared/1")
