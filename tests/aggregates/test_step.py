"""A step: planned once, opened and closed at its announced times or by hand, suspended in between."""

import pytest

from ledger.aggregates import LEDGER
from ledger.errors import (
    ClosesByTheClock,
    DateNotAhead,
    DatesOutOfOrder,
    FieldDiffers,
    NotDue,
    NotEarly,
    NothingChanged,
    OpensByTheClock,
    OptionUnfit,
    PaperClosed,
    PaperNotTaken,
    StepAlreadyOpen,
    StepAlreadyPlanned,
    StepClosed,
    StepNotOpen,
    StepNotSuspended,
    StepSuspended,
    StepUnknown,
)
from ledger.events import step as facts
from tests.given import Given, Post, given, post
from tests.town import closing, opened, opening, paper_closing, planned, prepared, vote, voting

MORNING, NOON, EVENING, NIGHT = (f"2026-03-0{day}T08:00:00.000Z" for day in (2, 3, 4, 5))
SUSPENDED = post(facts.StepSuspended, step="vote", code="outage")
RESUMED = post(facts.StepResumed, step="vote")
CLOSED_EARLY = post(facts.StepClosedEarly, step="vote", code="flood")
DATED = planned("talk", "deliberation", opens_at=MORNING, closes_at=EVENING)


def by_clock(draft: Post, at: str) -> Post:
    return draft.posted(role="system", via=LEDGER, at=at)


def rescheduled(step: str = "talk", **dates: str) -> Post:
    return post(facts.StepRescheduled, step=step, code="holidays", **dates)


def talk(*more: Post) -> Given:
    return given(opened(), DATED, *more)


def test_a_step_is_planned_once() -> None:
    given(opened(), planned()).when(planned(kind="collection")).refused(StepAlreadyPlanned, step="vote")


def test_a_ballot_is_for_ballots_and_accepts_no_contributions() -> None:
    given(opened()).when(planned(accepts=("proposal",))).refused(OptionUnfit, option="accepts", kind="ballot")


@pytest.mark.parametrize("option", ["has_roll", "takes_paper", "agent_may_replace"])
def test_what_belongs_to_ballots_is_for_ballot_steps(option: str) -> None:
    given(opened()).when(planned(kind="consultation").but(**{option: True})).refused(OptionUnfit, option=option, kind="consultation")
    given(opened()).when(planned().but(**{option: True})).then()


def test_a_step_closes_after_it_opens_and_after_now() -> None:
    given(opened()).when(planned(opens_at=EVENING, closes_at=MORNING)).refused(DatesOutOfOrder, opens_at=EVENING, closes_at=MORNING)
    given(opened()).when(planned(opens_at=MORNING, closes_at=MORNING)).refused(DatesOutOfOrder)
    given(opened()).when(planned(closes_at=MORNING).posted(at=MORNING)).refused(DateNotAhead, field="closes_at", now=MORNING)
    given(opened()).when(planned(closes_at=MORNING)).then()


@pytest.mark.parametrize(
    "draft", [opening(), closing(), CLOSED_EARLY, SUSPENDED, RESUMED, paper_closing(), rescheduled("vote", closes_at=NIGHT)]
)
def test_what_was_not_planned_is_not_moved(draft: Post) -> None:
    given(opened()).when(draft).refused(StepUnknown, step="vote")


def test_an_announced_opening_is_the_clocks() -> None:
    past = talk()
    past.when(opening("talk")).refused(OpensByTheClock, opens_at=MORNING)
    past.when(by_clock(opening("talk"), "2026-03-02T07:59:59.999Z")).refused(NotDue, due_at=MORNING)
    assert past.when(by_clock(opening("talk"), MORNING)).then().now.step("talk").status == "open"


def test_an_opening_that_was_not_announced_is_the_organizers() -> None:
    past = given(opened(), planned("talk", "deliberation"))
    past.when(by_clock(opening("talk"), NIGHT)).refused(NotDue, due_at=None)
    past.when(opening("talk")).then()


def test_a_step_opens_once() -> None:
    given(*voting()).when(opening()).refused(StepAlreadyOpen)
    given(*voting(), SUSPENDED).when(opening()).refused(StepAlreadyOpen)
    given(*voting(), closing()).when(opening()).refused(StepClosed)


def test_an_announced_closing_is_the_clocks() -> None:
    past = talk(by_clock(opening("talk"), MORNING))
    past.when(closing("talk").posted(at=NOON)).refused(ClosesByTheClock, closes_at=EVENING)
    past.when(by_clock(closing("talk"), NOON)).refused(NotDue, now=NOON, due_at=EVENING)
    assert past.when(by_clock(closing("talk").but(delayed_by="outage"), NIGHT)).then().now.step("talk").status == "closed"


def test_a_closing_that_was_not_announced_is_the_organizers() -> None:
    past = given(*voting())
    past.when(by_clock(closing(), NIGHT)).refused(NotDue, due_at=None)
    past.when(closing()).then()


def test_only_what_opened_closes_and_it_closes_once() -> None:
    given(*prepared()).when(closing()).refused(StepNotOpen)
    given(*voting(), closing()).when(closing()).refused(StepClosed)


