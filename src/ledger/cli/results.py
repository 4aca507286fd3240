"""`ledger results`: who won, whether that is what was published, and why not where it is not."""

import sys
from fractions import Fraction
from typing import Annotated, Any, cast

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ledger.cli.refusals import told
from ledger.projections.readings.currency import major
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
    """One step: what was counted, then every candidate with its fate, winners first, then the losers by score."""
    totals = step["totals"]
    currency = totals["currency"]
    left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in brief["not_counted"].items()) or "none"
    console.print(f"\n[bold]{escape(_words(step['title']) or step['step'])}[/]  {escape(step['rule'])}, {step['state']}")
    console.print(f"  {totals['counted']} ballots count ({totals['blank']} blank); left out: {left_out}", markup=False)
    if totals["budget_minor"] is not None and step["winners"]:
        spent, budget = (major(totals[name], currency) for name in ("spent_minor", "budget_minor"))
        console.print(f"  {spent} of {budget} {currency} spent", markup=False)
    if brief["agrees"] is not None:
        console.print(
            "  published: agrees with the count" if brief["agrees"] else "  [bold red]published: differs from the count, unexplained[/]"
        )
    if certified := step["beside"]["certified"]:
        console.print(f"  certified; witnessed by {_witnesses(certified[-1])}", markup=False)
    scored = any(row["score"] != row["votes"] for row in step["candidates"])
    numbers = ["votes", *(["score"] if scored else []), f"cost {currency}"]
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for name in ("", "candidate", *numbers, "why"):
        table.add_column(name, justify="right" if name in numbers else "left", no_wrap=name != "why", overflow="ellipsis")
    order = {shown: place for place, shown in enumerate(step["winners"])}
    shown_by = {row["position"]: row["shown"] for row in step["candidates"]}
    for row in sorted(
        step["candidates"], key=lambda row: (order.get(row["shown"], len(order)), _descending(row["score"]), row["position"])
    ):
        sums = [str(row["votes"]), *([str(row["score"])] if scored else []), major(row["cost_minor"], currency)]
        won = "[green]won[/]" if row["won"] else ""
        table.add_row(won, escape(row["shown"])[:32], *sums, escape(_why(row, shown_by, currency)))
    console.print(table)


def _descending(score: int | str) -> Fraction:
    return -Fraction(score)


def _why(row: dict[str, Any], shown_by: dict[int, str], currency: str) -> str:
    """The fate of a candidate in words, and beside it what was published where that differs."""
    status = row["status"]
    words = str(status["code"]).replace("_", " ")
    if status.get("by") is not None:
        words = f"{words} {shown_by[status['by']]}" if words.endswith("by") else f"{words} at {shown_by[status['by']]}"
    if status.get("left_minor") is not None and not row["won"]:
        words += f", {major(status['left_minor'], currency)} left"
    if status.get("short") is not None:
        words += f", {status['short']} short"
    if row["explained"] is not None:
        published = "selected" if row["published"] else "not selected"
        words += f" (published: {published}; {str(row['explained']).replace('_', ' ')})"
    return words


def _witnesses(certified: dict[str, Any]) -> str:
    """Who outside stood by the result when it was certified."""
    witnessed = certified.get("witnessed")
    return ", ".join(witnessed["witnesses"]) if witnessed else "nobody"


def _words(titles: dict[str, str] | None) -> str:
    return next(iter(titles.values())) if titles else ""
