"""Differences of wordings give back both wordings, whatever these are."""

from itertools import pairwise
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from ledger.projections.readings.differences import MOST_PAIRS, difference_by_language, text_difference

WORDINGS = st.lists(st.sampled_from(["the", "law", "  ", "\n", ".", "é", "data", "\n\n", "'"]), max_size=30).map("".join)


def pieces(one: str, other: str) -> list[tuple[str, str]]:
    return [next(iter(cast("dict[str, str]", piece).items())) for piece in text_difference(one, other)]


def read(told: list[tuple[str, str]], kind: str) -> str:
    return "".join(text for found, text in told if found in ("same", kind))


@given(WORDINGS, WORDINGS)
def test_same_and_removed_is_the_first_wording_and_same_and_added_the_second(one: str, other: str) -> None:
    told = pieces(one, other)
    assert read(told, "removed") == one
    assert read(told, "added") == other
    assert all(text for _, text in told)
    assert all(before != after for (before, _), (after, _) in pairwise(told)), "neighbours of one kind are one piece"


@given(WORDINGS)
def test_a_wording_does_not_differ_from_itself(text: str) -> None:
    assert pieces(text, text) == ([("same", text)] if text else [])


def test_a_changed_word_is_told_within_its_line() -> None:
    assert pieces("One.\nAll of it.\nEnd.", "One.\nMost of it.\nEnd.") == [
        ("same", "One.\n"),
        ("removed", "All"),
        ("added", "Most"),
        ("same", " of it.\nEnd."),
    ]


def test_one_change_in_a_long_text_is_found_however_long_that_is() -> None:
    words = [f"word{number} " for number in range(9000)]
    one = "".join(words)
    other = "".join([*words[:4000], "new ", *words[4001:]])
    assert [text for kind, text in pieces(one, other) if kind != "same"] == ["word4000", "new"]


def test_long_wordings_that_have_little_in_common_take_the_place_of_each_other() -> None:
    one, other = ("".join(f"{letter}{number} " for number in range(MOST_PAIRS // 300)) for letter in "ab")
    assert pieces(one, other) == [("removed", one[:-1]), ("added", other[:-1]), ("same", " ")]


def test_a_language_that_one_wording_lacks_is_wholly_added_or_removed() -> None:
    assert difference_by_language({"en": "Yes", "fr": "Oui"}, {"en": "Yes", "de": "Ja"}) == {
        "de": [{"added": "Ja"}],
        "en": [{"same": "Yes"}],
        "fr": [{"removed": "Oui"}],
    }
    assert difference_by_language(None, {"en": "Yes"}) == {"en": [{"added": "Yes"}]}
