"""How two wordings differ: line by line, and word by word within lines that changed (difflib of the standard library).

A difference is a list of pieces in order: {"same": …}, {"removed": …}, {"added": …}. Same and removed pieces together are the first
wording, same and added ones the second.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, cast

from ledger.canonical import JsonValue

MOST_PAIRS: Final = 1 << 18
"""Parts of one wording times parts of the other that are compared with each other; beyond, one is told to take the place of the other."""
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")

_KINDS: Final = ("same", "removed", "added")

Piece = tuple[str, str]
"""One of the kinds, and the text."""


def text_difference(one: str, other: str) -> list[JsonValue]:
    """The pieces of the difference of two texts; none where both are empty."""
    return [{kind: text} for kind, text in _joined(_by_lines(one, other))]


def difference_by_language(one: object, other: object) -> dict[str, JsonValue]:
    """Language → difference of two multilingual texts, by tag. A language that one of them lacks is told as an empty text."""
    texts, others = _languages(one), _languages(other)
    return {language: text_difference(texts.get(language, ""), others.get(language, "")) for language in sorted({*texts, *others})}


def _languages(text: object) -> Mapping[str, str]:
    return cast("Mapping[str, str]", text) if isinstance(text, Mapping) else {}


def _by_lines(one: str, other: str) -> Iterator[Piece]:
    lines, others = _LINES.findall(one), _LINES.findall(other)
    for kind, start, stop, other_start, other_stop in _operations(lines, others):
        before, after = "".join(lines[start:stop]), "".join(others[other_start:other_stop])
        if kind == "equal":
            yield "same", before
        else:
            yield from _by_words(before, after)


def _by_words(one: str, other: str) -> Iterator[Piece]:
    words, others = _WORDS.findall(one), _WORDS.findall(other)
    for kind, start, stop, other_start, other_stop in _operations(words, others):
        before, after = "".join(words[start:stop]), "".join(others[other_start:other_stop])
        if kind == "equal":
            yield "same", before
        else:
            yield "removed", before
            yield "added", after


def _operations(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """See `SequenceMatcher.get_opcodes`. What both begin and end with is set aside first: only what lies between has to be small."""
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    stop, other_stop = len(one) - tail, len(other) - tail
    yield "equal", 0, head, 0, head
    if (stop - head) * (other_stop - head) > MOST_PAIRS:
        yield "replace", head, stop, head, other_stop
    else:
        for kind, *places in SequenceMatcher(None, one[head:stop], other[head:other_stop], autojunk=False).get_opcodes():
            start, until, other_start, other_until = (place + head for place in places)
            yield kind, start, until, other_start, other_until
    yield "equal", stop, len(one), other_stop, len(other)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Pieces without empty ones, neighbours of one kind together; of a change, what is removed stands before what is added."""
    waiting = dict.fromkeys(_KINDS, "")
    for kind, text in pieces:
        if kind == "same" and text and (waiting["removed"] or waiting["added"]):
            yield from ((told, held) for told, held in waiting.items() if held)
            waiting = dict.fromkeys(_KINDS, "")
        waiting[kind] += text
    yield from ((told, held) for told, held in waiting.items() if held)
