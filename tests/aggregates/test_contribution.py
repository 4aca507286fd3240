"""A contribution: submitted where it is accepted, changed by its author, withdrawn at any time."""

import pytest

from ledger.errors import (
    AlreadySubmitted,
    CategoryUnknown,
    ContributionUnknown,
    ContributionWithdrawn,
    DistrictUnknown,
    KindNotAccepted,
    MeetingMissing,
    MeetingUnknown,
    NotTheAuthor,
    ParticipantMissing,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    StepUnrelated,
)
from ledger.events.step import StepSuspended as Suspended
from tests.given import PLATFORM, Given, Post, given, person, post
from tests.town import closing, defined, granted, ideas, listed, opened, opening, planned, revised, submitted, voting, withdrawn

SUSPENDED = post(Suspended, step="ideas", code="outage")


def collecting(*more: Post) -> Given:
    return given(
        opened(),
        *defined(),
        granted("agent", client=PLATFORM),
        granted("moderator", client=PLATFORM),
        planned("ideas", "collection", accepts=("proposal", "idea")),
        opening("ideas"),
        *more,
    )


def test_a_contribution_has_the_person_represented_as_its_author() -> None:
    past = collecting().when(submitted().posted(actor=person("club"), by=person("ana"), mandate_ref="m-1")).then()
    bench = past.now.contribution("bench")
    assert (bench.author, bench.kind, bench.step) == (person("club"), "proposal", "ideas")


def test_a_contribution_is_submitted_once() -> None:
    collecting(submitted()).when(submitted().posted(actor=person("max"))).refused(AlreadySubmitted, ref="bench")


@pytest.mark.parametrize("draft", [submitted("new"), revised()])
def test_a_step_accepts_contributions_while_it_is_open(draft: Post) -> None:
    past = collecting(submitted())
    past.when(draft).then()
    collecting(submitted(), SUSPENDED).when(draft).refused(StepSuspended)
    collecting(submitted(), closing("ideas")).when(draft).refused(StepClosed)
    later = collecting(submitted(), planned("later", "collection", accepts=("proposal",)))
    later.when(draft.but(step="later")).refused(StepNotOpen)


@pytest.mark.parametrize("draft", [submitted("new"), revised()])
def test_a_step_accepts_the_kinds_it_was_planned_for(draft: Post) -> None:
    past = collecting(submitted(), planned("talk", "deliberation", accepts=("opinion",)), opening("talk"))
    past.when(draft.but(step="talk")).refused(KindNotAccepted, step="talk", kind="proposal")
    past.when(draft.but(step="nowhere")).refused(StepUnknown, step="nowhere")


@pytest.mark.parametrize("draft", [submitted("new"), revised()])
def test_a_contribution_names_a_district_and_a_category_that_are_defined(draft: Post) -> None:
    past = collecting(submitted())
    past.when(draft.but(district="north", category="green")).then()
    past.when(draft.but(district="south")).refused(DistrictUnknown, district="south")
    past.when(draft.but(category="red")).refused(CategoryUnknown, category="red")


def test_what_nobody_is_named_for_names_the_meeting_it_was_said_in() -> None:
    note = submitted().posted(role="agent", actor=None)
    collecting().when(note).refused(MeetingMissing, ref="bench")
    collecting().when(note.but(meeting="town-hall")).then()
    collecting().when(note.but(meeting="picnic")).refused(MeetingUnknown, meeting="picnic")


def test_an_organizer_brings_in_what_is_the_authoritys_own() -> None:
    collecting().when(submitted().posted(role="organizer", actor=None)).then()


def test_a_participant_is_somebody() -> None:
    collecting().when(submitted(meeting="town-hall").posted(actor=None)).refused(ParticipantMissing)


def test_a_contribution_grows_from_another_that_exists() -> None:
    past = collecting(submitted())
    past.when(submitted("bigger-bench", derived_from="bench")).then()
    past.when(submitted("helipad", derived_from="airport")).refused(ContributionUnknown, ref="airport")


@pytest.mark.parametrize("draft", [revised(), withdrawn()])
def test_only_the_author_or_who_has_their_mandate_changes_a_contribution(draft: Post) -> None:
    past = collecting(submitted())
    past.when(draft.posted(actor=person("max"))).refused(NotTheAuthor, ref="bench")
    past.when(draft.posted(actor=None)).refused(NotTheAuthor, ref="bench")
    past.when(draft.posted(role="agent", actor=person("max"), by=person("ana"))).refused(NotTheAuthor)
    past.when(draft.posted(by=person("max"), mandate_ref="m-1")).then()


def test_what_has_no_author_is_changed_by_an_organizer() -> None:
    past = collecting(submitted(meeting="town-hall").posted(role="agent", actor=None))
    past.when(revised().posted(role="agent", actor=None)).refused(NotTheAuthor)
    past.when(revised()).refused(NotTheAuthor)
    past.when(revised().posted(role="organizer", actor=None)).then()


def test_an_organizer_does_not_revise_what_has_an_author() -> None:
    collecting(submitted()).when(revised().posted(role="organizer", actor=None)).refused(NotTheAuthor)


@pytest.mark.parametrize("role", ["organizer", "moderator"])
def test_the_authority_may_withdraw_a_contribution(role: str) -> None:
    past = collecting(submitted()).when(withdrawn().posted(role=role, actor=None)).then()
    assert past.now.contribution("bench").withdrawn


@pytest.mark.parametrize("draft", [revised("nothing"), withdrawn("nothing")])
def test_what_was_not_submitted_is_not_changed(draft: Post) -> None:
    collecting().when(draft).refused(ContributionUnknown, ref="nothing")


@pytest.mark.parametrize("draft", [revised(), withdrawn()])
def test_what_was_withdrawn_is_not_changed(draft: Post) -> None:
    collecting(submitted(), withdrawn()).when(draft).refused(ContributionWithdrawn, ref="bench")


def test_a_withdrawal_is_recorded_at_any_time() -> None:
    collecting(submitted(), SUSPENDED).when(withdrawn()).then()
    collecting(submitted(), closing("ideas")).when(withdrawn()).then()
    given(*voting()).when(withdrawn(step="vote")).then()
    given(*voting(), closing()).when(withdrawn(step="vote")).then()


def test_a_withdrawal_names_the_step_of_the_submission_or_of_a_ballot_it_is_listed_for() -> None:
    past = given(*ideas(), planned())
    past.when(withdrawn(step="vote")).refused(StepUnrelated, ref="bench", step="vote")
    past.when(withdrawn(step="nowhere")).refused(StepUnknown, step="nowhere")
    past.when(listed("bench")).then().when(withdrawn(step="vote")).then()
