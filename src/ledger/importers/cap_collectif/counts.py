"""What the platform states of each content: counts whose acts are in the file, to be compared, and counts that nothing stands behind."""

from collections.abc import Iterator
from typing import Final

from ledger.importers.cap_collectif.contents import Contents
from ledger.importers.telling import Telling
from ledger.importers.told import Told

_OF_OPINIONS: Final = {
    "votes": "votes_count",
    "agree": "votes_count_ok",
    "mixed": "votes_count_mitige",
    "disagree": "votes_count_nok",
    "arguments": "arguments_count",
    "arguments_for": "arguments_count_for",
    "arguments_against": "arguments_count_against",
    "sources": "sources_count",
    "versions": "versions_count",
}
_OF_VERSIONS: Final = {name: f"versions_{column}" for name, column in _OF_OPINIONS.items() if column.startswith("votes_")}
_STATED: Final = (
    ("opinion", "id", "published", _OF_OPINIONS),
    ("version", "versions_id", "published", _OF_VERSIONS),
    ("argument", "arguments_id", "counts_only", {"votes": "arguments_votes_count"}),
    ("source", "sources_id", "counts_only", {"votes": "sources_votes_count"}),
)
"""The kind of row, its column of ids, whether the acts are in the file, and the columns of the counts by name."""


def stated(contents: Contents) -> Iterator[Told]:
    """The counts of every content that was told, as far as its row has them."""
    telling: Telling = contents.telling
    for kind, identity, basis, columns in _STATED:
        done: set[str] = set()
        for row in contents.rows(kind):
            target = contents.targets.get(row.cells.get(identity, ""))
            counts = {name: int(row.cells[column]) for name, column in columns.items() if row.cells.get(column)}
            if target is not None and counts and target not in done:
                done.add(target)
                yield telling.counted(target, basis, counts, contents.place(row.line))
