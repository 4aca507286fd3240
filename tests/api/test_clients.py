"""Keys of running services: revoked at once, bound to projects and roles, limited in how often they ask."""

from collections.abc import Iterator
from time import sleep

import orjson
import pytest

from ledger.api.security import LEASE_SECONDS
from ledger.store.clients import revoke_client
from tests.posting import opening, organizer
from tests.serving import Service, serving


@pytest.fixture(scope="module")
def hurried(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose clients may ask five times a second."""
    with serving(database, tmp_path_factory.mktemp("hurried"), requests_per_second=5) as running:
        yield running


def test_a_key_that_was_revoked_is_worth_nothing_after_its_lease(hurried: Service) -> None:
    key = hurried.key("leaver")
    assert hurried.post("leaving", orjson.dumps(opening()), key).status_code == 201
    with hurried.keeper.datastore.connection() as connection:
        revoke_client(connection, "leaver")
    event = orjson.dumps(organizer("category.defined", ref="c", name={"en": "C"}))
    sleep(LEASE_SECONDS)
    answer = hurried.post("leaving", event, key)
    assert (answer.status_code, answer.json()["code"]) == (401, "api-key-unknown")


def test_who_asks_too_often_is_told_to_wait(hurried: Service) -> None:
    key, other = hurried.key("eager"), hurried.key("patient")
    answers = [hurried.post("nowhere", b"{}", key) for _ in range(40)]
    assert {answer.status_code for answer in answers} == {422, 429}
    told = next(answer for answer in answers if answer.status_code == 429)
    assert (told.json()["code"], told.json()["limit"], told.headers["retry-after"]) == ("rate-exceeded", 5, "1")
    assert hurried.post("nowhere", b"{}", other).status_code == 422
