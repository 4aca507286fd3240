"""Asks a timestamp authority to say that a text was there at a time (RFC 3161). Needs the `anchors` extra."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

import httpx2

from ledger.audit.timestamp import LONGEST_TIMESTAMP, check_timestamp, timestamp_library

_SECONDS: Final = 8.0
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept-Encoding": "identity"}
_DAMAGED: Final = (ValueError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An answer of an authority that dates a text: the DER response, the time it states, and whether its certificates were checked."""

    response: bytes
    at: datetime
    verified: bool


@dataclass(frozen=True, slots=True)
class NotAnchored:
    """There is no timestamp, and why."""

    why: str


AskTimestamp = Callable[[bytes], Anchor | NotAnchored]


class TimestampClient:
    """One timestamp authority."""

    def __init__(self, url: str, roots: bytes | None) -> None:
        """`roots` are PEM certificates; without them an answer is kept if it is of the text and the request, whoever made it."""
        self._url = url
        self._roots = roots
        self._http = httpx2.Client(timeout=_SECONDS)

    def close(self) -> None:
        """The connection is given up."""
        self._http.close()

    def ask(self, text: bytes) -> Anchor | NotAnchored:
        """A timestamp over exactly this text (SHA-256), with the authority's certificate in it."""
        library = timestamp_library()
        if library is None:
            return NotAnchored("the library rfc3161-client is not installed (extra 'anchors')")
        request = library.TimestampRequestBuilder(data=text, hash_algorithm=library.HashAlgorithm.SHA256).build()
        try:
            response = self._post(request.as_bytes())
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return NotAnchored(f"the authority cannot be reached: {str(error)[:200] or type(error).__name__}")
        if isinstance(response, NotAnchored):
            return response
        try:
            answer = library.decode_timestamp_response(response)
            granted, stated = answer.status == library.PKIStatus.GRANTED, answer.tst_info
            same = stated.nonce == request.nonce and stated.message_imprint.message == request.message_imprint.message
            at: datetime = stated.gen_time
        except _DAMAGED as error:
            return NotAnchored(f"the authority's answer is no timestamp: {error}")
        if not granted or not same:
            return NotAnchored("the authority's answer is not to what was asked" if granted else "the authority does not grant a timestamp")
        if self._roots is None:
            return Anchor(response, at, verified=False)
        check = check_timestamp(response, text, self._roots)
        if check.at is None:
            return NotAnchored(f"the authority's timestamp does not verify: {check.why}")
        return Anchor(response, check.at, verified=True)

    def _post(self, content: bytes) -> bytes | NotAnchored:
        deadline, body = monotonic() + _SECONDS, b""
        with self._http.stream("POST", self._url, content=content, headers=_HEADERS) as answer:
            if answer.status_code != 200:
                return NotAnchored(f"the authority answered {answer.status_code}")
            for part in answer.iter_raw():
                body += part
                if len(body) > LONGEST_TIMESTAMP:
                    return NotAnchored(f"the authority's answer is longer than {LONGEST_TIMESTAMP} bytes")
                if monotonic() > deadline:
                    raise httpx2.ReadTimeout("its answer takes too long")
        return body
