"""`ledger erase`: a field, a content, or all that people wrote is erased from a project, and from every copy of the database."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from rich.console import Console

from ledger.api.erasing import erasure_document
from ledger.cli.organizers import organizer
from ledger.cli.progress import shown_progress
from ledger.cli.refusals import told
from ledger.errors import InvalidField, NothingToErase
from ledger.package.progress import Progress
from ledger.ports import Client
from ledger.settings import Settings
from ledger.submit import ERASE, WRITE, ErasureOrder, ErasureOutcome, read_order
from ledger.wiring import open_ledger
from ledger.wiring.erasures import Erasures

app = typer.Typer(add_completion=False)

PEOPLE_AT_ONCE: Final = 1000


@app.command()
def erase(  # noqa: PLR0913, PLR0917  # a parameter for each option
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project.")],
    ground: Annotated[str, typer.Option("--ground", metavar="CODE", help="Why, as a code: consent_withdrawn, unlawful, …")],
    participant: Annotated[
        list[str] | None,
        typer.Option("--participant", metavar="REF", help="All that this person wrote; the platform's own reference. Repeatable."),
    ] = None,
    participants_from: Annotated[
        Path | None,
        typer.Option("--participants-from", metavar="FILE", help="The same for many, one reference on each line; - reads standard input."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="contribution/REF", help="One contribution or argument, and what was decided about it."),
    ] = None,
    entry: Annotated[int | None, typer.Option("--entry", metavar="SEQ", help="One entry of the log.")] = None,
    field: Annotated[list[str] | None, typer.Option("--field", metavar="NAME", help="With --entry: only this field. Repeatable.")] = None,
    request: Annotated[str | None, typer.Option("--request", metavar="REF", help="The recorded request that it follows from.")] = None,
    authority: Annotated[
        str | None, typer.Option("--authority", metavar="REF", help="The order of an authority that it follows from.")
    ] = None,
    client: Annotated[
        str | None, typer.Option("--as", metavar="CLIENT", help="The organizer that the log names; not needed where there is one only.")
    ] = None,
    namespace: Annotated[str | None, typer.Option(help="Where the people's references live; that of the client if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was erased as JSON.")] = False,
) -> None:
    """Erase a field, a content, or all that people wrote. It cannot be undone.

    Destroyed are the texts and what could open them in any copy of the database. Entries, commitments and counts stay, and the log tells
    that something was erased. A reference given as an option stands in the history of the shell; --participants-from keeps it out of there.
    """
    with told():
        people = [*(participant or ()), *(_people(participants_from) if participants_from is not None else ())]
        rest = {"target": target, "entry": entry, "fields": field or None, "ground": ground, "request": request, "authority": authority}
        orders = [
            read_order(orjson.dumps(order)) for order in _orders(people, {name: value for name, value in rest.items() if value is not None})
        ]
        with open_ledger(Settings()) as ledger, ledger.writing() as intake, shown_progress() as progress:
            poster = organizer(ledger, project, client, namespace, frozenset({WRITE, ERASE}))
            outcome = _erased(Erasures(ledger, intake), project, poster, orders, progress)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(erasure_document(outcome), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    else:
        _print(outcome)


def _people(file: Path) -> list[str]:
    """The references that stand in a file, one on each line."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidField(
            "--participants-from", f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        ) from None
    found = [line for line in text.splitlines() if line]
    if not found:
        raise InvalidField("--participants-from", f"{file} names nobody")
    return found


def _orders(people: Sequence[str], rest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is typed as orders: one, or as many as the people need."""
    if not people:
        yield rest
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        yield {"participants": people[start : start + PEOPLE_AT_ONCE], **rest}


def _erased(erasures: Erasures, project: str, client: Client, orders: Sequence[ErasureOrder], progress: Progress) -> ErasureOutcome:
    """What all of the orders together erased. Raises `NothingToErase` where that is nothing at all."""
    outcomes: list[ErasureOutcome] = []
    nothing: NothingToErase | None = None
    for order in orders:
        try:
            outcomes.append(erasures.erase(project, client, order, lambda done, total: progress("Erasing", done, total)))
        except NothingToErase as error:
            nothing = error
    if nothing is not None and not outcomes:
        raise nothing
    return ErasureOutcome(
        project,
        tuple(sorted(erased for outcome in outcomes for erased in outcome.entries)),
        sum(outcome.private for outcome in outcomes),
        tuple(request for outcome in outcomes for request in outcome.requests),
        max(outcome.epoch for outcome in outcomes),
        outcomes[0].scopes_without_key,
    )


def _print(outcome: ErasureOutcome) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"Erased from {len(outcome.entries)} entries of {outcome.project}, and {outcome.private} texts never shown.", markup=False
    )
    for seq, names in outcome.entries[:20]:
        console.print(f"  entry {seq}: {'all that was left' if names is None else ', '.join(names)}", markup=False)
    if len(outcome.entries) > 20:
        console.print(f"  … and {len(outcome.entries) - 20} more (--json lists them)", markup=False)
    if outcome.requests:
        console.print(f"Recorded as {', '.join(outcome.requests)}.", markup=False)
    console.print(f"Copies of the database from before epoch {outcome.epoch} open nothing any more. Make a new one.", markup=False)
    if outcome.scopes_without_key:
        console.print(
            f"Not looked for in {', '.join(outcome.scopes_without_key)}: the keys are destroyed, so nobody knows whose texts are there.",
            markup=False,
        )
