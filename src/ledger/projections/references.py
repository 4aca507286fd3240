"""Rows refer to texts and never hold them (docs/adr/0018-no-text-in-view-rows.md).

A reference is the JSON value `{"text": [seq, name]}`: the committed field `name` of the entry `seq`. Whoever reads rows has references
replaced by what may be shown now, so that erasing and hiding change no row, and nothing readable is stored.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeAlias

from ledger.canonical import JsonValue
from ledger.events import COMMITTED, Event
from ledger.projections.projection import Row, Texts

ROWS_AT_ONCE: Final = 256
"""Rows whose texts are looked up together."""
_TEXT: Final = "text"
_NOTHING: Final[Texts] = {}
_PUBLIC: Final[Mapping[str, tuple[str, ...]]] = {
    wire_type: tuple(name for name, visibility in fields.items() if visibility == "public") for wire_type, fields in COMMITTED.items()
}

Place: TypeAlias = tuple[int, str]
"""Where a text belongs: seq of the entry, name of the committed field."""
Shown: TypeAlias = Mapping[Place, JsonValue]
"""What may be shown now; a text that is withheld or erased is absent, one that was left out is absent or null."""
Lookup: TypeAlias = Callable[[Sequence[int]], Shown]
"""From seqs, each once, ascending, to the texts of these entries."""


def references(event: Event) -> Texts:
    """References to the public committed fields of the event, by name; none to sealed and private ones."""
    names = _PUBLIC[event.type]
    return {name: {_TEXT: [event.seq, name]} for name in names} if names else _NOTHING


def places(value: object) -> Iterator[Place]:
    """What the references in a JSON value refer to, in the order of the value, repeated ones too."""
    if isinstance(value, Mapping):
        if len(value) == 1 and (place := _place(value)) is not None:
            yield place
            return
        for member in value.values():
            if type(member) is dict or type(member) is list:
                yield from places(member)
    elif isinstance(value, list):
        for member in value:
            if type(member) is dict or type(member) is list:
                yield from places(member)


def replaced(value: JsonValue, shown: Shown) -> JsonValue:
    """The value with each reference replaced by its text, null where it may not be shown. The value given is not changed."""
    if isinstance(value, dict):
        if len(value) == 1 and (place := _place(value)) is not None:
            return shown.get(place)
        return {name: replaced(member, shown) for name, member in value.items()}
    if isinstance(value, list):
        return [replaced(member, shown) for member in value]
    return value


def resolved(rows: Iterable[tuple[str, Row]], lookup: Lookup) -> Iterator[tuple[str, Row]]:
    """The (key, row) pairs in their order, with texts in place of references. Rows without references pass as they are.

    Texts are looked up for `ROWS_AT_ONCE` rows together, when the first of these is asked for.
    """
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        marked = [[*places(row)] for _, row in some]
        seqs = sorted({seq for found in marked for seq, _ in found})
        shown = lookup(seqs) if seqs else {}
        for (key, row), found in zip(some, marked, strict=True):
            yield key, (resolved_row(row, shown) if found else row)


def resolved_row(row: Row, shown: Shown) -> Row:
    """One row with texts in place of references."""
    return {name: replaced(value, shown) for name, value in row.items()}


def _place(value: Mapping[Any, Any]) -> Place | None:
    """The place that a mapping with one member refers to. No clear field of an event has this shape, so nothing else is taken for one."""
    match value.get(_TEXT):
        case [int(seq), str(name)]:
            return seq, name
    return None
