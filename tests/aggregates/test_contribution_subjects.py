"""What a contribution is about and what is done with it: every kind, sections, targets, threads, answers; and the first schema."""

from dataclasses import replace

import pytest

from ledger.aggregates import ContributionState
from ledger.errors import (
    AmendmentUnclear,
    AuthorSuspended,
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    KindNotAccepted,
    NotTheAuthor,
    ReplyUnfit,
    SectionUnknown,
    StepClosed,
    StepUnknown,
    StepUnrelated,
    TargetMissing,
    TargetModerated,
    TargetOfOtherStep,
    TextAdopted,
    TextMissing,
    TextUnknown,
)
from ledger.events.contribution import ContributionAnswered, ContributionAttached, ContributionFormalisedWith
from tests.aggregates.test_merging import merging, parted
from tests.consultation import (
    EVERY_KIND,
    SOON,
    adopted,
    contributed,
    debating,
    hidden,
    published,
    readmitted,
    restored,
    reworded,
    section,
    suspended,
)
from tests.given import Given, Post, person, post
from tests.town import closing, listed, opening, planned, withdrawn

BILL = (published(), section("article-1"))
OPINION = contributed()
ABOUT = ("counter_proposal", "answer", "source", "comment")
GONE = withdrawn("open-data", step="debate")


def attached(ref: str = "open-data", step: str = "debate", who: str | None = "ana") -> Post:
    draft = post(ContributionAttached, ref=ref, step=step, media_type="application/pdf", size_bytes=12)
    return draft.posted(actor=None if who is None else person(who))


def formalised(ref: str = "open-data", step: str = "debate") -> Post:
    return post(ContributionFormalisedWith, ref=ref, step=step, service="legal").posted(role="agent", actor=None)


def answered(ref: str = "open-data", step: str = "debate", code: str = "retained") -> Post:
    return post(ContributionAnswered, ref=ref, step=step, code=code).posted(role="organizer", actor=None)


def as_schema_1(draft: Post) -> Post:
    return replace(draft, envelope={"type": "contribution.submitted/1"})


def contribution(past: Given, ref: str = "open-data") -> ContributionState:
    return past.now.contribution(ref)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_contribution_can_be_about_another(kind: str) -> None:
    past = debating(OPINION).when(contributed("new", kind, "max", target="open-data", external_ref="No. 7", collective="class")).then()
    assert (contribution(past, "new").kind, contribution(past, "new").target, contribution(past, "new").texts) == (kind, "open-data", 1)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_some_kinds_say_nothing_without_what_they_are_about(kind: str) -> None:
    alone = debating(*BILL).when(contributed("new", kind))
    if kind in ABOUT:
        alone.refused(TargetMissing, ref="new", kind=kind)
    elif kind == "amendment":
        alone.refused(AmendmentUnclear, ref="new")
    else:
        alone.then()


def test_an_amendment_is_another_wording_of_one_section_or_of_one_contribution() -> None:
    past = debating(*BILL, OPINION)
    past.when(contributed("new", "amendment", text="bill", section="article-1")).then()
    past.when(contributed("new", "amendment", target="open-data")).then()
    past.when(contributed("new", "amendment", text="bill")).refused(AmendmentUnclear)
    past.when(contributed("new", "amendment", text="bill", target="open-data")).refused(AmendmentUnclear)
    past.when(contributed("new", "amendment", text="bill", section="article-1", target="open-data")).refused(AmendmentUnclear)


def test_a_section_is_one_of_a_text_that_is_not_adopted() -> None:
    past = debating(*BILL)
    past.when(contributed(text="bill", section="article-1")).then()
    past.when(contributed(text="bill")).then()
    past.when(contributed(section="article-1")).refused(TextMissing, section="article-1")
    past.when(contributed(text="decree", section="article-1")).refused(TextUnknown, text="decree")
    past.when(contributed(text="decree")).refused(TextUnknown, text="decree")
    past.when(contributed(text="bill", section="article-2")).refused(SectionUnknown, text="bill", section="article-2")
    past.when(adopted()).then().when(contributed(text="bill", section="article-1")).refused(TextAdopted, text="bill")


def test_a_target_exists_stands_and_is_visible() -> None:
    comment = contributed("new", "comment", "max", target="open-data")
    debating().when(comment).refused(ContributionUnknown, ref="open-data")
    debating(OPINION, GONE).when(comment).refused(ContributionWithdrawn, ref="open-data")
    debating(*merging()).when(comment).refused(ContributionMerged, ref="open-data", into="open-source")
    debating(*parted()).when(comment).refused(ContributionSplit, ref="open-data")
    past = debating(OPINION, hidden())
    past.when(comment).refused(TargetModerated, target="contribution/open-data", decision="hidden")
    past.when(restored()).then().when(comment).then()


def test_a_target_is_of_the_same_step() -> None:
    past = debating(OPINION, planned("later", "consultation", accepts=("comment",)), opening("later"))
    comment = contributed("new", "comment", step="later", target="open-data")
    past.when(comment).refused(TargetOfOtherStep, target="contribution/open-data", own="debate", step="later")


def test_comments_and_answers_reply_to_each_other_on_one_target() -> None:
    past = debating(
        OPINION,
        contributed("other"),
        contributed("first", "comment", target="open-data"),
        contributed("reply", "answer", target="open-data", reply_to="first"),
        contributed("elsewhere", "comment", target="other"),
    )
    past.when(contributed("new", "comment", target="open-data", reply_to="reply")).then()
    past.when(contributed("new", "comment", target="open-data", reply_to="nobody")).refused(ContributionUnknown, ref="nobody")
    past.when(contributed("new", "comment", target="open-data", reply_to="elsewhere")).refused(ReplyUnfit, reply_to="elsewhere")
    past.when(contributed("new", "comment", target="open-data", reply_to="open-data")).refused(ReplyUnfit, reply_to="open-data")
    past.when(contributed("new", "source", target="open-data", reply_to="first")).refused(ReplyUnfit, ref="new")
    past.when(contributed("new", "answer", target="other", reply_to="first")).refused(ReplyUnfit, ref="new")
    past.when(contributed("new", "opinion", reply_to="first")).refused(ReplyUnfit, ref="new")


