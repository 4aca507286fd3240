"""`ledger import`: files from elsewhere, through the same intake as everything else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from ledger.cli.in_process import IntakePosting
from ledger.cli.refusals import told
from ledger.errors import ImportOptionInvalid
from ledger.importers.http_posting import HttpPosting
from ledger.importers.pabulib.importing import import_election
from ledger.importers.pabulib.options import Options, read_amount, read_envelope, read_exclusive, read_missing, read_rules
from ledger.importers.pabulib.reading import PbFile, read_pb
from ledger.importers.pabulib.submissions import Election
from ledger.importers.posting import Posting
from ledger.importers.report import ImportReport
from ledger.settings import Settings
from ledger.wiring import open_ledger

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Import files from elsewhere, through the same intake as everything else."
)

SHOWN_NOTICES: Final = 20
"""Notices of one kind that are printed; `--json` has them all."""


@app.callback()
def formats() -> None:
    """Import files from elsewhere. Each format is a command of its own."""


@app.command()
def pabulib(  # noqa: PLR0913, PLR0917 - one parameter for each thing that a file says only in words
    file: Annotated[Path, typer.Argument(metavar="FILE.pb", help="An election in the format of pabulib.org.")],
    project: Annotated[str, typer.Option("--project", metavar="REF", help="The project to make.")],
    url: Annotated[str | None, typer.Option("--url", help="A running ledger; without it the one of this machine's settings.")] = None,
    api_key: Annotated[str | None, typer.Option("--api-key", help="With --url: a key with the scope projects:create.")] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE.json", help="Fields of the rule that META leaves open (docs/formats/rules.md).")
    ] = None,
    exclusive: Annotated[
        list[str] | None,
        typer.Option("--exclusive", metavar="A,B[=B]", help="Projects of which one at most is funded, and the one retained. Repeatable."),
    ] = None,
    envelope: Annotated[
        list[str] | None, typer.Option("--envelope", metavar="NAME=AMOUNT", help="Money of a category or district. Repeatable.")
    ] = None,
    envelopes_by: Annotated[str, typer.Option("--envelopes-by", metavar="category|district", help="What --envelope names.")] = "category",
    envelopes_kind: Annotated[
        str, typer.Option("--envelopes-kind", metavar="own|upper_bound", help="Budgets of their own, or bounds under one budget.")
    ] = "own",
    announced_budget: Annotated[
        str | None, typer.Option("--announced-budget", metavar="AMOUNT", help="The budget before it was amended after the vote to META's.")
    ] = None,
    withdrawn: Annotated[
        list[str] | None, typer.Option("--withdrawn", metavar="ID", help="A project withdrawn after the vote. Repeatable.")
    ] = None,
    ballots_missing: Annotated[
        list[str] | None,
        typer.Option("--ballots-missing", metavar="CHANNEL[=N]", help="Ballots the authority counted and the file lacks. Repeatable."),
    ] = None,
    with_demographics: Annotated[
        bool, typer.Option("--with-demographics", help="Take in age, sex and place of voters, committed and never disclosed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Import an election: its projects, ballots, rules and published outcome. Running it again records nothing twice.

    What the file says only in words is printed and has to be given as options; nothing is guessed. Amounts are in major units, ids as the
    file writes them.
    """
    with told():
        options = Options(
            rules={} if rules is None else read_rules(rules),
            exclusive=tuple(read_exclusive(text) for text in exclusive or ()),
            envelopes=dict(read_envelope(text) for text in envelope or ()),
            envelopes_by=_one_of("--envelopes-by", envelopes_by, ("category", "district")),
            envelopes_kind=_one_of("--envelopes-kind", envelopes_kind, ("own", "upper_bound")),
            announced_budget=None if announced_budget is None else read_amount(announced_budget, "--announced-budget"),
            withdrawn=tuple(withdrawn or ()),
            missing=tuple(read_missing(text) for text in ballots_missing or ()),
            with_demographics=with_demographics,
        )
        read = read_pb(file)
        report = ImportReport(read.name, project)
        election = Election(read, options, report)
        with _posting(url, api_key, project) as posting:
            _run(election, posting, file.read_bytes(), read)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    else:
        _print(report, Console(highlight=False))


@contextmanager
def _posting(url: str | None, api_key: str | None, project: str) -> Iterator[Posting]:
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


def _run(election: Election, posting: Posting, content: bytes, read: PbFile) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Importing {read.name}", total=len(read.votes) + len(read.projects))
        import_election(election, posting, content, lambda answered: bar.advance(task, answered))


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ImportOptionInvalid(option, f"{value!r} is neither {' nor '.join(allowed)}")
    return value


def _print(report: ImportReport, console: Console) -> None:
    """The report in words."""
    console.print(f"[bold]{report.file}[/] → project [bold]{report.project}[/]")
    table = Table(box=None, show_header=False)
    for kind, count in report.recorded.items():
        table.add_row(f"{count:>8}", kind)
    console.print(table)
    if report.already_there:
        console.print(f"{report.already_there} of these were there already, from an earlier run; nothing was recorded twice.")
    if report.prose:
        console.print("\nThe file says in words (give what it calls for as options, see --help):")
        console.print(f"  {report.prose}", markup=False)
    by_code: dict[str, list[str]] = {}
    for notice in report.notices:
        by_code.setdefault(notice.code, []).append(f"{notice.place}: {notice.words}")
    for code, lines in by_code.items():
        console.print(f"\n[yellow]{code}[/] ({len(lines)})")
        for line in lines[:SHOWN_NOTICES]:
            console.print(f"  {line}", markup=False)
        if len(lines) > SHOWN_NOTICES:
            console.print(f"  … and {len(lines) - SHOWN_NOTICES} more (--json lists them)")
    console.print(f"\nSee the result:  ledger results {report.project}", markup=False)
