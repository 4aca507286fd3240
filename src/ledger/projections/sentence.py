"""How a sentence about an event is made: its clear fields put into an English and a French pattern."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Sentence = Callable[[Mapping[str, Any]], tuple[str, str]]
"""From the clear fields of an event to (English, French)."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence with the event's clear fields put in, `{name}`, or a member of one, `{name[member]}`."""

    english: str
    french: str

    def __call__(self, of: Mapping[str, Any]) -> tuple[str, str]:
        """(English, French) about the event with these clear fields."""
        return self.english.format_map(_Told(of)), self.french.format_map(_Told(of))


def about(english: str, french: str) -> Pattern:
    """The sentence of two patterns."""
    return Pattern(english, french)


class _Told(dict[str, Any]):
    """Fields of an event; one that an unlawful event lacks is told as a question mark, since auditors read those too."""

    def __missing__(self, key: str) -> str:
        return "?"
