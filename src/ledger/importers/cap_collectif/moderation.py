"""Reports, and what the platform put in its trash."""

from collections.abc import Iterator
from typing import Final

from ledger.ids import Code
from ledger.importers.cap_collectif.columns import flag_of, trash_of
from ledger.importers.cap_collectif.contents import Contents
from ledger.importers.cap_collectif.reading import Row
from ledger.importers.telling import TRASHED, present
from ledger.importers.times import instant, whole_hour
from ledger.importers.told import Told

_NAMES: Final = {
    "sex": "Sexual content",
    "off": "Offending content",
    "spam": "Spam",
    "error": "Wrong information",
    "off_topic": "Off topic",
    TRASHED: "Put in the trash",
}
"""The motives that the platform knows; it has no others."""
_PREFIXES: Final = {"opinion": "", "argument": "arguments_", "source": "sources_"}


def motives(contents: Contents) -> Iterator[Told]:
    """The motives of the file's reports, in the order in which they come first, and the one of its trash."""
    seen = dict.fromkeys(_motive(row) for row in contents.rows("reporting") if row.cells.get("reportings_type"))
    if any(_is_trashed(row) for row in contents.rows(*_PREFIXES)):
        seen[TRASHED] = None
    for motive in seen:
        yield contents.telling.organizer("motive.defined/1", {"ref": motive, "name": {"en": _NAMES.get(motive, motive)}})


def reports(contents: Contents) -> Iterator[Told]:
    """The reports. What they say in words is never disclosed, and their time is the whole hour."""
    telling = contents.telling
    for row in contents.rows("reporting"):
        cells, place = row.cells, contents.place(row.line)
        related = cells.get("reportings_related_id", "")
        if not cells.get("reportings_type") or not cells.get("reportings_author_id"):
            telling.report.lose("report-unread", place, "who reported for what motive cannot be told from the row")
        elif related not in contents.targets:
            telling.report.lose("target-not-imported", place, f"report of {related}, which was not imported")
        else:
            data = {"target": contents.targets[related], "motive": _motive(row)}
            data |= present(details=telling.title(cells.get("reportings_body"), place))
            moment = contents.moment(row, "reportings_created_at")
            told_at = None if moment is None else whole_hour(moment)
            yield telling.person("report.made/1", data, place, cells["reportings_author_id"], told_at)


def decisions(contents: Contents) -> Iterator[Told]:
    """A decision for each content in the trash. The moderators' words are its reason; its time is theirs."""
    telling = contents.telling
    for row in contents.rows(*_PREFIXES):
        prefix = _PREFIXES[row.kind]
        target = contents.targets.get(row.cells.get(f"{prefix}id", ""))
        if target is None or not _is_trashed(row):
            continue
        place, cells = contents.place(row.line), row.cells
        trash = trash_of(cells.get(f"{prefix}trashed_status", ""))
        data = {"target": target, "motive": TRASHED} | present(trash=trash)
        data |= present(reason=telling.title(cells.get(f"{prefix}trashed_reason"), place))
        told = telling.organizer("content.hidden/1" if trash is None else "content.limited/1", data, place)
        trashed_at = contents.moment(row, f"{prefix}trashed_at")
        if trashed_at is not None:
            told.document["claimed_at"] = instant(trashed_at)
        yield told


def _motive(row: Row) -> Code:
    return row.cells["reportings_type"].lower().rpartition(".")[2]


def _is_trashed(row: Row) -> bool:
    prefix = _PREFIXES[row.kind]
    cells = row.cells
    return bool(flag_of(cells.get(f"{prefix}trashed", "")) or trash_of(cells.get(f"{prefix}trashed_status", "")))
