"""What is erased is named with its basis and its digests; holds forbid it; and a scope whose key is destroyed is over."""

import pytest

from ledger.errors import (
    AlreadyErased,
    BasisUnclear,
    ChoicesNotErasable,
    EntryUnknown,
    ExtentUnfit,
    FieldDiffers,
    FieldMissing,
    HoldUnknown,
    LegalHoldStands,
    NotPermitted,
    PaperNotClosed,
    ParticipantMissing,
    ProjectArchived,
    RefTaken,
    RequestUnknown,
    ScopeDestroyed,
    StepNotClosed,
    StepUnknown,
)
from ledger.events.ballot import BallotCast
from ledger.events.privacy import ContentErased, ErasureRequested, LegalHoldLifted, LegalHoldPlaced, ScopeKeyDestroyed
from ledger.events.project import ProjectArchived as Archived
from ledger.events.project import ProjectDescribed
from ledger.events.roll import RollListed
from tests.given import Post, digest, given, person, post
from tests.town import closing, granted, ideas, opened, opening, paper_closing, planned, submitted, vote, voting, withdrawn

BENCH = "contribution/bench"
TITLE, BODY = sorted((digest("title of bench"), digest("body of bench")))


def requested(ref: str = "letter-1", **fields: str | None) -> Post:
    return post(ErasureRequested, ref=ref, extent="content", target=BENCH, ground="consent_withdrawn").but(**fields)


def erased(entry: int = 6, *digests: str, **fields: str | None) -> Post:
    """Entry 6 is Ana's bench, in the past of `ideas()`."""
    return post(ContentErased, entry=entry, erased=BENCH, digests=digests or (TITLE,), ground="consent_withdrawn", request="letter-1").but(
        **fields
    )


def held(ref: str = "court-7", target: str | None = None) -> Post:
    return post(LegalHoldPlaced, ref=ref, code="proceedings", target=target)


def lifted(ref: str = "court-7") -> Post:
    return post(LegalHoldLifted, ref=ref, code="proceedings_over")


def destroyed(scope: str) -> Post:
    return post(ScopeKeyDestroyed, scope=scope, code="as_announced")


PAST = (*ideas(), requested())


def test_a_content_is_erased_field_by_field_and_each_once() -> None:
    past = given(*PAST).when(erased(6, TITLE)).then(erased=BENCH)
    past.when(erased(6, TITLE)).refused(AlreadyErased, entry=6)
    past = past.when(erased(6, TITLE, BODY)).then()
    past.when(erased(6, BODY)).refused(AlreadyErased, entry=6)
    past.when(erased(7, BODY)).then()


def test_an_erasure_names_its_request_or_the_authority() -> None:
    past = given(*PAST)
    past.when(erased(request=None)).refused(BasisUnclear)
    past.when(erased(authority="order-12")).refused(BasisUnclear)
    past.when(erased(request="letter-2")).refused(RequestUnknown, request="letter-2")
    past.when(erased(request=None, authority="order-12")).then()


def test_what_is_not_recorded_yet_is_not_erased() -> None:
    past = given(*PAST)
    now = len(PAST)
    for entry in (now, now + 1):
        past.when(erased(entry)).refused(EntryUnknown, entry=entry)
    past.when(erased(now - 1)).then()


@pytest.mark.parametrize("field", ["erased", "digests"])
def test_an_erasure_says_what_is_opened_no_more(field: str) -> None:
    given(*PAST).when(erased().but(**{field: None})).refused(FieldMissing, field=field)


def test_digests_ascend_and_stand_once() -> None:
    past = given(*PAST)
    past.when(erased(6, BODY, TITLE)).refused(FieldDiffers, field="digests", expected=f"{TITLE}, {BODY}")
    past.when(erased(6, TITLE, TITLE)).refused(FieldDiffers, field="digests", expected=TITLE)


def test_choices_of_ballots_are_not_erased() -> None:
    given(*PAST).when(erased(erased=f"ballot/vote/{person('ana')}")).refused(ChoicesNotErasable, entry=6)


def test_only_an_organizer_erases_and_anybody_may_ask() -> None:
    past = given(*PAST)
    past.when(erased().posted(role="participant", actor=person("ana"))).refused(NotPermitted)
    past.when(requested("mine").posted(role="participant", actor=person("ana"))).then()
    past.when(requested("mine").posted(role="participant")).refused(ParticipantMissing)


