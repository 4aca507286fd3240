"""The bytes that are hashed and signed: RFC 8785 (JCS) on a restricted subset of JSON (docs/formats/entry.md, "Canonical JSON").

The subset is text without NUL or lone surrogates, whole numbers of magnitude below 2^53, true, false, null, lists, and objects with
ASCII keys. On it, and only on it, sorting keys by bytes is sorting them by UTF-16 units and no number needs a float's notation, so
the output of `orjson` with sorted keys is the JCS form. Whoever hashes a value therefore checks the subset first.
"""

import json
import re
from typing import Final, TypeAlias

import orjson

from ledger.errors import DuplicateKey, NotCanonical, NotJson

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue] | None"

LARGEST_INT: Final = 2**53 - 1
"""The greatest number that every JSON reader holds exactly; its negative is the least."""

MAX_DEPTH: Final = 64
"""How many lists and objects may stand in one another."""

_LONGEST_QUOTED_KEY: Final = 64
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
_LEAST_INT: Final = -LARGEST_INT
_NUL_ESCAPE: Final = b"\\u0000"
_COLON_ESCAPE: Final = b"\\u003"
_TOO_DEEP: Final = f"more than {MAX_DEPTH} lists and objects stand in one another"

_Place: TypeAlias = "tuple[_Place, str | int] | None"


def canonical(value: object) -> bytes:
    """The canonical bytes of `value`; raises `NotCanonical` with the place of what lies outside the subset.

    Lists and tuples are lists. Subclasses of the plain types (enumerations, dates, models) are refused: say which text they stand for.
    """
    _check(value, None, 0)
    try:
        written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # What the check let pass and cannot be written: a lone surrogate, or a key of a subclass of text.
        _check_text(value, None)
        raise
    if _NUL_ESCAPE in written:
        _check_text(value, None)
    return written


