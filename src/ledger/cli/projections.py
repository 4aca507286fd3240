"""`ledger projections`: the public tables of the service, which follow from the log and can be made from it again."""

from typing import Annotated

import typer
from rich.console import Console

from ledger.cli.progress import shown_progress
from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.wiring import open_ledger

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The public tables of the service.")


@app.callback()
def group() -> None:
    """The public tables of the service."""


@app.command()
def rebuild(project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project.")]) -> None:
    """Build the public tables of a project anew from its log. The tables that are there serve until the new ones have caught up."""
    with told(), open_ledger(Settings()) as ledger:
        ledger.runner.rebuild(project)
        with shown_progress() as progress:
            size = ledger.runner.catch_up(project, lambda done, size: progress("entries", done, size))
    Console(stderr=True, highlight=False).print(f"The tables of {project} are built from {size} entries.", markup=False)
