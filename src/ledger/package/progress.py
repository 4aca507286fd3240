"""How far a long piece of work has come, told to whoever shows it."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told now and then: what is being done, how much of it is done, how much there is to do (0 where that is not known)."""


def silent(what: str, done: int, total: int) -> None:
    """Tells nobody."""
