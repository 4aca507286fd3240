"""A lot is drawn from what nobody could know before, in a way that everybody can repeat after."""

from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import RuleUndefined
from ledger.ids import REF_PATTERN
from ledger.rules import check_spec, compute
from ledger.rules.lot import (
    GENESIS,
    Revealed,
    after_closing,
    commitment_of,
    instant,
    is_drawn_later,
    key_string,
    known_from,
    lot_of,
    parties_of,
    round_after,
    round_time,
)
from ledger.rules.profile import Item, Profile
from ledger.rules.spec import Beacon, Drawing, Lottery, RuleSpec
from ledger.rules.ties import ladder
from tests.drawn import BEACON, BETWEEN_PARTIES, OUT_AT, PARTIES, ROUND, SECRETS, SIGNATURE, draws, with_fallback
from tests.rules.elections import approvals, greedy, items

ORIGIN = "ledger.example/p/town"
NUMBERS = Lottery(numbers=draws("2026-03-21", "Bonus", "Five of 50", "Lotto"))
DRAWN = ((9319,), (2, 5, 12, 8, 10), (9, 18, 26, 34, 41, 45))
"""The example of RFC 3797, section 6."""
ROUNDS = st.integers(1, 80_000_000_000)


def by_lot(lottery: Lottery = BEACON) -> RuleSpec:
    return greedy(5, ties=("lot",), lottery=lottery)


def seed(lottery: Lottery, revealed: Revealed, step: str = "vote", origin: str = ORIGIN) -> bytes:
    lot = lot_of(lottery, revealed, origin, step)
    assert lot is not None
    return lot.seed


def permutation(seed: bytes, refs: list[str]) -> list[str]:
    listed = [Item(place, ref, 1) for place, ref in enumerate(refs)]
    keys = ladder(by_lot(), listed, dict.fromkeys(range(len(refs)), 0), seed).keys
    return [refs[place] for place in sorted(keys, key=lambda place: keys[place])]


def test_a_round_of_the_beacon_comes_out_when_drand_says() -> None:
    assert round_time(1) == instant(GENESIS) == "2023-08-23T15:09:27.000Z"
    assert round_time(ROUND) == OUT_AT
    assert round_after(OUT_AT) == ROUND
    assert round_after("2023-09-15T11:00:03.001Z") == ROUND + 1
    assert round_after("1999-12-31T00:00:00.000Z") == 1


@given(ROUNDS)
def test_the_round_of_a_time_and_the_time_of_a_round_are_each_others(number: int) -> None:
    assert round_after(round_time(number)) == number


@given(st.integers(1, 79_999_999_999))
def test_later_rounds_come_out_later_also_as_text(number: int) -> None:
    assert round_time(number) < round_time(number + 1)


def test_the_key_string_is_that_of_the_rfc() -> None:
    assert key_string(DRAWN) == "9319./2.5.8.10.12./9.18.26.34.41.45./"


def test_every_byte_of_a_seed_is_written_down() -> None:
    before = f"ledger-lottery/v1\n{ORIGIN}\nvote\n"
    by_round = f"{before}beacon\n{ROUND}\n{SIGNATURE}\n"
    assert seed(BEACON, Revealed((ROUND, SIGNATURE))) == sha256(by_round.encode()).digest()
    by_secrets = f"{before}parties\nopposition {SECRETS['opposition']}\ntown-hall {SECRETS['town-hall']}\n"
    assert seed(BETWEEN_PARTIES, Revealed(secrets=SECRETS)) == sha256(by_secrets.encode()).digest()
    by_numbers = f"{before}numbers\n9319./2.5.8.10.12./9.18.26.34.41.45./\n"
    assert seed(NUMBERS, Revealed(numbers=DRAWN)) == sha256(by_numbers.encode()).digest()


def test_every_byte_of_a_commitment_is_written_down() -> None:
    """As `printf "ledger-lottery-commitment/v1\\nvote\\nopposition\\n$SECRET\\n" | openssl dgst -sha256 -binary | base64` says."""
    assert commitment_of("vote", "opposition", "o" * 43) == "W7_cQ_-xxmmA-YLMUmqyjqggHpcbcYQxtAHeR3onUD0"


def test_a_lot_is_of_one_step_of_one_log() -> None:
    revealed = Revealed((ROUND, SIGNATURE))
    seeds = {seed(BEACON, revealed), seed(BEACON, revealed, "schools"), seed(BEACON, revealed, origin="ledger.example/p/village")}
    assert len(seeds) == 3


