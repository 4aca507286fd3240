"""Registers as the page makes them of logs that nobody admitted: they say what they say in Python, whatever stands in the log."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from tests.browser.browsing import Verifier
from tests.browser.refolding import made_in_python, made_in_the_page
from tests.projections.history import History
from tests.projections.test_unlawful import soups

TABLES = ("changes", "erasures", "moderation", "participation")


def as_in_python(history: History) -> dict[str, str] | None:
    """The tables of the log; None where its results cannot be counted, because rules are in it that were never checked."""
    try:
        return made_in_python(TABLES, history.events)
    except (LedgerError, AssertionError):
        return None


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
@given(histories=st.lists(soups(), min_size=1, max_size=8))
def test_registers_of_logs_that_nobody_admitted_are_told_as_in_python(verifier: Verifier, histories: list[History]) -> None:
    expected = [(history, told) for history in histories if (told := as_in_python(history)) is not None]
    found = made_in_the_page(verifier, TABLES, [history.events for history, _ in expected])
    assert found == [told for _, told in expected]
