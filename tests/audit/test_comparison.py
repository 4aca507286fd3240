"""Two texts are equal, or part in a line that is named."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.comparison import Difference, first_difference

pieces = st.lists(st.integers(1, 7), min_size=1, max_size=40)
texts = st.lists(st.sampled_from(["", "a", "ab", "a,b,c", "élu"]), max_size=8).map(
    lambda lines: "".join(f"{line}\n" for line in lines).encode()
)


def cut(text: bytes, lengths: list[int]) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        for length in lengths:
            yield text[start : start + length]
            start += length
    yield b""


@pytest.mark.parametrize(
    ("expected", "found", "difference"),
    [
        (b"", b"", None),
        (b"a\nb\n", b"a\nb\n", None),
        (b"a\nb\n", b"a\nc\n", Difference(2, "b", "c")),
        (b"a\nb\n", b"a\n", Difference(2, "b", None)),
        (b"a\n", b"a\nb\n", Difference(2, None, "b")),
        (b"a\nbc\n", b"a\nb", Difference(2, "bc", "b")),
        (b"", b"x", Difference(1, None, "x")),
        (b"one,two\n", b"one;two\n", Difference(1, "one,two", "one;two")),
    ],
)
def test_the_first_line_that_differs_is_named(expected: bytes, found: bytes, difference: Difference | None) -> None:
    assert first_difference([expected], [found]) == difference


@given(texts, texts, pieces, pieces)
def test_how_the_texts_come_in_pieces_does_not_matter(one: bytes, other: bytes, cuts: list[int], other_cuts: list[int]) -> None:
    difference = first_difference(cut(one, cuts), cut(other, other_cuts))
    assert (difference is None) == (one == other)
    if difference is not None:
        expected, found = one.decode().split("\n"), other.decode().split("\n")
        place = difference.line - 1
        assert expected[:place] == found[:place]
        assert difference.expected == (expected[place] if place < len(expected) and one.count(b"\n") > place else None)
        assert difference.found == (found[place] if place < len(found) and other.count(b"\n") > place else None)


def test_the_text_found_is_read_to_its_end_after_a_difference() -> None:
    read = []

    def found() -> Iterator[bytes]:
        for piece in (b"x\n", b"b\n", b"c\n"):
            read.append(piece)
            yield piece

    first_difference([b"a\n" * 10], found())
    assert len(read) == 3
