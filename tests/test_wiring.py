"""The parts of a ledger are put together so that a command beside a service, or before it, does as the service would."""

from pathlib import Path

import pytest

from ledger.settings import Settings
from ledger.store.projects import create_project
from ledger.wiring import Ledger


def named(settings: Settings) -> str:
    """The name under which the ledger log is made by whoever has these settings."""
    assert settings.database_url is not None
    ledger = Ledger(settings, settings.database_url)
    with ledger.datastore, ledger.datastore.connection() as connection:
        connection.execute("TRUNCATE projects, heads, events, checkpoints")
        for port in (8001, 8002):
            assert create_project(connection, f"p{port}", f"127.0.0.1:{port}/p/p{port}", "2026-03-01T10:00:00.000Z")
        ledger.ledger_log_writer.append("~ledger", lambda turn: None)
        name = ledger.ledger_log().project.origin
        (settings.keys / "project.~ledger" / "signing").unlink()
    return name


def test_the_ledger_log_is_named_after_the_origin_that_is_set_and_else_as_the_service_names_projects(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEDGER_ORIGIN", raising=False)
    unset = Settings(data_dir=tmp_path, database_url=database)
    assert "origin" not in unset.model_fields_set
    assert named(unset) == "127.0.0.1:8002/ledger"
    assert named(unset.model_copy(update={"origin": "ledger.example"})) == "ledger.example/ledger"
