"""`ledger serve`: the service, in processes that serve and one that keeps views and checkpoints up to date."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from threading import Event
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from ledger.cli.logs import log_to_stderr
from ledger.cli.processes import Crew, Task
from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.wiring import Ledger, keeping, open_database, settle_with_witnesses, web_app

app = typer.Typer(add_completion=False)

LOCAL = {"127.0.0.1", "localhost", "::1"}
_BACKLOG = 2048
_FINISH_SECONDS = 10
_KEEPER_NICENESS = 10


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 is every one of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes one that is free.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes serve and write.")] = 1,
) -> None:
    """Serve the ledger over HTTP until SIGTERM or Ctrl-C.

    Brings the database up to date first; without LEDGER_DATABASE_URL it is an embedded PostgreSQL in LEDGER_DATA_DIR.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with told():
        listening = _listening(host, port)
        port = listening.getsockname()[1]
        settings = _settings(host, port)
        with listening, open_database(settings, migrating=True) as conninfo:
            _settle(settings, conninfo)
            _tell_barred(console, settings, conninfo)
            tasks = [Task(f"web {number}", serve_web, (settings, conninfo, listening)) for number in range(1, workers + 1)]
            tasks.append(Task("keeper", keep, (settings, conninfo), outlasts=True))
            code = Crew(tasks, lambda text: console.print(text, markup=False)).run(lambda: _greet(console, settings, host, port))
    raise typer.Exit(code)


def serve_web(ready: Callable[[], None], settings: Settings, conninfo: str, listening: socket.socket) -> None:
    """The work of a process that serves and writes."""
    log_to_stderr()
    front = web_app(settings, conninfo)
    config = uvicorn.Config(
        front,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    _Server(config, ready, front.end_feeds).run([listening])


def keep(ready: Callable[[], None], settings: Settings, conninfo: str) -> None:
    """The work of the process that folds views and signs checkpoints."""
    log_to_stderr()
    # What it makes can be made later, from the log; what a platform posts is waiting now.
    os.nice(_KEEPER_NICENESS)
    end = Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    with keeping(settings, conninfo):
        ready()
        end.wait()


class _Server(uvicorn.Server):
    """A server that says when it serves, and when it is about to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.startup`."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.shutdown`."""
        self._stopping()
        await super().shutdown(sockets)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        Console(stderr=True).print(f"Cannot listen at {host}:{port}: {error.strerror}.", markup=False, highlight=False)
        sys.exit(1)
    listening.listen(_BACKLOG)
    return listening


def _settings(host: str, port: int) -> Settings:
    """The settings; on a machine of one's own, where no origin was named, logs are named after the address that is listened at."""
    settings = Settings()
    if "origin" in settings.model_fields_set or host not in LOCAL:
        return settings
    return settings.model_copy(update={"origin": f"127.0.0.1:{port}" if host != "::1" else f"localhost:{port}"})


def _settle(settings: Settings, conninfo: str) -> None:
    """The witnesses were asked what they have seen of the ledger log. Raises `MalformedPolicy`."""
    ledger = Ledger(settings, conninfo)
    policy = ledger.witness_policy
    with ledger.datastore:
        settle_with_witnesses(ledger.datastore, policy.policy if policy else None)


def _tell_barred(console: Console, settings: Settings, conninfo: str) -> None:
    """Says of each log that was put back to an older state that it can be read only, and what to do. All else is served."""
    ledger = Ledger(settings, conninfo)
    with ledger.datastore:
        for error in ledger.barred():
            console.print(f"{error} [{error.code}]", markup=False)


def _greet(console: Console, settings: Settings, host: str, port: int) -> None:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    database = "PostgreSQL of LEDGER_DATABASE_URL" if settings.database_url else f"embedded PostgreSQL in {settings.data_dir}"
    console.print(f"The ledger serves at {address}  (logs are named {settings.origin}/p/…; {database})", markup=False)
    console.print(
        "To post, make an API key:  ledger keys create NAME --scope projects:create --scope events:write\n"
        f"What can be posted and read:  {address}/openapi.json      Ctrl-C ends the service.",
        markup=False,
    )
