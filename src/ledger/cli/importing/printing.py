"""The report of an import, for people and for programs."""

import sys
from collections.abc import Sequence
from typing import Final

import orjson
from rich.console import Console
from rich.table import Table

from ledger.importers.report import ImportReport, VoteCounts

SHOWN_NOTICES: Final = 20
"""Notices of one kind that are printed; `--json` has them all."""


def print_report(report: ImportReport, then: str, *, as_json: bool) -> None:
    """Prints the report on stdout: as JSON, or in words that end with `then`, which says how to go on."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    else:
        _print(report, Console(highlight=False))
        Console(highlight=False).print(f"\n{then}", markup=False)


def _print(report: ImportReport, console: Console) -> None:
    """The report in words."""
    console.print(f"[bold]{report.file}[/] → project [bold]{report.project}[/]")
    table = Table(box=None, show_header=False)
    for kind, count in report.recorded.items():
        table.add_row(f"{count:>8}", kind)
    console.print(table)
    if report.already_there:
        console.print(f"{report.already_there} of these were there already, from an earlier run; nothing was recorded twice.")
    if report.vote_counts:
        console.print(_vote_counts(report.vote_counts))
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


def _vote_counts(conversations: Sequence[VoteCounts]) -> Table:
    """What was voted, counted both ways."""
    table = Table("", "agree", "pass", "disagree", "as published", box=None, title="Votes", title_justify="left")
    for one in conversations:
        for words, counts, same in (
            ("last votes", one.last, one.last_as_published),
            ("all rows", one.rows, one.rows_as_published),
        ):
            published = f"{same} of {one.published} comments" if one.published else "none published"
            table.add_row(f"{one.conversation}: {words}", *(str(counts[name]) for name in ("agree", "pass", "disagree")), published)
    return table
