"""Group-informed consensus is Polis' product, exactly."""

import re
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.consensus import GroupCounts, by_consensus, group_informed_consensus

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "rankings.md").read_text()
GROUP = st.integers(0, 500).flatmap(lambda seen: st.builds(GroupCounts, st.integers(0, seen), st.just(seen)))
GROUPS = st.lists(GROUP, min_size=1, max_size=6)
TARGETS = st.dictionaries(st.text("abc-.", min_size=1, max_size=3), st.lists(GROUP, min_size=3, max_size=3), max_size=10)


@given(GROUPS)
def test_it_is_the_product_of_the_estimates_of_all_groups_in_any_order(groups: list[GroupCounts]) -> None:
    expected = Fraction(1)
    for agreed, seen in groups:
        expected *= Fraction(agreed + 1, seen + 2)
    assert group_informed_consensus(groups) == expected == group_informed_consensus(groups[::-1])
    assert 0 < expected < 1


@given(GROUPS, st.data())
def test_one_more_who_agrees_raises_it_and_one_more_who_does_not_lowers_it(groups: list[GroupCounts], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(groups) - 1))
    agreed, seen = groups[place]
    before = group_informed_consensus(groups)
    more = [*groups[:place], GroupCounts(agreed + 1, seen + 1), *groups[place + 1 :]]
    fewer = [*groups[:place], GroupCounts(agreed, seen + 1), *groups[place + 1 :]]
    assert group_informed_consensus(fewer) < before < group_informed_consensus(more)


@given(TARGETS, st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_the_order_given(targets: dict[str, list[GroupCounts]], chance: object) -> None:
    names = list(targets)
    chance.shuffle(names)  # type: ignore[attr-defined]  # hypothesis gives random.Random
    found = by_consensus({name: targets[name] for name in names})
    assert found == by_consensus(targets)
    scores = {name: group_informed_consensus(groups) for name, groups in targets.items()}
    assert [entry.target for entry in found] == sorted(targets, key=lambda name: (-scores[name], name))
    for entry in found:
        assert entry.rank == 1 + sum(score > scores[entry.target] for score in scores.values())
        assert entry.score.exact == f"{scores[entry.target].numerator}/{scores[entry.target].denominator}"


def test_a_group_that_saw_nothing_stands_for_one_half() -> None:
    assert group_informed_consensus([GroupCounts(0, 0), GroupCounts(9, 10)]) == Fraction(1, 2) * Fraction(10, 12)


def test_the_page_works_an_example_as_the_code_does() -> None:
    section = PAGE.partition("## Group-informed consensus\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| `([a-z]+)` \| (\d+) of (\d+) \| (\d+) of (\d+) \| (\S+) \| (\S+) \|$", section, re.MULTILINE)
    assert len(rows) >= 4
    targets = {name: [GroupCounts(int(a), int(b)), GroupCounts(int(c), int(d))] for _, name, a, b, c, d, _, _ in rows}
    told = [(str(e.rank), e.target, e.score.exact, e.score.decimal) for e in by_consensus(targets)]
    assert [(rank, name, exact, places) for rank, name, _, _, _, _, exact, places in rows] == told
