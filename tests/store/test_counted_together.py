"""What is counted is posted after the request that closes what it counts."""

import pytest

from ledger.errors import CountedTogether
from tests.posting import ballot, ledger, organizer, vote_opened


def test_a_result_in_the_request_that_closes_its_step_is_refused_with_what_to_do(database: str) -> None:
    closing, result = organizer("step.closed", step="vote"), organizer("result.computed", step="vote")
    with ledger(database) as town:
        town.post("town", *vote_opened(), ballot("ana", 0))
        with pytest.raises(CountedTogether, match="in a request of its own") as refusal:
            town.post("town", closing, result)
        assert refusal.value.submission == "line 2"
        assert "step.closed/1" not in town.types("town")[-1]
        town.post("town", closing)
        town.post("town", result)
        assert town.types("town")[-2:] == ["step.closed/1", "result.computed/1"]


def test_line_by_line_the_closing_stands_and_the_result_is_refused(database: str) -> None:
    with ledger(database) as town:
        town.post("village", *vote_opened(secrecy="sealed"))
        closing, disclosed = organizer("step.closed", step="vote"), organizer("ballots.disclosed", step="vote")
        answer = town.post("village", closing, disclosed, atomic=False)
        assert isinstance(answer.outcomes[1], CountedTogether)
        assert town.types("village")[-1] == "step.closed/1"
