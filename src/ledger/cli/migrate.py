"""`ledger migrate`: the database brought up to date."""

import typer
from rich.console import Console

from ledger.cli.refusals import told
from ledger.settings import Settings
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.migrate import migrate

app = typer.Typer(add_completion=False)


@app.command()
def migrate_database() -> None:
    """Bring the database up to date: the one of LEDGER_DATABASE_URL, or the embedded one in LEDGER_DATA_DIR.

    Applies all that is missing, or nothing. `ledger serve` does the same at its start. There is no way back: make a backup first.
    """
    settings = Settings()
    console = Console(highlight=False, soft_wrap=True)
    with told():
        if settings.database_url is not None:
            applied = migrate(settings.database_url)
        else:
            with EmbeddedPostgres(settings.data_dir) as postgres:
                applied = migrate(postgres.url)
        for migration in applied:
            console.print(f"applied {migration.number:04d} {migration.name}", markup=False)
        if not applied:
            console.print("The database is up to date.")
