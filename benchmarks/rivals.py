"""What the service is compared to: the least that a FastAPI route can do with the same body, and FastAPI over `eventsourcing` as it comes.

`bare` reads the raw body and calls the same `TypeAdapter`; nothing is stored. `stock` stores each ballot as an aggregate of its own with
`Application.save`, default settings, in the thread pool that FastAPI runs plain functions in.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import Body, FastAPI, Request, Response

from ledger.events import SUBMISSION

_NAMESPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


class Ballot(Aggregate):
    """One person's ballot, as the documentation of `eventsourcing` would have it."""

    @event("Cast")
    def __init__(self, participant: str, entries: list[int]) -> None:
        self.participant = participant
        self.entries = entries

    @staticmethod
    def create_id(participant: str, entries: list[int]) -> UUID:
        """One ballot per person."""
        return uuid5(_NAMESPACE, participant)


def bare() -> FastAPI:
    """The application with the bare route."""
    app = FastAPI()

    @app.post("/bare")
    async def post(request: Request) -> Response:
        SUBMISSION.validate_json(await request.body())
        return Response(b'{"read":true}', 201, media_type="application/json")

    return app


def stock() -> FastAPI:
    """The application that saves each ballot; where, says the environment (`POSTGRES_…`)."""
    app = FastAPI()
    ballots: Application[UUID] = Application()

    @app.post("/stock", status_code=201)
    def post(ballot: Annotated[dict[str, object], Body()]) -> dict[str, object]:
        data = ballot["data"]
        assert isinstance(data, dict)
        cast = Ballot(participant=str(ballot["participant"]), entries=data["entries"])
        ballots.save(cast)
        return {"id": str(cast.id)}

    return app


@contextmanager
def served(factory: str, environment: dict[str, str] | None = None) -> Iterator[int]:
    """The port at which one of the two is served by the same server as the ledger, in one process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", f"benchmarks.rivals:{factory}", "--factory", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], env={**os.environ, **(environment or {})}) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def postgres_environment(url: str) -> dict[str, str]:
    """The settings of `eventsourcing` for a database of the embedded server."""
    parts = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.removeprefix("/"),
        "POSTGRES_HOST": parse_qs(parts.query)["host"][0],
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": "unused",
    }


def _wait_for(port: int) -> None:
    deadline = monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if monotonic() > deadline:
                raise
            sleep(0.05)
