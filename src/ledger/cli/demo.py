"""`ledger demo`: a whole participatory budget, from the first event to the verified export, on a service of its own."""

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Any, Final

import httpx2
import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ledger.canonical import canonical
from ledger.cli import demo_city as city
from ledger.cli.refusals import told
from ledger.errors import ServiceUnreachable
from ledger.importers.http_posting import HttpPosting
from ledger.settings import child_environment

app = typer.Typer(add_completion=False)

LEDGER: Final = str(Path(sys.executable).with_name("ledger"))
_BATCH: Final = 250
_START_SECONDS: Final = 60


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the verification, and leave nothing behind.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve at; 0 takes one that is free.")] = 0,
) -> None:
    """Post the participatory budget of an invented town, show its result, export it, verify the export, and keep serving."""
    console = Console(highlight=False, soft_wrap=True)
    with told(), ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="ledger-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        port = port or _free_port()
        environment = child_environment(data_dir=str(folder), origin=f"127.0.0.1:{port}")
        url = f"http://127.0.0.1:{port}"
        console.print(f"[bold]1. A ledger starts[/] at {url}, with a PostgreSQL of its own in {folder}")
        stack.enter_context(_service(url, port, environment))
        _post(console, url, environment)
        console.print("\n[bold]3. The result[/], recounted from the log:  ledger results rivebelle-2026")
        _ledger(["results", city.PROJECT], environment)
        verified = _export_and_verify(console, url, folder, environment)
        if once or verified:
            raise typer.Exit(verified)
        _keep_serving(console, url, folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _service(url: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    """The service runs, and answers, until the end of the block."""
    log = Path(environment["LEDGER_DATA_DIR"]) / "service.log"
    with log.open("wb") as out, subprocess.Popen([LEDGER, "serve", "--port", str(port)], env=environment, stderr=out) as process:
        try:
            _wait_until_ready(url, process)
            yield
        finally:
            process.terminate()
            process.wait()


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + _START_SECONDS
    while monotonic() < until and process.poll() is None:
        try:
            if httpx2.get(f"{url}/readyz").is_success:
                return
        except httpx2.TransportError:
            sleep(0.05)
    raise ServiceUnreachable(url, "the service did not start")


def _ledger(arguments: list[str], environment: dict[str, str]) -> None:
    """Runs another verb as its user would; what it prints is shown."""
    sys.stdout.flush()
    subprocess.run([LEDGER, *arguments], env=environment, check=True)


def _answer(arguments: list[str], environment: dict[str, str]) -> Any:
    """The JSON that another verb prints."""
    return orjson.loads(subprocess.run([LEDGER, *arguments, "--json"], env=environment, check=True, stdout=subprocess.PIPE).stdout)


def _post(console: Console, url: str, environment: dict[str, str]) -> None:
    console.print("\n[bold]2. The town posts what happens[/], over HTTP, with an API key:  ledger keys create demo")
    key = _answer(["keys", "create", "demo", "--scope", "projects:create", "--scope", "events:write"], environment)["key"]
    with HttpPosting(url, key, city.PROJECT) as posting:
        town = _Town(posting)
        town.post(city.opening())
        town.post(city.contributions())
        console.print("   31 proposals came in; one was withdrawn as too dear for the town.")
        planned = town.post(city.vote_planned())
        sealed = town.post(city.candidates())
        town.post(city.roll())
        town.post([city.organizer("step.opened/1", step=city.VOTE)])
        console.print("   The ballot paper and a roll of 2 600 people are sealed; the choices are secret until the end.")
        cited = city.Citation(town.digest(sealed[-1]), town.digest(planned[-1]))
        _vote(console, town, cited)
        town.post(city.closing())
        town.post([city.organizer("ballots.disclosed/1", step=city.VOTE)])
        computed = town.post([city.organizer("result.computed/1", step=city.VOTE)])[0]
        town.post(_proclamation(posting.entry(computed)["data"]))


def _vote(console: Console, town: "_Town", cited: city.Citation) -> None:
    """The ballots, and three that are refused."""
    ballots = list(city.ballots(cited))
    columns = (TextColumn("   Ballots"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=len(ballots))
        rest = iter(ballots)
        while part := list(islice(rest, _BATCH)):
            town.post(part)
            bar.advance(task, len(part))
    for what, ballot in city.unlawful(cited):
        console.print(f"   {what} [yellow]{town.refusal(ballot)}[/]")


def _proclamation(computed: Any) -> list[city.Submission]:
    """The town publishes the winners that were counted, and certifies the result."""
    return [
        city.organizer("outcome.published/1", step=city.VOTE, selected=computed["winners"]),
        city.organizer("result.certified/1", step=city.VOTE, digest=computed["digest"], by_roles=["organizer"], quorum=1),
    ]


class _Town:
    """The town's backend: each request has a name of its own, so that sending it again would record nothing twice."""

    def __init__(self, posting: HttpPosting) -> None:
        self._posting = posting
        self._requests = 0

    def post(self, submissions: list[city.Submission]) -> list[int]:
        """The seqs of what was recorded."""
        self._requests += 1
        outcomes = self._posting.post([canonical(one) for one in submissions], f"demo-{self._requests}", atomic=True)
        return [outcome.seq for outcome in outcomes if outcome.seq is not None]

    def refusal(self, submission: city.Submission) -> str:
        """The words in which a submission is refused."""
        self._requests += 1
        [outcome] = self._posting.post([canonical(submission)], f"demo-{self._requests}", atomic=False)
        return f"{outcome.code}: {outcome.words}"

    def digest(self, seq: int) -> str:
        """What a ballot cites of the entry."""
        data: Any = self._posting.entry(seq)["data"]
        return str(data["digest"])


def _export_and_verify(console: Console, url: str, folder: Path, environment: dict[str, str]) -> int:
    """The exit code of the verification, which is a process of its own that knows the file and the town's key only."""
    package = folder / f"{city.PROJECT}.zip"
    sleep(1)  # the newest checkpoint follows within a second
    with package.open("wb") as out, httpx2.stream("GET", f"{url}/v1/projects/{city.PROJECT}/export", timeout=60) as answer:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            out.write(piece)
    size = package.stat().st_size // 1024
    console.print(f"\n[bold]4. Anybody downloads the export[/] ({size} KiB) and verifies it offline:  ledger verify {package.name} --key …")
    key = _answer(["keys", "show", city.PROJECT], environment)["vkey"]
    sys.stdout.flush()
    return subprocess.run([LEDGER, "verify", str(package), "--key", key], env=child_environment(), check=False).returncode


def _keep_serving(console: Console, url: str, folder: Path) -> None:
    project = f"{url}/v1/projects/{city.PROJECT}"
    console.print("\n[bold]5. Look around[/] (Ctrl-C ends the service and removes its data)")
    for what, where in (
        ("the result, with the reasons", f"{project}/results/{city.VOTE}"),
        ("what happened, in order", f"{project}/timeline"),
        ("the proposals", f"{project}/proposals"),
        ("every event type, with examples", f"{url}/openapi.json"),
        ("the signed checkpoint", f"{url}/p/{city.PROJECT}/checkpoint"),
        ("the export", str(folder / f"{city.PROJECT}.zip")),
    ):
        console.print(f"   {what:<32} {where}")
    try:
        while True:
            sleep(3600)
    except KeyboardInterrupt:
        console.print("The demo ends.")
