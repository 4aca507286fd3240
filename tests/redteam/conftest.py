"""A town whose operator turns bad: an open vote, a sealed one, and people outside who kept what they were given before."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.posting import ballot, organizer, preparation
from tests.redteam.operator_town import Operator, operating

Town = Callable[..., Operator]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and guards of all projects of a module: they share a database, and so a ledger log."""
    return tmp_path_factory.mktemp("operator")


@pytest.fixture
def town(database: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    """Makes a project with a vote that is open, and ballots in it."""
    with ExitStack() as stack:

        def made(secrecy: str = "open", *, roll: bool = False, ref: str | None = None) -> Operator:
            name = ref or f"t{abs(hash(request.node.name)) % 10**8}"
            operator = stack.enter_context(operating(database, folder, name))
            plan = {"has_roll": True} if roll else {}
            operator.post(*preparation("vote", secrecy, closes_at="2026-03-02T12:00:00.000Z", **plan))
            if roll:
                people = [f"resident {number}" for number in range(8)]
                operator.post(organizer("roll.listed", step="vote", participants=people), organizer("roll.sealed", step="vote"))
            operator.post(organizer("step.opened", step="vote"))
            operator.post(*(ballot(f"resident {number}", number % 3) for number in range(6)))
            return operator

        yield made
