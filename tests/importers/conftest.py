"""A ledger on a test database, for importing in this process."""

from collections.abc import Iterator

import pytest

from ledger.settings import Settings
from ledger.submit import Intake
from ledger.wiring import Ledger, open_ledger


@pytest.fixture(scope="module")
def town(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, Intake]]:
    """A ledger, and the way in."""
    settings = Settings(database_url=database, data_dir=tmp_path_factory.mktemp("town"), origin="ledger.test")
    with open_ledger(settings) as ledger, ledger.writing() as intake:
        yield ledger, intake
