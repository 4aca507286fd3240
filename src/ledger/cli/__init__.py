"""The command `ledger`. Each verb is a module of this package with a typer application named `app`, one line in `VERBS`.

A verb's module is imported when the verb is called, and not before (docs/adr/0007): `ledger verify` has to run on the base install, where
what the other verbs import does not exist, and nobody should wait for a web framework to read a page of help.
"""

import sys
from importlib import import_module
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table

from ledger import VERSION


class Verb(NamedTuple):
    """Where a verb is, what it needs beyond the base install, and what it does."""

    module: str
    extra: str | None
    does: str


VERBS: Final[dict[str, Verb]] = {
    "serve": Verb("ledger.cli.serve", "server", "Serve the ledger over HTTP."),
    "keys": Verb("ledger.cli.keys", "server", "Make, list and revoke API keys; show the public key of a log."),
    "import": Verb("ledger.cli.importing", "server", "Import files from elsewhere."),
    "results": Verb("ledger.cli.results", "server", "Show the results of a project, and why they are so."),
    "export": Verb("ledger.cli.export", "server", "Write a project's package, to be verified offline."),
    "erase": Verb("ledger.cli.erase", "server", "Erase a field, a content, or all that people wrote."),
    "redact": Verb("ledger.cli.redact", "server", "Withhold the bytes of an entry by order of a court."),
    "projections": Verb("ledger.cli.projections", "server", "Build the public tables of a project anew."),
    "clock": Verb("ledger.cli.clock", "server", "Show the ledger's time; confirm it after the clock jumped."),
    "witness": Verb("ledger.cli.witness", "server", "Cosign the checkpoints of other ledgers, as their witness."),
    "migrate": Verb("ledger.cli.migrate", "server", "Bring the database up to date."),
    "demo": Verb("ledger.cli.demo", "server", "See it all at work, on the budget of an invented town."),
    "monitor": Verb("ledger.cli.monitor", "monitor", "Follow a ledger from outside, and keep evidence of what is wrong."),
    "check-evidence": Verb("ledger.cli.check_evidence", None, "Check a file of evidence against a ledger, offline."),
    "check-receipt": Verb("ledger.cli.check_receipt", None, "Check offline what a ledger signed for you: receipts, refusals, proofs."),
    "my-ballot": Verb("ledger.cli.my_ballot", None, "Find your own ballot in an exported package."),
    "verify": Verb("ledger.cli.verify", None, "Check an exported package: that it is unaltered, lawful, and counted right."),
}

USAGE_ERROR: Final = 2


def main() -> None:
    """Runs the verb that the command line names; exits with its code, or with 2 where there is no such verb."""
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in {"--help", "-h", "help"}:
        _print_help(Console())
    elif name == "--version":
        Console().print(VERSION, highlight=False)
    elif name in VERBS:
        _run(name, VERBS[name], arguments)
    else:
        errors = Console(stderr=True)
        errors.print(f"There is no verb {name!r}.", markup=False, highlight=False)
        _print_help(errors)
        sys.exit(USAGE_ERROR)


def _run(name: str, verb: Verb, arguments: list[str]) -> None:
    try:
        module = import_module(verb.module)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if verb.extra is None or missing == "ledger":
            raise
        needs = f"`ledger {name}` needs the package {missing!r}: install the extra with  pip install 'participation-ledger[{verb.extra}]'"
        Console(stderr=True).print(needs, markup=False, highlight=False, soft_wrap=True)
        sys.exit(USAGE_ERROR)
    module.app(args=arguments, prog_name=f"ledger {name}")


def _print_help(console: Console) -> None:
    console.print("Usage: ledger VERB …     ledger VERB --help     ledger --version\n", markup=False, highlight=False)
    verbs = Table(box=None, show_header=False, padding=(0, 2))
    for name, verb in VERBS.items():
        verbs.add_row(name, verb.does)
    console.print(verbs)
