"""`ledger export`: a project's package in a file."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ledger.cli.progress import shown_progress
from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.wiring import open_ledger, sign_what_grew, write_package

app = typer.Typer(add_completion=False)


@app.command()
def export(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", dir_okay=False, help="Where to write the package.")],
) -> None:
    """Write a project's package: every entry, table and result at its newest checkpoint, for anybody to verify offline.

    The file is there when it is whole: until then it is written beside its place.
    """
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    with told():
        try:
            with open_ledger(Settings()) as ledger, shown_progress() as progress:
                sign_what_grew(ledger, project)
                with beside.open("wb") as file:
                    checkpoint = write_package(ledger, project, file, progress)
                    file.flush()
                    os.fsync(file.fileno())
            beside.replace(out)
        except OSError as error:
            Console(stderr=True, highlight=False, soft_wrap=True).print(f"Cannot write {out}: {error.strerror or error}.", markup=False)
            raise typer.Exit(1) from None
        finally:
            beside.unlink(missing_ok=True)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"{out}: {checkpoint.origin} at {checkpoint.size} entries. Verify it with  ledger verify {out}", markup=False)
