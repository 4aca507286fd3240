"""Rankings are exact, total, and say what the page says."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ledger.rules.rankings import RANKINGS, Counts, net, ranked
from ledger.rules.scales import Ranking
from ledger.rules.wilson import compared, lower_bound, millionths

METHODS = tuple(RANKINGS)
SMALL = st.builds(Counts, st.integers(0, 6), st.integers(0, 3), st.integers(0, 6))
COUNTS = SMALL | st.builds(Counts, st.integers(0, 100_000), st.integers(0, 100_000), st.integers(0, 100_000))
TARGETS = st.dictionaries(st.text("abc-.~", min_size=1, max_size=3).map(lambda ref: f"contribution/{ref}"), COUNTS, max_size=12)
PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "rankings.md").read_text()


def reference(agreed: int, asked: int) -> Decimal:
    """The textbook form of the bound, to 60 digits."""
    with localcontext() as context:
        context.prec = 60
        n, z = Decimal(asked), Decimal("1.96")
        share = Decimal(agreed) / n
        spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt()
        return (share + z * z / (2 * n) - spread) / (1 + z * z / n)


def bounds(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(least, most).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked)))


ANY_BOUND = bounds(1, 12) | bounds(1, 10**6)


@given(ANY_BOUND, ANY_BOUND)
@example((0, 1), (0, 1000))
@example((1, 1), (1, 1))
@example((600, 1000), (601, 1002))
def test_the_exact_order_of_two_bounds_is_that_of_sixty_digits(one: tuple[int, int], other: tuple[int, int]) -> None:
    difference = reference(*one) - reference(*other)
    found = compared(lower_bound(*one), lower_bound(*other))
    if abs(difference) > Decimal("1e-50"):
        assert found == (1 if difference > 0 else -1)
    else:
        assert found == 0
    assert compared(lower_bound(*other), lower_bound(*one)) == -found


@given(ANY_BOUND)
@example((0, 3))
@example((1, 1))
@example((10**6, 10**6))
def test_the_written_bound_is_the_bound_rounded_down(counts: tuple[int, int]) -> None:
    found = millionths(lower_bound(*counts))
    bound = reference(*counts) * 10**6
    assert 0 <= found < 10**6
    assert found <= bound + Decimal("1e-40")
    assert bound < found + 1


@given(st.integers(1, 10**6))
def test_where_everybody_agrees_the_bound_is_rational_and_where_nobody_does_it_is_zero(asked: int) -> None:
    everybody, nobody = lower_bound(asked, asked), lower_bound(0, asked)
    # n / (n + z²)
    assert millionths(everybody) == asked * 625 * 10**6 // (asked * 625 + 2401)
    assert millionths(nobody) == 0
    assert compared(nobody, lower_bound(0, asked + 1)) == 0


@given(ANY_BOUND)
def test_more_agreement_never_lowers_the_bound(counts: tuple[int, int]) -> None:
    agreed, asked = counts
    if agreed < asked:
        assert compared(lower_bound(agreed + 1, asked), lower_bound(agreed, asked)) == 1
    assert compared(lower_bound(agreed + 1, asked + 1), lower_bound(agreed, asked)) == 1


@given(st.sampled_from(METHODS), TARGETS, st.randoms(use_true_random=False))
def test_the_order_of_targets_given_never_reaches_the_ranking(method: Ranking, targets: dict[str, Counts], chance: object) -> None:
    names = list(targets)
    chance.shuffle(names)  # type: ignore[attr-defined]  # hypothesis gives random.Random
    assert ranked(method, {name: targets[name] for name in names}) == ranked(method, targets)


@given(st.sampled_from(METHODS), TARGETS)
def test_every_target_has_one_place_and_its_rank_tells_how_many_are_better(method: Ranking, targets: dict[str, Counts]) -> None:
    compare, found = RANKINGS[method].compare, ranked(method, targets)
    assert sorted(entry.target for entry in found) == sorted(targets)
    for entry in found:
        assert entry.counts == targets[entry.target]
        assert entry.rank == 1 + sum(compare(other, entry.counts) > 0 for other in targets.values())
    for one, other in pairwise(found):
        assert one.rank < other.rank or (one.rank == other.rank and one.target < other.target)


@given(st.sampled_from(METHODS), COUNTS, COUNTS, COUNTS)
def test_comparing_is_an_order(method: Ranking, one: Counts, two: Counts, three: Counts) -> None:
    compare = RANKINGS[method].compare
    assert compare(one, one) == 0
    assert compare(one, two) == -compare(two, one)
    assume(compare(one, two) >= 0)
    assume(compare(two, three) >= 0)
    assert compare(one, three) >= 0


@given(st.sampled_from(("net", "ratio", "wilson")), COUNTS)
def test_one_more_for_never_lowers_and_one_more_against_never_raises(method: Ranking, counts: Counts) -> None:
    compare = RANKINGS[method].compare
    assert compare(counts._replace(positive=counts.positive + 1), counts) >= 0
    if counts.stances:
        assert compare(counts._replace(negative=counts.negative + 1), counts) <= 0


@given(COUNTS)
def test_controversy_never_falls_when_more_people_take_a_side_and_does_not_know_which_side(counts: Counts) -> None:
    compare = RANKINGS["controversy"].compare
    assert compare(counts._replace(positive=counts.positive + 1), counts) >= 0
    assert compare(counts._replace(negative=counts.negative + 1), counts) >= 0
    assert compare(Counts(counts.negative, 0, counts.positive), counts) == 0


@given(COUNTS, st.integers(1, 1000))
def test_people_in_between_lower_share_and_bound_and_move_nothing_else(counts: Counts, more: int) -> None:
    between = counts._replace(neutral=counts.neutral + more)
    unmoved: tuple[Ranking, ...] = ("net", "controversy")
    lowered: tuple[Ranking, ...] = ("ratio", "wilson")
    for method in unmoved:
        assert RANKINGS[method].compare(between, counts) == 0
    if counts.positive:
        for method in lowered:
            assert RANKINGS[method].compare(between, counts) < 0


def test_a_target_without_stances_stands_last_by_share_and_bound_also_behind_those_nobody_is_for() -> None:
    targets = {"contribution/a": Counts(), "contribution/b": Counts(0, 0, 9), "contribution/c": Counts(1, 0, 9)}
    shares: tuple[Ranking, ...] = ("ratio", "wilson")
    for method in shares:
        found = ranked(method, targets)
        assert [entry.target[-1] for entry in found] == ["c", "b", "a"]
        assert found[-1].score == (None, None)
    assert [entry.target[-1] for entry in ranked("net", targets)] == ["a", "c", "b"]


def test_a_negative_score_is_written_with_its_sign() -> None:
    [entry] = ranked("net", {"contribution/a": Counts(1, 5, 4)})
    assert entry.score == ("-3/1", "-3.000000")
    assert net(entry.counts) == Fraction(-3)


@pytest.mark.parametrize("method", METHODS)
def test_the_page_works_an_example_of_every_method_as_the_code_does(method: Ranking) -> None:
    section = PAGE.partition(f"### `{method}`\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| (\d+) \| `([a-z]+)` \| (\d+) \| (\d+) \| (\d+) \| (\S+) \| (\S+) \|$", section, re.MULTILINE)
    assert len(rows) >= 5
    targets = {name: Counts(int(p), int(u), int(m)) for _, name, p, u, m, _, _ in rows}
    found = ranked(method, targets)
    told = [(e.rank, e.target, *e.counts, e.score.exact or "–", e.score.decimal or "–") for e in found]
    assert [(int(rank), name, int(p), int(u), int(m), exact, places) for rank, name, p, u, m, exact, places in rows] == told
