"""`ledger verify`: the audit of an exported package, told in words or as JSON."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from ledger.audit import Finding, Report, Trust, verify
from ledger.audit.language import Language
from ledger.audit.ledger_wording import witness_lines
from ledger.audit.published_wording import STRICT, difference_lines
from ledger.audit.wording import (
    BEYOND,
    HEADINGS,
    STAGES,
    VERDICTS,
    conclusion,
    left_out,
    proven,
    result_line,
    title,
    told,
)
from ledger.cli.languages import spoken
from ledger.cli.progress import shown_progress
from ledger.errors import MalformedPolicy, MalformedVkey
from ledger.tlog.policy import Policy, parse_policy
from ledger.tlog.vkey import Vkey, parse_vkey

app = typer.Typer(add_completion=False)

EXIT_CODES: Final = {"verified": 0, "failed": 1, "unreadable": 3}
_COLOURS: Final = {"verified": "bold green", "failed": "bold red", "unreadable": "bold red"}


@app.command()
def verify_package(  # noqa: PLR0913, PLR0917  # a parameter for each option
    package: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The package, as downloaded.")],
    key: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="VKEY", help="A verifier key of the project's log, from where you trust it; may be repeated."),
    ] = None,
    ledger_key: Annotated[
        list[str] | None,
        typer.Option("--ledger-key", metavar="VKEY", help="A key of the ledger's own log, which says whose keys sign its projects."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", metavar="FILE", help="The witnesses that you believe, as a C2SP tlog-policy file.")
    ] = None,
    tsa_root: Annotated[
        Path | None, typer.Option("--tsa-root", metavar="PEM", help="Certificates of timestamp authorities that you believe.")
    ] = None,
    older: Annotated[
        Path | None, typer.Option("--older", metavar="OTHER.zip", help="An earlier package, to show nothing was rewritten.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (docs/formats/report.md).")] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="en|fr", help="Language of the report; otherwise that of the machine.")
    ] = None,
    exhaustive: Annotated[bool, typer.Option("--exhaustive", help="Repeat every run of equal shares by the slow reference.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where counts that a source published are not what its acts come to.")
    ] = False,
) -> None:
    """Check an exported package offline: nothing altered, every event lawful, every result counted right.

    Exit code 0: verified. 1: verification failed, or published counts differ under --strict. 2: usage. 3: the file cannot be read as a
    package.
    """
    trust = Trust(_keys(key, "--key"), _keys(ledger_key, "--ledger-key"), _policy(policy), _bytes(tsa_root, "--tsa-root"))
    language = spoken(lang)
    with shown_progress() as progress, _own_objects_apart():
        report = verify(package, trust=trust, older=older, exhaustive=exhaustive, progress=progress)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(report.json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    else:
        _print(report, language, Console(soft_wrap=False, highlight=False))
    if strict and report.verdict == "verified" and report.published_differences:
        typer.echo(STRICT[language], err=True)
        raise typer.Exit(EXIT_CODES["failed"])
    raise typer.Exit(EXIT_CODES[report.verdict])


@contextmanager
def _own_objects_apart() -> Iterator[None]:
    """The garbage collector does not look at the program itself again and again: while a package is verified, that took 6 % of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _keys(texts: list[str] | None, option: str) -> tuple[Vkey, ...]:
    try:
        return tuple(parse_vkey(text.strip()) for text in texts or ())
    except MalformedVkey as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _policy(path: Path | None) -> Policy | None:
    content = _bytes(path, "--policy")
    try:
        return None if content is None else parse_policy(content)
    except MalformedPolicy as error:
        raise typer.BadParameter(str(error), param_hint="--policy") from None


def _bytes(path: Path | None, option: str) -> bytes | None:
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror or error}", param_hint=option) from None


def _print(report: Report, language: Language, console: Console) -> None:
    console.print(f"[{_COLOURS[report.verdict]}]{VERDICTS[report.verdict][language]}[/]  {escape(report.package)}")
    console.print(conclusion(report, language))
    for name, value in (("log", report.origin), ("entries", report.size), ("root", report.root), ("key", report.vkey)):
        if value is not None:
            console.print(f"  {HEADINGS[name][language]:<13} {escape(str(value))}", soft_wrap=True)
    _print_findings([finding for finding in report.findings if finding.severity == "fault"], "wrong", report, language, console)
    _print_list("proven", proven(report, language), language, console)
    _print_findings([finding for finding in report.findings if finding.severity == "notice"], "notices", report, language, console)
    _print_list("results", [result_line(result, language) for result in report.results], language, console)
    if report.verdict != "unreadable":
        _print_list("witnessed", witness_lines(report, language), language, console)
    _print_list("published", difference_lines(report.published_differences, language), language, console)
    _print_list("not_checked", [left_out(left, language) for left in report.not_checked], language, console)
    if report.verdict == "verified":
        _print_list("beyond", [BEYOND[language]], language, console)


def _print_findings(findings: list[Finding], heading: str, report: Report, language: Language, console: Console) -> None:
    if not findings:
        return
    console.print(f"\n[bold]{HEADINGS[heading][language]}[/]")
    for finding in findings:
        stage = STAGES[finding.stage][language]
        console.print(Padding(f"• {escape(stage)}: {escape(title(finding, language))}", (0, 2)))
        console.print(Padding(escape(finding.place), (0, 6)))
        console.print(Padding(f"[dim]{escape(told(finding, language))}[/]", (0, 6)))
    for check in dict.fromkeys(finding.check for finding in findings):
        if check in report.unlisted:
            console.print(Padding(f"… {check}: + {report.unlisted[check]}", (0, 2)))


def _print_list(heading: str, lines: list[str], language: Language, console: Console) -> None:
    if lines:
        console.print(f"\n[bold]{HEADINGS[heading][language]}[/]")
        for line in lines:
            console.print(Padding(f"• {escape(line)}", (0, 2)))
