"""What a ledger on a test database has recorded of a project."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from ledger.submit import Intake
from ledger.wiring import Ledger

Town = tuple[Ledger, Intake]


def entries(town: Town, project: str) -> list[dict[str, Any]]:
    """Every entry of the log, as its bytes say it."""
    ledger = town[0]
    log = ledger.log(ledger.project(project))
    return [json.loads(entry) for _, entry in log.entries(0, log.size())]


def of_type(documents: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The entries or submissions of one type."""
    return [document for document in documents if document["type"] == kind]


def disclosed(town: Town, project: str) -> list[tuple[str, object]]:
    """The name and the value of every committed field that is disclosed."""
    ledger = town[0]
    log = ledger.log(ledger.project(project))
    opened = [json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))) for _, _, text in log.disclosures(0, log.size())]
    return [(name, value) for _, name, value in opened]
