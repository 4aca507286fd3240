"""A whole service on a test database and a port of its own: what a platform, a reader and an operator meet."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import uvicorn

from ledger.ports import Client, Clock
from ledger.settings import Settings
from ledger.store.clients import create_client
from ledger.submit import CREATE, ERASE, REDACT, WRITE
from ledger.wiring import Ledger, keeping, sign_what_grew, web_app

ROLES = frozenset({"organizer", "moderator", "agent", "guarantor", "auditor", "participant"})
SCOPES = frozenset({WRITE, CREATE, ERASE, REDACT})


@dataclass
class Service:
    """A running service. `keeper` is the part of it that folds views and signs checkpoints."""

    http: httpx2.Client
    keeper: Ledger
    port: int

    def key(
        self,
        name: str,
        scopes: frozenset[str] = SCOPES,
        roles: frozenset[str] = ROLES,
        projects: frozenset[str] = frozenset(),
        namespace: str | None = None,
    ) -> str:
        """The API key of a new client."""
        with self.keeper.datastore.connection() as connection:
            return create_client(connection, Client(name, namespace or name, scopes, roles, projects))

    def post(self, project: str, content: bytes, key: str, **headers: str) -> httpx2.Response:
        """The answer to a post; underscores in header names are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(f"/v1/projects/{project}/events", content=content, headers={"Authorization": f"Bearer {key}", **named})

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """The answer to a read."""
        return self.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def size(self, project: str) -> int:
        """How many entries the project has; 0 where it does not exist."""
        return next((size for found, size in self.keeper.sizes() if found.ref == project), 0)

    def settle(self, project: str) -> None:
        """Views and checkpoint have caught up with the log."""
        self.keeper.runner.catch_up(project)
        sign_what_grew(self.keeper, project)


@contextmanager
def serving(database: str, folder: Path, clock: Clock | None = None, **settings: Any) -> Iterator[Service]:
    """The service runs until the end of the block, by this machine's clock or by the one given."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        port = listening.getsockname()[1]
        made = Settings(data_dir=folder, database_url=database, origin=f"127.0.0.1:{port}", docs_url="https://docs.test", **settings)
        with (
            keeping(made, database, clock) as keeper,
            answering(made, database, listening, clock),
            httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
        ):
            yield Service(http, keeper, port)


@contextmanager
def answering(settings: Settings, database: str, listening: socket.socket, clock: Clock | None) -> Iterator[None]:
    """HTTP is served at the socket, without anything that keeps views and checkpoints up to date, until the end of the block."""
    app = web_app(settings, database, clock=clock)
    config = uvicorn.Config(app, log_config=None, ws="none", access_log=False, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the server did not end"
