"""A ballot: one per person and step, on the sealed paper, replaceable until the closing."""

from typing import Any

import pytest

from ledger.aggregates import BallotState
from ledger.errors import (
    AgentMayNotReplace,
    AlreadyVoted,
    AttendedOnPaper,
    BallotWithdrawn,
    CandidatesDiffer,
    ChoicesCommitted,
    ChoicesInClear,
    ChoicesMissing,
    ChoicesRefused,
    NotOnRoll,
    NotVoted,
    PaperClosed,
    PaperNotTaken,
    ParticipantMissing,
    RulesDiffer,
    StepClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepSuspended,
    StepUnknown,
    TimeClaimed,
)
from ledger.events.roll import AttendanceMarked
from ledger.events.step import StepSuspended as Suspended
from ledger.rules.ballot_form import ApprovalForm
from tests.given import NOON, PLATFORM, Given, Post, digest, given, person, post
from tests.town import RULES, closing, granted, opened, opening, paper_closing, planned, prepared, revote, sealed_vote, unvote, vote, voting

AGENT = granted("agent", client=PLATFORM)


def by_agent(draft: Post, **otherwise: Any) -> Post:
    return draft.posted(role="agent", **otherwise)


def open_vote(*more: Post, **fields: Any) -> Given:
    return given(*voting(**fields), AGENT, *more)


EVERY_BALLOT_EVENT = pytest.mark.parametrize("draft", [vote(), revote(), unvote()], ids=["cast", "replaced", "withdrawn"])


def test_a_person_has_one_ballot_in_a_step() -> None:
    past = open_vote().when(vote("ana")).then()
    past.when(vote("ana", (1,))).refused(AlreadyVoted, step="vote")
    past.when(vote("max")).then()


def test_a_ballot_is_replaced_and_withdrawn_and_cast_again_by_replacing() -> None:
    past = open_vote(vote()).when(revote()).then().when(unvote()).then()
    assert past.now.ballot("vote", person("ana")).withdrawn
    past.when(unvote()).refused(BallotWithdrawn)
    past.when(vote()).refused(AlreadyVoted)
    assert not past.when(revote()).then().now.ballot("vote", person("ana")).withdrawn


def test_what_was_not_cast_is_neither_replaced_nor_withdrawn() -> None:
    open_vote().when(revote()).refused(NotVoted)
    open_vote(vote("max")).when(unvote()).refused(NotVoted)


@EVERY_BALLOT_EVENT
def test_ballots_come_in_while_the_ballot_is_open(draft: Post) -> None:
    given(opened()).when(draft).refused(StepUnknown, step="vote")
    given(opened(), planned(kind="board"), opening()).when(draft).refused(StepOfOtherKind, kind="board")
    given(*prepared()).when(draft).refused(StepNotOpen)
    open_vote(vote(), post(Suspended, step="vote", code="outage")).when(draft).refused(StepSuspended)
    open_vote(closing()).when(draft).refused(StepClosed)
    open_vote(vote(), closing()).when(draft).refused(StepClosed)


@EVERY_BALLOT_EVENT
def test_a_ballot_is_somebodys_and_claims_no_time(draft: Post) -> None:
    open_vote().when(draft.posted(actor=None)).refused(ParticipantMissing)
    open_vote().when(draft.posted(claimed_at=NOON)).refused(TimeClaimed)


@EVERY_BALLOT_EVENT
def test_paper_ballots_come_in_until_the_keying_ends(draft: Post) -> None:
    on_paper = by_agent(draft, channel="paper")
    cast = (by_agent(vote(), channel="paper"),) if draft.kind is not vote().kind else ()
    open_vote(takes_paper=True).when(on_paper.posted(actor=None)).refused(ParticipantMissing)
    open_vote(*cast, closing(), takes_paper=True).when(on_paper).then()
    open_vote(*cast, closing(), paper_closing(), takes_paper=True).when(on_paper).refused(PaperClosed)
    open_vote(*cast, paper_closing(), takes_paper=True).when(on_paper).refused(PaperClosed)
    open_vote().when(on_paper).refused(PaperNotTaken)
    given(*prepared(takes_paper=True), AGENT).when(on_paper).refused(StepNotOpen)


@EVERY_BALLOT_EVENT
def test_after_the_closing_nobody_votes_on_paper_for_themselves(draft: Post) -> None:
    cast = (vote(),) if draft.kind is not vote().kind else ()
    past = open_vote(*cast, closing(), takes_paper=True, agent_may_replace=True)
    past.when(draft.posted(channel="paper")).refused(StepClosed)
    past.when(by_agent(draft, channel="paper")).then()


@EVERY_BALLOT_EVENT
def test_where_there_is_a_roll_only_its_members_vote(draft: Post) -> None:
    open_vote(roll=("max",)).when(draft).refused(NotOnRoll)
    open_vote(roll=("ana", "max")).when(vote()).then()


