"""The table `turnout`: counted ballots by step and channel. Small numbers are held back, and what would give them away too."""

from collections.abc import Iterator, Mapping
from typing import Final

from ledger.projections.readings.counting import Counted
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table

SMALLEST: Final = 5
"""The least number of people that a published cell stands for."""


def held_back(counted: Counted) -> frozenset[str]:
    """The channels whose numbers are not told.

    Those through which fewer than 5 people voted, or fewer than 5 ballots count; and where that is one channel alone, the next smallest
    too, because the total is public and would give the one away.
    """
    numbers = counted.last_by_channel
    small = {channel for channel, number in numbers.items() if number < SMALLEST or 0 < counted.by_channel.get(channel, 0) < SMALLEST}
    others = sorted((numbers[channel], channel) for channel in numbers.keys() - small)
    if len(small) == 1 and others:
        small.add(others[0][1])
    return frozenset(small)


def turnout(counted: Counted) -> Mapping[str, int | None]:
    """Channel → counted ballots, None where held back; by channel."""
    hidden = held_back(counted)
    return {channel: None if channel in hidden else counted.by_channel.get(channel, 0) for channel in sorted(counted.last_by_channel)}


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for result in reading.counted():
        for channel, number in turnout(result.count.counted).items():
            yield result.step.ref, channel, number, number is None


TURNOUT = Table(
    "turnout",
    "Turnout by channel",
    "Participation par canal",
    "Counted ballots per step and channel, by step and channel. Numbers below 5 are held back, and rows that would give them away.",
    "Bulletins comptés par étape puis canal. Les nombres inférieurs à 5 sont tus, et les lignes qui les révéleraient aussi.",
    (
        Column("step", "string", "Step", "Étape", "Reference of the step.", "Référence de l'étape."),
        Column(
            "channel",
            "string",
            "Channel",
            "Canal",
            "How the ballots reached the authority.",
            "Voie par laquelle les bulletins sont parvenus.",
        ),
        Column(
            "counted",
            "integer",
            "Counted ballots",
            "Bulletins comptés",
            "Ballots that count; empty where the number is held back.",
            "Vide quand le nombre est tu.",
        ),
        Column(
            "held_back", "boolean", "Held back", "Tu", "True where the number is not told.", "Vrai quand le nombre n'est pas communiqué."
        ),
    ),
    ("step", "channel"),
    _rows,
)