def test_a_request_has_a_name_of_its_own_and_a_target_where_one_is_asked_for() -> None:
    past = given(*PAST)
    past.when(requested()).refused(RefTaken, kind="request", ref="letter-1")
    past.when(requested("r", target=None)).refused(ExtentUnfit, extent="content", needs="with")
    past.when(requested("r", extent="participant")).refused(ExtentUnfit, extent="participant", needs="without")
    past.when(requested("r", extent="participant", target=None)).then()
    past.when(requested("r", extent="field")).then()
    past.when(requested("r", extent="field", target=None)).then()


@pytest.mark.parametrize("target", [None, BENCH])
@pytest.mark.parametrize("stream", [BENCH, f"case/{BENCH}", f"report/{BENCH}/{person('max')}", f"stance/{BENCH}/{person('max')}"])
def test_a_hold_forbids_to_erase_the_content_and_what_hangs_on_it(target: str | None, stream: str) -> None:
    past = given(*PAST, held(target=target))
    past.when(erased(erased=stream)).refused(LegalHoldStands, hold="court-7", stream=stream)
    past.when(lifted()).then().when(erased(erased=stream)).then()


OTHERS = ["contribution/orchard", "contribution/bench-2", "case/contribution/bench-2", "argument/bench", "project"]


@pytest.mark.parametrize("stream", OTHERS)
def test_a_hold_on_one_content_leaves_the_others(stream: str) -> None:
    given(*PAST, held(target=BENCH)).when(erased(erased=stream)).then()


def test_holds_have_names_of_their_own_and_are_lifted_once() -> None:
    past = given(*PAST, held())
    past.when(held()).refused(RefTaken, kind="legal hold", ref="court-7")
    past.when(lifted("court-8")).refused(HoldUnknown, ref="court-8")
    past = past.when(lifted()).then()
    past.when(lifted()).refused(HoldUnknown)
    past.when(held()).refused(RefTaken)
    given(*PAST, granted("guarantor", client="platform")).when(held("court-8").posted(role="guarantor")).then()


def test_a_hold_under_another_that_is_lifted_still_forbids() -> None:
    past = given(*PAST, held(), held("court-8", BENCH), lifted())
    past.when(erased()).refused(LegalHoldStands, hold="court-8")


def test_the_key_of_a_step_is_destroyed_once_nothing_more_can_come_in() -> None:
    past = given(*voting(takes_paper=True))
    past.when(destroyed("step/vote")).refused(StepNotClosed)
    past.when(destroyed("step/nowhere")).refused(StepUnknown)
    past = past.when(closing()).then()
    past.when(destroyed("step/vote")).refused(PaperNotClosed)
    past = past.when(paper_closing()).then().when(destroyed("step/vote")).then()
    past.when(destroyed("step/vote")).refused(ScopeDestroyed, scope="step/vote")
    past.when(destroyed("step/ideas")).then()


def test_in_a_scope_without_key_nobody_acts_and_nobody_is_named() -> None:
    past = given(*voting(), closing(), destroyed("step/vote"))
    past.when(vote()).refused(ScopeDestroyed, scope="step/vote")
    past.when(post(RollListed, step="vote", members=(person("max"),))).refused(ScopeDestroyed, scope="step/vote")
    past.when(withdrawn()).then()


def test_without_the_key_of_authors_contributing_is_over_and_organizing_goes_on() -> None:
    past = given(opened(), granted("agent", client="platform"), planned("ideas", "collection", accepts=("proposal",)), opening("ideas"))
    past = past.when(submitted()).then().when(destroyed("author")).then()
    past.when(submitted("orchard")).refused(ScopeDestroyed, scope="author")
    past.when(granted("moderator", holder=person("max"))).refused(ScopeDestroyed, scope="author")
    past.when(destroyed("author")).refused(ScopeDestroyed)
    past.when(granted("moderator", client="desk")).then()
    past.when(submitted("orchard").posted(role="organizer", actor=None)).then()
    past.when(closing("ideas")).then()
    past.when(requested("letter")).then()


def test_an_agent_is_named_as_an_author() -> None:
    past = given(*voting(), granted("agent", client="platform"), destroyed("author"))
    ballot: Post = vote()
    assert ballot.kind is BallotCast
    past.when(ballot.posted(role="agent", by=person("clerk"))).refused(ScopeDestroyed, scope="author")
    past.when(ballot).then()


def test_after_the_archive_people_may_still_ask_for_erasure() -> None:
    past = given(*PAST, post(Archived))
    past.when(post(ProjectDescribed, description={"fr": "Trop tard"})).refused(ProjectArchived)
    past.when(requested("late")).then()
    past.when(erased()).then()
    past.when(held()).then()
    past.when(destroyed("step/ideas")).then()
