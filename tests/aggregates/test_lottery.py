"""A lottery: parties commit before anyone votes, and what is revealed after the vote is what was announced."""

from collections.abc import Callable

import pytest

from ledger.aggregates import LEDGER
from ledger.errors import (
    AlreadyCommitted,
    AlreadyRevealed,
    CommitmentDiffers,
    LotteryDiffers,
    LotteryDrawn,
    LotteryNotDrawn,
    LotteryNotDue,
    LotteryOverdue,
    LotteryUncommitted,
    LotteryUndeclared,
    NotPermitted,
    PaperNotClosed,
    PartyUnknown,
    RevealUnclear,
    RulesMissing,
    StepAlreadyOpen,
    StepClosed,
    StepNotClosed,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events.lottery import RevealedSecret
from ledger.events.step import StepClosedEarly
from ledger.rules.lot import round_time
from ledger.rules.spec import Lottery
from tests.aggregates.drawing import (
    BEACON,
    CLOSES,
    DEADLINE,
    LATER_BEACON,
    MONTHS_AFTER,
    NUMBERS,
    OUT_AT,
    ROUND,
    all_committed,
    by_clock,
    by_numbers,
    by_round,
    by_secret,
    committed,
    over,
    planned_vote,
    under,
)
from tests.drawn import BETWEEN_PARTIES, PARTIES, SECRETS, with_fallback
from tests.given import Given, Post, digest, given, post
from tests.town import closing, computed, granted, opened, opening, paper_closing, planned, prepared, rules_set, vote

# Committing


def test_parties_commit_before_the_opening_and_once() -> None:
    past = given(*planned_vote(BETWEEN_PARTIES)).when(committed()).then()
    past.when(committed()).refused(AlreadyCommitted, party="opposition")
    past.when(committed(commitment=digest("other"))).refused(AlreadyCommitted)
    past.when(opening()).refused(LotteryUncommitted, step="vote", parties=("town-hall",))
    both = past.when(committed("town-hall")).then().when(opening()).then()
    both.when(committed()).refused(StepAlreadyOpen)
    both.when(by_clock(closing(), CLOSES)).then().when(committed()).refused(StepClosed)


def test_parties_to_a_fallback_commit_as_well() -> None:
    past = given(*planned_vote(with_fallback(BEACON, BETWEEN_PARTIES, DEADLINE)))
    past.when(opening()).refused(LotteryUncommitted, parties=PARTIES)


def test_only_those_commit_whom_the_rules_name() -> None:
    given(*planned_vote(BETWEEN_PARTIES)).when(committed("friend", digest("f"))).refused(PartyUnknown, party="friend")
    given(*planned_vote(BEACON)).when(committed()).refused(PartyUnknown)
    given(*prepared()).when(committed()).refused(LotteryUndeclared, step="vote")
    given(opened(), planned()).when(committed()).refused(RulesMissing)
    given(opened()).when(committed()).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(committed()).refused(StepOfOtherKind)


def test_whoever_is_entitled_posts_for_the_lottery() -> None:
    past = given(*planned_vote(BETWEEN_PARTIES), granted("guarantor", client="newspaper"))
    past.when(committed().posted(role="guarantor", via="newspaper")).then()
    past.when(committed().posted(role="moderator")).refused(NotPermitted)
    past.when(by_secret().posted(role="system", via=LEDGER)).refused(NotPermitted)


def test_a_commitment_outlasts_rules_that_are_set_again() -> None:
    again = given(*planned_vote(BETWEEN_PARTIES), *all_committed(), rules_set(under(Lottery(parties=("town-hall", "press")))))
    again.when(opening()).refused(LotteryUncommitted, parties=("press",))
    again.when(committed("press", digest("p"))).then().when(opening()).then()


# Revealing


EVERY_REVEAL: list[tuple[Lottery, Post]] = [(BEACON, by_round()), (BETWEEN_PARTIES, by_secret()), (NUMBERS, by_numbers())]


@pytest.mark.parametrize("lottery, draft", EVERY_REVEAL)
def test_nothing_is_revealed_before_nothing_more_can_be_cast(lottery: Lottery, draft: Post) -> None:
    late = draft.posted(at=MONTHS_AFTER)
    sworn = all_committed() if lottery is BETWEEN_PARTIES else ()
    given(opened()).when(late).refused(StepUnknown)
    given(opened(), planned(kind="board")).when(late).refused(StepOfOtherKind)
    given(*planned_vote(lottery)).when(late).refused(StepNotOpen)
    given(*planned_vote(lottery), *sworn, opening(), vote()).when(late).refused(StepNotClosed)
    on_paper = over(lottery, *sworn, takes_paper=True)
    on_paper.when(late).refused(PaperNotClosed)
    on_paper.when(paper_closing().posted(at=CLOSES)).then().when(late).then()


@pytest.mark.parametrize("lottery, draft", EVERY_REVEAL)
def test_a_lot_can_be_drawn_before_sealed_choices_are_disclosed(lottery: Lottery, draft: Post) -> None:
    sworn = all_committed() if lottery is BETWEEN_PARTIES else ()
    past = given(*planned_vote(lottery, secrecy="sealed"), *sworn, opening(), by_clock(closing(), CLOSES))
    past.when(draft.posted(at=MONTHS_AFTER)).then()


def test_the_beacon_is_revealed_once_it_is_out() -> None:
    past = over(BEACON)
    early = "2026-03-05T18:59:59.999Z"
    past.when(by_round().posted(at=early)).refused(LotteryNotDue, now=early, due_at=OUT_AT)
    past.when(by_round().posted(at=OUT_AT)).then().when(by_round().posted(at=OUT_AT)).refused(LotteryDrawn, step="vote")


def test_the_beacon_is_revealed_also_where_the_casting_ended_early() -> None:
    past = given(*planned_vote(BEACON), opening(), post(StepClosedEarly, step="vote", code="flood"))
    past.when(by_round()).refused(LotteryNotDue, due_at=OUT_AT)
    past.when(by_round().posted(at=OUT_AT)).then()


def test_another_round_is_not_the_one_announced() -> None:
    over(BEACON).when(by_round(ROUND + 1).posted(at=MONTHS_AFTER)).refused(
        LotteryDiffers, expected=f"round {ROUND}", found=f"round {ROUND + 1}"
    )


def test_numbers_are_of_the_drawings_announced_and_not_of_the_future() -> None:
    past = over(NUMBERS)
    past.when(by_numbers().posted(at="2026-03-06T09:59:59.999Z")).refused(LotteryNotDue, due_at="2026-03-06T10:00:00.000Z")
    for other in (by_numbers("2026-03-14"), by_numbers("2026-03-07", "Keno", "Lotto"), by_numbers("2026-03-07", "Lotto")):
        past.when(other.posted(at=MONTHS_AFTER)).refused(LotteryDiffers, expected="Lotto of 2026-03-07, Keno of 2026-03-07")
    past.when(by_numbers().posted(at=MONTHS_AFTER)).then().when(by_numbers().posted(at=MONTHS_AFTER)).refused(LotteryDrawn)


def test_a_party_reveals_what_it_committed_to_and_once() -> None:
    past = over(BETWEEN_PARTIES, *all_committed())
    past.when(by_secret(secret="x" * 43).posted(at=CLOSES)).refused(CommitmentDiffers, party="opposition")
    past.when(by_secret(secret=SECRETS["town-hall"]).posted(at=CLOSES)).refused(CommitmentDiffers)
    past.when(by_secret("friend", "f" * 43).posted(at=CLOSES)).refused(PartyUnknown, party="friend")
    one = past.when(by_secret().posted(at=CLOSES)).then()
    one.when(by_secret().posted(at=CLOSES)).refused(AlreadyRevealed, party="opposition")
    one.when(by_secret("town-hall").posted(at=CLOSES)).then().when(by_secret().posted(at=CLOSES)).refused(LotteryDrawn)


def test_a_reveal_says_one_thing() -> None:
    past = over(BEACON)
    past.when(by_round().but(beacon=None).posted(at=OUT_AT)).refused(RevealUnclear)
    past.when(by_round().but(secret=RevealedSecret(party="a", secret="s" * 43)).posted(at=OUT_AT)).refused(RevealUnclear)


def test_nothing_is_revealed_that_the_rules_do_not_draw_from() -> None:
    over(Lottery(seed="s")).when(by_round().posted(at=MONTHS_AFTER)).refused(LotteryUndeclared)
    over(BEACON).when(by_secret().posted(at=MONTHS_AFTER)).refused(LotteryDiffers, expected="beacon", found="parties")
    over(NUMBERS).when(by_round().posted(at=MONTHS_AFTER)).refused(LotteryDiffers, expected="numbers", found="beacon")


# The fallback


def fallback_to_the_beacon() -> Given:
    return over(with_fallback(BETWEEN_PARTIES, LATER_BEACON, DEADLINE), *all_committed())


def test_up_to_the_deadline_the_lottery_holds_and_from_then_on_the_fallback() -> None:
    assert LATER_BEACON.beacon is not None
    later = by_round(LATER_BEACON.beacon.round)
    past = fallback_to_the_beacon()
    past.when(later.posted(at="2026-03-20T11:59:59.999Z")).refused(LotteryNotDue, due_at=DEADLINE)
    one = past.when(by_secret().posted(at="2026-03-20T11:59:59.999Z")).then()
    one.when(by_secret("town-hall").posted(at=DEADLINE)).refused(LotteryOverdue, fallback_after=DEADLINE)
    one.when(later.posted(at=DEADLINE)).refused(LotteryNotDue, due_at=round_time(LATER_BEACON.beacon.round))
    one.when(by_round().posted(at=MONTHS_AFTER)).refused(LotteryDiffers)
    one.when(by_numbers().posted(at=MONTHS_AFTER)).refused(LotteryDiffers, expected="beacon", found="numbers")
    drawn = one.when(later.posted(at=MONTHS_AFTER)).then()
    drawn.when(computed().posted(at=MONTHS_AFTER)).then()


def test_a_lottery_that_was_drawn_in_time_needs_no_fallback() -> None:
    past = fallback_to_the_beacon()
    for party in PARTIES:
        past = past.when(by_secret(party).posted(at=CLOSES)).then()
    assert LATER_BEACON.beacon is not None
    past.when(by_round(LATER_BEACON.beacon.round).posted(at=MONTHS_AFTER)).refused(LotteryDrawn)


def test_parties_stand_in_for_a_beacon_that_stays_away() -> None:
    past = over(with_fallback(BEACON, BETWEEN_PARTIES, DEADLINE), *all_committed())
    past.when(by_secret().posted(at=CLOSES)).refused(LotteryNotDue, due_at=DEADLINE)
    past = past.when(by_secret().posted(at=DEADLINE)).then()
    past.when(by_round().posted(at=DEADLINE)).refused(LotteryOverdue)
    past.when(computed().posted(at=DEADLINE)).refused(LotteryNotDrawn)
    past.when(by_secret("town-hall").posted(at=DEADLINE)).then().when(computed().posted(at=DEADLINE)).then()


# The result


@pytest.mark.parametrize("lottery, draft", EVERY_REVEAL)
def test_no_result_is_computed_before_the_lot_is_drawn(lottery: Lottery, draft: Post) -> None:
    past = over(lottery, *(all_committed() if lottery is BETWEEN_PARTIES else ()))
    past.when(computed().posted(at=MONTHS_AFTER)).refused(LotteryNotDrawn, step="vote")
    past = past.when(draft.posted(at=MONTHS_AFTER)).then()
    if lottery is BETWEEN_PARTIES:
        past.when(computed().posted(at=MONTHS_AFTER)).refused(LotteryNotDrawn)
        past = past.when(by_secret("town-hall").posted(at=MONTHS_AFTER)).then()
    past.when(computed().posted(at=MONTHS_AFTER)).then()


def test_states_are_not_shared_between_pasts() -> None:
    before = over(BETWEEN_PARTIES, *all_committed())
    posts: list[Callable[[], Post]] = [by_secret, lambda: by_secret("town-hall")]
    for draft in posts:
        before.when(draft().posted(at=CLOSES)).then()
    assert before.now.result("vote").revealed.secrets == {}
