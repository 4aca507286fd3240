"""`ledger import pabulib`: an election in a `.pb` file."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption, posting_to, shown_import
from ledger.cli.importing.printing import print_report
from ledger.cli.refusals import told
from ledger.errors import ImportOptionInvalid
from ledger.importers.pabulib.importing import import_election
from ledger.importers.pabulib.options import Options, read_amount, read_envelope, read_exclusive, read_missing, read_rules
from ledger.importers.pabulib.reading import read_pb
from ledger.importers.pabulib.submissions import Election
from ledger.importers.report import ImportReport


def pabulib(  # noqa: PLR0913, PLR0917 - one parameter for each thing that a file says only in words
    file: Annotated[Path, typer.Argument(metavar="FILE.pb", help="An election in the format of pabulib.org.")],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
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
    as_json: JsonOption = False,
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
        total = len(read.votes) + len(read.projects)
        with posting_to(url, api_key, project) as posting, shown_import(read.name, total) as progress:
            import_election(election, posting, file.read_bytes(), progress)
    print_report(report, f"See the result:  ledger results {project}", as_json=as_json)


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ImportOptionInvalid(option, f"{value!r} is neither {' nor '.join(allowed)}")
    return value
