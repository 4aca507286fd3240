"""Importing into a ledger that runs elsewhere: its public HTTP interface, as any platform uses it."""

from collections.abc import Sequence
from time import sleep
from types import TracebackType
from typing import Any, Final

import httpx2
import orjson

from ledger.canonical import JsonValue
from ledger.errors import ServiceRefused, ServiceUnreachable
from ledger.importers.posting import LineOutcome

_TRIES: Final = 6
"""How often a request is sent while the service is not available; the key that it carries makes sending it again safe."""
_AGAIN: Final = frozenset((429, 502, 503, 504))


class HttpPosting:
    """See `Posting`. Closes its connections when the `with` block ends."""

    def __init__(self, url: str, api_key: str, project: str) -> None:
        """`url` is the service's address without a path: `http://127.0.0.1:8000`."""
        self._address = url
        self._events = f"/v1/projects/{project}/events"
        self._client = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {api_key}"}, timeout=120)

    def __enter__(self) -> "HttpPosting":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def post(self, documents: Sequence[bytes], key: str, *, atomic: bool) -> list[LineOutcome]:
        """See `Posting.post`."""
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": key}
        target = self._events if atomic else f"{self._events}?atomic=false"
        answer = self._request("POST", target, headers, b"\n".join(documents))
        return [_outcome(event) for event in answer["events"]]

    def entry(self, seq: int) -> dict[str, JsonValue]:
        """See `Posting.entry`."""
        page = self._request("GET", f"{self._events}?after={seq - 1}&limit=1", {}, b"")
        found: dict[str, JsonValue] = page["events"][0]
        return found

    def size(self) -> int:
        """See `Posting.size`."""
        try:
            page = self._request("GET", f"{self._events}?limit=1", {}, b"")
        except ServiceRefused as error:
            if error.status == 404:
                return 0
            raise
        return int(page["seq"]) + 1

    def _request(self, method: str, target: str, headers: dict[str, str], content: bytes) -> Any:
        """The answer's JSON. Raises `ServiceRefused` with the service's own words, `ServiceUnreachable` when it stays silent."""
        why = ""
        for tried in range(_TRIES):
            if tried:
                sleep(min(0.25 * 2**tried, 4))
            try:
                answer = self._client.request(method, target, headers=headers, content=content)
            except httpx2.TransportError as error:
                why = str(error) or type(error).__name__
                continue
            if answer.status_code in _AGAIN:
                why = f"status {answer.status_code}"
                continue
            return self._read(answer)
        raise ServiceUnreachable(self._address, why)

    def _read(self, answer: httpx2.Response) -> Any:
        try:
            document = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            raise ServiceUnreachable(self._address, f"status {answer.status_code} with a body that is not JSON; is it a ledger?") from None
        if answer.is_success:
            return document
        place = f"{document['submission']}: " if document.get("submission") else ""
        raise ServiceRefused(answer.status_code, str(document.get("code")), f"{place}{document.get('detail')}")


def _outcome(event: dict[str, Any]) -> LineOutcome:
    problem = event.get("problem")
    if problem is None:
        return LineOutcome(int(event["seq"]))
    return LineOutcome(None, str(problem["code"]), str(problem["detail"]))
