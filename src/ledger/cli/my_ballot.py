"""`ledger my-ballot`: one's own ballot in an exported package, found with the `k` that the platform gave.

The `k` is read from standard input, or asked for without being shown; never from the command line, where other people of the machine and
the shell's history would see it.
"""

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from ledger.audit.language import Language
from ledger.audit.my_ballot import BallotReport, find_ballot
from ledger.audit.my_ballot_wording import OWN_KEY, lines
from ledger.cli.languages import spoken
from ledger.cli.progress import shown_progress
from ledger.errors import MalformedVkey
from ledger.sealing import read_key
from ledger.tlog.vkey import parse_vkey

app = typer.Typer(add_completion=False)

EXIT_CODES: Final = {"found": 0, "failed": 1, "no_step": 2, "unreadable": 3}
_LONGEST: Final = 1024


@app.command()
def find(
    package: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A package of the project, as downloaded.")],
    step: Annotated[str, typer.Option("--step", metavar="STEP", help="The reference of the step.")],
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="VKEY", help="A key of the log, from where you trust it; several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON (docs/formats/pseudonyms.md).")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|fr", help="Language; otherwise that of the machine.")] = None,
) -> None:
    """Find your own ballot offline. Your k is read from standard input, or asked for.

    Exit code 0: there is an answer. 1: the package does not hold together. 2: usage. 3: the file cannot be read as a package.
    """
    language = spoken(lang)
    try:
        vkeys = tuple(parse_vkey(text.strip()) for text in key or ())
    except MalformedVkey as error:
        raise typer.BadParameter(str(error), param_hint="--key") from None
    k = read_key(getpass("k: ") if sys.stdin.isatty() else sys.stdin.readline(_LONGEST))
    if k is None:
        raise typer.BadParameter("a k is 43 characters of base64url, on standard input", param_hint="k")
    with shown_progress() as progress:
        report = find_ballot(package, step, k, vkeys, progress)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(report.json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    else:
        _print(report, language)
    raise typer.Exit(EXIT_CODES[report.verdict])


def _print(report: BallotReport, language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for line in lines(report, language):
        console.print(line, markup=False)
    if report.key == "from_package" and report.verdict == "found":
        console.print(OWN_KEY[language], markup=False)
