"""Entries of every event type as they were written when their schema was new: they are read, admitted and written the same for ever."""

from pathlib import Path

from ledger.aggregates import Aggregates, admit, evolve
from ledger.canonical import is_canonical
from ledger.events import EVENTS, read_event
from ledger.events.envelope import entry_bytes
from tests.vectors.story_log import story_entries

FROZEN = (Path(__file__).parent / "events" / "v1.ndjson").read_bytes().splitlines()


def test_a_frozen_history_is_admitted_again_and_written_again_byte_for_byte() -> None:
    aggregates = Aggregates()
    for entry in FROZEN:
        event = read_event(entry)
        admit(event, aggregates)
        evolve(aggregates, event)
        assert is_canonical(entry)
        assert entry_bytes(event) == entry


def test_every_event_type_has_a_frozen_sample() -> None:
    assert {read_event(entry).type for entry in FROZEN} == {event.wire_type() for event in EVENTS}


def test_the_same_submissions_make_the_same_bytes_today(database: str) -> None:
    assert story_entries(database) == FROZEN
