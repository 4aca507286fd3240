"""A service for the tests of a module, with a project in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import orjson
import pytest

from tests.posting import Document, vote_opened
from tests.serving import Service, serving

PROJECT = "town"


@dataclass
class Town:
    """A service with a project in which a vote is open; `key` may do everything."""

    service: Service
    key: str

    def post(self, *documents: Document, **headers: str) -> httpx2.Response:
        """The answer to these submissions: one by itself, several as lines."""
        if len(documents) == 1:
            return self.service.post(PROJECT, orjson.dumps(documents[0]), self.key, **headers)
        lines = b"\n".join(orjson.dumps(document) for document in documents)
        return self.service.post(PROJECT, lines, self.key, Content_Type="application/x-ndjson", **headers)

    @property
    def size(self) -> int:
        """Entries in the project's log."""
        return self.service.size(PROJECT)


@pytest.fixture(scope="module")
def service(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("service")
    with serving(database, folder) as running:
        yield running


@pytest.fixture(scope="module")
def town(service: Service) -> Town:
    made = Town(service, service.key("town-hall"))
    answer = made.post(*vote_opened())
    assert answer.status_code == 201, answer.text
    return made
