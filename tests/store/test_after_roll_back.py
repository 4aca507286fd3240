"""The write path goes on after turns that were rolled back, however many there were."""

import pytest

from ledger.errors import LedgerError
from tests.posting import ballot, ledger, opening, vote_opened


def test_turns_that_end_in_a_roll_back_take_no_prepared_statement_with_them(database: str) -> None:
    with ledger(database) as town:
        for number in range(8):
            project = f"town-{number}"
            town.post(project, *vote_opened(), key="open")
            town.post(project, ballot("ana", 0), key="ana")
            with pytest.raises(LedgerError):  # known from the unique index only, at the end of the turn
                town.post(project, ballot("ana", 1), key="again")
            with pytest.raises(LedgerError):
                town.post(project, opening(), key="late")
            town.post(project, ballot("max", 1), key="max")
            assert town.types(project)[-2:] == ["ballot.cast/1"] * 2
