"""Counts that a source published and its acts do not come to are listed in the page as on the command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from ledger.audit import verify
from ledger.projections.readings.published_differences import NAMES, published_differences
from tests.browser.browsing import Verifier
from tests.browser.refolding import entries_of
from tests.browser.stories import story
from tests.projections.debating import TARGETS, Debate, debates
from tests.voiced import DIFFERENCES

_DIFFERENCES = """(logs) => logs.map((log) => {
  const types = new EventTypes(FACTS);
  const folds = new Folds();
  for (const [entry, fields] of log) folds.note(types.read(JSON.parse(entry)), fields);
  return publishedDifferences({ folds });
})"""


@st.composite
def stated(draw: st.DrawFn) -> Debate:
    """A debate of which two imports state some counts."""
    debate = draw(debates())
    for target in draw(st.lists(st.sampled_from([*TARGETS, "contribution/nobody"]), max_size=5)):
        counts = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), min_size=1, max_size=6))
        debate.state(
            target, counts, draw(st.sampled_from(["published", "published", "counts_only"])), draw(st.sampled_from(["rua", "old"]))
        )
    return debate


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
@given(histories=st.lists(stated(), min_size=1, max_size=6))
def test_the_same_differences_are_found_as_in_python(verifier: Verifier, histories: list[Debate]) -> None:
    found: list[list[Any]] = verifier.call(_DIFFERENCES, [entries_of(history.events) for history in histories])
    for history, differences in zip(histories, found, strict=True):
        assert differences == [difference.json() for difference in published_differences(history.source())]


def test_the_report_lists_them_and_the_verdict_does_not_depend_on_them(verifier: Verifier, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(story("voiced"))
    found = verifier.report(story("voiced"))
    assert found["published_differences"] == verify(path).json()["published_differences"] == DIFFERENCES
    assert found["verdict"] == "verified"


@pytest.fixture
def page(browser: Browser, verifier: Verifier, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(locale=request.param)
    opened = context.new_page()
    opened.goto(verifier.path.as_uri())
    yield opened
    context.close()


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("en-GB", "votes: published 8, here 6, 8 if every change counts as one more; arguments: published 2, here 1"),
        ("fr-FR", "votes : publié 8, ici 6, 8 si chaque changement compte en plus; arguments : publié 2, ici 1"),
    ],
    indirect=["page"],
)
def test_people_read_them_in_words(page: Page, tmp_path: Path, line: str) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(story("voiced"))
    page.set_input_files("#package", path)
    page.click("#start")
    page.wait_for_selector("#report .verdict", state="visible")
    assert f"contribution/open-data (old) – {line}" in page.inner_text("#report")
