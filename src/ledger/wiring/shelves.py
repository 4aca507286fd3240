"""What is read over HTTP, from the parts of a ledger. See `ledger.api.library.Library`."""

from collections.abc import Iterator, Sequence

from ledger.api.library import LedgerStatus, ListedProject, Shelf, SignedLog
from ledger.wiring.ledger import Ledger
from ledger.wiring.ledger_status import LedgerStatusReader
from ledger.wiring.packages import PackageProcesses, vouched_package


class Shelves:
    """The projects of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._status = LedgerStatusReader(ledger)
        self._packages = PackageProcesses(ledger.settings, ledger.conninfo)

    def projects(self) -> Sequence[ListedProject]:
        """See `Library.projects`."""
        return [ListedProject(project.ref, project.origin, project.opened_at, size) for project, size in self._ledger.sizes()]

    def shelf(self, project: str) -> Shelf:
        """See `Library.shelf`."""
        found = self._ledger.project(project)
        log = self._ledger.log(found)

        def package() -> Iterator[bytes]:
            vouched_package(self._ledger, project)
            return self._packages.pieces(project)

        return Shelf(project, log, self._ledger.publisher(found), package)

    def ledger(self) -> SignedLog:
        """See `Library.ledger`."""
        return self._ledger.ledger_log()

    def ledger_status(self) -> LedgerStatus:
        """See `Library.ledger_status`."""
        return self._status.status()

    def check_ready(self) -> None:
        """See `Library.check_ready`: the database answers, and the time is beyond doubt."""
        with self._ledger.datastore.connection() as connection:
            connection.execute("SELECT 1")
        self._ledger.clock.now()