def test_nothing_is_drawn_while_something_is_missing() -> None:
    assert lot_of(None, Revealed(), ORIGIN, "vote") is None
    assert lot_of(Lottery(seed="s"), Revealed(), ORIGIN, "vote") is None
    for lottery in (BEACON, BETWEEN_PARTIES, NUMBERS):
        assert lot_of(lottery, Revealed(), ORIGIN, "vote") is None
    assert lot_of(BETWEEN_PARTIES, Revealed(secrets={"opposition": "o" * 43}), ORIGIN, "vote") is None
    assert lot_of(BETWEEN_PARTIES, Revealed((ROUND, SIGNATURE), numbers=DRAWN), ORIGIN, "vote") is None


def test_the_fallback_decides_where_the_first_is_incomplete() -> None:
    lottery = with_fallback(BETWEEN_PARTIES, Drawing(beacon=Beacon(round=ROUND)), "2023-09-15T10:00:00.000Z")
    lot = lot_of(lottery, Revealed((ROUND, SIGNATURE), {"opposition": "o" * 43}), ORIGIN, "vote")
    assert lot is not None
    assert (lot.kind, lot.by_fallback, lot.seed) == ("beacon", True, seed(BEACON, Revealed((ROUND, SIGNATURE))))
    whole = lot_of(lottery, Revealed((ROUND, SIGNATURE), SECRETS), ORIGIN, "vote")
    assert whole is not None
    assert (whole.kind, whole.by_fallback) == ("parties", False)


def test_what_is_drawn_later_and_by_whom() -> None:
    assert [is_drawn_later(lottery) for lottery in (None, Lottery(seed="s"), BEACON, BETWEEN_PARTIES, NUMBERS)] == [False, False] + [
        True
    ] * 3
    assert parties_of(None) == parties_of(BEACON) == ()
    assert parties_of(BETWEEN_PARTIES) == PARTIES
    assert parties_of(with_fallback(BEACON, BETWEEN_PARTIES, OUT_AT)) == PARTIES


def test_numbers_can_be_known_as_soon_as_their_day_begins_anywhere() -> None:
    lottery = Lottery(numbers=(*draws("2026-03-21", "one"), *draws("2026-03-19", "other")))
    assert known_from(lottery) == ("2026-03-18T10:00:00.000Z", "2026-03-20T10:00:00.000Z")
    late = with_fallback(lottery, Drawing(beacon=Beacon(round=ROUND)), "2026-03-29T10:00:00.000Z")
    assert after_closing(late) == (*known_from(lottery), "2026-03-29T10:00:00.000Z")
    assert after_closing(BETWEEN_PARTIES) == ()


UNDEFINED: list[tuple[str, Lottery]] = [
    ("$.lottery", Lottery()),
    ("$.lottery", Lottery(seed="s", beacon=Beacon(round=1))),
    ("$.lottery", Lottery(beacon=Beacon(round=1), parties=PARTIES)),
    ("$.lottery.parties", Lottery(parties=("a", "a"))),
    ("$.lottery.numbers", Lottery(numbers=draws("2026-03-21", "Lotto", "Lotto"))),
    ("$.lottery.numbers", Lottery(numbers=draws("2026-02-30", "Lotto"))),
    ("$.lottery.fallback_after", Lottery(beacon=Beacon(round=1), fallback=Drawing(parties=PARTIES))),
    ("$.lottery.fallback_after", Lottery(beacon=Beacon(round=1), fallback_after=OUT_AT)),
    ("$.lottery.fallback", with_fallback(Lottery(seed="s"), Drawing(parties=PARTIES), OUT_AT)),
    ("$.lottery.fallback", with_fallback(BEACON, Drawing(), "2026-01-01T00:00:00.000Z")),
    ("$.lottery.fallback", with_fallback(BEACON, Drawing(beacon=Beacon(round=ROUND + 9)), "2026-01-01T00:00:00.000Z")),
    ("$.lottery.fallback.parties", with_fallback(BEACON, Drawing(parties=("a", "a")), "2026-01-01T00:00:00.000Z")),
    ("$.lottery.fallback.numbers", with_fallback(BEACON, Drawing(numbers=draws("2026-13-01", "Lotto")), "2026-01-01T00:00:00.000Z")),
    ("$.lottery.fallback_after", with_fallback(BEACON, Drawing(parties=PARTIES), OUT_AT)),
    ("$.lottery.fallback_after", with_fallback(BETWEEN_PARTIES, Drawing(beacon=Beacon(round=ROUND)), "2023-02-30T00:00:00.000Z")),
    ("$.lottery.fallback_after", with_fallback(BETWEEN_PARTIES, Drawing(beacon=Beacon(round=ROUND)), "0001-01-01T00:00:00.000Z")),
    ("$.lottery.fallback", with_fallback(BETWEEN_PARTIES, Drawing(beacon=Beacon(round=ROUND)), "2023-09-15T10:59:03.000Z")),
    ("$.lottery.fallback", with_fallback(BETWEEN_PARTIES, Drawing(numbers=draws("2026-03-21", "Lotto")), "2026-03-20T10:00:00.000Z")),
]


