"""What all views keep to: rows at every size, in their orders, as a fold over the events up to that size gives them."""

from collections.abc import Callable, Iterator

import pytest

from ledger.ports import Views
from ledger.store.datastore import LedgerDatastore
from ledger.store.projection_runner import ProjectionRunner
from ledger.store.views import PostgresViews
from tests.contracts.memory_views import MemoryViews
from tests.store.voting import LastChoices, Turnout, actor, append, history, open_project

PROJECTIONS = (Turnout(), LastChoices())
NAMES = [projection.name for projection in PROJECTIONS]
EVENTS = history([(1, (0,)), (2, (1, 2)), (1, (0,)), (2, None), (3, ()), (2, (1,)), (1, None), (3, None), (2, None), (3, (5,)), (1, (0,))])
REFERENCE = MemoryViews(PROJECTIONS, EVENTS)


@pytest.fixture(scope="module")
def stored(database: str) -> Iterator[PostgresViews]:
    """Views in the database, folded in runs of four events, with another project's rows beside them."""
    with LedgerDatastore(database) as datastore:
        with datastore.connection() as connection, connection.transaction():
            project, other = (open_project(connection, ref) for ref in ("budget", "other"))
            append(connection, project, EVENTS)
            append(connection, other, history([(1, (7,)), (9, (7,))]))
        runner = ProjectionRunner(datastore, PROJECTIONS, events_at_once=4)
        assert (runner.catch_up("other"), runner.catch_up("budget")) == (2, len(EVENTS))
        yield PostgresViews(datastore, project.project_id, NAMES)


@pytest.fixture(params=["postgres", "memory"])
def views(request: pytest.FixtureRequest, stored: PostgresViews) -> Views:
    made: dict[str, Callable[[], Views]] = {"postgres": lambda: stored, "memory": lambda: REFERENCE}
    return made[request.param]()


@pytest.mark.parametrize("size", range(len(EVENTS) + 2))
def test_rows_at_a_size_are_those_of_the_events_below_it(views: Views, size: int) -> None:
    for name in NAMES:
        assert list(views.rows(name, size)) == list(REFERENCE.rows(name, size))
        assert list(views.latest(name, size)) == list(REFERENCE.latest(name, size))


def test_rows_come_by_key_and_the_latest_by_their_last_change(views: Views) -> None:
    keys = [key for key, _ in views.rows("last_choices", 6)]
    assert keys == sorted(keys) == sorted([actor(1), actor(2), actor(3), "newest"])
    assert [key for key, _ in views.latest("last_choices", 6)] == [actor(1), actor(3), *sorted([actor(2), "newest"])]


def test_one_row_is_found_by_its_key_at_any_size(views: Views) -> None:
    for size in range(len(EVENTS) + 1):
        for key in (actor(1), actor(2), "newest", "nobody"):
            assert views.row("last_choices", key, size) == REFERENCE.row("last_choices", key, size)


def test_views_reflect_the_whole_log_when_caught_up(views: Views) -> None:
    assert views.reflected() == len(EVENTS)


def test_the_latest_after_a_seq_are_those_changed_later(views: Views) -> None:
    whole = list(views.latest("last_choices", len(EVENTS)))
    for after in range(-1, len(EVENTS)):
        later = list(views.latest("last_choices", len(EVENTS), after))
        assert later == list(REFERENCE.latest("last_choices", len(EVENTS), after))
        assert later == whole[len(whole) - len(later) :]
    assert list(views.latest("last_choices", len(EVENTS), len(EVENTS))) == []
