"""Packages made by whoever asks, and for the service by a process of their own: making one takes as much of the processor as it can get,
and in the serving process it would take it from everybody who is writing.
"""

from collections.abc import Callable, Iterator
from io import RawIOBase
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import BoundedSemaphore
from typing import BinaryIO, cast

from ledger.errors import CheckpointMissing, KeyMissing, PackagesBusy, VisibilityChanged
from ledger.events.ledger_log import LEDGER_LOG
from ledger.exports import LogAtSize, Vouchers, export_package
from ledger.exports.extracting import extract_of
from ledger.package.progress import Progress, silent
from ledger.settings import Settings
from ledger.store.certifying import has_certified
from ledger.store.cosignatures import stated_below
from ledger.store.guard import check_signed
from ledger.store.ledger_log import Stated
from ledger.store.log import StoredCheckpoint
from ledger.store.log_keys import signed_by_all
from ledger.store.logged import entries_about
from ledger.store.projects import Project
from ledger.tlog.checkpoint import Checkpoint
from ledger.wiring.covering import Covering, covering_checkpoint, sign_until, witnessed_checkpoint
from ledger.wiring.ledger import Ledger

MOST_AT_ONCE = 2
"""Packages that one serving process has made at a time."""
PATIENCE_SECONDS = 12
"""A little more than a dead signer's lease lasts."""
_PIECE = 64 * 1024
_SPAWN = get_context("spawn")


def sign_what_grew(ledger: Ledger, ref: str, patience: float = PATIENCE_SECONDS) -> None:
    """The newest checkpoint of the project covers what is in its log now, or no process could sign within so many seconds."""
    log = ledger.log(ledger.project(ref))
    sign_until(ledger, log, log.size(), patience)


def explaining_checkpoint(ledger: Ledger, ref: str, patience: float = PATIENCE_SECONDS) -> StoredCheckpoint:
    """The newest checkpoint; it covers whatever hid or erased something, so that a package of its size explains every text not in it.

    Signs it, or waits for who does, where a decision is newer than the last. Raises `ProjectUnknown`, `CheckpointMissing`,
    `VisibilityChanged` where nobody signs within `patience` seconds.
    """
    log = ledger.log(ledger.project(ref))
    visibility_size, newest = log.visibility_size(), log.newest_checkpoint()
    if newest is not None and newest.size < visibility_size:
        sign_what_grew(ledger, ref, patience)
        newest = log.newest_checkpoint()
    if newest is None:
        raise CheckpointMissing(ref)
    if newest.size < visibility_size:
        raise VisibilityChanged(log.project.origin, newest.size, visibility_size - 1)
    return newest


def vouched_package(ledger: Ledger, ref: str, patience: float = PATIENCE_SECONDS) -> tuple[StoredCheckpoint, Vouchers]:
    """The checkpoint at which a package is cut now, and what vouches for it: it stands in the ledger log, which is signed with it in.

    Raises as `explaining_checkpoint` does, `CheckpointMissing` also where nobody signs the ledger log within `patience` seconds, and
    `LogRolledBack` where the database is not the one that was signed.
    """
    explaining_checkpoint(ledger, ref, patience)
    project = ledger.project(ref)
    with ledger.datastore.connection() as connection:
        check_signed(connection, project, ledger.keys)
    stated, covering = _statement(ledger, project, patience)
    cut = ledger.log(project).checkpoint_at(stated.size)
    if cut is None:
        raise CheckpointMissing(ref)
    log = ledger.ledger_log()
    with ledger.datastore.connection() as connection:
        about = dict(entries_about(connection, log.project, LEDGER_LOG) + entries_about(connection, log.project, ref))
    about.update(log.entries(stated.index, stated.index + 1))
    file, at = ledger.witness_policy, Checkpoint(project.origin, cut.size, cut.root)
    note, policy = covering.checkpoint.note.encode(), None if file is None else file.content
    extracted = extract_of(sorted(about.items()), note, at, log.tiles, policy, covering.timestamp)
    cut = signed_by_all(ledger.datastore, project, ledger.keys, cut)
    # A log that has ended has no key that signs: what is made of it then is vouched for by the ledger log.
    signers = ledger.keys.signers(LEDGER_LOG if extracted.log.closed else ref)
    vkeys = tuple(reversed(extracted.log.vkeys))
    held = {str(signer.vkey) for signer in signers}
    if not extracted.log.closed and held.isdisjoint(vkeys):
        raise KeyMissing(ref, "signing")  # another key stands in its place, that the ledger log does not know
    if not extracted.log.closed and not held.issuperset(vkeys):
        raise CheckpointMissing(LEDGER_LOG)  # a key was retired in these seconds, and the one that says so is not signed yet
    return cut, Vouchers(cut.note.encode(), vkeys, extracted.extract, signers)


