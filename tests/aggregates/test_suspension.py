"""A suspension: until a time ahead, for a declared motive; it ends by itself, or by a readmission."""

import pytest

from ledger.aggregates.suspension import SuspensionState
from ledger.errors import ArgumentUnknown, ContributionUnknown, DateNotAhead, FieldMissing, MotiveUnknown, NotSuspended
from tests.consultation import SOON, contributed, debating, readmitted, suspended
from tests.given import NOON, Given, Post, person

LATER = "2026-03-03T12:00:00.000Z"


def until(past: Given, who: str = "ana") -> str | None:
    state = past.now.state(f"suspension/{person(who)}")
    assert isinstance(state, SuspensionState)
    return state.until


def test_a_suspension_lasts_until_a_time_ahead() -> None:
    past = debating().when(suspended()).then(holder=person("ana"))
    assert until(past) == SOON
    assert until(past, "max") is None
    debating().when(suspended(until=NOON)).refused(DateNotAhead, field="until")


def test_a_suspension_has_a_declared_motive() -> None:
    debating().when(suspended().but(motive="taste")).refused(MotiveUnknown, motive="taste")


def test_a_suspension_may_name_the_content_that_led_to_it() -> None:
    debating(contributed()).when(suspended().but(target="contribution/open-data")).then()
    debating().when(suspended().but(target="contribution/nothing")).refused(ContributionUnknown)
    debating().when(suspended().but(target="argument/nothing")).refused(ArgumentUnknown)


@pytest.mark.parametrize("draft", [suspended(), readmitted()])
def test_it_is_somebody_who_is_suspended_or_readmitted(draft: Post) -> None:
    debating().when(draft.but(holder=None)).refused(FieldMissing, field="holder")


@pytest.mark.parametrize("end", [LATER, "2026-03-01T12:00:00.001Z"])
def test_of_two_suspensions_the_last_holds(end: str) -> None:
    assert until(debating(suspended()).when(suspended(until=end)).then()) == end


def test_a_readmission_ends_a_suspension_that_is_in_force() -> None:
    debating().when(readmitted()).refused(NotSuspended, holder=person("ana"))
    past = debating(suspended()).when(readmitted()).then()
    assert until(past) is None
    past.when(readmitted()).refused(NotSuspended)
    debating(suspended("max")).when(readmitted("ana")).refused(NotSuspended)


def test_a_suspension_ends_by_itself() -> None:
    debating(suspended()).when(readmitted().posted(at=SOON)).refused(NotSuspended)
