"""Votes as stances, in the order of their times: the first of a person on a target is cast, a later one changes it."""

from collections.abc import Iterator
from datetime import datetime

from ledger.importers.cap_collectif.columns import read_time, stance_of
from ledger.importers.cap_collectif.contents import Contents
from ledger.importers.cap_collectif.reading import Row
from ledger.importers.telling import STEP
from ledger.importers.times import whole_hour
from ledger.importers.told import Told


def stances(contents: Contents) -> Iterator[Told]:
    """A stance for each vote of which the person, the target and the value are certain, the earliest first, ties in the order of the file.

    Its time is the whole hour; a wall-clock time that is no instant is left out, and reported.
    """
    report = contents.telling.report
    taken: dict[tuple[str, str], tuple[datetime | None, str | None]] = {}
    timed = [(read_time(row.cells.get("votes_created_at", "")), row) for row in _votes(contents)]
    for wall, row in sorted(timed, key=lambda vote: (vote[0].isoformat() if vote[0] else "", vote[1].line)):
        place, who = contents.place(row.line), row.cells["votes_author_id"]
        target, value = contents.targets[row.cells["votes_related_id"]], stance_of(row.cells["votes_value"])
        before = taken.get((target, who))
        if before is not None and before[1] != value and (wall is None or before[0] in {None, wall}):
            report.note("vote-order-unknown", place, "another vote of the person may be the later one; the order of the file is kept")
        taken[target, who] = (wall, value)
        kind = "stance.cast/1" if before is None else "stance.changed/1"
        data = {"step": STEP, "target": target, "target_version": 1, "value": value}
        moment = contents.moment(row, "votes_created_at")
        yield contents.telling.person(kind, data, place, who, None if moment is None else whole_hour(moment))


def _votes(contents: Contents) -> Iterator[Row]:
    """The votes that can be told. Of one that stands twice the first is; of those of one id that say different things, none."""
    report = contents.telling.report
    by_id: dict[str, list[Row]] = {}
    for row in contents.rows("vote"):
        cells, place = row.cells, contents.place(row.line)
        related = cells.get("votes_related_id", "")
        if not cells.get("votes_id") or not cells.get("votes_value"):
            report.lose("vote-unread", place, "what it says cannot be told from the row")
        elif not cells.get("votes_author_id"):
            report.lose("vote-without-author", place, "a stance is somebody's, and the row does not say whose")
        elif related not in contents.targets:
            report.lose("target-not-imported", place, f"vote on {related}, which was not imported")
        else:
            by_id.setdefault(cells["votes_id"], []).append(row)
    for identity, rows in by_id.items():
        first, *others = rows
        agree = all(other.cells == first.cells for other in others)
        for other in others if agree else rows:
            lines = ", ".join(str(row.line) for row in rows if row is not other)
            code = "vote-repeated" if agree else "vote-contradicted"
            report.lose(code, contents.place(other.line), f"vote {identity} stands in line {lines} as well")
        if agree:
            yield first
