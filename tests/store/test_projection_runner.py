"""Views are folded exactly once, in whatever runs, by however many processes, and rebuilt while the old rows are served."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import monotonic, sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import ProjectUnknown
from ledger.events import Event
from ledger.projections import Row, Texts
from ledger.store.datastore import LedgerDatastore
from ledger.store.projection_runner import ProjectionRunner
from ledger.store.projects import Project
from ledger.store.view_batch import CURRENT_ROWS, END_ROWS
from ledger.store.views import LATEST, ROW, ROWS, PostgresViews
from tests.contracts.memory_views import MemoryViews
from tests.store.test_streams import scanned
from tests.store.voting import LastChoices, Turnout, actor, append, history, open_project

PROJECTIONS = (Turnout(), LastChoices())
NAMES = [projection.name for projection in PROJECTIONS]
ACTS = st.lists(
    st.tuples(st.integers(0, 4), st.none() | st.lists(st.integers(0, 3), max_size=2, unique=True).map(tuple)), min_size=1, max_size=40
)
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def datastore(database: str) -> Iterator[LedgerDatastore]:
    with LedgerDatastore(database) as datastore:
        yield datastore


def stored(datastore: LedgerDatastore, events: list[Event]) -> Project:
    """A new project with these events."""
    with datastore.connection() as connection, connection.transaction():
        project = open_project(connection, f"p{next(_NUMBERS)}")
        append(connection, project, events)
    return project


@pytest.fixture(scope="module")
def voted(datastore: LedgerDatastore) -> Project:
    """A project in which 3000 people voted, folded."""
    project = stored(datastore, history([(who, (who,)) for who in range(3000)]))
    ProjectionRunner(datastore, [LastChoices()]).catch_up(project.ref)
    return project


def views_of(datastore: LedgerDatastore, project: Project) -> PostgresViews:
    return PostgresViews(datastore, project.project_id, NAMES)


def runner_of(
    datastore: LedgerDatastore, *, turnout: int = 1, choices: LastChoices | None = None, events_at_once: int = 3
) -> ProjectionRunner:
    return ProjectionRunner(datastore, (Turnout(turnout), choices or LastChoices()), events_at_once)


class Stumbled(Exception):
    """A fold that could not go on."""


class Failing(LastChoices):
    """Fails at an event of this seq or later, of this person or anybody, until `at` is None."""

    def __init__(self, at: int | None, whose: int | None = None) -> None:
        self.at = at
        self._whose = whose

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        if self.at is not None and event.seq >= self.at and (self._whose is None or event.actor == actor(self._whose)):
            raise Stumbled
        return super().apply(key, row, event, texts)


def assert_folded(views: PostgresViews, events: list[Event], turnout: int = 1) -> None:
    """The views are those of the events, at every size."""
    reference = MemoryViews((Turnout(turnout), LastChoices()), events)
    assert views.reflected() == len(events)
    for size in range(len(events) + 1):
        for name in NAMES:
            assert list(views.latest(name, size)) == list(reference.latest(name, size)), (name, size)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, cut=st.integers(0, 40), at_once=st.integers(1, 12))
def test_views_are_the_same_in_whatever_runs_they_are_folded(
    datastore: LedgerDatastore, acts: list[tuple[int, tuple[int, ...] | None]], cut: int, at_once: int
) -> None:
    events = history(acts)
    project = stored(datastore, events[:cut])
    runner = runner_of(datastore, events_at_once=at_once)
    assert runner.catch_up(project.ref) == len(events[:cut])
    with datastore.connection() as connection, connection.transaction():
        append(connection, project, events[cut:])
    assert runner.catch_up(project.ref) == len(events)
    assert_folded(views_of(datastore, project), events)


def test_a_run_that_fails_leaves_no_trace_and_is_done_again(datastore: LedgerDatastore) -> None:
    events = history([(who % 5, (who,)) for who in range(20)])
    project = stored(datastore, events)
    failing = Failing(9)
    runner = runner_of(datastore, choices=failing)
    with pytest.raises(Stumbled):
        runner.catch_up(project.ref)
    views = views_of(datastore, project)
    assert views.reflected() == 9
    assert max(key for key, _ in views.latest("last_choices", 20)) <= max(key for key, _ in views.latest("last_choices", 9))
    failing.at = None
    assert runner.catch_up(project.ref) == 20
    assert_folded(views, events)


def test_several_processes_at_once_fold_each_event_once(datastore: LedgerDatastore) -> None:
    events = history([(who % 7, (who,)) for who in range(120)])
    project = stored(datastore, events)
    with ThreadPoolExecutor(4) as processes:
        assert set(processes.map(lambda _: runner_of(datastore).catch_up(project.ref), range(4))) == {120}
    assert_folded(views_of(datastore, project), events)


def test_the_old_rows_are_served_until_the_new_ones_have_caught_up(datastore: LedgerDatastore) -> None:
    events = history([(who % 5, (who,)) for who in range(10)])
    project = stored(datastore, events)
    runner, views = runner_of(datastore), views_of(datastore, project)
    runner.catch_up(project.ref)
    # A mark on the old rows, by which to tell them from new ones.
    with datastore.connection() as connection:
        connection.execute("UPDATE view_rows SET row = %s WHERE project_id = %s", (b'{"old":true}', project.project_id))
    being_read = views.rows("last_choices", 10)
    first = next(being_read)
    runner.rebuild(project.ref)
    assert views.reflected() == 10
    assert {str(row) for _, row in views.rows("last_choices", 10)} == {"{'old': True}"}
    assert runner.catch_up(project.ref) == 10
    assert_folded(views, events)
    assert {str(row) for _, row in (first, *being_read)} == {"{'old': True}"}, "who had begun to read reads to the end"
    assert generations(datastore, project, "turnout") == [(1, 1, False), (2, 1, True)]
    runner.rebuild(project.ref)
    runner.rebuild(project.ref)
    runner.catch_up(project.ref)
    assert generations(datastore, project, "turnout") == [(2, 1, False), (4, 1, True)]
    assert_folded(views, events)


def test_a_projection_whose_version_rose_is_rebuilt_and_an_older_process_leaves_it_alone(datastore: LedgerDatastore) -> None:
    events = history([(who % 5, (who,)) for who in range(10)])
    project = stored(datastore, events)
    old, new, views = runner_of(datastore), runner_of(datastore, turnout=2), views_of(datastore, project)
    old.catch_up(project.ref)
    assert new.catch_up(project.ref) == 10
    assert generations(datastore, project, "turnout") == [(1, 1, False), (2, 2, True)]
    assert generations(datastore, project, "last_choices") == [(1, 1, True)]
    assert_folded(views, events, turnout=2)
    more = history([(who % 5, (who,)) for who in range(14)])
    with datastore.connection() as connection, connection.transaction():
        append(connection, project, more[10:])
    old.catch_up(project.ref)
    assert views.reflected() == 10
    new.catch_up(project.ref)
    assert_folded(views, more, turnout=2)
    assert len(generations(datastore, project, "turnout")) == 2


def test_the_thread_keeps_views_caught_up_and_one_projects_fault_to_itself(datastore: LedgerDatastore) -> None:
    events = history([(who % 5, (who,)) for who in range(10)])
    faulty, sound = stored(datastore, history([(99, (0,))])), stored(datastore, events[:2])
    views = views_of(datastore, sound)
    with runner_of(datastore, choices=Failing(0, whose=99)) as runner:
        wait_for(views, 2)
        with datastore.connection() as connection, connection.transaction():
            append(connection, sound, events[2:])
        runner.wake()
        wait_for(views, 10)
    assert_folded(views, events)
    assert views_of(datastore, faulty).reflected() == 0


def test_a_project_that_is_not_there_cannot_be_folded(datastore: LedgerDatastore) -> None:
    runner = runner_of(datastore)
    for call in (runner.catch_up, runner.rebuild):
        with pytest.raises(ProjectUnknown):
            call("nowhere")


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    ("query", "index"), [(CURRENT_ROWS, "pkey"), (END_ROWS, "pkey"), (ROWS, "pkey"), (LATEST, "by_seq"), (ROW, "pkey")]
)
def test_rows_are_found_by_their_index_though_nobody_analysed_the_table(
    datastore: LedgerDatastore, voted: Project, query: str, index: str, analysed: bool
) -> None:
    keys = [actor(who) for who in range(100)]
    generation = (voted.project_id, "last_choices", 1)
    parameters = {
        CURRENT_ROWS: (keys, *generation),
        END_ROWS: (keys, [*range(100)], [9999] * 100, *generation, voted.project_id),
        ROWS: (*generation, 2500, 2500, keys[0], 500),
        LATEST: (*generation, 2500, 2500, 500, keys[0], 500),
        ROW: (*generation, keys[0], 2500, 2500),
    }[query]
    with datastore.connection() as connection, connection.transaction(force_rollback=True), connection.cursor() as cursor:
        if analysed:
            cursor.execute("ANALYZE view_rows")
        plan = cursor.execute(f"EXPLAIN (FORMAT JSON) {query}".encode(), parameters).fetchone()
    assert plan is not None
    # Of rows that end, their places in the table are looked up first, each by its whole key; what they are then found by is their place.
    [scan] = [scan for scan in scanned(plan["QUERY PLAN"][0]["Plan"]) if query != END_ROWS or "Index Name" in scan]
    assert (scan["Node Type"], scan.get("Index Name")) == ("Index Scan", f"view_rows_{index}")
    looked_up_by = {CURRENT_ROWS: "(key = ", END_ROWS: "(from_seq = ", ROW: "(key = "}.get(query, "(generation = ")
    assert looked_up_by in scan["Index Cond"]


def generations(datastore: LedgerDatastore, project: Project, projection: str) -> list[tuple[int, int, bool]]:
    with datastore.connection() as connection:
        rows = connection.execute(
            "SELECT generation, version, serving FROM view_generations WHERE project_id = %s AND projection = %s ORDER BY generation",
            (project.project_id, projection),
        ).fetchall()
    return [(row["generation"], row["version"], row["serving"]) for row in rows]


def wait_for(views: PostgresViews, size: int) -> None:
    deadline = monotonic() + 30
    while views.reflected() < size:
        assert monotonic() < deadline, "the thread does not get there"
        sleep(0.01)
