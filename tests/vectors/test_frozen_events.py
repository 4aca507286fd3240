"""Entries of every event type as they were written when their schema was new: they are read, admitted and written the same for ever."""

from pathlib import Path

import pytest

from ledger.aggregates import Aggregates, admit, evolve
from ledger.canonical import is_canonical
from ledger.events import EVENTS, read_event
from ledger.events.envelope import entry_bytes
from ledger.events.upcasts import UPCASTS
from tests.vectors.story_log import story_entries

HISTORIES = sorted((Path(__file__).parent / "events").glob("v*.ndjson"), key=lambda history: int(history.stem[1:]))
"""Each is a whole history, and none is ever edited; the newest is what the story of today comes to."""


def entries(history: Path) -> list[bytes]:
    return history.read_bytes().splitlines()


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.stem)
def test_a_frozen_history_is_admitted_again_and_written_again_byte_for_byte(history: Path) -> None:
    aggregates = Aggregates()
    for entry in entries(history):
        event = read_event(entry)
        admit(event, aggregates)
        evolve(aggregates, event)
        assert is_canonical(entry)
        assert entry_bytes(event) == entry


def test_the_newest_history_has_a_sample_of_every_event_type_and_older_ones_of_every_earlier_schema() -> None:
    *older, newest = [{read_event(entry).type for entry in entries(history)} for history in HISTORIES]
    assert newest == {event.wire_type() for event in EVENTS}
    assert set(UPCASTS) <= frozenset[str]().union(*older)


def test_the_same_submissions_make_the_same_bytes_today(database: str) -> None:
    assert story_entries(database) == entries(HISTORIES[-1])