@EVERY_BALLOT_EVENT
def test_attendance_on_paper_closes_every_other_channel(draft: Post) -> None:
    marked = post(AttendanceMarked, step="vote").posted(actor=person("ana"), channel="paper")
    past = open_vote(vote(), marked, roll=("ana", "max"), takes_paper=True)
    past.when(draft).refused(AttendedOnPaper, step="vote")
    past.when(vote("max")).then()


def test_attendance_on_paper_lets_the_paper_ballot_in() -> None:
    marked = post(AttendanceMarked, step="vote").posted(actor=person("ana"), channel="paper")
    past = open_vote(marked, roll=("ana",), takes_paper=True)
    past.when(by_agent(vote(), channel="paper")).then()


def test_attendance_through_another_channel_closes_nothing() -> None:
    marked = post(AttendanceMarked, step="vote").posted(actor=person("ana"), channel="in_person")
    open_vote(marked, roll=("ana",)).when(vote()).then()


@pytest.mark.parametrize("draft", [vote(), revote()], ids=["cast", "replaced"])
def test_a_ballot_cites_the_sealed_candidates_and_the_rules_in_force(draft: Post) -> None:
    past = open_vote(*([vote()] if draft.kind is not vote().kind else []))
    past.when(draft.but(candidates=digest("x"))).refused(CandidatesDiffer, cited=digest("x"))
    past.when(draft.but(rules=digest("x"))).refused(RulesDiffer, cited=digest("x"))


@pytest.mark.parametrize("draft", [vote(), revote()], ids=["cast", "replaced"])
def test_in_an_open_step_choices_stand_in_clear(draft: Post) -> None:
    past = open_vote(*([vote()] if draft.kind is not vote().kind else []))
    past.when(draft.but(entries=None)).refused(ChoicesMissing)
    past.when(draft.but(entries=None, sd=(digest("c"),))).refused(ChoicesCommitted)
    past.when(draft.but(sd=(digest("c"),))).refused(ChoicesCommitted)
    past.when(draft.but(entries=())).then()


@pytest.mark.parametrize("draft", [vote(), revote()], ids=["cast", "replaced"])
def test_in_a_sealed_step_choices_are_a_commitment(draft: Post) -> None:
    past = open_vote(*([sealed_vote()] if draft.kind is not vote().kind else []), secrecy="sealed")
    past.when(draft).refused(ChoicesInClear)
    past.when(draft.but(sd=(digest("c"),))).refused(ChoicesInClear)
    past.when(draft.but(entries=None)).refused(ChoicesMissing)
    past.when(draft.but(entries=None, sd=(digest("c"),))).then()


@pytest.mark.parametrize(
    ("entries", "fault", "entry"),
    [
        ((0, 3), "unknown-position", 1),
        ((1, 1), "repeated-position", 1),
        ((0, 1, 2), "too-many-choices", 2),
        (((0, 1),), "wrong-shape", 0),
    ],
)
def test_impossible_choices_are_refused_with_their_fault(entries: tuple[Any, ...], fault: str, entry: int) -> None:
    open_vote().when(vote(entries=entries)).refused(ChoicesRefused, step="vote", fault=fault, entry=entry)
    open_vote(vote()).when(revote(entries=entries)).refused(ChoicesRefused, fault=fault)


def test_too_few_choices_are_recorded() -> None:
    two_at_least = RULES.model_copy(update={"ballot": ApprovalForm(min=2, max=2)})
    open_vote(rules=two_at_least).when(vote(entries=(0,))).then()


def test_marks_that_name_nothing_are_only_counted() -> None:
    open_vote().when(vote(entries=(0,), unknown_entries=2)).then(unknown_entries=2)


@pytest.mark.parametrize("draft", [revote(), unvote()], ids=["replaced", "withdrawn"])
def test_an_agent_does_not_change_what_the_person_cast(draft: Post) -> None:
    open_vote(vote()).when(by_agent(draft)).refused(AgentMayNotReplace, step="vote")
    open_vote(vote()).when(draft.posted(by=person("max"), mandate_ref="m-1")).refused(AgentMayNotReplace)
    open_vote(vote(), agent_may_replace=True).when(by_agent(draft)).then()


def test_what_an_agent_keyed_is_changed_by_an_agent_until_the_person_votes_themselves() -> None:
    past = open_vote(by_agent(vote())).when(by_agent(revote())).then()
    past = past.when(revote()).then()
    past.when(by_agent(revote())).refused(AgentMayNotReplace)


def test_a_withdrawal_by_the_person_is_not_undone_by_an_agent() -> None:
    open_vote(vote(), unvote()).when(by_agent(revote())).refused(AgentMayNotReplace)


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize("agent", [False, True])
@pytest.mark.parametrize("version", [0, 1, 2**31])
def test_the_state_of_a_ballot_fits_a_small_number(version: int, withdrawn: bool, agent: bool) -> None:
    state = BallotState(version, withdrawn, agent)
    assert BallotState.unpack(state.pack()) == state
    assert state.pack() < 2**34
