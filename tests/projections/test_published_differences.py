"""What a source published is compared with what its acts come to, count by count."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.projections.readings.published_differences import NAMES, published_differences
from tests.projections.debating import TARGETS, Debate, debates


def told(debate: Debate) -> list[tuple[str, str, int | None, int, int | None]]:
    return [
        (each.ref, each.count, each.published, each.replayed, each.replayed_all_rows) for each in published_differences(debate.source())
    ]


def debated() -> Debate:
    debate = Debate().begun()
    debate.contribute("a")
    for who, value in (("ann", "agree"), ("bob", "mixed"), ("cid", "disagree")):
        debate.say(who, "contribution/a", value)
    return debate


def test_counts_that_follow_are_no_difference() -> None:
    debate = debated()
    counts = {"votes": 3, "agree": 1, "mixed": 1, "disagree": 1, "pass": 0, "arguments": 0, "sources": 0, "versions": 0}
    debate.state("contribution/a", counts)
    assert told(debate) == []


def test_each_count_that_differs_is_told_with_what_follows_and_what_all_rows_come_to() -> None:
    debate = debated()
    debate.say("ann", "contribution/a", "disagree")
    debate.state("contribution/a", {"votes": 4, "agree": 1, "disagree": 2, "arguments": 7})
    assert told(debate) == [("a", "votes", 4, 3, 4), ("a", "agree", 1, 0, 1), ("a", "arguments", 7, 0, None)]
    [first, *_] = published_differences(debate.source())
    assert first.json() == {
        "target": "contribution/a",
        "ref": "a",
        "import": "rua",
        "count": "votes",
        "published": 4,
        "replayed": 3,
        "replayed_all_rows": 4,
    }


def test_counts_without_acts_are_not_compared() -> None:
    debate = debated()
    debate.state("contribution/a", {"votes": 99}, "counts_only")
    assert told(debate) == []


def test_arguments_sources_comments_and_versions_count_as_long_as_they_stand_and_are_public() -> None:
    debate = debated()
    for ref, side in (("f", "for"), ("g", "for"), ("h", "against"), ("i", "against"), ("j", "against")):
        debate.argue(ref, "a", side)
    for ref, kind in (("s", "source"), ("c", "comment"), ("d", "comment"), ("v", "amendment"), ("q", "question")):
        debate.contribute(ref, kind, target="a")
    names = ("arguments", "arguments_for", "arguments_against", "sources", "comments", "versions")
    debate.state("contribution/a", dict.fromkeys(names, 100))
    assert [(count, replayed) for _, count, _, replayed, _ in told(debate)] == list(zip(names, (5, 2, 3, 1, 2, 1), strict=True))
    debate.withdraw("argument/f")
    debate.moderate("argument/h")
    debate.moderate("argument/i", name="content.limited")
    debate.restore("argument/i")
    debate.add("contribution.merged_into", {"ref": "v", "step": "debate", "into": "a"})
    assert [(count, replayed) for _, count, _, replayed, _ in told(debate)] == list(zip(names, (3, 1, 2, 1, 2, 0), strict=True))


def test_stances_on_what_was_taken_back_are_still_compared() -> None:
    debate = debated()
    debate.withdraw("contribution/a")
    debate.state("contribution/a", {"votes": 0})
    assert told(debate) == [("a", "votes", 0, 3, 3)]


def test_differences_stand_by_target_then_import() -> None:
    debate = debated()
    debate.contribute("a-b")
    for target, ref in (("contribution/a-b", "x"), ("contribution/a", "z"), ("contribution/a", "x")):
        debate.state(target, {"votes": 9}, ref=ref)
    assert [(each.target, each.import_ref) for each in published_differences(debate.source())] == [
        ("contribution/a", "x"),
        ("contribution/a", "z"),
        ("contribution/a-b", "x"),
    ]


@given(debates(), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), min_size=1))
def test_a_difference_is_told_of_exactly_the_counts_that_differ(debate: Debate, counts: dict[str, int]) -> None:
    for target in TARGETS:
        debate.state(target, counts)
    found = {(each.target, each.count): each.replayed for each in published_differences(debate.source())}
    assert all(counts[count] != replayed for (_, count), replayed in found.items())
    corrected = {target: {name: found.get((target, name), count) for name, count in counts.items()} for target in TARGETS}
    for target in TARGETS:
        debate.state(target, corrected[target], ref="corrected")
    assert not [each for each in published_differences(debate.source()) if each.import_ref == "corrected"]


def test_a_contribution_of_which_nothing_was_published_is_told_beside_those_of_its_kind() -> None:
    debate = debated()
    debate.contribute("b")
    debate.contribute("c", "idea")
    debate.say("ann", "contribution/b", "agree")
    debate.state("contribution/a", {"votes": 3})
    [unstated] = published_differences(debate.source())
    assert (unstated.ref, unstated.import_ref, unstated.count, unstated.published, unstated.replayed) == ("b", "rua", "votes", None, 1)
