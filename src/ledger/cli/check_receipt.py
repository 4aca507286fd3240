"""`ledger check-receipt`: what a receipt, a refusal or a proof shows about a log, beside an exported package of it."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from ledger.audit.language import Language
from ledger.audit.receipts import Circumstances, ReceiptReport, check_receipt
from ledger.audit.receipts_wording import OWN_KEY, VERDICTS, lines
from ledger.cli.languages import spoken
from ledger.errors import MalformedVkey
from ledger.tlog.vkey import parse_vkey

app = typer.Typer(add_completion=False)

EXIT_CODES: Final = {"holds": 0, "fails": 1, "unreadable": 3}
_COLOURS: Final = {"holds": "bold green", "fails": "bold red", "unreadable": "bold red"}


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt, refusal or proof, or the whole answer to a post.")],
    export: Annotated[Path, typer.Option("--export", metavar="FILE.zip", help="A package of the project, as downloaded.")],
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="VKEY", help="A key of the log, from where you trust it; several times.")
    ] = None,
    downloaded: Annotated[
        str | None, typer.Option("--downloaded", metavar="TIME", help="When you downloaded the package, as 2026-03-01T10:00:00Z.")
    ] = None,
    body: Annotated[Path | None, typer.Option("--body", metavar="FILE", help="What was posted, to compare with a refusal.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON (docs/formats/log.md).")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|fr", help="Language; otherwise that of the machine.")] = None,
) -> None:
    """Check offline what a ledger signed for you: whether what it acknowledged is in its log, and what it refused.

    Exit code 0: in order. 1: withheld, rewritten, or not what it seems. 2: usage. 3: a file cannot be read.
    """
    language = spoken(lang)
    try:
        vkeys = tuple(parse_vkey(text.strip()) for text in key or ())
    except MalformedVkey as error:
        raise typer.BadParameter(str(error), param_hint="--key") from None
    try:
        content, posted = file.read_bytes(), None if body is None else body.read_bytes()
    except OSError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"{error.filename}: {error.strerror}", markup=False)
        raise typer.Exit(EXIT_CODES["unreadable"]) from None
    report = check_receipt(content, export, Circumstances(vkeys, _seconds(downloaded), posted))
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(report.json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    else:
        _print(report, file.name, language)
    raise typer.Exit(EXIT_CODES[report.verdict])


def _seconds(time: str | None) -> int | None:
    if time is None:
        return None
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter("a time is written with its offset, as in 2026-03-01T10:00:00Z", param_hint="--downloaded")
    return int(moment.timestamp())


def _print(report: ReceiptReport, name: str, language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[{_COLOURS[report.verdict]}]{VERDICTS[report.verdict][language]}[/]  ", end="")
    console.print(name, markup=False)
    for line in lines(report, language):
        console.print(line, markup=False)
    if report.why is not None:
        console.print(report.why, markup=False)
    if report.key == "from_package" and report.verdict != "unreadable":
        console.print(OWN_KEY[language], markup=False)
