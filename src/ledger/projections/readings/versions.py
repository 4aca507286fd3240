"""The versions of a contribution or an argument, with what is not shown of each and why, and the difference of two of them."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.projections.contributions import TEXTS
from ledger.projections.projection import Row
from ledger.projections.readings.differences import difference_by_language
from ledger.projections.references import Place
from ledger.projections.source import Source
from ledger.projections.versions import version_key

Json = dict[str, JsonValue]

FAMILIES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "contribution": ("contributions", TEXTS),
    "argument": ("arguments", ("body",)),
}
"""First word of a target → the projection of its rows, and the committed fields of its versions."""
_IN_WORDS: Final = ("title", "body")
"""The fields whose difference is told by words; of others, both values are."""


def content_of(source: Source, target: str) -> Row | None:
    """The row of a contribution or an argument, by its stream name; None where there is none."""
    family, _, ref = target.partition("/")
    return source.row(FAMILIES[family][0], ref) if family in FAMILIES else None


def versions_of(source: Source, target: str, content: Row, wanted: Sequence[int] | None = None) -> list[Json]:
    """The versions of a content, all or those of these numbers, each with `version` (1 = as submitted) and `unshown`.

    `unshown` says of each field that may not be shown why: `withheld` (moderation withholds the content), `erased`, or `later` (because of
    what happened after the size that is read).
    """
    seqs = cast("list[int]", content["versions"])
    numbers = [*range(1, len(seqs) + 1)] if wanted is None else [*wanted]
    rows = {number: source.row("versions", version_key(target, seqs[number - 1])) for number in numbers}
    names = FAMILIES[target.partition("/")[0]][1]
    unshown = source.unshown([(seqs[number - 1], name) for number in numbers for name in names])
    return [_version(number, row, content, names, unshown) for number, row in rows.items() if row is not None]


def withheld(content: Row) -> bool:
    """True while moderation withholds the texts of the content: it is hidden, or in a trash that nobody can read."""
    match content["moderation"]:
        case {"decision": "hidden"} | {"trash": "invisible"}:
            return True
    return False


def difference_of(one: Json, other: Json) -> Json:
    """The difference of two versions as `versions_of` gives them.

    `title` and `body` are told by words in each language (`ledger.projections.readings.differences`), others by both values where these
    differ. A field is null where one of the versions does not show it; `unshown` then says of which, and why.
    """
    hidden = {side: cast("Json", version["unshown"]) for side, version in (("from", one), ("to", other))}
    told: Json = {side: {name: version[name] for name in ("version", "seq", "at")} for side, version in (("from", one), ("to", other))}
    for name in TEXTS:
        if name in hidden["from"] or name in hidden["to"]:
            told[name] = None
        elif name in _IN_WORDS:
            told[name] = difference_by_language(one[name], other[name])
        else:
            told[name] = {} if one[name] == other[name] else {"from": one[name], "to": other[name]}
    return {**told, "unshown": {side: why for side, why in hidden.items() if why}}


def _version(number: int, row: Row, content: Row, names: Sequence[str], unshown: frozenset[Place]) -> Json:
    why = "withheld" if withheld(content) else "erased" if row["erased_seqs"] else "later"
    missing: Json = {name: why for name in names if (row["seq"], name) in unshown}
    return {"version": number, **row, "unshown": missing}