@pytest.mark.parametrize("place, lottery", UNDEFINED)
def test_lotteries_without_a_meaning_are_refused(place: str, lottery: Lottery) -> None:
    with pytest.raises(RuleUndefined) as caught:
        check_spec(by_lot(lottery))
    assert caught.value.place == place


@pytest.mark.parametrize(
    "lottery",
    [
        BEACON,
        BETWEEN_PARTIES,
        NUMBERS,
        with_fallback(BEACON, Drawing(parties=PARTIES), "2023-09-15T11:00:03.001Z"),
        with_fallback(BETWEEN_PARTIES, Drawing(beacon=Beacon(round=ROUND)), "2023-09-15T10:59:02.999Z"),
    ],
)
def test_lotteries_that_have_a_meaning_are_not(lottery: Lottery) -> None:
    check_spec(by_lot(lottery))


REFS = st.lists(st.from_regex(REF_PATTERN, fullmatch=True), min_size=2, max_size=12, unique=True)
BALLS = st.lists(st.integers(0, 99), min_size=1, max_size=7)
SEEDS = st.one_of(
    st.builds(lambda number, digit: seed(BEACON, Revealed((number, digit * 96))), ROUNDS, st.sampled_from("0123456789abcdef")),
    st.builds(lambda letter: seed(BETWEEN_PARTIES, Revealed(secrets={**SECRETS, "opposition": letter * 43})), st.sampled_from("aX0_-")),
    st.builds(lambda drawn: seed(NUMBERS, Revealed(numbers=drawn)), st.lists(BALLS, min_size=3, max_size=3)),
)


@given(SEEDS, REFS, st.randoms(use_true_random=False))
def test_one_seed_makes_one_permutation_however_candidates_are_listed(drawn: bytes, refs: list[str], shuffler: Random) -> None:
    listed = list(refs)
    shuffler.shuffle(listed)
    assert permutation(drawn, listed) == permutation(drawn, refs) == sorted(refs, key=lambda ref: sha256(drawn + ref.encode()).digest())


@given(st.lists(BALLS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_in_which_balls_fell_reaches_nothing(drawn: list[list[int]], shuffler: Random) -> None:
    other = [list(balls) for balls in drawn]
    for balls in other:
        shuffler.shuffle(balls)
    assert key_string(drawn) == key_string(other)


def test_the_order_in_which_rules_name_parties_reaches_nothing() -> None:
    revealed = Revealed(secrets=SECRETS)
    assert seed(Lottery(parties=PARTIES[::-1]), revealed) == seed(BETWEEN_PARTIES, revealed)


def test_a_tie_is_broken_by_the_lot_that_was_drawn_in_every_run() -> None:
    listed = items(5, 5, 5, 5)
    profile = approvals(listed, dict.fromkeys(range(4), 1))
    winners = set()
    for tail in "0123456789":
        drawn = seed(BEACON, Revealed((ROUND, tail * 96)))
        outcome = compute(by_lot(), Profile(profile.items, profile.ballots, lot=drawn))
        first = min(listed, key=lambda item: sha256(drawn + item.ref.encode()).digest())
        assert outcome.winners == (first.position,)
        assert set(outcome.ties[0].broken_by) == {"lot"}
        winners.add(outcome.winners)
    assert len(winners) > 1


def test_nothing_is_counted_before_the_lot_is_drawn() -> None:
    with pytest.raises(AssertionError, match="before the lottery"):
        compute(by_lot(), approvals(items(5, 5), {0: 1, 1: 1}))
