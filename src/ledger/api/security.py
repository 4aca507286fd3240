"""Who is asking: API keys, and how often their clients may ask.

What a key allows is looked up at most once a second, and never remembered longer: whoever revokes a key waits `LEASE_SECONDS`, and after
that no process accepts it any more.
"""

from asyncio import Task, create_task, shield
from collections.abc import Callable
from time import monotonic

from anyio import CapacityLimiter, to_thread
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ledger.errors import ApiKeyMissing, ApiKeyUnknown, RateExceeded
from ledger.ports import Client

LEASE_SECONDS = 1.0
_MOST_REMEMBERED = 10_000
_LONGEST_HEADER = 512


class Doorkeeper:
    """Knows clients by the `Authorization` header that they send."""

    def __init__(self, find: Callable[[str], Client | None], now: Callable[[], float] = monotonic) -> None:
        """`find` gives the client of an API key, or None where nobody has it or it was revoked; it may block."""
        self._find = find
        self._now = now
        self._leases: dict[bytes, tuple[float, Client | None]] = {}
        self._asking: dict[bytes, Task[Client | None]] = {}
        # Threads of its own: however many read and wait for the database, who posts is not kept waiting with them.
        self._threads = CapacityLimiter(2)

    async def client(self, authorization: bytes | None) -> Client:
        """The client that the header names. Raises `ApiKeyMissing` or `ApiKeyUnknown`."""
        if authorization is None:
            raise ApiKeyMissing
        lease = self._leases.get(authorization)
        found = lease[1] if lease is not None and self._now() < lease[0] else await self._ask(authorization)
        if found is None:
            raise ApiKeyUnknown
        return found

    async def _ask(self, authorization: bytes) -> Client | None:
        """Looks the key up once, however many requests wait for the answer; one that gives up does not take it from the others."""
        asking = self._asking.get(authorization)
        if asking is None:
            asking = self._asking[authorization] = create_task(self._look_up(authorization, _key(authorization)))
            asking.add_done_callback(lambda _: self._asking.pop(authorization, None))
        return await shield(asking)

    async def _look_up(self, authorization: bytes, key: str) -> Client | None:
        # The lease runs from before the question: an answer is never used longer than a second after it was true.
        until = self._now() + LEASE_SECONDS
        found = await to_thread.run_sync(self._find, key, limiter=self._threads)
        if len(self._leases) >= _MOST_REMEMBERED:
            self._leases.clear()
        self._leases[authorization] = (until, found)
        return found


def _key(authorization: bytes) -> str:
    scheme, _, key = authorization.partition(b" ")
    if scheme.lower() != b"bearer" or not key.strip() or len(authorization) > _LONGEST_HEADER:
        raise ApiKeyMissing
    return key.strip().decode("latin-1")


class Turnstile:
    """Lets each client through so many times in any second. Every process counts for itself."""

    def __init__(self, requests_per_second: int) -> None:
        """0 means no limit."""
        self._limit = requests_per_second
        if requests_per_second:
            self._item = RateLimitItemPerSecond(requests_per_second)
            self._window = MovingWindowRateLimiter(MemoryStorage())

    def pass_through(self, client: str) -> None:
        """Counts a request of the client; raises `RateExceeded` where it is one too many."""
        if self._limit and not self._window.hit(self._item, client):
            raise RateExceeded(client, self._limit)
