"""A recorded project as the service reads it: views in memory, and the log itself."""

from ledger.events import read_event
from ledger.events.redacted import is_redacted
from ledger.projections import PROJECTIONS
from ledger.publish import Counts, Publisher
from tests.contracts.memory_views import MemoryViews
from tests.recorded import RecordedLog


def publisher_of(log: RecordedLog, counts: Counts | None = None) -> Publisher:
    """A publisher over the log as it is now."""
    events = [read_event(entry) for _, entry in log.entries(0, log.size()) if not is_redacted(entry)]
    views = MemoryViews(PROJECTIONS, events)
    return Publisher("town-2026", log.origin, log, views, counts or Counts())
