"""`ledger clock`: the time that entries carry, and the word of an operator that it is right after it jumped."""

import typer
from rich.console import Console

from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.wiring import guarded_clock

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The time that entries carry.")


@app.command()
def show() -> None:
    """Show the ledger's time; exit code 1 where the clock jumped and nothing is recorded until the time is confirmed."""
    with told():
        Console(highlight=False).print(guarded_clock(Settings()).now())


@app.command()
def confirm() -> None:
    """Confirm that the time of this machine is right. Set the clock first: every process of the service goes by it from then on."""
    clock = guarded_clock(Settings())
    clock.confirm()
    with told():
        Console(highlight=False).print(f"Confirmed: it is {clock.now()}.")