def canonical_trusted(value: object) -> bytes:
    """The bytes `canonical` would give, unchecked: for values that typed models or `parse` have already held to the subset."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse(data: bytes) -> JsonValue:
    """The value that `data` writes as one JSON document in UTF-8, white space and key order being free.

    Raises `NotJson`, `DuplicateKey`, or `NotCanonical` for a value outside the subset (a float also where it is whole: `1.0`, `1e3`).
    """
    value = _load(data)
    # Each member of the document brings one colon, and each text in it its own. What was kept, written again, can only have fewer: the
    # same number of colons proves that no member was dropped. The one thing that could forge a colon is its escape, \\u003a.
    if _COLON_ESCAPE in data or data.count(b":") != canonical_trusted(value).count(b":"):
        _check_keys_once(data)
    return value


def parse_canonical(data: bytes) -> JsonValue:
    """The value of `data`, which is in canonical form; raises as `parse` does, or `NotCanonical` where the form is another."""
    value = _load(data)
    # A dropped member would make the output shorter than the input, so equality also proves that no key stands twice.
    if canonical_trusted(value) != data:
        _check_keys_once(data)
        raise NotCanonical(place="$", why="the bytes are not the canonical form of the value they write (RFC 8785)")
    return value


def is_canonical(data: bytes) -> bool:
    """True when `data` is exactly what `canonical` gives for the value it writes."""
    try:
        parse_canonical(data)
    except (NotJson, DuplicateKey, NotCanonical):
        return False
    return True


def _load(data: bytes) -> JsonValue:
    """The value of `data`, inside the subset; duplicate keys are not yet ruled out (the last member of a name was kept)."""
    try:
        value: JsonValue = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotJson(place=f"character {error.pos}", why=error.msg) from None
    _check(value, None, 0)
    if _NUL_ESCAPE in data:
        _check_text(value, None)
    return value


def _check(value: object, place: _Place, depth: int) -> None:
    """Types, number sizes, key characters and depth in `value` are right; its text is not looked into."""
    kind = type(value)
    if kind is dict:
        _check_object(value, place, depth + 1)  # type: ignore[arg-type]  # `kind is dict` does not narrow `value`
    elif kind is list or kind is tuple:
        if depth == MAX_DEPTH:
            raise NotCanonical(place=_path(place), why=_TOO_DEEP)
        for index, inner in enumerate(value):  # type: ignore[arg-type, var-annotated]  # `kind is list` does not narrow `value`
            of = type(inner)
            # As in an object: text and small numbers are passed over without a call.
            if of is not str and (of is not int or not _LEAST_INT <= inner <= LARGEST_INT):
                _check(inner, (place, index), depth + 1)
    elif kind is int:
        if not _LEAST_INT <= value <= LARGEST_INT:  # type: ignore[operator]  # `kind is int` does not narrow `value`
            raise NotCanonical(place=_path(place), why="the number is 2^53 or more")
    elif kind is float:
        raise NotCanonical(place=_path(place), why="the number is not written as a whole number below 2^53")
    elif kind is not str and kind is not bool and value is not None:
        raise NotCanonical(place=_path(place), why=f"{kind.__name__} is not a JSON type")


def _check_object(value: dict[str, object], place: _Place, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical(place=_path(place), why=_TOO_DEEP)
    try:
        all_ascii = "".join(value).isascii()
    except TypeError:
        all_ascii = False
    if not all_ascii:
        _refuse_key(value, place)
    for key, inner in value.items():
        kind = type(inner)
        # Text and small numbers are nearly all there is; they are passed over here, without a call each.
        if kind is not str and (kind is not int or not _LEAST_INT <= inner <= LARGEST_INT):  # type: ignore[operator]  # see _check
            _check(inner, (place, key), depth)


def _refuse_key(value: dict[str, object], place: _Place) -> None:
    """Raises at the first key of `value` that is not ASCII text."""
    for key in value:
        if type(key) is not str:
            raise NotCanonical(place=_path(place), why=f"a key is of type {type(key).__name__}, not text")
        if not key.isascii():
            raise NotCanonical(place=_path((place, key)), why="the key is not ASCII")


def _check_text(value: object, place: _Place) -> None:
    """Raises where a text or key in `value`, otherwise checked, holds NUL or a lone surrogate."""
    if isinstance(value, str):
        if "\0" in value:
            raise NotCanonical(place=_path(place), why="the text holds the character NUL")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise NotCanonical(place=_path(place), why="the text holds a lone surrogate, which UTF-8 cannot write")
    elif isinstance(value, dict):
        _refuse_key(value, place)
        for key, inner in value.items():
            _check_text(key, (place, key))
            _check_text(inner, (place, key))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            _check_text(inner, (place, index))


class _Members(list[tuple[str, object]]):
    """An object as its members in the order written, repetitions kept."""


def _check_keys_once(data: bytes) -> None:
    """Raises `DuplicateKey` where an object of `data`, which parses, names a key twice. Slow: runs only when counting proved nothing."""
    try:
        # Numbers stay text: only the keys are looked at.
        written = json.loads(data, object_pairs_hook=_Members, parse_int=str, parse_float=str)
    except RecursionError:
        raise NotCanonical(place="$", why=_TOO_DEEP) from None
    _check_members(written, None)


def _check_members(value: object, place: _Place) -> None:
    # An object is looked at before what stands in it, so a member that was dropped (and so never depth-checked) is never entered.
    if isinstance(value, _Members):
        seen: set[str] = set()
        for key, _ in value:
            if key in seen:
                raise DuplicateKey(place=_path(place), key=_short(key))
            seen.add(key)
        for key, inner in value:
            _check_members(inner, (place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_members(inner, (place, index))


def _path(place: _Place) -> str:
    """The JSON path of `place`: `$.data.entries[3]["odd key"]`."""
    steps: list[str] = []
    while place is not None:
        place, step = place
        if isinstance(step, int):
            steps.append(f"[{step}]")
        elif _PLAIN_KEY.match(step):
            steps.append(f".{step}")
        else:
            steps.append(f"[{json.dumps(_short(step))}]")
    return "$" + "".join(reversed(steps))


def _short(key: str) -> str:
    return key if len(key) <= _LONGEST_QUOTED_KEY else key[:_LONGEST_QUOTED_KEY] + "…"
