"""The open data of a Decidim, as the submissions that tell it. See `Consultation` for their order."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from ledger.importers.decidim.contents import AMOUNTS, FIELDS, Contents
from ledger.importers.decidim.outcomes import Outcomes
from ledger.importers.decidim.sheets import Sheet
from ledger.importers.decidim.words import Words
from ledger.importers.folder import Folder
from ledger.importers.money import NO_CURRENCY
from ledger.importers.telling import LONGEST_TITLE, STEP, Telling
from ledger.importers.told import Told

_TEXTS: Final = ("title", "body", "description", "answer", "category/name")
_NAME_OF_TAXONOMY: Final = re.compile(r"taxonomies/[0-9]+/(?!machine_translations).*")
_READ: Final = frozenset(
    {
        *(
            "id",
            "category",
            "author/id",
            "author/url",
            "category/id",
            "taxonomies/ids",
            "taxonomies/id",
            "address",
            "latitude",
            "longitude",
        ),
        *("state", "state_published_at", "reference", "answered_at", "votes", "supports", "confirmed_votes", "comments", "published_at"),
        *("meeting_urls", "is_amend", "original_proposal/url", "withdrawn", "withdrawn_at", "created_at", "created_in_meeting", "url"),
        *("hidden_at", "report_count", "reportable_type", "reportable_id", "reports/reasons", "user_id", "blocked_at", *AMOUNTS),
    }
)
"""Columns that become something besides texts and fields."""


class Decidim:
    """See `Consultation`. Raises `ImportOptionInvalid` where the zone or the currency is none, before anything is posted."""

    def __init__(self, sheets: list[Sheet], folder: Folder, telling: Telling, currency: str = NO_CURRENCY) -> None:
        self.telling, self._sheets, self._folder, self._currency = telling, sheets, folder, currency
        self._words = Words(telling, sheets, currency)
        self._contents = Contents(sheets, self._words)
        self._outcomes = Outcomes(self._contents, sheets)
        self._note_columns()
        self._outcomes.note_people()

    def first(self) -> Told:
        """See `Consultation.first`."""
        told = self.telling.project(self._folder.name)
        languages = [language for language in [self.telling.setting.language, *self._words.languages(*_TEXTS)] if language != "und"]
        told.document["data"] |= {"languages": list(dict.fromkeys(languages))[:24] or ["und"], "currency": self._currency}
        return told

    def opening(self) -> list[Told]:
        """See `Consultation.opening`."""
        telling = self.telling
        title = telling.words((telling.setting.title or self._folder.name)[:LONGEST_TITLE])
        planned = {"step": STEP, "kind": "consultation", "title": title, "accepts": self._contents.accepted}
        return [
            telling.started(self._folder.listing),
            *self._outcomes.motives(),
            *self._contents.categories(),
            telling.organizer("step.planned/1", planned),
            telling.organizer("step.opened/1", {"step": STEP}),
        ]

    def acts(self) -> Iterator[Iterable[Told]]:
        """See `Consultation.acts`. Decisions come last, so that nothing that was said before them is refused because of them."""
        contents, outcomes = self._contents, self._outcomes
        yield chain(contents.told_proposals(), contents.told_projects(), contents.told_results())
        yield chain(outcomes.counts(), outcomes.answers(), outcomes.withdrawals())
        yield outcomes.decisions()
        outcomes.note_blocked()

    def closing(self) -> list[Told]:
        """See `Consultation.closing`."""
        return [self.telling.organizer("step.closed/1", {"step": STEP})]

    def _note_columns(self) -> None:
        """Notes each column that becomes nothing."""
        read = {*_READ, *(column for name in (*_TEXTS, *FIELDS) for column in self._words.columns(name))}
        for sheet in self._sheets:
            for column in sheet.table.columns:
                if column not in read and not _NAME_OF_TAXONOMY.fullmatch(column) and sheet.table.filled(column):
                    self.telling.report.note("column-left-out", f"{sheet.table.name}:1", f"{column} is not recorded")
