"""What may stand in the ledger log: the rules by which anybody follows it, each with the refusal of what breaks it."""

import pytest

from ledger.aggregates.ledger_log import LoggedLogs, admit_logged, evolve_logged
from ledger.errors import (
    KeyAlreadyAdded,
    KeyNotActive,
    LedgerEnvelopeUnfit,
    LogAlreadyOpened,
    LogChainBroken,
    LogClosedAlready,
    LogNotGrown,
    LogNotOpened,
    Malformed,
    OriginDiffers,
    OriginTwice,
    StreamDiffers,
    VersionDiffers,
)
from ledger.events import EVENTS, read_event
from ledger.events.ledger_log import LEDGER_EVENTS, LEDGER_LOG, read_ledger_event
from tests.given import digest
from tests.logged import ORIGIN, Fact, added, checkpointed, closed, opened, retired, told


def test_a_log_is_told_of_from_its_opening_to_its_closing() -> None:
    so_far = told(opened(LEDGER_LOG), opened())
    so_far = so_far.when(checkpointed(3, cause="step_opened")).then(size=3, root=digest("root 3"), version=2, last_index=2)
    so_far = so_far.when(added("new")).then(vkeys=("old", "new"), retired=(), size=3)
    so_far = so_far.when(retired("old")).then(vkeys=("new",), retired=("old",))
    so_far = so_far.when(closed(9, successor="ledger.test/p/town-2")).then(closed=True, size=9, successor="ledger.test/p/town-2")
    so_far.when(opened("town-2", continues="ledger.test/p/town")).then(version=1, closed=False)


def test_what_is_stated_stays_where_it_is_stated_while_keys_change() -> None:
    told(opened(), checkpointed(4)).when(added("new")).then(checkpointed=1, last_index=2)


def test_a_log_that_nobody_opened_is_blank() -> None:
    assert LoggedLogs(ORIGIN).of("nowhere").version == 0


def test_a_log_is_opened_once() -> None:
    told(opened()).when(opened(first=digest("another"))).refused(LogAlreadyOpened, project="town", origin="ledger.test/p/town")


def test_two_projects_do_not_share_an_origin() -> None:
    twin = Fact(opened().kind, "twin", {**opened().fields, "origin": "ledger.test/p/town"}, {})
    told(opened()).when(twin).refused(OriginTwice, origin="ledger.test/p/town", project="town")


@pytest.mark.parametrize("fact", [checkpointed(1), closed(1), added("new"), retired("old")], ids=lambda fact: fact.kind.TYPE)
def test_nothing_is_said_of_a_log_before_its_opening(fact: Fact) -> None:
    told(opened("elsewhere")).when(fact).refused(LogNotOpened, project="town")


@pytest.mark.parametrize("fact", [checkpointed(2), closed(2), added("new"), retired("old")], ids=lambda fact: fact.kind.TYPE)
def test_an_origin_is_for_ever(fact: Fact) -> None:
    other = Fact(fact.kind, "town", {**fact.fields, "origin": "ledger.test/p/city"}, {})
    told(opened(), added("new-2")).when(other).refused(OriginDiffers, expected="ledger.test/p/town", found="ledger.test/p/city")


@pytest.mark.parametrize("previous", [0, 1, 3])
def test_each_entry_names_the_one_before_it_about_the_same_log(previous: int) -> None:
    so_far = told(opened("elsewhere"), opened(), checkpointed(2), checkpointed(5, "elsewhere"))
    so_far.when(checkpointed(3, previous=previous)).refused(LogChainBroken, project="town", expected=2, found=previous)


@pytest.mark.parametrize("fact", [checkpointed(9), closed(9), added("new"), retired("old")], ids=lambda fact: fact.kind.TYPE)
def test_nothing_follows_a_closing(fact: Fact) -> None:
    told(opened(), added("new-2"), closed(2)).when(fact).refused(LogClosedAlready, project="town")


@pytest.mark.parametrize("size", [0, 4, 5])
def test_a_log_stands_there_when_it_has_grown(size: int) -> None:
    told(opened(), checkpointed(5)).when(checkpointed(size)).refused(LogNotGrown, size=5, found=size)


def test_an_empty_log_is_not_stated() -> None:
    told(opened()).when(checkpointed(0)).refused(LogNotGrown, size=0, found=0)


def test_a_log_is_closed_where_it_stands_or_further_on() -> None:
    told(opened()).when(closed(0)).then(closed=True)
    told(opened(), checkpointed(5)).when(closed(5)).then(closed=True, size=5)
    told(opened(), checkpointed(5)).when(closed(4)).refused(LogNotGrown, size=5, found=4)
    told(opened(), checkpointed(5)).when(closed(5, root=digest("another tree"))).refused(LogNotGrown, size=5, found=5)


def test_a_key_is_added_once_and_never_comes_back() -> None:
    told(opened()).when(added("old")).refused(KeyAlreadyAdded, vkey="old")
    told(opened(), added("new"), retired("old")).when(added("old")).refused(KeyAlreadyAdded, vkey="old")


def test_only_a_key_that_signs_is_retired_and_never_the_last() -> None:
    told(opened()).when(retired("old")).refused(KeyNotActive, vkey="old")
    told(opened(), added("new")).when(retired("another")).refused(KeyNotActive, vkey="another")
    told(opened(), added("new"), retired("old")).when(retired("old")).refused(KeyNotActive, vkey="old")


def test_the_stream_is_that_of_the_log() -> None:
    told().when(opened().but(stream="log/city")).refused(StreamDiffers)


@pytest.mark.parametrize(
    "envelope", [{"log": "ledger.test/p/town"}, {"role": "organizer"}, {"via": "town-hall"}, {"actor": digest("anne")[:22]}], ids=str
)
def test_the_ledger_writes_its_log_itself(envelope: dict[str, str]) -> None:
    told().when(opened().but(**envelope)).refused(LedgerEnvelopeUnfit, index=0, origin=ORIGIN)


def test_entries_about_a_log_are_numbered_without_gaps() -> None:
    told(opened()).when(checkpointed(2).but(version=3)).refused(VersionDiffers, expected=2, found=3)


def test_events_of_projects_are_none_of_the_ledger_log_and_the_other_way_round() -> None:
    of_projects, of_ledger = ({event.wire_type() for event in events} for events in (EVENTS, LEDGER_EVENTS))
    assert not of_projects & of_ledger
    [entry] = told(opened()).entries
    with pytest.raises(Malformed):
        read_event(entry)
    with pytest.raises(Malformed):
        read_ledger_event(entry.replace(b"log.opened/1", b"project.opened/1"))
    project_event = read_ledger_event(entry)
    project_event.data = EVENTS[0].model_construct()
    for call in (admit_logged, lambda event, logs: evolve_logged(logs, event)):
        with pytest.raises(AssertionError, match="no event of a ledger log"):
            call(project_event, LoggedLogs(ORIGIN))
