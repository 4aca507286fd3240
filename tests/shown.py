"""A recorded project as the service reads it: views that fold what was disclosed, and the log itself."""

from ledger.events import read_event
from ledger.projections import PROJECTIONS
from ledger.publish import Counts, Publisher
from ledger.sealing import read_disclosure
from tests.contracts.memory_views import MemoryViews
from tests.recorded import RecordedLog


def publisher_of(log: RecordedLog, counts: Counts | None = None) -> Publisher:
    """A publisher over the log as it is now. Sealed choices are not in the views: the service folds before they are disclosed."""
    events = [read_event(entry) for _, entry in log.entries(0, log.size())]
    disclosed: dict[int, dict[str, object]] = {}
    for seq, name, text in log.disclosures(0, log.size()):
        if name != "entries":
            disclosed.setdefault(seq, {})[name] = read_disclosure(text).value
    views = MemoryViews(PROJECTIONS, events, disclosed)  # type: ignore[arg-type]  # values of disclosures are JSON
    return Publisher("town-2026", log.origin, log, views, counts or Counts())
