"""The roll: listed, sealed before the opening; attendance marks those who came."""

import pytest

from ledger.aggregates import roll_root
from ledger.errors import (
    AlreadyAttended,
    AlreadyOnRoll,
    FieldDiffers,
    FieldMissing,
    MembersUnordered,
    NotOnRoll,
    PaperClosed,
    PaperNotTaken,
    ParticipantMissing,
    RollEmpty,
    RollSealed,
    StepAlreadyOpen,
    StepClosed,
    StepHasNoRoll,
    StepNotOpen,
    StepOfOtherKind,
    StepSuspended,
    StepUnknown,
)
from ledger.events.roll import AttendanceMarked
from ledger.events.step import RollSealed as Sealed
from ledger.events.step import StepSuspended as Suspended
from tests.given import Post, digest, given, person, post
from tests.town import closing, opened, paper_closing, planned, prepared, roll_listed, voting

SEALED = post(Sealed, step="vote")
WITH_ROLL = planned(has_roll=True)


def attended(name: str = "ana", channel: str = "paper") -> Post:
    return post(AttendanceMarked, step="vote").posted(actor=person(name), channel=channel)


LISTING_AND_SEALING = pytest.mark.parametrize("draft", [roll_listed("zoe"), SEALED])


@LISTING_AND_SEALING
def test_a_roll_is_of_a_ballot_step_that_has_one(draft: Post) -> None:
    given(opened()).when(draft).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(draft).refused(StepOfOtherKind)
    given(opened(), planned()).when(draft).refused(StepHasNoRoll)


@LISTING_AND_SEALING
def test_a_roll_is_made_before_the_opening_and_stands_once_sealed(draft: Post) -> None:
    given(opened(), WITH_ROLL, roll_listed("ana"), SEALED).when(draft).refused(RollSealed)
    given(*voting(roll=("ana",))).when(draft).refused(StepAlreadyOpen)
    given(*voting(roll=("ana",)), closing()).when(draft).refused(StepClosed)


def test_members_are_listed_once_each() -> None:
    past = given(opened(), WITH_ROLL, roll_listed("ana", "max"))
    past.when(roll_listed("max", "zoe")).refused(AlreadyOnRoll, member=person("max"))
    past.when(roll_listed("zoe")).then()


def test_members_ascend_in_each_list_so_that_nothing_is_told_by_their_order() -> None:
    first, second = sorted((person("ana"), person("max")))
    past = given(opened(), WITH_ROLL)
    past.when(roll_listed().but(members=(second, first))).refused(MembersUnordered)
    past.when(roll_listed().but(members=(first, first))).refused(MembersUnordered)
    past.when(roll_listed().but(members=None)).refused(FieldMissing, field="members")


def test_sealing_fills_count_and_root_over_all_members() -> None:
    past = given(opened(), WITH_ROLL, roll_listed("ana"), roll_listed("max", "zoe"))
    past = past.when(SEALED).then(count=3, root=roll_root([person("zoe"), person("ana"), person("max")]))
    assert past.now.step("vote").roll_count == 3


def test_sealing_with_another_count_or_root_is_refused() -> None:
    past = given(opened(), WITH_ROLL, roll_listed("ana"))
    past.when(SEALED.but(count=2)).refused(FieldDiffers, field="count", expected=1)
    past.when(SEALED.but(root=digest("x"))).refused(FieldDiffers, field="root")


def test_an_empty_roll_is_not_sealed() -> None:
    given(opened(), WITH_ROLL).when(SEALED).refused(RollEmpty)


def test_members_are_marked_once() -> None:
    past = given(*voting(roll=("ana", "max"), takes_paper=True), attended("ana"))
    past.when(attended("ana", "in_person")).refused(AlreadyAttended, channel="paper")
    past.when(attended("max", "in_person")).then()
    past.when(attended("zoe")).refused(NotOnRoll)
    past.when(attended().posted(actor=None)).refused(ParticipantMissing)


def test_attendance_is_marked_where_there_is_a_roll_and_the_channel_is_open() -> None:
    given(opened()).when(attended()).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(attended()).refused(StepOfOtherKind)
    given(*voting()).when(attended(channel="in_person")).refused(StepHasNoRoll)
    given(*prepared(roll=("ana",))).when(attended(channel="in_person")).refused(StepNotOpen)
    given(*voting(roll=("ana",))).when(attended()).refused(PaperNotTaken)
    suspended = post(Suspended, step="vote", code="outage")
    given(*voting(roll=("ana",)), suspended).when(attended(channel="in_person")).refused(StepSuspended)
    given(*voting(roll=("ana",)), closing()).when(attended(channel="in_person")).refused(StepClosed)


def test_attendance_on_paper_is_marked_until_the_keying_ends() -> None:
    past = given(*voting(roll=("ana", "max"), takes_paper=True), closing())
    past.when(attended()).then().when(paper_closing()).then().when(attended("max")).refused(PaperClosed)
