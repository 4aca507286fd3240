"""Sealed choices are disclosed once, after the cut-off and after any embargo."""

import pytest

from ledger.aggregates import LEDGER
from ledger.errors import (
    AlreadyDisclosed,
    BallotsNotSealed,
    EmbargoLasts,
    FieldMissing,
    PaperNotClosed,
    RulesMissing,
    StepNotClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events.step import ResultsEmbargoed
from tests.given import Post, given, post
from tests.town import closing, disclosed, opened, paper_closing, planned, prepared, sealed_vote, voting

EASTER = "2026-04-05T08:00:00.000Z"


def embargo(until: str = EASTER) -> Post:
    return post(ResultsEmbargoed, step="vote", until=until)


def test_sealed_choices_are_disclosed_after_the_closing() -> None:
    past = given(*voting(secrecy="sealed"), sealed_vote())
    past.when(disclosed(1)).refused(StepNotClosed)
    past = past.when(closing()).then().when(disclosed(1)).then()
    assert past.now.step("vote").disclosed


def test_the_clock_may_disclose() -> None:
    given(*voting(secrecy="sealed"), closing()).when(disclosed().posted(role="system", via=LEDGER)).then()


def test_choices_wait_for_the_keying_of_paper_to_end() -> None:
    past = given(*voting(secrecy="sealed", takes_paper=True), closing())
    past.when(disclosed()).refused(PaperNotClosed)
    past.when(paper_closing()).then().when(disclosed()).then()


def test_choices_are_disclosed_once() -> None:
    given(*voting(secrecy="sealed"), closing(), disclosed()).when(disclosed()).refused(AlreadyDisclosed)


def test_choices_that_are_public_are_neither_disclosed_nor_held_back() -> None:
    given(*voting(), closing()).when(disclosed()).refused(BallotsNotSealed)
    given(*voting()).when(embargo()).refused(BallotsNotSealed)


@pytest.mark.parametrize("field", ["count", "root"])
def test_a_disclosure_says_how_many_and_which(field: str) -> None:
    given(*voting(secrecy="sealed"), closing()).when(disclosed().but(**{field: None})).refused(FieldMissing, field=field)


def test_what_never_opened_is_not_disclosed() -> None:
    given(*prepared(secrecy="sealed")).when(disclosed()).refused(StepNotOpen)
    given(opened()).when(disclosed()).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(disclosed()).refused(StepOfOtherKind)


def test_an_embargo_ends_at_its_time() -> None:
    past = given(*prepared(secrecy="sealed"), embargo(), *voting()[-1:], closing())
    past.when(disclosed().posted(at="2026-04-05T07:59:59.999Z")).refused(EmbargoLasts, until=EASTER)
    past.when(disclosed().posted(at=EASTER)).then()


def test_the_embargo_declared_last_holds() -> None:
    past = given(*voting(secrecy="sealed"), embargo("2099-01-01T00:00:00.000Z"), closing(), embargo())
    past.when(disclosed().posted(at=EASTER)).then()


def test_an_embargo_needs_a_secret_that_is_still_kept() -> None:
    given(opened()).when(embargo()).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(embargo()).refused(StepOfOtherKind)
    given(opened(), planned()).when(embargo()).refused(RulesMissing)
    given(*voting(secrecy="sealed"), closing(), disclosed()).when(embargo()).refused(AlreadyDisclosed)
