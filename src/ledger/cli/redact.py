"""`ledger redact`: the bytes of one entry are withheld by order of a court. Without --yes it only shows what would go."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from ledger.cli.organizers import organizer
from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.store.redaction_plan import RedactionPlan
from ledger.store.scrubbing import scrub
from ledger.submit import REDACT, WRITE
from ledger.wiring import open_ledger
from ledger.wiring.redactions import RedactionOutcome, Redactions

app = typer.Typer(add_completion=False)


@app.command()
def redact(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project.")],
    seq: Annotated[int, typer.Argument(metavar="SEQ", min=0, help="The entry of its log.")],
    authority: Annotated[str, typer.Option("--authority", metavar="REF", help="The order that it follows from, by its reference.")],
    code: Annotated[str, typer.Option("--code", metavar="CODE", help="Why, as a code: defamation, privacy, …")],
    client: Annotated[
        str | None, typer.Option("--as", metavar="CLIENT", help="The organizer that the log names; not needed where there is one only.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Carry it out. It cannot be undone.")] = False,
    scrubbing: Annotated[
        bool,
        typer.Option(
            "--scrub", help="Then write the database's files anew, so that nothing is left in them; nobody reads or writes meanwhile."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Withhold the bytes of one entry, by order of a court. Shows what would go; with --yes it goes, and cannot be brought back.

    Gone are the bytes of the entry and every text that it committed to; its leaf hash, stream, type and version stay, so that the log can
    still be verified. What is published is made again without it.
    """
    outcome: RedactionOutcome | None = None
    left: tuple[str, ...] = ()
    with told(), open_ledger(Settings()) as ledger:
        redactions = Redactions(ledger)
        plan, steps = redactions.plan(project, seq)
        if yes:
            poster = organizer(ledger, project, client, None, frozenset({WRITE, REDACT}))
            with ledger.writing() as intake:
                outcome = redactions.carry_out(intake, project, poster, seq, authority, code)
            if scrubbing:
                left = scrub(ledger.conninfo)
    if as_json:
        document = {**asdict(plan), "project": project, "results": steps, "redacted": None if outcome is None else asdict(outcome)}
        _print_json(document | ({"not_scrubbed": left} if scrubbing else {}))
    else:
        _print(plan, steps)
        _print_outcome(outcome, left, scrubbed=scrubbing)


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _print(plan: RedactionPlan, steps: tuple[str, ...]) -> None:
    lines = [
        f"Entry {plan.entry}: {plan.type}, version {plan.version} of {plan.stream}, recorded {plan.at}.",
        f"Texts that go with it: {', '.join(plan.texts) or 'none'}.",
        f"What stays: its place, stream, version and type, and its leaf hash {plan.leaf_hash}.",
    ]
    if plan.unjudged:
        lines.append("Later events that rest on it can no longer be judged by anybody, and audits say so.")
    if plan.later:
        lines.append(f"Later entries of its stream: {', '.join(map(str, plan.later[:20]))}{' …' if len(plan.later) > 20 else ''}.")
    if steps:
        lines.append(f"Results that can no longer be counted again as they were: {', '.join(steps)}.")
    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line, markup=False)


def _print_outcome(outcome: RedactionOutcome | None, left: tuple[str, ...], *, scrubbed: bool) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if outcome is None:
        console.print("Nothing was changed. With --yes it is carried out, and cannot be undone.", markup=False)
        return
    console.print(f"Redacted; entry {outcome.event} says so. What is published was made again without it.", markup=False)
    if not scrubbed:
        console.print("The files of the database may still hold its bytes in places that are free: --scrub writes them anew.", markup=False)
    for what in left:
        console.print(f"Not written anew: {what}.", markup=False)
    console.print(
        "Dumps, archives of the write-ahead log, standbys and packages from before hold it still: make new ones, destroy the old.",
        markup=False,
    )
