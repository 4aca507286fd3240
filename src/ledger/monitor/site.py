"""A ledger as anybody sees it over HTTP."""

from types import TracebackType
from typing import Any, Final

import httpx2
import orjson

from ledger.errors import LedgerUnreachable, MalformedTile
from ledger.tlog.tile import Bundle, decode_bundle

LARGEST_ANSWER: Final = 64 << 20
LEDGER_PATH: Final = "/ledger"


class LedgerSite:
    """The public addresses of one ledger. Every method raises `LedgerUnreachable` where the answer is not one that a ledger gives."""

    def __init__(self, url: str, timeout_seconds: float = 30) -> None:
        """`url` is the service's address without a path: `https://ledger.example`."""
        self.url = url.rstrip("/")
        self._client = httpx2.Client(base_url=self.url, timeout=timeout_seconds)

    def __enter__(self) -> "LedgerSite":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def checkpoint(self, log: str) -> bytes | None:
        """The newest checkpoint of the log below this path (`/ledger`, `/p/<project>`); None where there is no such log."""
        return self._found(f"{log}/checkpoint")

    def entries(self, bundle: Bundle) -> list[bytes]:
        """The entries of one bundle of the ledger log."""
        content = self._found(f"{LEDGER_PATH}/{bundle.path}")
        if content is None:
            raise LedgerUnreachable(self.url, f"{LEDGER_PATH}/{bundle.path} is not there, although the checkpoint covers it")
        try:
            return decode_bundle(content, bundle)
        except MalformedTile as error:
            raise LedgerUnreachable(self.url, str(error)) from None

    def inclusion(self, index: int, size: int) -> bytes:
        """The proof that an entry stands in the ledger log of that size."""
        return self._found(f"{LEDGER_PATH}/proof/inclusion?index={index}&size={size}") or b""

    def consistency(self, log: str, old: int, new: int) -> bytes:
        """The answer to the question whether a log of `old` entries begins the one of `new`; empty where it gives none."""
        place = LEDGER_PATH if log == LEDGER_PATH else f"/v1/projects/{log.removeprefix('/p/')}"
        return self._found(f"{place}/proof/consistency?old={old}&new={new}") or b""

    def projects(self) -> dict[str, str]:
        """The projects that the ledger lists: reference → origin."""
        page = self._json("/v1/projects")
        try:
            return {str(project["project"]): str(project["origin"]) for project in page["projects"]}
        except (KeyError, TypeError):
            raise LedgerUnreachable(self.url, "/v1/projects is not a list of projects") from None

    def vkeys(self) -> tuple[str, ...]:
        """The keys that the ledger says sign its ledger log."""
        page = self._json("/v1/ledger")
        try:
            return tuple(str(vkey) for vkey in page["vkeys"])
        except (KeyError, TypeError):
            raise LedgerUnreachable(self.url, "/v1/ledger names no keys") from None

    def _json(self, target: str) -> Any:
        content = self._found(target)
        if content is None:
            raise LedgerUnreachable(self.url, f"{target} is not there; is this a ledger?")
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            raise LedgerUnreachable(self.url, f"{target} is not JSON; is this a ledger?") from None

    def _found(self, target: str) -> bytes | None:
        try:
            with self._client.stream("GET", target) as answer:
                content = bytearray()
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > LARGEST_ANSWER:
                        raise LedgerUnreachable(self.url, f"{target} is longer than {LARGEST_ANSWER} bytes")
                status = answer.status_code
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise LedgerUnreachable(self.url, str(error) or type(error).__name__) from None
        if status == httpx2.codes.OK:
            return bytes(content)
        if status in {404, 410, 422, 451}:
            return None
        raise LedgerUnreachable(self.url, f"{target} answers with status {status}")