def test_a_thread_goes_on_below_a_comment_that_is_gone() -> None:
    first = contributed("first", "comment", target="open-data")
    reply = contributed("new", "comment", target="open-data", reply_to="first")
    debating(OPINION, first, withdrawn("first", step="debate")).when(reply).then()
    debating(OPINION, first, hidden("contribution/first")).when(reply).then()


@pytest.mark.parametrize("draft", [contributed("new"), reworded(), attached()])
def test_who_is_suspended_does_not_contribute_until_the_time_that_was_announced(draft: Post) -> None:
    past = debating(OPINION, suspended())
    past.when(draft).refused(AuthorSuspended, until=SOON)
    past.when(draft.posted(at=SOON)).then()
    past.when(readmitted()).then().when(draft).then()


def test_a_suspension_is_of_one_author_and_goes_with_the_person_represented() -> None:
    past = debating(suspended())
    past.when(contributed("new", who="max")).then()
    past.when(contributed("new", who="max").posted(by=person("ana"), mandate_ref="m-1")).then()
    past.when(contributed("new").posted(by=person("max"), mandate_ref="m-1")).refused(AuthorSuspended)
    past.when(contributed("new").posted(role="organizer", actor=None)).then()


def test_each_revision_is_the_next_version_of_the_text() -> None:
    past = debating(OPINION)
    assert contribution(past).texts == 1
    assert contribution(past.when(reworded()).then().when(reworded()).then()).texts == 3


@pytest.mark.parametrize("draft", [reworded(), attached()])
def test_what_does_not_stand_or_is_hidden_is_not_worked_on(draft: Post) -> None:
    debating().when(draft).refused(ContributionUnknown)
    debating(OPINION, GONE).when(draft).refused(ContributionWithdrawn)
    debating(*merging()).when(draft).refused(ContributionMerged, into="open-source")
    debating(*parted()).when(draft).refused(ContributionSplit)
    debating(OPINION, hidden()).when(draft).refused(TargetModerated)
    debating(OPINION, hidden(), restored()).when(draft).then()


def test_a_document_is_attached_by_the_author_or_the_authority_while_a_step_for_it_is_open() -> None:
    past = debating(OPINION, planned("later", "consultation", accepts=("idea",)), opening("later"))
    assert contribution(past.when(attached()).then()).texts == 1
    past.when(attached(who="max")).refused(NotTheAuthor)
    past.when(attached(who=None).posted(role="moderator")).then()
    past.when(attached(step="later")).refused(KindNotAccepted, step="later", kind="opinion")
    past.when(attached(step="nowhere")).refused(StepUnknown)
    past.when(closing("debate")).then().when(attached()).refused(StepClosed)


def test_a_service_helps_with_what_stands_also_after_the_step() -> None:
    debating(OPINION, closing("debate")).when(formalised()).then()
    debating(OPINION, hidden()).when(formalised()).then()
    debating().when(formalised()).refused(ContributionUnknown)
    debating(OPINION, GONE).when(formalised()).refused(ContributionWithdrawn)
    debating(*merging()).when(formalised()).refused(ContributionMerged)
    debating(*parted()).when(formalised()).refused(ContributionSplit)


@pytest.mark.parametrize("past", [(OPINION, GONE), (OPINION, hidden()), merging(), parted(), (OPINION, closing("debate"))])
def test_every_contribution_gets_its_answer_whatever_became_of_it(past: tuple[Post, ...]) -> None:
    debating(*past).when(answered()).then().when(answered(code="adapted")).then()


def test_only_what_was_contributed_is_answered() -> None:
    debating().when(answered()).refused(ContributionUnknown, ref="open-data")


@pytest.mark.parametrize("draft", [answered(), formalised()])
def test_an_answer_names_the_step_of_the_contribution_or_of_a_ballot_it_is_listed_for(draft: Post) -> None:
    past = debating(OPINION, planned())
    past.when(draft.but(step="vote")).refused(StepUnrelated, ref="open-data", step="vote")
    past.when(draft.but(step="nowhere")).refused(StepUnknown, step="nowhere")
    past.when(listed("open-data")).then().when(draft.but(step="vote")).then()


@pytest.mark.parametrize("past", [(OPINION, hidden()), (OPINION, suspended()), merging(), parted()])
def test_an_author_takes_back_what_was_hidden_merged_or_split(past: tuple[Post, ...]) -> None:
    assert contribution(debating(*past).when(GONE).then()).withdrawn


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_first_schema_had_no_targets_and_what_it_admitted_stays_admitted(kind: str) -> None:
    past = debating(suspended()).when(as_schema_1(contributed("old", kind))).then()
    assert (contribution(past, "old").kind, contribution(past, "old").texts, contribution(past, "old").target) == (kind, 1, None)


def test_the_first_schema_is_refused_for_what_it_was_refused_for() -> None:
    past = debating(OPINION, planned("ideas", "collection", accepts=("idea",)), opening("ideas"))
    past.when(as_schema_1(contributed("old", step="ideas"))).refused(KindNotAccepted)
    past.when(as_schema_1(contributed("old", derived_from="nothing"))).refused(ContributionUnknown, ref="nothing")
