"""The parts of a ledger on one database, each made when it is first asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from ledger.errors import CheckpointMissing, FieldMissing, LedgerError, ProjectUnknown
from ledger.events.ledger_log import LEDGER_LOG
from ledger.ports import Client, Clock
from ledger.projections import PROJECTIONS
from ledger.projections.readings.outcomes import compute_result
from ledger.publish import Counts, Publisher
from ledger.settings import Settings
from ledger.store.certifying import PolicyFile, WitnessedResults, Witnessing
from ledger.store.clients import find_client
from ledger.store.clock import GuardedClock, SystemEntropy
from ledger.store.cosignatures import check_witnessed
from ledger.store.counting import Computed
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import StoredDisclosures
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.guard import barred
from ledger.store.keystore import FileKeyStore
from ledger.store.ledger_log import LedgerLogWriter
from ledger.store.log import NothingShown, PostgresLog
from ledger.store.log_keys import LogKeys
from ledger.store.migrate import migrate, require_migrated
from ledger.store.projection_runner import ProjectionRunner
from ledger.store.projects import Project, find_ledger_log, find_project, list_projects, log_sizes
from ledger.store.sequencer import Sequencer, collect_seldom
from ledger.store.views import PostgresViews
from ledger.submit import Intake
from ledger.wiring.witnesses import read_policy_file

Appended = Callable[[str, int], None]
"""Told of each project that grew, and the size of its log."""


@contextmanager
def open_database(settings: Settings, *, migrating: bool = False) -> Iterator[str]:
    """The connection string of the ledger's database, which runs meanwhile; its tables are those of this version.

    The embedded database is always brought up to date, another one only when `migrating`. Raises `Unavailable` leaves.
    """
    if settings.database_url is not None:
        (migrate if migrating else require_migrated)(settings.database_url)
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_dir) as postgres:
        migrate(postgres.url)
        yield postgres.url


@contextmanager
def open_ledger(settings: Settings) -> Iterator["Ledger"]:
    """A ledger on the database of the settings, for one command: beside a running service, or without one."""
    with open_database(settings) as conninfo:
        ledger = Ledger(settings, conninfo)
        with ledger.datastore:
            yield ledger


def guarded_clock(settings: Settings) -> GuardedClock:
    """The time of this machine under the guard that all processes on the data folder share."""
    return GuardedClock(settings.data_dir / "clock.json")


class Ledger:
    """Everything made from settings and one database. Whoever makes it closes its datastore."""

    def __init__(self, settings: Settings, conninfo: str, clock: Clock | None = None) -> None:
        """`clock` takes the place of this machine's."""
        self.settings = settings
        self.conninfo = conninfo
        self.datastore = LedgerDatastore(conninfo)
        self.keys = FileKeyStore(settings.keys)
        self.entropy = SystemEntropy()
        self._disclosures = StoredDisclosures(self.keys, self.entropy)
        self._counts = Counts()
        self._projects: dict[str, Project] = {}
        self._ledger_log: PostgresLog | None = None
        self._clock = clock

    @cached_property
    def clock(self) -> Clock:
        """The guarded time of this machine, or of the clock that was given."""
        return self._clock or guarded_clock(self.settings)

    @cached_property
    def runner(self) -> ProjectionRunner:
        """What folds events into views. It runs when it is started; `catch_up` works without."""
        return ProjectionRunner(self.datastore, PROJECTIONS)

    def client(self, key: str) -> Client | None:
        """The client that has this API key; None where nobody has it, or it was revoked."""
        with self.datastore.connection() as connection:
            return find_client(connection, key)

    def sizes(self) -> list[tuple[Project, int]]:
        """Every project with the size of its log, by reference ascending."""
        with self.datastore.connection() as connection:
            return sorted(log_sizes(connection), key=lambda sized: sized[0].ref)

    def project(self, ref: str) -> Project:
        """The project of this reference. Raises `ProjectUnknown`."""
        found = self._projects.get(ref)
        if found is None:
            with self.datastore.connection() as connection:
                found = find_project(connection, ref)
            if found is None:
                raise ProjectUnknown(ref[:64])
            # A project is never renamed or removed, so it may be kept; nor can strangers fill this up with names.
            self._projects[ref] = found
        return found

    @cached_property
    def witness_policy(self) -> PolicyFile | None:
        """Who is to witness the ledger log, by the operator's file; None where there is none. Raises `MalformedPolicy`."""
        return None if self.settings.witness_policy is None else read_policy_file(self.settings.witness_policy)

    def _witnessing(self) -> Witnessing | None:
        policy = self.witness_policy
        return None if policy is None else WitnessedResults(self.datastore, policy, self._state).of

    def _state(self, ref: str) -> None:
        self.ledger_log_writer.note(ref, "grown")

    @cached_property
    def ledger_log_writer(self) -> LedgerLogWriter:
        """What says in the ledger log which logs there are and how far they have come."""
        return LedgerLogWriter(self.datastore, self.keys, self.clock, self._host())

    def _host(self) -> str:
        """What a ledger log that is made now is named after.

        On a machine of one's own, where no origin was set, a service names its logs by the port that it listens at; a command beside it,
        which may be the first that needs the ledger log, knows that port only from the projects.
        """
        if "origin" in self.settings.model_fields_set:
            return self.settings.origin
        with self.datastore.connection() as connection:
            projects = [project for project, _ in log_sizes(connection)]
        return projects[-1].origin.removesuffix(f"/p/{projects[-1].ref}") if projects else self.settings.origin

    @cached_property
    def log_keys(self) -> LogKeys:
        """What exchanges the keys that sign logs, and ends a log."""
        return LogKeys(self.datastore, self.keys, self.ledger_log_writer)

    def barred(self) -> list[LedgerError]:
        """Why which logs can be read only, the ledger log's first: the database does not have what was signed, or witnessed, of them."""
        with self.datastore.connection() as connection:
            found = find_ledger_log(connection)
            try:
                check_witnessed(connection)
            except LedgerError as error:
                return [error]
            return barred(connection, [*([found] if found else []), *list_projects(connection)], self.keys)

    def ledger_log(self) -> PostgresLog:
        """The ledger log. Raises `CheckpointMissing` before its first entry."""
        if self._ledger_log is None:
            with self.datastore.connection() as connection:
                found = find_ledger_log(connection)
            if found is None:
                raise CheckpointMissing(LEDGER_LOG)
            self._ledger_log = PostgresLog(self.datastore, found, NothingShown())
        return self._ledger_log

    def log(self, project: Project) -> PostgresLog:
        """The project's log."""
        return PostgresLog(self.datastore, project, self._disclosures)

    def publisher(self, project: Project) -> Publisher:
        """What is published of the project."""
        views = PostgresViews(self.datastore, project.project_id, [projection.name for projection in PROJECTIONS])
        return Publisher(project.ref, project.origin, self.log(project), views, self._counts)

    def computed(self, ref: str, step: str, cut_off: int) -> Computed:
        """See `ledger.store.counting.ComputeResult`; brings the views up to date first, whoever else is at it."""
        self.runner.catch_up(ref)
        publisher = self.publisher(self.project(ref))
        result = compute_result(publisher.source(publisher.size()), step)
        if result is None or result.cut_off != cut_off:
            raise FieldMissing("result.computed/1", "digest")
        return Computed(result.winners, result.digest)

    @contextmanager
    def writing(self, appended: Appended | None = None) -> Iterator[Intake]:
        """The way in for submissions; what waits at the end is recorded before this returns."""
        sequencer = Sequencer(self.conninfo, self.settings.origin, self.keys, self.clock, self.entropy, appended)
        collect_seldom()
        sequencer.start()
        try:
            yield Intake(sequencer, self.datastore, self.keys, self.entropy, self.computed, self._witnessing())
        finally:
            sequencer.stop()
