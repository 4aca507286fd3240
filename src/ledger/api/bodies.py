"""The forms a body of submissions may take, all brought to one: a list of JSON documents, each with its place in the body.

One submission (`application/json`), several (a JSON array, or one per line as `application/x-ndjson`), and CloudEvents 1.0 in
structured, batch and binary mode (docs/formats/requests.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from ledger.api.cloudevents import from_headers, names_of, submissions_of
from ledger.canonical import JsonValue, canonical, parse
from ledger.errors import BodyTooLarge, EncodingUnknown, InvalidField, MediaTypeUnknown, TooManySubmissions
from ledger.submit import MOST_SUBMISSIONS

JSON = "application/json"
NDJSON = "application/x-ndjson"
CLOUDEVENT = "application/cloudevents+json"
CLOUDEVENTS = "application/cloudevents-batch+json"
MEDIA_TYPES = (JSON, NDJSON, CLOUDEVENT, CLOUDEVENTS)

WHOLE = "$"
"""The place of a submission that is all of the body."""
_WHITE_SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Body:
    """What was posted: documents in order, where each stands (`$`, `$[3]`, `line 4`), and the key that names the request, if any."""

    documents: Sequence[bytes]
    places: Sequence[str]
    key: str | None = None
    cloudevents: Sequence[JsonValue] = ()
    """The CloudEvents that the documents were made of, in order; none where they came as they are."""

    def line(self, index: int) -> bytes:
        """The bytes that a refusal of one document among several is about (docs/formats/log.md).

        Of NDJSON the line without its line feed, of an array the member in canonical JSON, which is a CloudEvent where these were posted.
        """
        return canonical(self.cloudevents[index]) if self.cloudevents else self.documents[index]


def read_body(body: bytes, content_type: str, headers: Mapping[bytes, bytes]) -> Body:
    """The submissions of a request's body. Raises `Malformed` leaves; of the submissions themselves only their number is judged.

    `headers` have lower-case names; only those of CloudEvents in binary mode (`ce-…`) are read.
    """
    media_type = _media_type(content_type)
    if media_type == NDJSON:
        return _lines(body)
    if media_type == CLOUDEVENT:
        return _cloudevents([parse(body)], [WHOLE])
    if media_type == CLOUDEVENTS:
        members = _members(body)
        return _cloudevents(members, [f"$[{index}]" for index in range(len(members))])
    if b"ce-specversion" in headers:
        return _cloudevents([from_headers(headers, parse(body))], [WHOLE])
    if body.lstrip(_WHITE_SPACE)[:1] == b"[":
        members = _members(body)
        return Body([canonical(member) for member in members], [f"$[{index}]" for index in range(len(members))])
    return Body((body,), (WHOLE,))


async def whole_json(request: Request, limit: int) -> bytes:
    """The body of a request that is JSON and at most `limit` bytes. Raises `MediaTypeUnknown`, `EncodingUnknown`, `BodyTooLarge`."""
    content_type = request.headers.get("content-type", JSON)
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise MediaTypeUnknown(content_type[:100], JSON)
    if "content-encoding" in request.headers:
        raise EncodingUnknown(request.headers["content-encoding"][:40])
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise BodyTooLarge(limit)
    return bytes(body)


def _media_type(content_type: str) -> str:
    """One of `MEDIA_TYPES`; JSON where none is named. JSON is UTF-8 (RFC 8259), so any other character set is refused."""
    if content_type in {"", JSON}:
        return JSON
    named, _, parameters = content_type.lower().partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    if named.strip() not in MEDIA_TYPES or charset not in {"", "utf-8", "utf8"}:
        raise MediaTypeUnknown(content_type[:100], ", ".join(MEDIA_TYPES))
    return named.strip()


def _lines(body: bytes) -> Body:
    documents, places = [], []
    for number, line in enumerate(body.split(b"\n"), 1):
        if line and not line.isspace():
            documents.append(line)
            places.append(f"line {number}")
    _check_count(len(documents))
    return Body(documents, places)


def _members(body: bytes) -> list[JsonValue]:
    members = parse(body)
    if not isinstance(members, list):
        raise InvalidField("$", "a batch is a JSON array")
    _check_count(len(members))
    return members


def _cloudevents(events: list[JsonValue], places: list[str]) -> Body:
    return Body([canonical(submission) for submission in submissions_of(events, places)], places, names_of(events), events)


def _check_count(count: int) -> None:
    if count == 0:
        raise InvalidField("$", "the body holds no submission")
    if count > MOST_SUBMISSIONS:
        raise TooManySubmissions(count, MOST_SUBMISSIONS)
