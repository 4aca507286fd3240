"""A cable between a client and PostgreSQL that breaks at a chosen message: before the server has it, or after, before the client hears."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Side = Literal["before", "after"]


class Cable:
    """Counts what clients send, over all connections; breaks once, at message `at`, and carries everything from then on."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._lock = Lock()
        self._break: tuple[int, Side] | None = None
        self.sent = 0
        self.broken = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def break_at(self, at: int, side: Side) -> None:
        with self._lock:
            self.sent, self.broken, self._break = 0, False, (at, side)

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            dead = [False]
            Thread(target=self._up, args=(client, server, dead), daemon=True).start()
            Thread(target=self._down, args=(client, server, dead), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, dead: list[bool]) -> None:
        while message := _received(client):
            with self._lock:
                self.sent += 1
                breaks = self._break is not None and self._break[0] == self.sent
                side = self._break[1] if self._break is not None else "before"
                if breaks:
                    self._break, self.broken = None, True
            if breaks and side == "before":
                break
            if breaks:
                dead[0] = True  # what the server answers is not heard
            server.sendall(message)
            if breaks:
                # The other direction closes once the server has answered; a part of a longer message it does not answer.
                Event().wait(0.2)
                break
        _close(client, server)

    def _down(self, client: socket.socket, server: socket.socket, dead: list[bool]) -> None:
        while message := _received(server):
            if dead[0]:
                break
            try:
                client.sendall(message)
            except OSError:
                break
        _close(client, server)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(1 << 16)
    except OSError:
        return b""


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def cable(conninfo: str) -> Iterator[tuple[Cable, str]]:
    """A cable to the server of a connection string with a socket's folder, and the connection string to use instead."""
    told = conninfo_to_dict(conninfo)
    laid = Cable(str(Path(str(told["host"])) / f".s.PGSQL.{told.get('port', 5432)}"))
    try:
        yield laid, make_conninfo(conninfo, host="127.0.0.1", port=laid.port, sslmode="disable", gssencmode="disable")
    finally:
        laid.close()
