"""Tests in a browser, some of them against a running service."""

from collections.abc import Iterator

import pytest

from tests.browser.browsing import browser, verifier
from tests.serving import Service, serving

__all__ = ["browser", "verifier"]


@pytest.fixture(scope="module")
def service(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(database, tmp_path_factory.mktemp("service")) as running:
        yield running
