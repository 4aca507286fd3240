"""Submissions that come as CloudEvents 1.0: `type` and `data` are the submission's, extension attributes are its other fields.

`source` and `id` name an event for ever, so a producer that sends again after a lost answer is recognised without a header of ours.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import unquote

from ledger.canonical import JsonValue, canonical
from ledger.errors import InvalidField
from ledger.events import BY_TYPE
from ledger.events.ballot import BallotEvent

_ATTRIBUTES = {
    "role": "role",
    "channel": "channel",
    "participant": "participant",
    "onbehalfof": "on_behalf_of",
    "mandateref": "mandate_ref",
}
"""Extension attribute → field of the submission. CloudEvents allows lower-case letters and digits only."""


def submissions_of(events: Sequence[JsonValue], places: Sequence[str]) -> list[dict[str, JsonValue]]:
    """The submissions that these CloudEvents carry, in order. Raises `InvalidField` where an event is not of the form."""
    return [_submission(_checked(event, place), place) for event, place in zip(events, places, strict=True)]


def names_of(events: Sequence[JsonValue]) -> str:
    """One key for the request, from `source` and `id` of its events in order; for events that `submissions_of` has read."""
    names = [[event["source"], event["id"]] for event in events if isinstance(event, dict)]
    return f"ce:{sha256(canonical(names)).hexdigest()}"


def from_headers(headers: Mapping[bytes, bytes], data: JsonValue) -> JsonValue:
    """The CloudEvent of a request in binary mode: attributes from its headers (HTTP binding, section 3.1.3), data from its body."""
    event: dict[str, JsonValue] = {
        name[3:].decode("latin-1"): _header_text(value, name.decode("latin-1"))
        for name, value in headers.items()
        if name.startswith(b"ce-")
    }
    return {**event, "data": data}


def _header_text(value: bytes, name: str) -> str:
    text = value.decode("latin-1").strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    try:
        return unquote(text, "utf-8", "strict")
    except UnicodeDecodeError:
        raise InvalidField(name, "the header is not UTF-8 under its percent signs") from None


def _checked(event: JsonValue, place: str) -> dict[str, JsonValue]:
    if not isinstance(event, dict):
        raise InvalidField(place, "a CloudEvent is a JSON object")
    if event.get("specversion") != "1.0":
        raise InvalidField(f"{place}.specversion", "CloudEvents of version 1.0 are read here")
    for required in ("id", "source", "type"):
        if not isinstance(event.get(required), str) or not event[required]:
            raise InvalidField(f"{place}.{required}", "a CloudEvent has this attribute, as text that is not empty")
    if "data_base64" in event:
        raise InvalidField(f"{place}.data_base64", "the data of a submission is JSON, in 'data'")
    if event.get("datacontenttype", "application/json") != "application/json":
        raise InvalidField(f"{place}.datacontenttype", "the data of a submission is application/json")
    return event


def _submission(event: dict[str, JsonValue], place: str) -> dict[str, JsonValue]:
    submission: dict[str, JsonValue] = {"type": event["type"], "data": event.get("data")}
    for attribute, field in _ATTRIBUTES.items():
        if attribute in event:
            submission[field] = event[attribute]
    if "time" in event and not _is_ballot(event["type"]):
        submission["claimed_at"] = _instant(event["time"], place)
    return submission


def _is_ballot(event_type: JsonValue) -> bool:
    """True for ballots, which carry no claimed time: libraries set `time` unasked, and a fine time would say whose ballot it is."""
    known = BY_TYPE.get(event_type) if isinstance(event_type, str) else None
    return known is not None and issubclass(known, BallotEvent)


def _instant(time: JsonValue, place: str) -> str:
    """A time of RFC 3339 as an `Instant`, cut to the millisecond."""
    try:
        moment = datetime.fromisoformat(time) if isinstance(time, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidField(f"{place}.time", "a time is RFC 3339 with its offset, as in 2026-03-01T10:00:00Z")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
