"""An argument: for or against a contribution that takes arguments, in threads, changed by its author."""

import pytest

from ledger.aggregates import ArgumentState
from ledger.errors import (
    AlreadySubmitted,
    ArgumentUnknown,
    ArgumentWithdrawn,
    AuthorSuspended,
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    MeetingMissing,
    MeetingUnknown,
    NotArguable,
    NotTheAuthor,
    ParentUnrelated,
    ParticipantMissing,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetModerated,
    TargetOfOtherStep,
)
from ledger.events.step import StepSuspended as Suspended
from tests.aggregates.test_merging import merging, parted
from tests.consultation import (
    SOON,
    argued,
    contributed,
    debating,
    hidden,
    readmitted,
    rephrased,
    restored,
    stances_set,
    suspended,
    unargued,
)
from tests.given import Given, Post, person, post
from tests.town import closing, opening, planned, withdrawn

OPINION = contributed()
ARGUED = (OPINION, argued())
COSTLY = "argument/costly"


def argument(past: Given, ref: str = "costly") -> ArgumentState:
    state = past.now.state(f"argument/{ref}")
    assert isinstance(state, ArgumentState)
    return state


def test_an_argument_is_of_the_person_represented_and_about_one_contribution() -> None:
    said = argued().posted(actor=person("club"), by=person("max"), mandate_ref="m-1")
    state = argument(debating(OPINION).when(said).then())
    assert (state.author, state.contribution, state.step, state.texts) == (person("club"), "open-data", "debate", 1)


def test_an_argument_is_submitted_once() -> None:
    debating(*ARGUED).when(argued(who="eve")).refused(AlreadySubmitted, ref="costly")


def test_a_step_says_which_kinds_can_be_argued_about() -> None:
    past = debating(OPINION, contributed("leaks", "source", target="open-data"))
    past.when(argued()).then()
    past.when(argued(contribution="leaks")).refused(NotArguable, step="debate", kind="source")


def test_what_is_argued_about_exists_stands_and_is_visible() -> None:
    debating().when(argued()).refused(ContributionUnknown, ref="open-data")
    debating(OPINION, withdrawn("open-data", step="debate")).when(argued()).refused(ContributionWithdrawn)
    debating(*merging()).when(argued()).refused(ContributionMerged, into="open-source")
    debating(*parted()).when(argued()).refused(ContributionSplit)
    debating(OPINION, hidden()).when(argued()).refused(TargetModerated, target="contribution/open-data", decision="hidden")
    debating(OPINION, hidden(), restored()).when(argued()).then()


def test_an_argument_answers_one_about_the_same_contribution_from_either_side() -> None:
    past = debating(*ARGUED, contributed("other"), argued("elsewhere", "other"))
    for side in ("for", "against"):
        past.when(argued("reply", side=side, parent="costly")).then()
    past.when(argued("reply", parent="elsewhere")).refused(ParentUnrelated, parent="elsewhere", contribution="open-data")
    past.when(argued("reply", parent="nobody")).refused(ArgumentUnknown, argument="nobody")
    past.when(argued("reply", parent="reply")).refused(ArgumentUnknown, argument="reply")


def test_a_thread_goes_on_below_an_argument_that_is_gone() -> None:
    debating(*ARGUED, unargued()).when(argued("reply", parent="costly")).then()
    debating(*ARGUED, hidden(COSTLY)).when(argued("reply", parent="costly")).then()


def test_what_nobody_is_named_for_names_the_meeting_it_was_said_in() -> None:
    past = debating(OPINION)
    note = argued().posted(role="agent", actor=None)
    past.when(note).refused(MeetingMissing, ref="costly")
    past.when(note.but(meeting="town-hall")).then()
    past.when(note.but(meeting="picnic")).refused(MeetingUnknown, meeting="picnic")
    past.when(note.posted(role="organizer")).then()
    past.when(note.posted(role="participant")).refused(ParticipantMissing)


@pytest.mark.parametrize("draft", [argued("new"), rephrased()])
def test_arguments_are_made_and_revised_while_the_step_is_open(draft: Post) -> None:
    past = debating(*ARGUED, planned("later", "consultation"))
    past.when(draft).then()
    past.when(draft.but(step="nowhere")).refused(StepUnknown, step="nowhere")
    past.when(draft.but(step="later")).refused(StepNotOpen, step="later")
    past.when(post(Suspended, step="debate", code="outage")).then().when(draft).refused(StepSuspended)
    past.when(closing("debate")).then().when(draft).refused(StepClosed)


@pytest.mark.parametrize("draft", [argued("new"), rephrased(), unargued()])
def test_an_argument_names_the_step_that_it_belongs_to(draft: Post) -> None:
    past = debating(*ARGUED, planned("later", "consultation"), stances_set("later"), opening("later"))
    past.when(draft.but(step="later")).refused(TargetOfOtherStep, own="debate", step="later")


@pytest.mark.parametrize("draft", [argued("new"), rephrased()])
def test_who_is_suspended_does_not_argue_until_the_time_that_was_announced(draft: Post) -> None:
    past = debating(*ARGUED, suspended("max"))
    past.when(draft).refused(AuthorSuspended, until=SOON)
    past.when(draft.posted(at=SOON)).then()
    past.when(readmitted("max")).then().when(draft).then()
    past.when(argued("new", who="eve")).then()
    past.when(unargued()).then()


def test_each_revision_is_the_next_version_of_the_text() -> None:
    assert argument(debating(*ARGUED, rephrased()).when(rephrased()).then()).texts == 3


def test_what_is_hidden_is_not_revised() -> None:
    debating(*ARGUED, hidden(COSTLY)).when(rephrased()).refused(TargetModerated, target=COSTLY)
    debating(*ARGUED, hidden(COSTLY), restored(COSTLY)).when(rephrased()).then()


@pytest.mark.parametrize("draft", [rephrased(), unargued()])
def test_only_the_author_or_who_has_their_mandate_changes_an_argument_that_stands(draft: Post) -> None:
    past = debating(*ARGUED)
    past.when(draft.posted(actor=person("ana"))).refused(NotTheAuthor, ref="costly")
    past.when(draft.posted(by=person("ana"), mandate_ref="m-1")).then()
    debating(*ARGUED, unargued()).when(draft).refused(ArgumentWithdrawn, argument="costly")
    debating().when(draft).refused(ArgumentUnknown, argument="costly")


def test_an_argument_is_withdrawn_at_any_time_by_its_author_or_the_authority() -> None:
    past = debating(*ARGUED, hidden(COSTLY), closing("debate"))
    assert argument(past.when(unargued()).then()).withdrawn
    for role in ("organizer", "moderator"):
        past.when(unargued().posted(role=role, actor=None)).then()
    past.when(unargued(step="nowhere")).refused(StepUnknown, step="nowhere")


def test_what_has_no_author_is_revised_by_an_organizer() -> None:
    past = debating(OPINION, argued(meeting="town-hall").posted(role="agent", actor=None))
    past.when(rephrased()).refused(NotTheAuthor)
    past.when(rephrased().posted(role="organizer", actor=None)).then()
