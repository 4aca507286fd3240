"""What pydantic found wrong, said in the ledger's own errors: the first fault, by its place."""

import re

from pydantic import ValidationError

from ledger.errors import InvalidField, Malformed, NotJson, UnknownEventType

_TYPE = re.compile(r"[a-z_]+\.[a-z_]+/[0-9]+")


def malformed(error: ValidationError, root: str) -> Malformed:
    """The first fault of a body as an error of the tree; `root` is what stands before the JSON path (`$`, `line 3: $`)."""
    fault = error.errors(include_url=False, include_context=True)[0]
    place = root + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in _visible(fault["loc"]))
    if fault["type"] == "json_invalid":
        return NotJson(place, str(fault.get("ctx", {}).get("error", fault["msg"])))
    if fault["type"] == "union_tag_invalid":
        return UnknownEventType(f"{place}.type", str(fault["ctx"]["tag"])[:100])
    if fault["type"] == "union_tag_not_found":
        return InvalidField(f"{place}.type", "every submission names its event type here, as in 'ballot.cast/1'")
    return InvalidField(place, _sentence(fault["type"], fault["msg"]))


def _visible(location: tuple[int | str, ...]) -> list[int | str]:
    """The location without the names of union members (the event type in front, `tuple[…]` inside), which are ours and not the sender's."""
    inner = location[1:] if location and isinstance(location[0], str) and _TYPE.fullmatch(location[0]) else location
    return [part for part in inner if isinstance(part, int) or not part.startswith("tuple[")]


def _sentence(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such field here"
    if kind == "missing":
        return "this field is required"
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