def test_the_clock_is_told_what_is_due_next() -> None:
    past = talk()
    assert past.now.step("talk").due_at == MORNING
    past = past.when(by_clock(opening("talk"), MORNING)).then()
    assert past.now.step("talk").due_at == EVENING
    past = past.when(by_clock(closing("talk"), EVENING)).then()
    assert past.now.step("talk").due_at is None
    assert past.now.step("unheard-of").due_at is None


def test_a_suspended_step_still_closes_at_its_time() -> None:
    past = talk(by_clock(opening("talk"), MORNING), SUSPENDED.but(step="talk"))
    assert past.now.step("talk").due_at == EVENING
    past.when(by_clock(closing("talk"), EVENING)).then()


def test_an_early_closing_is_before_the_announced_one() -> None:
    early = CLOSED_EARLY.but(step="talk")
    past = talk(by_clock(opening("talk"), MORNING))
    past.when(early.posted(at=EVENING)).refused(ClosesByTheClock)
    past.when(early.posted(at=NOON)).then()
    given(*voting()).when(CLOSED_EARLY).refused(NotEarly, step="vote")
    given(*voting(), closing()).when(CLOSED_EARLY).refused(StepClosed)


def test_a_step_that_will_not_take_place_is_closed_before_it_opens() -> None:
    past = given(*prepared(takes_paper=True)).when(CLOSED_EARLY).then()
    step = past.now.step("vote")
    assert step.over
    assert step.cut_off is None
    past.when(opening()).refused(StepClosed)
    past.when(paper_closing()).refused(StepNotOpen)


def test_dates_left_out_stay_and_those_replaced_are_named() -> None:
    past = talk().when(rescheduled(closes_at=NIGHT)).then(old_closes_at=EVENING, old_opens_at=None)
    past = past.when(rescheduled(opens_at=NOON)).then(old_opens_at=MORNING, old_closes_at=None)
    assert (past.now.step("talk").opens_at, past.now.step("talk").closes_at) == (NOON, NIGHT)


def test_the_dates_named_as_replaced_are_those_announced() -> None:
    talk().when(rescheduled(closes_at=NIGHT, old_closes_at=NOON)).refused(FieldDiffers, field="old_closes_at", expected=EVENING, found=NOON)
    talk().when(rescheduled(closes_at=NIGHT, old_opens_at=MORNING)).refused(FieldDiffers, field="old_opens_at", expected=None)


def test_a_rescheduling_changes_a_date() -> None:
    talk().when(rescheduled()).refused(NothingChanged, event_type="step.rescheduled/2")
    talk().when(rescheduled(closes_at=EVENING)).refused(NothingChanged)


def test_a_rescheduling_keeps_the_order_of_dates() -> None:
    talk().when(rescheduled(opens_at=NIGHT)).refused(DatesOutOfOrder, opens_at=NIGHT, closes_at=EVENING)
    talk().when(rescheduled(closes_at=NOON).posted(at=NOON)).refused(DateNotAhead)


def test_after_the_opening_only_the_closing_can_be_rescheduled() -> None:
    past = talk(by_clock(opening("talk"), MORNING))
    past.when(rescheduled(opens_at=NOON)).refused(StepAlreadyOpen)
    past = past.when(rescheduled(closes_at=NIGHT)).then()
    past.when(by_clock(closing("talk"), EVENING)).refused(NotDue, due_at=NIGHT)


def test_a_closed_step_is_not_rescheduled() -> None:
    given(*voting(), closing()).when(rescheduled("vote", closes_at=NIGHT)).refused(StepClosed)


def test_a_permanent_step_can_be_given_an_end() -> None:
    past = given(*voting()).when(rescheduled("vote", closes_at=NIGHT)).then(old_closes_at=None)
    past.when(by_clock(closing(), NIGHT)).then()


def test_a_suspended_step_accepts_nothing_until_it_is_resumed() -> None:
    past = given(*voting(takes_paper=True), SUSPENDED)
    past.when(vote()).refused(StepSuspended)
    past.when(vote().posted(channel="paper")).refused(StepSuspended)
    past.when(SUSPENDED).refused(StepSuspended)
    past.when(RESUMED).then().when(vote()).then()


def test_only_an_open_step_is_suspended_and_only_a_suspended_one_resumed() -> None:
    given(*prepared()).when(SUSPENDED).refused(StepNotOpen)
    given(*voting(), closing()).when(SUSPENDED).refused(StepClosed)
    given(*voting()).when(RESUMED).refused(StepNotSuspended)


def test_the_keying_of_paper_ends_once_where_paper_is_taken() -> None:
    given(*voting()).when(paper_closing()).refused(PaperNotTaken)
    given(*prepared(takes_paper=True)).when(paper_closing()).refused(StepNotOpen)
    given(*voting(takes_paper=True), paper_closing()).when(paper_closing()).refused(PaperClosed)


def test_the_cut_off_is_the_later_end() -> None:
    web_last = given(*voting(takes_paper=True), paper_closing(), closing())
    assert web_last.now.step("vote").cut_off == len(web_last.history.events) - 1
    paper_last = given(*voting(takes_paper=True), vote().posted(channel="paper"), closing(), paper_closing())
    assert paper_last.now.step("vote").cut_off == len(paper_last.history.events) - 1
    assert given(*voting(takes_paper=True), closing()).now.step("vote").cut_off is None
    assert given(*voting()).now.step("vote").cut_off is None
