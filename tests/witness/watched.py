"""A log to witness, grown at will, and a fork of it; and a witness over HTTP that a test can stop and start."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn

from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import Signer, sign_note
from ledger.tlog.proof import consistency_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.witness import AddCheckpoint
from tests.tlog.keys import KnownSigner

ORIGIN = "ledger.example/ledger"
LOG = KnownSigner(ORIGIN)


class WatchedLog:
    """A log of which every size is at hand. Two with another `name` have nothing in common but the first `common` leaves."""

    def __init__(self, size: int, name: str = "leaf", common: int = 0) -> None:
        self.leaves = [leaf_hash(f"{'leaf' if place < common else name} {place}".encode()) for place in range(size)]

    def checkpoint(self, size: int, origin: str = ORIGIN) -> Checkpoint:
        return Checkpoint(origin, size, tree_root(self.leaves[:size]))

    def path(self, old: int, size: int) -> tuple[bytes, ...]:
        return consistency_proof(old, size, HeldTiles(self.leaves[:size])) if old else ()

    def request(self, old: int, size: int, signer: Signer = LOG, origin: str = ORIGIN) -> bytes:
        note = sign_note(self.checkpoint(size, origin).text, [signer])
        return AddCheckpoint(old, self.path(old, size), note).encode()


class Served:
    """An application at an address of its own, which stays the same when it is stopped and started."""

    def __init__(self, app: Any) -> None:
        self._app = app
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port: int = found.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(64)
        self._server = uvicorn.Server(uvicorn.Config(self._app, log_config=None, ws="none", timeout_graceful_shutdown=2))
        self._thread = Thread(target=self._run, args=(self._server, listening), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(20)
            assert not self._thread.is_alive(), "the server did not end"
            self._server = self._thread = None

    @staticmethod
    def _run(server: uvicorn.Server, listening: socket.socket) -> None:
        with listening:
            server.run([listening])


@contextmanager
def served(app: Any) -> Iterator[Served]:
    """The application answers until the end of the block."""
    found = Served(app)
    found.start()
    try:
        yield found
    finally:
        found.stop()
