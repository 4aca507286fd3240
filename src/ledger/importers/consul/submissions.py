"""A participatory budget of Consul, as the submissions that tell it. See `Consultation` for their order.

The platform tells how many supported an investment, and lists votes without voters: nothing here is a stance, and nobody can verify it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from ledger.importers.consul.sheets import Sheets, feasibility_of, truth_of
from ledger.importers.folder import Folder
from ledger.importers.labels import Labels
from ledger.importers.table import number_of
from ledger.importers.telling import LONGEST_TITLE, STEP, Telling, present
from ledger.importers.told import Told

_VOTED_ON: Final = {"Budget::Investment": "investment", "Proposal": "proposal"}
_STAFF: Final = ("admin", "valuator", "valuation_group", "visible_to_valuators")
"""Who works on an investment in the office, which is nobody's business."""
_NOTHING: Final = "-"


class Consul:
    """See `Consultation`."""

    def __init__(self, sheets: Sheets, folder: Folder, telling: Telling) -> None:
        self.telling, self._sheets, self._folder = telling, sheets, folder
        self._refs, self._districts = Labels("contribution"), Labels("district")
        self._told: dict[str, str] = {}
        """What was told, as the platform calls it (`investment-12`) → its place."""
        self._counts: dict[str, Counter[str]] = {}
        """The same → counts by name, in the order in which they are stated."""
        self._note_columns()

    def first(self) -> Told:
        """See `Consultation.first`."""
        return self.telling.project(self._folder.name)

    def opening(self) -> list[Told]:
        """See `Consultation.opening`."""
        telling = self.telling
        title = telling.words((telling.setting.title or self._folder.name)[:LONGEST_TITLE])
        return [
            telling.started(self._folder.listing),
            *self._headings(),
            telling.organizer("step.planned/1", {"step": STEP, "kind": "consultation", "title": title, "accepts": ["proposal"]}),
            telling.organizer("step.opened/1", {"step": STEP}),
        ]

    def acts(self) -> Iterator[Iterable[Told]]:
        """See `Consultation.acts`."""
        yield chain(self._investments(), self._voted_on())
        yield chain(self._stated(), self._answers())

    def closing(self) -> list[Told]:
        """See `Consultation.closing`."""
        return [self.telling.organizer("step.closed/1", {"step": STEP})]

    def _headings(self) -> Iterator[Told]:
        """The headings of the budget as districts, in the order in which investments name them."""
        for place, cells in self._sheets.investments:
            name = cells.get("geozone", "")
            if name and name not in self._districts.refs:
                data = {"ref": self._districts.ref(name), "name": self.telling.title(name, place)}
                yield self.telling.organizer("district.defined/1", data, place)

    def _investments(self) -> Iterator[Told]:
        for place, cells in self._sheets.investments:
            name = self._named("investment", cells["id"], place)
            if name is None:
                continue
            supports = number_of(cells.get("supports", ""))
            if supports is not None:
                self._counts[name] = Counter({"support": supports})
            elif cells.get("supports"):
                self.telling.report.lose("count-unread", place, f"{cells['supports'][:40]!r} is no count of supports")
            district = self._districts.ref(cells["geozone"]) if cells.get("geozone") else None
            data = {"ref": self._refs.ref(name), "step": STEP, "kind": "proposal", "external_ref": cells["id"][:128]}
            data |= present(
                district=district,
                title=self.telling.title(cells["title"], place),
                body=self.telling.body(cells.get("description"), place),
                fields=self.telling.fields({"feasibility": cells.get("feasibility")}, place),
            )
            yield self.telling.person("contribution.submitted/2", data, place, cells.get("author_username") or None)

    def _voted_on(self) -> Iterator[Told]:
        """Counts the votes; what was voted on and is in no file is told by its number alone."""
        report, seen, left_out = self.telling.report, dict[str, str](), dict[str, tuple[str, int]]()
        for place, cells in self._sheets.votes:
            flag, name = truth_of(cells["vote_flag"]), f"{_VOTED_ON.get(cells['votable_type'])}-{cells['votable_id']}"
            if not cells["id"] or not cells["votable_id"] or flag is None:
                report.lose("vote-unread", place, "which vote on what it is cannot be told from the row")
            elif cells["id"] in seen:
                report.lose("vote-repeated", place, f"vote {cells['id']} stands in {seen[cells['id']]} as well")
            elif cells["votable_type"] not in _VOTED_ON:
                seen[cells["id"]] = place
                about = f"{cells['votable_type']} {cells['votable_id']}"
                left_out[about] = (left_out.get(about, (place, 0))[0], left_out.get(about, (place, 0))[1] + 1)
            else:
                seen[cells["id"]] = place
                yield from self._by_number(name, cells["votable_id"], place)
                self._counts.setdefault(name, Counter()).update({"votes": 1, "up": int(flag), "down": int(not flag)})
        for about, (place, count) in left_out.items():
            report.lose(
                "target-not-imported", place, f"{count} votes on {about[:200]}, which is neither an investment nor a proposal", count
            )

    def _by_number(self, name: str, number: str, place: str) -> Iterator[Told]:
        """The contribution that was voted on, where no file says what it is."""
        if name not in self._told:
            self._told[name] = place
            self.telling.report.note("votable-without-words", place, f"{name[:80]} is in none of the files; only its number is known")
            data = {"ref": self._refs.ref(name), "step": STEP, "kind": "proposal", "external_ref": number[:128]}
            yield self.telling.organizer("contribution.submitted/2", data, place)

    def _stated(self) -> Iterator[Told]:
        for name, counts in self._counts.items():
            yield self.telling.counted(f"contribution/{self._refs.ref(name)}", "counts_only", counts, self._told[name])

    def _answers(self) -> Iterator[Told]:
        """What the valuation came to, once it is finished: selected for the ballot, found unfeasible, or neither."""
        for place, cells in self._sheets.investments:
            name = f"investment-{cells['id']}"
            if self._told.get(name) != place:
                continue
            feasibility = feasibility_of(cells.get("feasibility", ""))
            if feasibility is None:
                self.telling.report.note("feasibility-unread", place, f"{cells['feasibility'][:40]!r} is told as it stands")
            selected, finished = truth_of(cells.get("selected", "")), truth_of(cells.get("valuation_finished", ""))
            if not selected and not finished:
                continue
            code = "retained" if selected else "rejected" if feasibility == "unfeasible" else "noted"
            why = cells.get("unfeasibility_explanation", "")
            body = self.telling.body(None if why == _NOTHING else why, place)
            data = {"ref": self._refs.ref(name), "step": STEP, "code": code} | present(body=body)
            yield self.telling.organizer("contribution.answered/1", data, place)

    def _named(self, kind: str, number: str, place: str) -> str | None:
        """What the platform calls it, None where it has no number or stands there already, which is reported."""
        name = f"{kind}-{number}"
        if not number:
            self.telling.report.lose("row-unread", place, "the row has no id")
        elif name in self._told:
            self.telling.report.lose("id-repeated", place, f"{name[:80]} stands in {self._told[name]} already")
        else:
            self._told[name] = place
            return name
        return None

    def _note_columns(self) -> None:
        """Notes each column that becomes nothing: unknown ones, times of votes, and those about the office."""
        for file, column in self._sheets.unknown:
            self.telling.report.note("column-left-out", f"{file}:1", f"{column[:80]} is not recorded")
        for column in _STAFF:
            place = next((place for place, cells in self._sheets.investments if cells.get(column)), None)
            if place is not None:
                self.telling.report.note("column-left-out", place, f"{column} is not recorded")
