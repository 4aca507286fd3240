"""Texts section by section, in the order in which they read, with how many contributions each section has and what amended it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.references import Place
from ledger.projections.source import Source

Json = dict[str, JsonValue]


class Placed(NamedTuple):
    """A section where it stands in its text: `position` counts from 1 through the whole text, `depth` from 0."""

    position: int
    depth: int
    row: Row


def in_order(sections: Iterable[Row]) -> Iterator[Placed]:
    """The sections of one text: each before what stands under it, those under one parent in the order in which they were added.

    In a log that nobody admitted a parent may be missing, or stand under its own child: such sections come last, as if they had none.
    """
    rows = sorted(sections, key=lambda row: cast("int", row["seq"]))
    under: dict[object, list[Row]] = {}
    for row in rows:
        under.setdefault(row["parent"], []).append(row)
    placed: set[object] = set()
    position = 0
    for root in (*under.get(None, ()), *rows):
        waiting = [(0, root)]
        while waiting:
            depth, row = waiting.pop()
            if row["section"] in placed:
                continue
            placed.add(row["section"])
            position += 1
            yield Placed(position, depth, row)
            waiting += [(depth + 1, child) for child in reversed(under.get(row["section"], []))]


def texts_of(source: Source) -> dict[str, tuple[Row, list[Row]]]:
    """Text → its row and those of its sections, by reference; references in place of texts."""
    texts: dict[str, tuple[Row, list[Row]]] = {}
    sections: list[Row] = []
    for _, row in source.unresolved("texts"):
        if row["section"] is None:
            texts[str(row["text"])] = (row, [])
        else:
            sections.append(row)
    for row in sections:
        if row["text"] in texts:
            texts[str(row["text"])][1].append(row)
    return texts


def contributions_by_section(source: Source) -> Mapping[tuple[JsonValue, JsonValue], Counter[str]]:
    """(text, section) → kind → contributions about it, whatever became of them. Those about a text as a whole have None for a section."""
    found: dict[tuple[JsonValue, JsonValue], Counter[str]] = {}
    for _, row in source.unresolved("contributions"):
        if row["text"] is not None:
            found.setdefault((row["text"], row["section"]), Counter())[str(row["kind"])] += 1
    return found


def text_document(source: Source, text: str) -> Json | None:
    """One text with its sections in order, each with its contributions by kind and its amendments; None where there is no such text.

    `unshown` lists what may not be shown of the present reading: `title`, `body`.
    """
    if text not in (texts := texts_of(source)):
        return None
    row, sections = texts[text]
    about = contributions_by_section(source)
    placed = list(in_order(sections))
    [(_, shown), *others] = source.shown([("", row), *(("", section.row) for section in placed)])
    unshown = source.unshown([place for section in placed for place in written_at(section.row)])
    told: list[JsonValue] = [
        {
            **row,
            "position": section.position,
            "depth": section.depth,
            "contributions": _counts(about.get((text, section.row["section"]))),
            "unshown": [place[1] for place in written_at(section.row) if place in unshown],
        }
        for section, (_, row) in zip(placed, others, strict=True)
    ]
    return {**shown, "contributions": _counts(about.get((text, None))), "sections": told}


def _counts(kinds: Counter[str] | None) -> JsonValue:
    return {kind: kinds[kind] for kind in sorted(kinds)} if kinds is not None else {}


def written_at(row: Row) -> list[Place]:
    """Where the title of a text was written, or title and present body of a section."""
    added = cast("int", row["seq"])
    if row["section"] is None:
        return [(added, "title")]
    amendments = cast("list[dict[str, JsonValue]]", row["amendments"])
    return [(added, "title"), (cast("int", amendments[-1]["seq"]) if amendments else added, "body")]
