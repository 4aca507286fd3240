"""Our recorders keep to the `eventsourcing` library's own contracts, with other projects' rows in the same tables."""

from collections.abc import Iterator
from itertools import count
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, TrackingRecorderTestCase

from ledger.store.datastore import LedgerDatastore
from ledger.store.projects import create_project
from ledger.store.recorder import ProjectRecorder, ProjectTrackingRecorder

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def datastore(database: str) -> Iterator[LedgerDatastore]:
    with LedgerDatastore(database) as datastore:
        yield datastore


@pytest.fixture(autouse=True)
def on_test_case(request: pytest.FixtureRequest, datastore: LedgerDatastore) -> None:
    """The library's test cases are classes of `unittest`: they find the datastore on themselves."""
    if request.cls is not None:
        request.cls.datastore = datastore


def fresh_project(datastore: LedgerDatastore) -> int:
    number = next(_NUMBERS)
    with datastore.connection() as connection, connection.transaction():
        project = create_project(connection, f"p{number}", f"example/p/{number}", "2026-03-01T10:00:00.000Z")
    assert project is not None
    return project.project_id


class TestProjectRecorder(ApplicationRecorderTestCase[ProjectRecorder]):
    datastore: LedgerDatastore

    def new_originator_id(self) -> str:
        return f"ballot/step/{uuid4()}"

    def create_recorder(self) -> ProjectRecorder:
        neighbour = ProjectRecorder(self.datastore, fresh_project(self.datastore))
        neighbour.insert_events([StoredEvent(f"ballot/step/{number}", 1, f"topic{number}", b"not mine") for number in range(5)])
        return ProjectRecorder(self.datastore, fresh_project(self.datastore))

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestProjectTrackingRecorder(TrackingRecorderTestCase):
    datastore: LedgerDatastore

    def create_recorder(self) -> ProjectTrackingRecorder:
        neighbour = ProjectTrackingRecorder(self.datastore, fresh_project(self.datastore))
        neighbour.insert_tracking(Tracking("upstream1", 1000))
        return ProjectTrackingRecorder(self.datastore, fresh_project(self.datastore))


def test_projects_have_the_same_streams_and_ids_side_by_side(datastore: LedgerDatastore) -> None:
    recorders = [ProjectRecorder(datastore, fresh_project(datastore)) for _ in range(2)]
    for number, recorder in enumerate(recorders):
        assert recorder.insert_events([StoredEvent("step/a", version, "t", b"%d" % number) for version in (1, 2)]) == [1, 2]
    for number, recorder in enumerate(recorders):
        assert [event.state for event in recorder.select_events("step/a", gt=1)] == [b"%d" % number]
        assert [(found.id, found.state) for found in recorder.select_notifications(1, 9)] == [(1, b"%d" % number), (2, b"%d" % number)]


def test_a_recorder_is_made_without_a_connection() -> None:
    ProjectRecorder(LedgerDatastore("host=/nowhere"), 1)
    ProjectTrackingRecorder(LedgerDatastore("host=/nowhere"), 1)