def write_package(ledger: Ledger, ref: str, out: BinaryIO, progress: Progress = silent) -> Checkpoint:
    """Writes the package of a project at its newest checkpoint, which is returned.

    Raises as `vouched_package` does, and `VisibilityChanged` where something is hidden or erased meanwhile: what was written then is no
    package.
    """
    cut, vouchers = vouched_package(ledger, ref)
    project = ledger.project(ref)
    ledger.runner.catch_up(ref)
    source = ledger.publisher(project).source(cut.size)
    return export_package(LogAtSize(ledger.log(project), source), source.remembering(), vouchers, out, progress)


def _statement(ledger: Ledger, project: Project, patience: float) -> tuple[Stated, Covering]:
    """Where the ledger log states the size at which a package is cut, and the checkpoint of the ledger log that covers that.

    It is stated now; but where a result was certified and witnesses do not answer, the last size that they stand by is taken, if it is as
    good: a certified result is shown to nobody without its witnesses.
    """
    stated = ledger.ledger_log_writer.note(project.ref, "export")
    log = ledger.ledger_log()
    with ledger.datastore.connection() as connection:
        about = entries_about(connection, log.project, LEDGER_LOG) + entries_about(connection, log.project, project.ref)
    latest = max(index for index, _ in about)
    covering = covering_checkpoint(ledger, max(stated.index, latest) + 1, patience)
    if covering.witnessed:
        return stated, covering
    earlier = witnessed_checkpoint(ledger)
    with ledger.datastore.connection() as connection:
        if earlier is None or earlier.checkpoint.size <= latest or not has_certified(connection, project):
            return stated, covering  # the second: keys changed since, and those of then sign no more
        found = stated_below(connection, log.project, project.ref, earlier.checkpoint.size)
    least = ledger.log(project).visibility_size()
    if found is None or found[1] < least or ledger.log(project).checkpoint_at(found[1]) is None:
        return stated, covering
    return Stated(*found), earlier


class PackageProcesses:
    """Makes packages in processes of their own, a few at a time."""

    def __init__(self, settings: Settings, conninfo: str) -> None:
        self._settings = settings
        self._conninfo = conninfo
        self._free = BoundedSemaphore(MOST_AT_ONCE)

    def pieces(self, ref: str) -> Iterator[bytes]:
        """The bytes of the package. Raises `PackagesBusy`; `ChildProcessError` where the package came to nothing, why stands in the log."""
        if not self._free.acquire(blocking=False):
            raise PackagesBusy(MOST_AT_ONCE)
        try:
            reading, writing = _SPAWN.Pipe(duplex=False)
            process = _SPAWN.Process(target=_make, args=(self._settings, self._conninfo, ref, writing), name=f"package of {ref}")
            process.start()
            writing.close()
            try:
                yield from _received(reading)
            finally:
                # Whoever gives up closes the pipe, and the process ends at its next write.
                reading.close()
                process.join()
        finally:
            self._free.release()


def _received(reading: Connection) -> Iterator[bytes]:
    try:
        while piece := reading.recv_bytes():
            yield piece
    except EOFError:
        raise ChildProcessError("the process that made the package ended before the package did") from None


def _make(settings: Settings, conninfo: str, ref: str, writing: Connection) -> None:
    ledger = Ledger(settings, conninfo)
    with ledger.datastore, _Sink(writing.send_bytes) as sink:
        try:
            write_package(ledger, ref, cast("BinaryIO", sink))
        except BrokenPipeError:
            return
        sink.flush()
    writing.send_bytes(b"")


class _Sink(RawIOBase):
    """A file that hands on what is written to it in pieces of a certain size."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        super().__init__()
        self._send = send
        self._held = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object, /) -> int:
        """Keeps the bytes, and hands them on when they are enough."""
        piece = memoryview(cast("bytes", data))
        self._held += piece
        if len(self._held) >= _PIECE:
            self.flush()
        return piece.nbytes

    def flush(self) -> None:
        """Hands on what is kept."""
        if self._held:
            self._send(bytes(self._held))
            self._held.clear()
