"""When a lottery is drawn: after the vote, and it moves with it."""

import pytest

from ledger.aggregates import rules_digest
from ledger.errors import FieldDiffers, LotteryChanged, LotteryTooEarly, LotteryUndated, RuleUndefined
from ledger.events.step import StepRescheduled
from ledger.rules.lot import round_after, round_time
from ledger.rules.spec import Beacon, Lottery
from tests.aggregates.drawing import BEACON, CLOSES, DEADLINE, LATER, LATER_BEACON, MONTHS_AFTER, NUMBERS, OUT_AT, planned_vote, under
from tests.drawn import BETWEEN_PARTIES, draws, with_fallback
from tests.given import Post, digest, given, post
from tests.town import opened, opening, planned, prepared, rules_set


def rescheduled(lottery: Lottery | None = None, **dates: str) -> Post:
    return post(StepRescheduled, step="vote", code="holidays", **({} if lottery is None else {"lottery": lottery}), **dates)


def test_a_lottery_that_is_drawn_needs_an_announced_closing() -> None:
    past = given(opened(), planned())
    for lottery in (BEACON, NUMBERS, with_fallback(BETWEEN_PARTIES, LATER_BEACON, DEADLINE)):
        past.when(rules_set(under(lottery))).refused(LotteryUndated, step="vote")
    past.when(rules_set(under(BETWEEN_PARTIES))).then()


def test_the_beacon_comes_out_more_than_a_minute_after_the_closing() -> None:
    past = given(opened(), planned(closes_at=CLOSES))
    late_enough = round_after("2026-03-05T18:01:00.001Z")
    past.when(rules_set(under(Lottery(beacon=Beacon(round=late_enough))))).then()
    early = Lottery(beacon=Beacon(round=late_enough - 1))
    past.when(rules_set(under(early))).refused(LotteryTooEarly, known_from=round_time(late_enough - 1), not_before=CLOSES)


def test_public_numbers_are_of_days_that_begin_nowhere_before_the_closing() -> None:
    past = given(opened(), planned(closes_at=CLOSES))
    past.when(rules_set(under(NUMBERS))).then()
    for day in ("2026-03-05", "2026-03-06"):
        past.when(rules_set(under(Lottery(numbers=(*draws(day, "Keno"), *draws("2026-03-07", "Lotto")))))).refused(LotteryTooEarly)


def test_the_deadline_comes_after_the_closing() -> None:
    past = given(opened(), planned(closes_at=CLOSES))
    past.when(rules_set(under(with_fallback(BETWEEN_PARTIES, LATER_BEACON, CLOSES)))).refused(LotteryTooEarly, known_from=CLOSES)
    past.when(rules_set(under(with_fallback(BETWEEN_PARTIES, LATER_BEACON, DEADLINE)))).then()


def test_rules_name_nothing_that_is_known_already() -> None:
    given(opened(), planned(closes_at=CLOSES)).when(rules_set(under(BEACON)).posted(at=MONTHS_AFTER)).refused(
        LotteryTooEarly, not_before=MONTHS_AFTER
    )


def test_no_ballot_opens_when_its_lot_could_be_known() -> None:
    past = given(*planned_vote(BEACON))
    past.when(opening().posted(at="2026-03-05T18:59:00.000Z")).refused(LotteryTooEarly)
    past.when(opening().posted(at="2026-03-05T18:58:57.000Z")).then()


def test_lotteries_without_a_meaning_are_refused() -> None:
    given(opened(), planned(closes_at=CLOSES)).when(rules_set(under(Lottery()))).refused(RuleUndefined, place="$.lottery")


# Moving the closing


@pytest.mark.parametrize("before", [(), (opening(),)], ids=["planned", "open"])
def test_a_closing_is_not_moved_to_where_its_lot_can_be_known(before: tuple[Post, ...]) -> None:
    past = given(*planned_vote(BEACON), *before)
    past.when(rescheduled(closes_at=LATER)).refused(LotteryTooEarly, known_from=OUT_AT, not_before=LATER)
    past.when(rescheduled(closes_at=OUT_AT)).refused(LotteryTooEarly)
    past.when(rescheduled(Lottery(beacon=Beacon(round=round_after(LATER))), closes_at=LATER)).refused(LotteryTooEarly)
    past.when(rescheduled(closes_at="2026-03-05T18:30:00.000Z")).then(digest=None)


@pytest.mark.parametrize("before", [(), (opening(),)], ids=["planned", "open"])
def test_a_closing_moves_with_a_later_lottery_and_that_changes_the_rules(before: tuple[Post, ...]) -> None:
    past = given(*planned_vote(BEACON), *before)
    rules = under(LATER_BEACON)
    moved = past.when(rescheduled(LATER_BEACON, closes_at=LATER)).then(digest=rules_digest(rules), old_closes_at=CLOSES)
    step = moved.now.step("vote")
    assert (step.rules, step.latest, step.rules_digest, step.closes_at) == (rules, rules, rules_digest(rules), LATER)
    assert step.announced == (under(BEACON) if before else None)
    past.when(rescheduled(LATER_BEACON, closes_at=LATER).but(digest=digest("x"))).refused(FieldDiffers, field="digest")
    past.when(rescheduled(closes_at="2026-03-05T18:30:00.000Z").but(digest=digest("x"))).refused(FieldDiffers, expected=None)


def test_days_and_deadlines_move_alike() -> None:
    past = given(*planned_vote(with_fallback(NUMBERS, LATER_BEACON, DEADLINE)))
    later = with_fallback(Lottery(numbers=draws("2026-03-14", "Lotto")), LATER_BEACON, DEADLINE)
    past.when(rescheduled(closes_at=LATER)).refused(LotteryTooEarly)
    past.when(rescheduled(later, closes_at=LATER)).then()
    past.when(rescheduled(with_fallback(later, LATER_BEACON, OUT_AT), closes_at=LATER)).refused(RuleUndefined)


@pytest.mark.parametrize("lottery", [NUMBERS, Lottery(seed="s"), with_fallback(LATER_BEACON, BETWEEN_PARTIES, MONTHS_AFTER)])
def test_only_the_time_of_a_lottery_moves(lottery: Lottery) -> None:
    given(*planned_vote(BEACON)).when(rescheduled(lottery, closes_at=LATER)).refused(LotteryChanged, step="vote")


def test_parties_stay_when_a_deadline_moves() -> None:
    lottery = with_fallback(BETWEEN_PARTIES, LATER_BEACON, DEADLINE)
    past = given(*planned_vote(lottery))
    past.when(rescheduled(with_fallback(BETWEEN_PARTIES, LATER_BEACON, "2026-03-21T12:00:00.000Z"), closes_at=LATER)).then()
    others = Lottery(parties=("town-hall", "friend"))
    past.when(rescheduled(with_fallback(others, LATER_BEACON, DEADLINE), closes_at=LATER)).refused(LotteryChanged)


def test_nothing_moves_that_was_not_declared() -> None:
    given(*prepared(closes_at=CLOSES)).when(rescheduled(LATER_BEACON, closes_at=LATER)).refused(LotteryChanged)
    given(opened(), planned(closes_at=CLOSES)).when(rescheduled(LATER_BEACON, closes_at=LATER)).refused(LotteryChanged)
