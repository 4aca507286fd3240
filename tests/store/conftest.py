"""What several files of these tests share."""

from collections.abc import Iterator

import pytest

from tests.store.stating import Stating, stating


@pytest.fixture
def ledger_log(database: str) -> Iterator[Stating]:
    with stating(database) as made:
        for table in ("projects", "heads", "events", "checkpoints", "subtrees", "leases"):
            made.town.execute(f"TRUNCATE {table}")
        yield made
