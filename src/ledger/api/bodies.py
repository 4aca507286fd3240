"""The forms a body of submissions may take, all brought to one: a list of JSON documents, each with its place in the body.

One submission (`application/json`), several (a JSON array, or one per line as `application/x-ndjson`), and CloudEvents 1.0 in
structured, batch and binary mode (docs/formats/requests.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from ledger.canonical import JsonValue, canonical, parse
from ledger.errors import InvalidField, MediaTypeUnknown, NotJson, TooManySubmissions

T = TypeVar("T")

MOST_SUBMISSIONS = 10_000
"""Events in one request, at most."""

JSON = "application/json"
NDJSON = "application/x-ndjson"
CLOUDEVENT = "application/cloudevents+json"
CLOUDEVENTS = "application/cloudevents-batch+json"

_ATTRIBUTES = {
    "role": "role",
    "channel": "channel",
    "participant": "participant",
    "onbehalfof": "on_behalf_of",
    "mandateref": "mandate_ref",
}
"""Extension attributes of a CloudEvent → fields of a submission."""


@dataclass(frozen=True, slots=True)
class Body:
    """What was posted: documents in order, where each stands (`$`, `$[3]`, `line 4`), and the key that names the request, if any."""

    documents: list[bytes]
    places: list[str]
    key: str | None = None


def read_body(body: bytes, content_type: str, headers: Mapping[str, str]) -> Body:
    """The submissions of a request's body. Raises `Malformed` leaves; of the submissions themselves only their number is judged."""
    media_type = content_type.partition(";")[0].strip().lower() or JSON
    if media_type == NDJSON:
        return _lines(body)
    if media_type == CLOUDEVENT:
        return _structured(body)
    if media_type == CLOUDEVENTS:
        return _batch(body)
    if media_type == JSON:
        if "ce-specversion" in headers:
            return _binary(body, headers)
        return _array(body) if body.lstrip()[:1] == b"[" else Body([body], ["$"])
    raise MediaTypeUnknown(media_type[:100], ", ".join((JSON, NDJSON, CLOUDEVENT, CLOUDEVENTS)))


def _lines(body: bytes) -> Body:
    lines = body.split(b"\n")
    documents, places = [], []
    for number, line in enumerate(lines, 1):
        if line.strip():
            documents.append(line)
            places.append(f"line {number}")
    return Body(_counted(documents), places)


def _array(body: bytes) -> Body:
    members = parse(body)
    if not isinstance(members, list):
        raise NotJson("$", "an array was begun that is none")
    return Body([canonical(member) for member in _counted(members)], [f"$[{index}]" for index in range(len(members))])


def _structured(body: bytes) -> Body:
    return _from_cloudevents([(_object(parse(body), "$"), "$")])


def _batch(body: bytes) -> Body:
    members = parse(body)
    if not isinstance(members, list):
        raise InvalidField("$", "a batch of CloudEvents is a JSON array")
    return _from_cloudevents([(_object(member, f"$[{index}]"), f"$[{index}]") for index, member in enumerate(_counted(members))])


def _binary(body: bytes, headers: Mapping[str, str]) -> Body:
    event: dict[str, JsonValue] = {name[3:]: value for name, value in headers.items() if name.startswith("ce-")}
    event["data"] = parse(body)
    return _from_cloudevents([(event, "$")])


def _from_cloudevents(events: list[tuple[dict[str, JsonValue], str]]) -> Body:
    """Submissions from CloudEvents. `source` and `id` name the request, so a producer that sends again is recognised without a header."""
    documents, places, names = [], [], []
    for event, place in events:
        if event.get("specversion") != "1.0":
            raise InvalidField(f"{place}.specversion", "CloudEvents of version 1.0 are read here")
        for required in ("id", "source", "type"):
            if not isinstance(event.get(required), str) or not event[required]:
                raise InvalidField(f"{place}.{required}", "a CloudEvent has this attribute, as text that is not empty")
        submission: dict[str, JsonValue] = {"type": event["type"], "data": event.get("data")}
        for attribute, field in _ATTRIBUTES.items():
            if attribute in event:
                submission[field] = event[attribute]
        if "time" in event:
            submission["claimed_at"] = event["time"]
        documents.append(canonical(submission))
        places.append(place)
        names.append(f"{event['source']}#{event['id']}")
    return Body(_counted(documents), places, "ce:" + "\n".join(names) if names else None)


def _object(value: JsonValue, place: str) -> dict[str, JsonValue]:
    if isinstance(value, dict):
        return value
    raise InvalidField(place, "a CloudEvent is a JSON object")


def _counted(members: list[T]) -> list[T]:
    if not members:
        raise InvalidField("$", "the body holds no submission")
    if len(members) > MOST_SUBMISSIONS:
        raise TooManySubmissions(len(members), MOST_SUBMISSIONS)
    return members
