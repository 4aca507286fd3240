"""A recorded log of which a court has something withheld."""

from typing import Any

from ledger.aggregates import Aggregates, evolve, pass_over
from ledger.events import Event
from ledger.events.privacy import EntryRedacted
from ledger.sealing import digest_text
from ledger.tlog.tree import leaf_hash
from tests.recorded import RecordedLog


def redact(log: RecordedLog, entry: int, **fields: Any) -> Event:
    """The bytes of an entry are withheld: an event says so, and whoever folds the log passes the entry over."""
    of, stored = log._folded[entry][0], log.stored[entry]
    about = {"entry": entry, "leaf_hash": digest_text(leaf_hash(stored)), "stream": of.stream, "type": of.type, "version": of.version}
    redaction = log.post("entry.redacted", **{**about, "authority": "court-7", "code": "defamation", **fields})
    assert isinstance(redaction.data, EntryRedacted)
    withhold(log, entry, redaction.data.left().line())
    return redaction


def withhold(log: RecordedLog, entry: int, line: bytes) -> None:
    """The line stands in place of the entry from here on, with or without an event that says so."""
    stream = log._folded[entry][0].stream
    log.stored[entry] = line
    log._redacted.add(entry)
    log.shown = {place: text for place, text in log.shown.items() if place[0] != entry}
    for sealed in log._sealed.values():
        if sealed.get(stream, (-1,))[0] == entry:
            del sealed[stream]
    log.aggregates = Aggregates()
    for event, _ in log._folded:
        if event.seq in log._redacted:
            pass_over(log.aggregates, event.stream, event.version)
        else:
            evolve(log.aggregates, event)
    log._fold_again()


def seqs_of(log: RecordedLog, stream: str) -> list[int]:
    """The entries of a stream, those that are redacted too."""
    return [event.seq for event, _ in log._folded if event.stream == stream]
