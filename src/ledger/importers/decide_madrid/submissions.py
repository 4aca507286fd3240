"""Proposals and comments of Decide Madrid, as the submissions that tell them. See `Consultation` for their order.

The files count supports and votes and do not list them, so nothing here is a stance: those counts are recorded as what nobody can verify.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from ledger.importers.decide_madrid.reading import COMMENTS, NO_PARENT, PROPOSALS, Consulted, Row
from ledger.importers.decide_madrid.threads import compare, threaded
from ledger.importers.folder import Folder
from ledger.importers.telling import STEP, Telling, present
from ledger.importers.times import in_utc, instant, zone_of
from ledger.importers.told import Told

TITLE: Final = "Decide Madrid"
_SCALES: Final = {"proposal": "support", "comment": "up_down"}
_OF_AUTHOR: Final = "Autor"
"""The type of a user who wrote the proposal as well, which the users' ids say again."""
_OF_COLLECTIVE: Final = "Colectivo"


class DecideMadrid:
    """See `Consultation`. Raises `ImportOptionInvalid` where the time zone is none, before anything is posted."""

    def __init__(self, found: Consulted, folder: Folder, telling: Telling) -> None:
        self.telling, self._found, self._listing = telling, found, folder.listing
        self._zone = zone_of(telling.setting.time_zone)
        self._authors = {proposal.cells["id"]: proposal.cells["userId"] for proposal in found.proposals}
        self._threads = list(threaded(found.comments, found.proposals, telling.report))
        if found.hierarchy is not None:
            compare(found.comments, found.hierarchy, telling.report)

    def first(self) -> Told:
        """See `Consultation.first`."""
        return self.telling.project(TITLE)

    def opening(self) -> list[Told]:
        """See `Consultation.opening`."""
        telling = self.telling
        planned = {"step": STEP, "kind": "consultation", "title": telling.words(TITLE), "accepts": list(_SCALES)}
        return [
            telling.started(self._listing),
            telling.organizer("step.planned/1", planned),
            telling.organizer("step.stances_set/1", {"step": STEP, "scales": _SCALES}),
            telling.organizer("step.opened/1", {"step": STEP}),
        ]

    def acts(self) -> Iterator[Iterable[Told]]:
        """See `Consultation.acts`."""
        yield map(self._proposal, self._found.proposals)
        yield (self._comment(row, answered) for row, answered in self._threads)
        yield self._counts()

    def closing(self) -> list[Told]:
        """See `Consultation.closing`."""
        return [self.telling.organizer("step.closed/1", {"step": STEP})]

    def _proposal(self, row: Row) -> Told:
        telling, cells, place = self.telling, row.cells, f"{PROPOSALS}:{row.line}"
        named = {"url": cells["url"], "status": cells["status"], "date": cells["date"]}
        # Where there is no text, the summary is what the proposal says.
        named |= {"summary": cells["summary"]} if cells["text"].strip() else {}
        data = {"ref": f"proposal-{cells['id']}", "step": STEP, "kind": "proposal", "external_ref": cells["code"] or cells["id"]}
        data |= present(
            collective="association" if cells["isAssociation"] == "1" else None,
            title=telling.title(cells["title"], place),
            body=telling.body(cells["text"], place) or telling.body(cells["summary"], place),
            fields=telling.fields(named, place),
        )
        return telling.person("contribution.submitted/2", data, place, cells["userId"], self._claimed(row, place))

    def _comment(self, row: Row, answered: str | None) -> Told:
        telling, cells, place = self.telling, row.cells, f"{COMMENTS}:{row.line}"
        missing = cells["parentId"] if answered is None and cells["parentId"] != NO_PARENT else None
        named = {"user_type": self._type_worth_keeping(cells, place), "missing_parent": missing}
        data: dict[str, Any] = {"ref": f"comment-{cells['id']}", "step": STEP, "kind": "comment", "external_ref": cells["id"]}
        data |= {"target": f"proposal-{cells['proposalId']}"}
        data |= present(
            reply_to=None if answered is None else f"comment-{answered}",
            collective="association" if cells["userType"] == _OF_COLLECTIVE else None,
            body=telling.body(cells["text"], place),
            fields=telling.fields(named, place),
        )
        if "body" not in data:
            telling.report.note("comment-without-words", place, f"comment {cells['id']} is empty")
        return telling.person("contribution.submitted/2", data, place, cells["userId"], self._claimed(row, place))

    def _type_worth_keeping(self, cells: dict[str, str], place: str) -> str | None:
        """The type of the user, None where it says nothing that is not recorded already."""
        if cells["userType"] in {"", _OF_COLLECTIVE}:
            return None
        if cells["userType"] == _OF_AUTHOR:
            if self._authors[cells["proposalId"]] == cells["userId"]:
                return None
            self.telling.report.note("author-differs", place, f"user {cells['userId']} is said to be the proposal's author, who is another")
        return cells["userType"]

    def _claimed(self, row: Row, place: str) -> str | None:
        """The moment that a row claims; of a day, the first that is of that day both there and in UTC, in which days are counted."""
        moment = in_utc(row.wall, self._zone)
        if moment is None:
            words = f"clocks of {self._zone.key} showed {row.wall:%Y-%m-%d %H:%M:%S} twice, or never, so it is left out"
            self.telling.report.lose("time-ambiguous", place, words)
            return None
        return instant(max(moment, datetime.combine(row.wall.date(), row.wall.time(), UTC)) if row.dated else moment)

    def _counts(self) -> Iterator[Told]:
        """Comments are in the log, so their number is compared; supports and votes are not."""
        counted = self.telling.counted
        for row in self._found.proposals:
            target, place = f"contribution/proposal-{row.cells['id']}", f"{PROPOSALS}:{row.line}"
            yield counted(target, "published", {"comments": row.counts["comments"]}, place)
            yield counted(target, "counts_only", {"support": row.counts["support"]}, place)
        for row, _ in self._threads:
            yield counted(f"contribution/comment-{row.cells['id']}", "counts_only", row.counts, f"{COMMENTS}:{row.line}")
