"""The ledger log is no project, keeps its name and its times, and is read and written without looking at everything."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection, Cursor

from ledger.aggregates.ledger_log import LoggedLogs, evolve_logged
from ledger.errors import LedgerLogRolledBack, LedgerNameTaken, ProjectUnknown
from ledger.events.ledger_log import LEDGER_LOG, KeyAdded, LogCheckpointed, read_ledger_event
from ledger.sealing import digest_text
from ledger.store.datastore import LedgerDatastore
from ledger.store.ledger_log import LedgerLogWriter
from ledger.store.ledger_turn import LedgerTurn
from ledger.store.logged import LoggedFold, entries_about
from ledger.store.projects import create_project, list_projects, log_sizes
from ledger.tlog.tree import leaf_hash
from tests.posting import HOST, opening, organizer, vote_opened
from tests.store.stating import Stating


def test_the_ledger_log_keeps_its_name_wherever_the_ledger_moves(ledger_log: Stating) -> None:
    ledger_log.signer.round()
    ledger_log.town.post("town", opening())
    moved = LedgerLogWriter(ledger_log.datastore, ledger_log.town.keys, ledger_log.town.clock, "elsewhere.test")
    assert moved.round() == 1
    assert {event.log for event in ledger_log.events()} == {f"{HOST}/ledger"}


def test_times_never_decrease_though_another_machines_clock_was_ahead(ledger_log: Stating) -> None:
    ledger_log.signer.round()
    ledger_log.pass_seconds(-5)
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    assert len(ledger_log.events()) == 3


def test_a_project_of_an_older_version_may_bear_the_name(ledger_log: Stating) -> None:
    with ledger_log.datastore.connection() as connection:
        create_project(connection, LEDGER_LOG, f"{HOST}/p/{LEDGER_LOG}", ledger_log.town.clock.time)
    with pytest.raises(LedgerNameTaken):
        ledger_log.writer.round()


def test_nothing_is_said_in_a_ledger_log_that_was_put_back_to_an_older_state(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    log = ledger_log.log().project.project_id
    for table, beyond in (("events", "seq >= 2"), ("checkpoints", "size > 2")):
        ledger_log.town.execute(f"DELETE FROM {table} WHERE project_id = %s AND {beyond}", log)
    ledger_log.town.execute("UPDATE heads SET size = 2, shared_size = 2 WHERE project_id = %s", log)
    for writer in (ledger_log.writer, ledger_log.another()):
        with pytest.raises(LedgerLogRolledBack):
            writer.note("town", "export")
        with pytest.raises(LedgerLogRolledBack):
            writer.round()
    assert ledger_log.log().size() == 2
    ledger_log.town.execute("DELETE FROM projects WHERE project_id = %s", log)
    with pytest.raises(LedgerLogRolledBack):
        ledger_log.another().round()
    assert ledger_log.town.query("SELECT count(*) FROM projects WHERE ref = %s", LEDGER_LOG) == [(0,)]


def test_the_ledger_log_is_no_project(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    before = ledger_log.log().size()
    with ledger_log.datastore.connection() as connection:
        assert [project.ref for project in list_projects(connection)] == ["town"]
        assert [project.ref for project, _ in log_sizes(connection)] == ["town"]
    for documents in ([opening()], vote_opened(), [organizer("step.opened", step="vote")]):
        with pytest.raises(ProjectUnknown):
            ledger_log.town.post(LEDGER_LOG, *documents)
    with pytest.raises(ProjectUnknown):
        ledger_log.writer.note(LEDGER_LOG, "export")
    assert ledger_log.log().size() == before
    assert ledger_log.check_signed() == before


def test_posting_to_the_ledger_log_before_it_exists_does_not_make_it(ledger_log: Stating) -> None:
    with pytest.raises(ProjectUnknown):
        ledger_log.town.post(LEDGER_LOG, opening())
    assert ledger_log.town.query("SELECT count(*) FROM projects") == [(0,)]


def test_a_long_ledger_log_is_read_without_what_was_superseded(ledger_log: Stating) -> None:
    for ref in ("town", "city"):
        ledger_log.town.post(ref, opening())
    ledger_log.signer.round()

    def much(turn: LedgerTurn) -> None:
        for size in range(2, 1502):
            for ref in ("town", "city"):
                state = turn.logs.of(ref)
                root = digest_text(leaf_hash(f"{ref} {size}".encode()))
                turn.say(LogCheckpointed(project=ref, origin=state.origin, previous=state.last_index, size=size, root=root, cause="grown"))
                if size == 700:
                    turn.say(KeyAdded(project=ref, origin=state.origin, previous=turn.logs.of(ref).last_index, vkey=f"{ref}+second"))

    assert ledger_log.writer.append("town", much) == 3002
    log = ledger_log.log()
    step_by_step = LoggedLogs(f"{HOST}/ledger")
    for event in ledger_log.events():
        evolve_logged(step_by_step, event)
    with CountingDatastore(ledger_log.town.conninfo, pool_size=1) as datastore, datastore.connection() as connection:
        fold = LoggedFold(log.project)
        fold.catch_up_unlocked(connection)
        assert (fold.size, fold.logs) == (log.size(), step_by_step)
        assert datastore.fetched < 20
        about = entries_about(connection, log.project, "town")
        assert [read_ledger_event(entry).type for _, entry in about] == ["log.opened/1", "key.added/1"]
        assert dict(log.entries(0, log.size())).items() >= dict(about).items()


def test_a_round_in_which_nothing_changed_asks_one_thing_however_many_projects_there_are(ledger_log: Stating) -> None:
    for number in range(20):
        ledger_log.town.post(f"town-{number}", opening())
    ledger_log.signer.round()
    with CountingDatastore(ledger_log.town.conninfo, pool_size=1) as datastore:
        writer = LedgerLogWriter(datastore, ledger_log.town.keys, ledger_log.town.clock, HOST)
        assert writer.round() == 0
        datastore.executed.clear()
        assert writer.round() == 0
        assert len(datastore.executed) == 1
        ledger_log.town.post("town-7", *vote_opened()[1:2])
        ledger_log.signer.sign_round()
        datastore.executed.clear()
        assert writer.round() == 0, "it grew less than a minute after the last statement"
        assert len(datastore.executed) <= 2


class CountingDatastore(LedgerDatastore):
    """A datastore of which is known what was asked of it."""

    def __init__(self, conninfo: str, *, pool_size: int) -> None:
        self.executed: list[object] = []
        self.fetched = 0
        super().__init__(conninfo, pool_size=pool_size)

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        configure, counting = super().after_connect_func(), self

        class CountingCursor(Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
                counting.executed.append(query)
                found = super().execute(query, params, **options)
                counting.fetched += max(self.rowcount, 0)
                return found

        def after_connect(connection: Connection[Any]) -> None:
            configure(connection)
            connection.cursor_factory = CountingCursor

        return after_connect
