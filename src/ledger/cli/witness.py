"""`ledger witness`: cosigns the checkpoints of other ledgers, so that nobody can show two versions of one. Needs no database."""

import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from ledger.cli.logs import log_to_stderr
from ledger.cli.refusals import told
from ledger.errors import InvalidField
from ledger.tlog.policy import MAX_POLICY_SIZE, parse_policy
from ledger.tlog.vkey import Vkey
from ledger.witness.app import witness_app
from ledger.witness.judging import Witness
from ledger.witness.kept import KeptCheckpoints
from ledger.witness.key import kept_key
from ledger.witness.trusted import TrustedLogs, logs_of_policy, read_log, read_log_list, trusted_logs

app = typer.Typer(add_completion=False)

_KEY_FILE = "witness.key"
_CONNECTIONS = 256


@app.command()
def witness(
    name: Annotated[str, typer.Option(help="Who cosigns, for ever: a URL without its scheme, as witness.town.example.")],
    policy: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A tlog-policy file; its log lines are the logs that are watched.")
    ] = None,
    logs: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file with a log on each line, in the form of --log.")
    ] = None,
    log: Annotated[
        list[str] | None, typer.Option(help="A log, as VKEY or as 'ORIGIN VKEY'; repeatable, also with a second key of one log.")
    ] = None,
    state: Annotated[Path, typer.Option(file_okay=False, help="The folder of the key and of what was cosigned. Back it up.")] = Path(
        ".witness"
    ),
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 is every one of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes one that is free.")] = 7380,
    only_key: Annotated[bool, typer.Option("--vkey", help="Print the witness's verifier key, made if there is none, and end.")] = False,
) -> None:
    """Witness the logs of others until SIGTERM or Ctrl-C (C2SP tlog-witness): cosign a checkpoint if it continues the one before.

    The key is made when the witness first starts. Its verifier key is printed: it is what others put into their policy file.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with told():
        key = kept_key(state / _KEY_FILE, name)
        sys.stdout.write(f"{key.vkey}\n")
        sys.stdout.flush()
        if only_key:
            return
        trusted = _trusted(policy, logs, log or [])
        serving = Witness(key, trusted, KeptCheckpoints(state / "logs"), lambda: int(time.time()))
        listening = _listening(host, port)
    with listening:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        console.print(f"{name} witnesses {len(trusted)} logs at {address}  (Ctrl-C ends it)", markup=False)
        for origin in trusted:
            console.print(f"  {origin}", markup=False)
        log_to_stderr()
        # Both signals end the server in order; it passes them on when it is done, and that is then no error.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        config = uvicorn.Config(
            witness_app(serving), log_config=None, access_log=False, server_header=False, ws="none", limit_concurrency=_CONNECTIONS
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([listening])


def _trusted(policy: Path | None, logs: Path | None, listed: list[str]) -> TrustedLogs:
    found: list[tuple[str, Vkey]] = [read_log(text, "--log") for text in listed]
    if policy is not None:
        with policy.open("rb") as opened:
            found += logs_of_policy(parse_policy(opened.read(MAX_POLICY_SIZE + 1)))
    if logs is not None:
        found += read_log_list(logs.read_bytes(), str(logs))
    if not found:
        raise InvalidField("--log", "a witness needs at least one log: give --log, --logs or a --policy with log lines")
    return trusted_logs(found)


def _listening(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise InvalidField("--port", f"cannot listen at {host}:{port}: {error.strerror}") from None
    return listening
