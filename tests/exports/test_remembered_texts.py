"""Texts that many files of a package show are opened once, as far as there is room for them."""

from collections.abc import Iterator, Mapping, Sequence

from ledger.canonical import JsonValue
from ledger.exports.remembered_texts import RememberedTexts

TEXTS: dict[tuple[int, str], JsonValue] = {(1, "title"): {"en": "Trees"}, (1, "body"): None, (3, "title"): {"fr": "Arbres"}}


class Asked:
    """A log of which only texts can be had; it keeps what it was asked for."""

    def __init__(self) -> None:
        self.seqs: list[int] = []

    def size(self) -> int:
        return 4

    def visibility_size(self) -> int:
        return 0

    def redaction_size(self) -> int:
        return 0

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        raise AssertionError("no entry is needed")

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        raise AssertionError("texts are asked for by entry")

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        self.seqs += seqs
        return {place: text for place, text in TEXTS.items() if place[0] in seqs}


def test_a_text_is_asked_for_once_and_so_is_one_that_may_not_be_shown() -> None:
    log = Asked()
    texts = RememberedTexts(log)
    assert texts.texts([1, 2]) == {(1, "title"): {"en": "Trees"}, (1, "body"): None}
    assert texts.texts([2, 3]) == {(3, "title"): {"fr": "Arbres"}}
    assert texts.texts([1, 2, 3]) == TEXTS
    assert log.seqs == [1, 2, 3]


def test_texts_for_which_no_room_is_left_are_asked_for_each_time_and_read_the_same() -> None:
    log = Asked()
    texts = RememberedTexts(log, room=2000)
    assert texts.texts([1, 3]) == TEXTS
    assert texts.texts([1, 3]) == TEXTS
    assert log.seqs == [1, 3, 3]
    small = RememberedTexts(log, room=0)
    assert small.texts([3]) == small.texts([3]) == {(3, "title"): {"fr": "Arbres"}}
