"""`ledger import`: files from elsewhere, through the same intake as everything else. Each format is a module, and a command of its own."""

import typer

from ledger.cli.importing.cap_collectif import cap_collectif
from ledger.cli.importing.consul import consul
from ledger.cli.importing.decide_madrid import decide_madrid
from ledger.cli.importing.decidim import decidim
from ledger.cli.importing.pabulib import pabulib
from ledger.cli.importing.polis import polis
from ledger.cli.importing.republique_numerique import republique_numerique

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Import files from elsewhere, through the same intake as everything else."
)


@app.callback()
def formats() -> None:
    """Import files from elsewhere. Each format is a command of its own."""


app.command("pabulib")(pabulib)
app.command("cap-collectif")(cap_collectif)
app.command("republique-numerique")(republique_numerique)
app.command("polis")(polis)
app.command("decide-madrid")(decide_madrid)
app.command("decidim")(decidim)
app.command("consul")(consul)
