"""A redaction withholds an entry with the event that says so: from then on nothing of it is read, folded, shown or kept."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import psycopg
import pytest

from ledger.errors import (
    AlreadyErased,
    AlreadyRedacted,
    AlreadyVoted,
    ContributionUnknown,
    EntryNotRedactable,
    EntryUnknown,
    FieldDiffers,
    LogIncomplete,
    RoleNotHeld,
    ScopeMissing,
    SectionUnknown,
    ViewsRebuilding,
)
from ledger.events.privacy import ScopeKeyDestroyed
from ledger.events.redacted import is_redacted, read_redacted
from ledger.projections import PROJECTIONS
from ledger.projections.folding import FoldedSource
from ledger.publish import Counts, Publisher
from ledger.store.datastore import LedgerDatastore
from ledger.store.log import NothingShown, PostgresLog
from ledger.store.projection_runner import ProjectionRunner
from ledger.store.recorder import ProjectRecorder
from ledger.store.views import PostgresViews
from ledger.submit import REDACT
from tests.contracts.memory_keys import MemoryKeyStore
from tests.posting import TOWN, Document, Ledger, ballot, ledger, opening, organizer, preparation, vote_opened
from tests.store.talking import BENCH, LAMP, assert_explained, contributed, erase, keep, opened, told, words, written


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def redaction(entry: int, **data: Any) -> Document:
    return organizer("entry.redacted", entry=entry, **{"authority": "court-7", "code": "defamation", **data})


def stored(town: Ledger, ref: str, seq: int) -> Any:
    [(entry,)] = town.query("SELECT entry FROM events JOIN projects USING (project_id) WHERE ref = %s AND seq = %s", ref, seq)
    return entry


def test_the_bytes_and_all_that_they_committed_to_are_gone_with_the_event(town: Ledger) -> None:
    told(town, "gone")
    before = town.entries("gone")
    texts = opened(town, "gone")
    town.post("gone", redaction(5))
    assert stored(town, "gone", 5) is None
    data = orjson.loads(town.entries("gone")[-1])["data"]
    left = read_redacted(town.entries("gone")[5])
    assert data == {
        "authority": "court-7",
        "code": "defamation",
        "entry": 5,
        "leaf_hash": left.leaf_hash,
        "stream": BENCH,
        "type": "contribution.submitted/2",
        "version": 1,
    }
    assert (left.seq, left.stream, left.type, left.version, left.authority) == (5, BENCH, "contribution.submitted/2", 1, "court-7")
    assert [*town.entries("gone")[:5], *town.entries("gone")[6:-1]] == [*before[:5], *before[6:]]
    assert opened(town, "gone") == {place: text for place, text in texts.items() if place[0] != 5}
    assert "corps de bench" not in words(town, "gone")
    assert_explained(town, "gone")
    assert town.query("SELECT erasures FROM rotations_due WHERE project_id = %s", town.project("gone").project_id) == [(1,)]
    keep(town)
    assert opened(town, "gone").keys() == {place for place in texts if place[0] != 5}


def test_what_cannot_be_redacted_is_refused_and_nothing_happens(town: Ledger) -> None:
    told(town, "refused")
    size = len(town.entries("refused"))
    refusals: list[tuple[Document, type[Exception]]] = [
        (redaction(0), EntryNotRedactable),
        (redaction(2), EntryNotRedactable),
        (redaction(12), EntryNotRedactable),
        (redaction(size), EntryUnknown),
        (redaction(2**53 - 1), EntryUnknown),
        (redaction(5, stream=LAMP), FieldDiffers),
        (redaction(5, version=2), FieldDiffers),
        (redaction(5, leaf_hash="A" * 43), FieldDiffers),
    ]
    for document, leaf in refusals:
        with pytest.raises(leaf):
            town.post("refused", document)
    with pytest.raises(ScopeMissing) as missing:
        town.post("refused", redaction(5), client=replace(TOWN, scopes=TOWN.scopes - {REDACT}))
    assert missing.value.scope == REDACT
    with pytest.raises(RoleNotHeld):
        town.post("refused", redaction(5), client=replace(TOWN, name="stranger"))
    assert len(town.entries("refused")) == size
    town.post("refused", redaction(5, stream=BENCH, version=1))
    with pytest.raises(AlreadyRedacted):
        town.post("refused", redaction(5))
    with pytest.raises(AlreadyErased):
        town.post("refused", organizer("content.erased", entry=5, ground="asked", authority="order-1"))


def test_two_redactions_of_one_entry_in_one_request_are_one_too_many(town: Ledger) -> None:
    told(town, "twice")
    with pytest.raises(AlreadyRedacted):
        town.post("twice", redaction(6), redaction(6))
    assert not is_redacted(town.entries("twice")[6])
    outcomes = town.post("twice", redaction(6), redaction(6), redaction(7), atomic=False).outcomes
    assert [isinstance(outcome, AlreadyRedacted) for outcome in outcomes] == [False, True, False]
    assert [is_redacted(entry) for entry in town.entries("twice")[5:9]] == [False, True, True, False]


def test_the_same_request_sent_again_is_answered_as_it_was(town: Ledger) -> None:
    told(town, "again")
    first = town.post("again", redaction(5), key="order")
    again = town.post("again", redaction(5), key="order")
    assert (again.replayed, again.outcomes) == (True, first.outcomes)


def test_a_legal_hold_keeps_nobody_from_carrying_out_an_order(town: Ledger) -> None:
    told(town, "held")
    town.post("held", organizer("legal_hold.placed", ref="hold", code="lawsuit"))
    town.post("held", redaction(5))
    assert is_redacted(town.entries("held")[5])


def test_what_was_submitted_in_it_is_not_known_any_more_and_other_things_are(town: Ledger) -> None:
    told(town, "unknown")
    town.post("unknown", redaction(6))
    with pytest.raises(ContributionUnknown):
        town.post("unknown", written("stance.cast", "cy", step="talk", target=LAMP, value="agree", target_version=1))
    with pytest.raises(ContributionUnknown):
        town.post("unknown", written("contribution.revised", "bo", ref="lamp", step="talk", title={"fr": "x"}))
    town.post("unknown", written("stance.cast", "cy", step="talk", target=BENCH, value="agree", target_version=1))
    town.post("unknown", contributed("other", "bo"))
    assert "secret de bo" in words(town, "unknown")
    erase(town, "unknown", participant="bo")
    assert "secret de bo" not in words(town, "unknown")


def test_another_process_forgets_what_it_had_folded_of_it(database: str) -> None:
    keys = MemoryKeyStore()
    with ledger(database, keys=keys) as one, ledger(database, keys=keys) as other:
        one.post("shared", opening(), organizer("text.published", ref="bill", title={"fr": "Loi"}))
        one.post("shared", organizer("section.added", ref="bill", section="a", title={"fr": "a"}, body={"fr": "secret"}))
        other.post("shared", organizer("section.added", ref="bill", section="b", title={"fr": "b"}, body={"fr": "b"}))
        one.post("shared", redaction(2))
        for town in (one, other):
            with pytest.raises(SectionUnknown):
                town.post("shared", organizer("section.amended", ref="bill", section="a", body={"fr": "c"}))
        other.post("shared", organizer("section.amended", ref="bill", section="b", body={"fr": "c"}))
        assert len(one.events("shared")) == 5


def test_a_person_whose_ballot_is_redacted_replaces_it(town: Ledger) -> None:
    town.post("voted", *vote_opened(), ballot("ada", 0), ballot("bo", 1))
    [seq] = [event.seq for event in town.events("voted") if event.type == "ballot.cast/1"][:1]
    town.post("voted", redaction(seq))
    with pytest.raises(AlreadyVoted):
        town.post("voted", ballot("ada", 1))
    town.post("voted", ballot("ada", 1, name="ballot.replaced"))


def test_sealed_choices_that_are_redacted_are_not_among_those_disclosed(town: Ledger) -> None:
    town.post("sealed", *vote_opened(secrecy="sealed"), *(ballot(name, 0) for name in ("ada", "bo", "cy")))
    town.post("sealed", ballot("bo", 1, name="ballot.replaced"))
    cast = [event.seq for event in town.events("sealed") if event.type == "ballot.cast/1"]
    town.post("sealed", redaction(cast[0]))
    replaced = [event.seq for event in town.events("sealed") if event.type == "ballot.replaced/1"]
    town.post("sealed", redaction(replaced[0]), organizer("step.closed", step="vote"))
    town.post("sealed", organizer("ballots.disclosed", step="vote"))
    assert town.events("sealed")[-1].data.model_dump()["count"] == 1
    left = town.query("SELECT seq FROM disclosures WHERE project_id = %s AND visibility = 'sealed'", town.project("sealed").project_id)
    assert {seq for (seq,) in left} == {cast[1], cast[2]}


class Shown:
    """What is published of a project, and what a fold from the beginning says."""

    def __init__(self, town: Ledger, datastore: LedgerDatastore, ref: str) -> None:
        self.town, self.ref = town, ref
        self.project = town.project(ref)
        self.runner = ProjectionRunner(datastore, PROJECTIONS, events_at_once=7)
        self.log = PostgresLog(datastore, self.project, NothingShown())
        views = PostgresViews(datastore, self.project.project_id, [projection.name for projection in PROJECTIONS])
        self.publisher = Publisher(ref, self.project.origin, self.log, views, Counts())

    def rows(self, size: int) -> dict[str, list[Any]]:
        source = self.publisher.source(size)
        return {projection.name: [*source.unresolved(projection.name)] for projection in PROJECTIONS}

    def folded(self, size: int) -> dict[str, list[Any]]:
        source = FoldedSource(self.project.origin)
        events = {event.seq: event for event in self.town.events(self.ref)}
        for seq in range(size):
            if seq in events:
                source.feed(events[seq], {})
            else:
                source.pass_over(seq)
        return {projection.name: [*source.unresolved(projection.name)] for projection in PROJECTIONS}


def test_views_are_made_again_without_it_and_meanwhile_shown_to_nobody(town: Ledger) -> None:
    told(town, "views")
    with LedgerDatastore(town.conninfo, pool_size=3) as datastore:
        shown = Shown(town, datastore, "views")
        shown.runner.catch_up("views")
        size = shown.publisher.size()
        before = shown.rows(size)
        town.post("views", redaction(8))
        with pytest.raises(ViewsRebuilding):
            shown.rows(size)
        assert shown.publisher.size() == size, "nothing is folded on top of what has to go"
        assert shown.runner.catch_up("views") == size + 1
        for at in (size + 1, size, 10):
            assert shown.rows(at) == shown.folded(at)
        assert shown.rows(size)["stances"] != before["stances"]
        left = town.query(
            "SELECT DISTINCT projection, generation FROM view_rows WHERE project_id = %s AND projection <> 'erasures'",
            shown.project.project_id,
        )
        assert {generation for _, generation in left} == {2}
        counted = town.query("SELECT count(*) FROM view_generations WHERE project_id = %s", shown.project.project_id)
        assert counted == [(len(PROJECTIONS),)]


def test_a_second_redaction_while_views_are_made_again_begins_them_anew(town: Ledger) -> None:
    told(town, "anew")
    with LedgerDatastore(town.conninfo, pool_size=3) as datastore:
        shown = Shown(town, datastore, "anew")
        shown.runner.catch_up("anew")
        town.post("anew", redaction(8))
        shown.runner._step(shown.project)
        town.post("anew", redaction(7))
        size = shown.runner.catch_up("anew")
        assert shown.rows(size) == shown.folded(size)
        assert shown.runner.catch_up("anew") == size
        shown.runner.rebuild("anew")
        shown.runner.catch_up("anew")
        assert shown.rows(size) == shown.folded(size)


def test_the_time_of_a_redacted_entry_is_that_of_the_last_one_known_before_it(town: Ledger) -> None:
    town.post("times", opening())
    for hour in range(11, 15):
        town.clock.time = f"2026-03-01T{hour}:30:00.000Z"
        town.post("times", organizer("project.described", description={"fr": str(hour)}))
    town.clock.time = "2026-03-01T15:30:00.000Z"
    town.post("times", redaction(2), redaction(3))
    with LedgerDatastore(town.conninfo, pool_size=3) as datastore:
        shown = Shown(town, datastore, "times")
        shown.runner.catch_up("times")
        sizes = {hour: shown.publisher.size_at(f"2026-03-01T{hour}:45:00Z") for hour in range(10, 16)}
        assert sizes == {10: 1, 11: 4, 12: 4, 13: 4, 14: 5, 15: 7}
        assert [shown.publisher.source(size).last_at[11:13] for size in (1, 2, 3, 4, 5, 7)] == ["10", "11", "11", "11", "14", "15"]


def test_the_library_sees_what_is_left_of_it(town: Ledger) -> None:
    told(town, "library")
    town.post("library", redaction(5))
    with LedgerDatastore(town.conninfo, pool_size=3) as datastore:
        recorder = ProjectRecorder(datastore, town.project("library").project_id)
        [first, *_] = recorder.select_events(BENCH)
        assert read_redacted(first.state).version == 1
        states = [notification.state for notification in recorder.select_notifications(1, 1000)]
        assert states == town.entries("library")


def test_a_database_that_lost_bytes_without_a_redaction_is_not_believed(town: Ledger) -> None:
    town.post("lost", opening(), organizer("project.described", description={"fr": "x"}))
    with psycopg.connect(town.conninfo) as connection:
        connection.execute("UPDATE events SET entry = NULL WHERE project_id = %s AND seq = 1", (town.project("lost").project_id,))
    with LedgerDatastore(town.conninfo, pool_size=2) as datastore, pytest.raises(LogIncomplete):
        [*PostgresLog(datastore, town.project("lost"), NothingShown()).entries(0, 2)]


def test_after_the_key_of_authors_is_gone_an_order_is_still_carried_out(database: str) -> None:
    with ledger(database) as town:
        told(town, "late")
        town.post("late", organizer(ScopeKeyDestroyed.TYPE, scope="author", code="over"))
        town.post("late", redaction(5))
        assert "corps de bench" not in words(town, "late")


def test_preparation_of_a_vote_cannot_be_redacted(town: Ledger) -> None:
    town.post("paper", *preparation())
    for event in town.events("paper"):
        if event.stream.startswith(("selection/", "step/", "project")):
            with pytest.raises(EntryNotRedactable):
                town.post("paper", redaction(event.seq))
