"""A ledger log on a test database, and what monitors would find in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ledger.aggregates.ledger_log import LoggedLogs, admit_logged, evolve_logged
from ledger.canonical import is_canonical
from ledger.events import Event
from ledger.events.envelope import entry_bytes
from ledger.events.ledger_log import LEDGER_LOG, LoggedEvent, read_ledger_event
from ledger.store.checkpoints import CheckpointSigner
from ledger.store.datastore import LedgerDatastore
from ledger.store.ledger_log import LedgerLogWriter
from ledger.store.log import NothingShown, PostgresLog
from ledger.store.projects import find_ledger_log
from ledger.tlog.checkpoint import signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.proof import frontier_of_tiles
from ledger.tlog.tree import leaf_hash, tree_root
from tests.posting import HOST, Ledger, ledger


@dataclass
class Stating:
    """A write path, a signer and a writer of the ledger log, which do what a test says."""

    town: Ledger
    datastore: LedgerDatastore
    signer: CheckpointSigner = field(init=False)
    writer: LedgerLogWriter = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another process takes over: nothing is known but what is on disk."""
        self.town.execute("DELETE FROM leases")
        self.writer = self.another()
        self.signer = CheckpointSigner(self.datastore, self.town.keys, self.writer.round)

    def another(self) -> LedgerLogWriter:
        """The writer of another process."""
        return LedgerLogWriter(self.datastore, self.town.keys, self.town.clock, HOST)

    def pass_seconds(self, seconds: float) -> None:
        """The test clock goes on."""
        later = datetime.fromisoformat(self.town.clock.time) + timedelta(seconds=seconds)
        self.town.clock.time = f"{later:%Y-%m-%dT%H:%M:%S}.{later.microsecond // 1000:03d}Z"

    def log(self) -> PostgresLog:
        with self.datastore.connection() as connection:
            found = find_ledger_log(connection)
        assert found is not None
        return PostgresLog(self.datastore, found, NothingShown())

    def events(self) -> list[Event]:
        """The entries of the ledger log, once each was admitted after those before it: without gaps, hashed right, canonical."""
        log = self.log()
        logs = LoggedLogs(f"{HOST}/ledger")
        events = []
        hashes = [found for _, found in log.leaf_hashes(0, log.size())]
        times = []
        for seq, entry in log.entries(0, log.size()):
            event = read_ledger_event(entry)
            assert (event.seq, leaf_hash(entry)) == (seq, hashes[seq])
            assert is_canonical(entry) and entry_bytes(event) == entry
            admit_logged(event, logs)
            evolve_logged(logs, event)
            events.append(event)
            times.append(event.at)
        assert times == sorted(times)
        return events

    def about(self, ref: str) -> list[LoggedEvent]:
        """What is said of one log."""
        return [event.data for event in self.events() if isinstance(event.data, LoggedEvent) and event.data.project == ref]

    def told(self, ref: str) -> list[tuple[object, ...]]:
        """The same in short: type, and size and cause of what is a checkpoint."""
        return [tuple(getattr(data, name) for name in ("TYPE", "size", "cause") if hasattr(data, name)) for data in self.about(ref)]

    def check_signed(self) -> int:
        """The size of the newest checkpoint of the ledger log, once its tiles and entries were found to make its root."""
        log = self.log()
        newest = log.newest_checkpoint()
        assert newest is not None
        checkpoint = signed_checkpoint(parse_note(newest.note.encode()), self.town.keys.vkeys(LEDGER_LOG))
        assert checkpoint is not None
        entries = [entry for _, entry in log.entries(0, checkpoint.size)]
        assert checkpoint.root == tree_root([leaf_hash(entry) for entry in entries])
        assert frontier_of_tiles(checkpoint.size, log.tiles).root() == checkpoint.root
        return checkpoint.size


@contextmanager
def stating(database: str) -> Iterator[Stating]:
    with ledger(database) as town, LedgerDatastore(database, pool_size=1) as datastore:
        yield Stating(town, datastore)
