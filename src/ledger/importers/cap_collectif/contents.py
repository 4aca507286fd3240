"""What people wrote: opinions in their sections, versions of opinions, arguments and sources, as submissions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.importers.cap_collectif.columns import flag_of, read_time, side_of
from ledger.importers.cap_collectif.reading import Export, Row
from ledger.importers.labels import Labels
from ledger.importers.telling import STEP, Telling, present
from ledger.importers.times import in_utc, instant
from ledger.importers.told import Told


class Contents:
    """The contents of one file. What was told is in `targets`, by the platform's ids, so that what is about it can be told as well."""

    def __init__(self, export: Export, telling: Telling, zone: ZoneInfo) -> None:
        self.export, self.telling, self.zone = export, telling, zone
        self.targets: dict[str, str] = {}
        """The platform's id → the target here."""
        self.texts: dict[str, str] = {}
        """The title of a consultation → its text."""
        self.sections: dict[tuple[str, str], str] = {}
        """The titles of a consultation and of a section → the section."""
        self._contributions, self._arguments = Labels("contribution"), Labels("argument")

    def place(self, line: int) -> str:
        """The line of the file, as reports name it."""
        return f"{self.export.name}:{line}"

    def rows(self, *kinds: str) -> Iterator[Row]:
        """The rows of these kinds, in the order of the file."""
        return (row for row in self.export.rows if row.kind in kinds)

    def frame(self) -> Iterator[Told]:
        """The texts of the consultations and their sections, in the order in which opinions name them."""
        telling = self.telling
        for row in self.rows("opinion"):
            consultation, section = row.cells.get("consultation_title", ""), row.cells.get("section_title", "")
            if not consultation.strip():
                continue
            if consultation not in self.texts:
                ref = self.texts[consultation] = f"text-{len(self.texts) + 1}"
                title = telling.title(consultation, self.place(row.line))
                yield telling.organizer("text.published/1", {"ref": ref, "step": STEP, "title": title}, self.place(row.line))
            if section.strip() and (consultation, section) not in self.sections:
                ref = self.sections[consultation, section] = f"section-{len(self.sections) + 1}"
                data = {"ref": self.texts[consultation], "section": ref, "title": telling.title(section, self.place(row.line))}
                yield telling.organizer("section.added/1", data, self.place(row.line))

    def opinions(self) -> Iterator[Told]:
        """Opinions and their versions. A version has no column for its opinion: it stands below it, as the platform writes them."""
        opinion: Row | None = None
        for row in self.rows("opinion", "version"):
            if row.kind == "opinion":
                opinion = row
                yield from self._opinion(row)
            elif opinion is None or opinion.cells.get("id", "") not in self.targets:
                self._lose_target(row, "the opinion above it")
            else:
                yield from self._version(row, self.targets[opinion.cells["id"]])

    def sources(self) -> Iterator[Told]:
        """Sources of opinions and versions."""
        for row in self.rows("source"):
            target = self._target(row, "sources_")
            if target is not None and self._is_new(row, "sources_"):
                cells = row.cells
                data = self._submitted(row, "sources_") | {"kind": "source", "target": target}
                data |= present(body=self.telling.body(cells.get("sources_body"), self.place(row.line)))
                yield self._told("contribution.submitted/2", row, "sources_", data)

    def arguments(self) -> Iterator[Told]:
        """Arguments for and against opinions and versions."""
        for row in self.rows("argument"):
            target = self._target(row, "arguments_")
            if target is None or not self._is_new(row, "arguments_"):
                continue
            place, cells = self.place(row.line), row.cells
            body = None if row.may_be_trashed else self.telling.body(cells.get("arguments_body"), place)
            if body is None:
                self.telling.report.lose("argument-without-words", place, "its words are empty, or may have been in the trash")
                continue
            ref = self._arguments.ref(cells["arguments_id"])
            self.targets[cells["arguments_id"]] = f"argument/{ref}"
            data = {"ref": ref, "step": STEP, "contribution": target, "side": side_of(cells["arguments_type"]), "body": body}
            data |= {} if ref == cells["arguments_id"] else {"external_ref": cells["arguments_id"]}
            yield self._told("argument.submitted/1", row, "arguments_", data)

    def moment(self, row: Row, column: str) -> datetime | None:
        """The time in a column, None where the row has none, or has a wall clock's that is no moment, which is reported."""
        wall = read_time(row.cells.get(column, ""))
        moment = None if wall is None else in_utc(wall, self.zone)
        if wall is not None and moment is None:
            words = f"clocks of {self.zone.key} showed {row.cells[column]} twice, or never, so it is left out"
            self.telling.report.lose("time-ambiguous", self.place(row.line), words)
        return moment

    def _opinion(self, row: Row) -> Iterator[Told]:
        if not self._is_new(row, ""):
            return
        place, cells = self.place(row.line), row.cells
        consultation = cells.get("consultation_title", "")
        data = self._submitted(row, "") | {"kind": "opinion"}
        data |= present(text=self.texts.get(consultation), section=self.sections.get((consultation, cells.get("section_title", ""))))
        if row.may_be_trashed:
            words = "a cell of which the column is in doubt speaks of a trash, so the words of the opinion are left out"
            self.telling.report.lose("words-left-out", place, words)
        else:
            named = {name: cells.get(name) for name in ("url", "updated_at")}
            data |= present(
                title=self.telling.title(cells.get("title"), place),
                body=self.telling.body(cells.get("body_text"), place),
                fields=self.telling.fields(named, place),
            )
        yield self._told("contribution.submitted/2", row, "", data)

    def _version(self, row: Row, opinion: str) -> Iterator[Told]:
        if self._is_new(row, "versions_"):
            place, cells = self.place(row.line), row.cells
            named = {"explanation": cells.get("versions_explanation"), "updated_at": cells.get("versions_updated_at")}
            data = self._submitted(row, "versions_") | {"kind": "amendment", "target": opinion.removeprefix("contribution/")}
            data |= present(
                title=self.telling.title(cells.get("versions_title"), place),
                body=self.telling.body(cells.get("versions_body_text"), place),
                fields=self.telling.fields(named, place),
            )
            yield self._told("contribution.submitted/2", row, "versions_", data)

    def _submitted(self, row: Row, prefix: str) -> dict[str, Any]:
        identity = row.cells[f"{prefix}id"]
        ref = self._contributions.ref(identity)
        self.targets[identity] = f"contribution/{ref}"
        return {"ref": ref, "step": STEP} | ({} if ref == identity else {"external_ref": identity})

    def _told(self, kind: str, row: Row, prefix: str, data: dict[str, Any]) -> Told:
        author = row.cells.get(f"{prefix}author_id") or None
        moment = self.moment(row, f"{prefix}created_at")
        return self.telling.person(kind, data, self.place(row.line), author, None if moment is None else instant(moment))

    def _is_new(self, row: Row, prefix: str) -> bool:
        """Whether the row is of a content that is known, published and not told before; reported where not."""
        place, identity = self.place(row.line), row.cells.get(f"{prefix}id", "")
        if not identity or (row.kind == "opinion" and "title" not in row.cells):
            self.telling.report.lose(f"{row.kind}-unread", place, "what it is cannot be told from the row")
        elif identity in self.targets:
            self.telling.report.lose("id-repeated", place, f"{identity} stands further up already")
        elif flag_of(row.cells.get(f"{prefix}published", "1")) is False:
            self.telling.report.lose("not-published", place, "the platform did not publish it")
        else:
            return True
        return False

    def _target(self, row: Row, prefix: str) -> str | None:
        """The contribution that the row is about, None where it was not told, which is reported."""
        related = row.cells.get(f"{prefix}related_id", "")
        target = self.targets.get(related, "")
        if target.startswith("contribution/"):
            return target.removeprefix("contribution/")
        self._lose_target(row, related or "what its row does not say")
        return None

    def _lose_target(self, row: Row, related: str) -> None:
        self.telling.report.lose("target-not-imported", self.place(row.line), f"{row.kind} on {related}, which was not imported")
