"""How a sentence about an event is made: its clear fields put into an English and a French pattern."""

from collections.abc import Callable, Mapping
from typing import Any

Sentence = Callable[[Mapping[str, Any]], tuple[str, str]]
"""From the clear fields of an event to (English, French)."""


def about(english: str, french: str) -> Sentence:
    """A sentence with the event's clear fields put in."""
    return lambda of: (english.format_map(_Told(of)), french.format_map(_Told(of)))


class _Told(dict[str, Any]):
    """Fields of an event; one that an unlawful event lacks is told as a question mark, since auditors read those too."""

    def __missing__(self, key: str) -> str:
        return "?"
