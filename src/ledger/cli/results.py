"""`ledger results`: who won, whether that is what was published, and why not where it is not."""

import sys
from typing import Annotated, Any, cast

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.wiring import open_ledger

app = typer.Typer(add_completion=False)


@app.command()
def results(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/formats/results.md, short form).")] = False,
) -> None:
    """Show the results of a project, counted from its log as it is now."""
    with told(), open_ledger(Settings()) as ledger:
        ledger.runner.catch_up(project)
        publisher = ledger.publisher(ledger.project(project))
        size = publisher.size()
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(publisher.results(size), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()
            return
        short = cast("dict[str, Any]", publisher.results(size))
        full = [cast("dict[str, Any]", publisher.result(step["step"], size)) for step in short["steps"]]
    console = Console(highlight=False)
    if not full:
        console.print(f"{project} has no result yet (after entry {short['seq']}).", markup=False)
    for step, brief in zip(full, short["steps"], strict=True):
        _print(console, step, brief)


def _print(console: Console, step: dict[str, Any], brief: dict[str, Any]) -> None:
    """One step: what was counted, then every candidate with its fate, winners first."""
    totals = step["totals"]
    left_out = ", ".join(f"{count} {reason}" for reason, count in brief["not_counted"].items()) or "none"
    console.print(f"\n[bold]{escape(_words(step['title']) or step['step'])}[/]  {escape(step['rule'])}, {step['state']}")
    console.print(f"  {totals['counted']} ballots count ({totals['blank']} blank); left out: {left_out}", markup=False)
    if brief["agrees"] is not None:
        console.print(
            "  published: agrees with the count" if brief["agrees"] else "  [bold red]published: differs from the count, unexplained[/]"
        )
    table = Table("", "candidate", "title", "votes", "score", "cost", "why", "beside", box=None, header_style="bold", padding=(0, 1))
    order = {shown: place for place, shown in enumerate(step["winners"])}
    for row in sorted(step["candidates"], key=lambda row: (order.get(row["shown"], len(order)), row["position"])):
        table.add_row(
            "[green]won[/]" if row["won"] else "",
            escape(row["shown"]),
            escape(_words(row["title"]))[:60],
            str(row["votes"]),
            str(row["score"]),
            str(row["cost_minor"]),
            escape(str(row["status"]["code"])),
            escape(_beside(row)),
        )
    console.print(table)


def _beside(row: dict[str, Any]) -> str:
    """Where what was published differs from the count: how, and the reason."""
    if row["explained"] is None:
        return ""
    return f"{'published as selected' if row['published'] else 'not published as selected'}: {row['explained']}"


def _words(titles: dict[str, str] | None) -> str:
    return next(iter(titles.values())) if titles else ""
