"""What is erased is named with its basis and its digests; holds forbid it; and a scope whose key is destroyed is over."""

import pytest

from ledger.aggregates import pass_over
from ledger.errors import (
    AlreadyErased,
    AlreadyRedacted,
    AlreadySubmitted,
    AlreadyVoted,
    BasisUnclear,
    ChoicesNotErasable,
    ContributionUnknown,
    EntryNotRedactable,
    EntryUnknown,
    ExtentUnfit,
    FieldDiffers,
    FieldMissing,
    HoldUnknown,
    KeysNotDue,
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
from ledger.events.privacy import ContentErased, EntryRedacted, ErasureRequested, LegalHoldLifted, LegalHoldPlaced, ScopeKeyDestroyed
from ledger.events.project import ProjectArchived as Archived
from ledger.events.project import ProjectDescribed
from ledger.events.roll import RollListed
from tests.given import Given, Post, digest, given, person, post
from tests.town import (
    closing,
    granted,
    ideas,
    opened,
    opening,
    paper_closing,
    planned,
    revised,
    revote,
    submitted,
    vote,
    voting,
    withdrawn,
)

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


def redacted(entry: int = 6, **fields: object) -> Post:
    """Entry 6 is Ana's bench, in the past of `ideas()`."""
    return post(
        EntryRedacted,
        entry=entry,
        authority="court-12",
        code="defamation",
        leaf_hash=digest("bytes of bench"),
        redacted_stream=BENCH,
        redacted_type="contribution.submitted/2",
        redacted_version=1,
    ).but(**fields)


def test_an_entry_is_redacted_once_and_nothing_of_it_is_erased_after() -> None:
    past = given(*PAST).when(redacted()).then(entry=6, redacted_stream=BENCH)
    past.when(redacted()).refused(AlreadyRedacted, entry=6)
    past.when(erased()).refused(AlreadyRedacted, entry=6)
    past.when(redacted(7, redacted_stream="contribution/orchard")).then().when(erased(8)).then()


def test_a_redaction_says_what_is_left_of_the_entry() -> None:
    past = given(*PAST)
    for name in ("leaf_hash", "redacted_stream", "redacted_type", "redacted_version"):
        past.when(redacted().but(**{name: None})).refused(FieldMissing, field=name.removeprefix("redacted_"))
    past.when(redacted(redacted_stream="step/ideas")).refused(FieldDiffers, field="stream", found="step/ideas")
    for entry in (len(PAST), len(PAST) + 1):
        past.when(redacted(entry)).refused(EntryUnknown, entry=entry)


UNREDACTABLE = [
    ("project.opened/1", "project"),
    ("role.granted/1", "project"),
    ("category.defined/1", "project"),
    ("project.archived/1", "project"),
    ("step.opened/1", "step/ideas"),
    ("step.closed_early/1", "step/ideas"),
    ("ballots.disclosed/1", "step/vote"),
    ("candidates.listed/1", "selection/vote"),
    ("proposal.selected/1", "selection/vote"),
    ("roll.listed/1", "roll/vote"),
    ("attendance.marked/1", "roll/vote"),
    ("result.certified/1", "result/vote"),
    ("content.hidden/1", f"case/{BENCH}"),
    ("content.restored/1", f"case/{BENCH}"),
    ("content.erased/1", "privacy"),
    ("entry.redacted/1", "privacy"),
    ("scope_key.destroyed/1", "privacy"),
    ("letter.written/1", "letter/x"),
]


@pytest.mark.parametrize("wire_type, stream", UNREDACTABLE, ids=[wire_type for wire_type, _ in UNREDACTABLE])
def test_what_everything_else_is_judged_by_is_not_redacted(wire_type: str, stream: str) -> None:
    past = given(*PAST)
    past.when(redacted(redacted_type=wire_type, redacted_stream=stream)).refused(EntryNotRedactable, entry=6, event_type=wire_type)


REDACTABLE_TOO = [
    ("pledge.made/1", "project"),
    ("contribution.submitted/1", BENCH),
    ("ballot.cast/1", f"ballot/vote/{person('ana')}"),
    ("stance.explained/1", f"stance/{BENCH}/{person('ana')}"),
    ("appeal.lodged/1", f"case/{BENCH}"),
    ("section.added/1", "text/charter"),
    ("clusters.listed/1", "clustering/talk/groups"),
]


@pytest.mark.parametrize("wire_type, stream", REDACTABLE_TOO, ids=[wire_type for wire_type, _ in REDACTABLE_TOO])
def test_what_people_said_and_did_can_be_redacted(wire_type: str, stream: str) -> None:
    given(*PAST).when(redacted(redacted_type=wire_type, redacted_stream=stream)).then()


def test_a_court_is_above_a_hold_and_only_an_organizer_carries_its_order_out() -> None:
    past = given(*PAST, held())
    past.when(redacted().posted(role="guarantor", by=person("judge"))).refused(NotPermitted)
    past.when(redacted().posted(role="participant", actor=person("ana"))).refused(NotPermitted)
    past.when(redacted()).then()


def test_after_the_archive_an_order_is_still_carried_out() -> None:
    given(*PAST, post(Archived)).when(redacted()).then()


def by_the_ledger(draft: Post, at: str) -> Post:
    return draft.posted(role="system", via="ledger", channel="api", at=at)


def test_the_ledger_destroys_keys_from_the_announced_date_on_and_an_organizer_earlier_too() -> None:
    past = given(*voting(), closing())
    due = "2030-01-01T00:00:00.000Z"
    past.when(by_the_ledger(destroyed("author"), "2029-12-31T23:59:59.999Z")).refused(KeysNotDue, scope="author", due_at=due)
    for scope in ("author", "report", "step/vote"):
        past.when(by_the_ledger(destroyed(scope), due)).then()
        past.when(destroyed(scope)).then()
    given(*voting()).when(by_the_ledger(destroyed("step/vote"), due)).refused(StepNotClosed)


def test_to_what_was_submitted_in_a_redacted_entry_nothing_can_be_added() -> None:
    past = given(opened(), planned("ideas", "collection", accepts=("proposal",)), opening("ideas"))
    history = past.history.branch()
    pass_over(history.aggregates, BENCH, 1)
    after = Given(history)
    after.when(revised()).refused(ContributionUnknown, ref="bench")
    after.when(withdrawn()).refused(ContributionUnknown, ref="bench")
    after.when(submitted()).refused(AlreadySubmitted, ref="bench")
    after.when(submitted("orchard")).then()


def test_who_had_a_ballot_redacted_may_cast_another() -> None:
    history = given(*voting()).history.branch()
    pass_over(history.aggregates, f"ballot/vote/{person('ana')}", 1)
    after = Given(history)
    after.when(vote()).refused(AlreadyVoted)
    after.when(revote()).then(step="vote")
