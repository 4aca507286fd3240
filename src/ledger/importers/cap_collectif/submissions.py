"""A consultation in Cap Collectif's export, as the submissions that tell it. See `Consultation` for their order."""

from collections.abc import Iterable, Iterator
from itertools import chain

from ledger.importers.cap_collectif import counts, moderation, votes
from ledger.importers.cap_collectif.columns import READ
from ledger.importers.cap_collectif.contents import Contents
from ledger.importers.cap_collectif.reading import Export, Row
from ledger.importers.telling import STEP, Telling
from ledger.importers.times import zone_of
from ledger.importers.told import Told

_CONTENTS = ("opinion", "amendment")
_FAULTS = {
    "row-cut": "the row ends here, and what it ends with may be cut; nothing is known of what would follow",
    "row-shifted": "the cells stand one column to the left from here on, or from the next; not read: ",
    "row-unread": "the cells do not fit their columns, nor those beside them; not read: ",
}


class CapCollectif:
    """See `Consultation`. Raises `ImportOptionInvalid` where the time zone is none, before anything is posted."""

    def __init__(self, export: Export, content: bytes, telling: Telling) -> None:
        self.telling, self._export, self._content = telling, export, content
        self._contents = Contents(export, telling, zone_of(telling.setting.time_zone))
        self._note_what_is_left_out()

    def first(self) -> Told:
        """See `Consultation.first`."""
        return self.telling.project(self._title())

    def opening(self) -> list[Told]:
        """See `Consultation.opening`."""
        telling, contents = self.telling, self._contents
        planned = {"step": STEP, "kind": "consultation", "title": telling.words(self._title()), "accepts": [*_CONTENTS, "source"]}
        scales = dict.fromkeys(_CONTENTS, "agree_mixed_disagree")
        return [
            telling.started(self._content),
            *moderation.motives(contents),
            telling.organizer("step.planned/1", planned),
            telling.organizer("step.stances_set/1", {"step": STEP, "scales": scales, "arguments_on": list(_CONTENTS)}),
            *contents.frame(),
            telling.organizer("step.opened/1", {"step": STEP}),
        ]

    def acts(self) -> Iterator[Iterable[Told]]:
        """See `Consultation.acts`. Decisions come last, so that nothing that was said before them is refused because of them."""
        contents = self._contents
        yield chain(contents.opinions(), contents.sources(), contents.arguments())
        yield votes.stances(contents)
        yield chain(moderation.reports(contents), counts.stated(contents), moderation.decisions(contents))

    def closing(self) -> list[Told]:
        """See `Consultation.closing`."""
        return [self.telling.organizer("step.closed/1", {"step": STEP})]

    def _title(self) -> str:
        titles = (row.cells.get("consultation_title") for row in self._contents.rows("opinion"))
        return next((title for title in titles if title), self._export.name)[:4000]

    def _note_what_is_left_out(self) -> None:
        """Notes each row that is not read whole, and each column that becomes nothing."""
        report, export = self.telling.report, self._export
        for line, kind in export.unknown:
            report.lose("row-unknown", self._contents.place(line), f"a row of kind {kind[:80]!r}")
        for row in export.rows:
            if row.realigned:
                unknown = ", ".join(column for column in row.doubtful if column not in row.cells)
                words = f"{row.kind}: read one column to the right of where they stand: {_doubt(row)}; not known: {unknown}"
                report.note("row-realigned", self._contents.place(row.line), words)
            elif row.fault is not None:
                report.lose(row.fault, self._contents.place(row.line), f"{row.kind}: {_FAULTS[row.fault]}{_doubt(row)}")
        for column in export.columns:
            if column not in READ and export.filled[column]:
                report.note("column-left-out", f"{export.name}:1", f"{column} is not recorded")


def _doubt(row: Row) -> str:
    """The cells whose columns are in doubt, as the file has them."""
    return ", ".join(f"{column}={cell[:40]!r}" for column, cell in row.doubtful.items() if cell)[:600]
