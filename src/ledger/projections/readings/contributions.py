"""Contributions as they are asked for: chosen by what they are about, with the days that those without an answer have waited.

That an authority says nothing is recorded too: as the days since the ledger recorded the contribution, up to the last entry that is seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Final

from ledger.canonical import JsonValue
from ledger.projections.moderation import seconds_between
from ledger.projections.projection import Row

Pair = tuple[str, Row]
_DAY: Final = 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which contributions are asked for; None = any. The names are those of the fields of a row."""

    step: str | None = None
    kind: str | None = None
    state: str | None = None
    text: str | None = None
    section: str | None = None
    target: str | None = None
    category: str | None = None
    district: str | None = None

    def has(self, row: Row) -> bool:
        """Whether the contribution of this row is one of them."""
        return all(wanted is None or row[name] == wanted for name, wanted in asdict(self).items())


ANY: Final = Choice()


def chosen(pairs: Iterable[Pair], choice: Choice) -> Iterator[Pair]:
    """The pairs that are asked for, in their order."""
    return (pair for pair in pairs if choice.has(pair[1]))


def unanswered(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Contributions that wait for an answer, in their order. Those withdrawn, merged or split wait for none."""
    return (pair for pair in pairs if waits(pair[1]))


def waited_days(row: Row, now: str) -> int | None:
    """Whole days that the contribution has waited for an answer at this time; None where it waits for none."""
    return days_between(row["submitted_at"], now) if waits(row) else None


def days_between(start: JsonValue, end: JsonValue) -> int | None:
    """Whole days from one instant to another; see `seconds_between`."""
    seconds = seconds_between(start, end)
    return None if seconds is None else seconds // _DAY


def with_waiting(row: Row, now: str) -> dict[str, JsonValue]:
    """The row with `waited_days`."""
    return {**row, "waited_days": waited_days(row, now)}


def cut(pairs: Iterable[Pair], limit: int | None) -> Iterator[Pair]:
    """The first pairs of rows that ascend by `changed_seq`: at most `limit`, and those that were changed with the last of them.

    So whoever asks for what was changed after the last row of a page misses nothing and gets nothing twice.
    """
    last: JsonValue = None
    for place, pair in enumerate(pairs):
        if limit is not None and place >= limit and pair[1]["changed_seq"] != last:
            return
        last = pair[1]["changed_seq"]
        yield pair


def waits(row: Row) -> bool:
    """Whether the contribution waits for an answer."""
    return row["state"] == "submitted" and not row["answers"]
