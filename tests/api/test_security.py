"""Who is asking is known from the key they send, is asked at most once a second, and is never believed longer than that."""

import asyncio
from threading import Event

import pytest

from ledger.api.security import LEASE_SECONDS, Doorkeeper, Turnstile
from ledger.errors import ApiKeyMissing, ApiKeyUnknown, RateExceeded
from ledger.ports import Client

ANNE = Client("anne", "town", frozenset({"events:write"}), frozenset({"organizer"}))


class KeyBook:
    """Keys and their clients, the questions asked of it, and a clock."""

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {"sesame": ANNE}
        self.asked: list[str] = []
        self.time = 100.0
        self.doorkeeper = Doorkeeper(self.find, lambda: self.time)

    def find(self, key: str) -> Client | None:
        self.asked.append(key)
        return self.clients.get(key)


def test_a_client_is_known_by_its_key() -> None:
    book = KeyBook()
    assert asyncio.run(book.doorkeeper.client(b"Bearer sesame")) is ANNE
    assert asyncio.run(book.doorkeeper.client(b"bearer  sesame ")) is ANNE


@pytest.mark.parametrize("header", [None, b"", b"sesame", b"Bearer ", b"Basic sesame", b"Bearer " + b"x" * 1000])
def test_whoever_shows_no_key_is_nobody(header: bytes | None) -> None:
    book = KeyBook()
    with pytest.raises(ApiKeyMissing):
        asyncio.run(book.doorkeeper.client(header))
    assert book.asked == []


def test_a_key_of_nobody_is_refused_and_not_asked_about_again_for_a_second() -> None:
    book = KeyBook()
    for _ in range(3):
        with pytest.raises(ApiKeyUnknown):
            asyncio.run(book.doorkeeper.client(b"Bearer guess"))
    assert book.asked == ["guess"]


def test_a_revoked_key_is_worth_nothing_once_its_lease_is_over() -> None:
    book = KeyBook()
    asyncio.run(book.doorkeeper.client(b"Bearer sesame"))
    book.clients.clear()
    book.time += LEASE_SECONDS - 0.001
    assert asyncio.run(book.doorkeeper.client(b"Bearer sesame")) is ANNE
    book.time += 0.001
    with pytest.raises(ApiKeyUnknown):
        asyncio.run(book.doorkeeper.client(b"Bearer sesame"))


def test_a_lease_runs_from_before_the_question() -> None:
    """Otherwise a key revoked while a slow answer is under way would be believed for longer than a lease."""
    book = KeyBook()

    def slowly(key: str) -> Client | None:
        found = book.find(key)
        book.time += LEASE_SECONDS
        return found

    doorkeeper = Doorkeeper(slowly, lambda: book.time)
    asyncio.run(doorkeeper.client(b"Bearer sesame"))
    book.clients.clear()
    with pytest.raises(ApiKeyUnknown):
        asyncio.run(doorkeeper.client(b"Bearer sesame"))


def test_many_requests_at_once_ask_once() -> None:
    book = KeyBook()
    gate = Event()

    def waiting(key: str) -> Client | None:
        gate.wait(10)
        return book.find(key)

    doorkeeper = Doorkeeper(waiting)

    async def crowd() -> list[Client]:
        asking = [asyncio.create_task(doorkeeper.client(b"Bearer sesame")) for _ in range(50)]
        await asyncio.sleep(0)
        asking[0].cancel()
        gate.set()
        return await asyncio.gather(*asking[1:])

    assert asyncio.run(crowd()) == [ANNE] * 49
    assert book.asked == ["sesame"]


def test_a_failing_question_fails_each_request_and_is_not_remembered() -> None:
    def failing(key: str) -> Client | None:
        raise ConnectionError

    doorkeeper = Doorkeeper(failing)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            asyncio.run(doorkeeper.client(b"Bearer sesame"))


def test_each_client_may_ask_so_often_in_a_second() -> None:
    turnstile = Turnstile(3)
    for client in ("anne", "bob"):
        for _ in range(3):
            turnstile.pass_through(client)
    with pytest.raises(RateExceeded) as caught:
        turnstile.pass_through("anne")
    assert caught.value == RateExceeded("anne", 3)


def test_no_limit_is_no_limit() -> None:
    turnstile = Turnstile(0)
    for _ in range(1000):
        turnstile.pass_through("anne")
