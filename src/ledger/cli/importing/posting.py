"""Where an import goes, and how far it has come: the options that every format shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from ledger.cli.in_process import IntakePosting
from ledger.errors import ForeignFileDamaged, ImportOptionInvalid
from ledger.importers.http_posting import HttpPosting
from ledger.importers.posting import Posting
from ledger.importers.running import Progress
from ledger.settings import Settings
from ledger.wiring import open_ledger

ProjectOption = Annotated[str, typer.Option("--project", metavar="REF", help="The project to make.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="A running ledger; without it the one of this machine's settings.")]
KeyOption = Annotated[str | None, typer.Option("--api-key", help="With --url: a key with the scope projects:create.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


@contextmanager
def posting_to(url: str | None, api_key: str | None, project: str) -> Iterator[Posting]:
    """The project's events route until the end of the block: of the ledger at `url`, or of this machine's settings."""
    if url is not None:
        if not api_key:
            raise ImportOptionInvalid("--api-key", "posting to --url takes an API key ('ledger keys create')")
        with HttpPosting(url.rstrip("/"), api_key, project) as posting:
            yield posting
        return
    if api_key is not None:
        raise ImportOptionInvalid("--api-key", "an API key goes with --url")
    with open_ledger(Settings()) as ledger, ledger.writing() as intake:
        yield IntakePosting(ledger, intake, project)


@contextmanager
def shown_import(name: str, total: int) -> Iterator[Progress]:
    """A function to be told of each answer, which shows a bar of `total` submissions on stderr until the end of the block."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Importing {name}", total=total)
        yield lambda answered: bar.advance(task, answered)


def content_of(path: Path) -> bytes:
    """The bytes of a file; raises `ForeignFileDamaged` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ForeignFileDamaged(str(path), f"cannot be read ({error.strerror})") from None
