"""The consultation on the bill for a digital republic, as the submissions that tell it. See `Consultation` for their order.

The file counts votes and does not list them, so nothing here is a stance: its counts of votes are recorded as what nobody can verify.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ledger.importers.republique_numerique.reading import Author, Foreign, Opinion, moment_of
from ledger.importers.telling import STEP, TRASHED, Telling, present
from ledger.importers.times import instant
from ledger.importers.told import Told

TITLE: Final = "Projet de loi pour une République numérique"
TEXT: Final = "bill"


class RepubliqueNumerique:
    """See `Consultation`."""

    def __init__(self, opinions: list[tuple[int, Opinion]], content: bytes, telling: Telling) -> None:
        self.telling, self._content = telling, content
        self._opinions = [(self._place(line), opinion) for line, opinion in opinions]
        self._told: dict[str, str] = {}
        """Targets that were told → their place."""
        self._note_what_is_left_out()

    def first(self) -> Told:
        """See `Consultation.first`."""
        return self.telling.project(TITLE)

    def opening(self) -> list[Told]:
        """See `Consultation.opening`."""
        telling = self.telling
        planned = {"step": STEP, "kind": "consultation", "title": telling.words(TITLE), "accepts": ["opinion", "source"]}
        scales = {"opinion": "agree_mixed_disagree", "source": "like", "argument": "like"}
        trashed = any(opinion.is_trashed or any(a.is_trashed for a in opinion.arguments) for _, opinion in self._opinions)
        return [
            telling.started(self._content),
            *([telling.organizer("motive.defined/1", {"ref": TRASHED, "name": {"en": "Put in the trash"}})] if trashed else []),
            telling.organizer("step.planned/1", planned),
            telling.organizer("step.stances_set/1", {"step": STEP, "scales": scales, "arguments_on": ["opinion"]}),
            telling.organizer("text.published/1", {"ref": TEXT, "step": STEP, "title": telling.words(TITLE)}),
            *self._sections(),
            telling.organizer("step.opened/1", {"step": STEP}),
        ]

    def acts(self) -> Iterator[Iterable[Told]]:
        """See `Consultation.acts`. Decisions come last, so that nothing that was said before them is refused because of them."""
        yield self._contents()
        yield self._counts()
        yield self._decisions()

    def closing(self) -> list[Told]:
        """See `Consultation.closing`."""
        return [self.telling.organizer("step.closed/1", {"step": STEP})]

    def _place(self, line: int) -> str:
        return f"{self.telling.report.file}:{line}"

    def _sections(self) -> Iterator[Told]:
        """The sections, in the order in which opinions name them."""
        seen: set[int] = set()
        for place, opinion in self._opinions:
            section = opinion.type
            if section.id not in seen:
                seen.add(section.id)
                title = self.telling.title(" : ".join(part for part in (section.title, section.subtitle) if part), place)
                data = {"ref": TEXT, "section": f"section-{section.id}", "title": title or self.telling.words(str(section.id))}
                yield self.telling.organizer("section.added/1", data, place)

    def _contents(self) -> Iterator[Told]:
        for place, opinion in self._opinions:
            ref = f"opinion-{opinion.id}"
            if self._is_new(f"contribution/{ref}", place):
                yield self._opinion(opinion, ref, place)
                yield from self._sources(opinion, ref, place)
                yield from self._arguments(opinion, ref, place)

    def _opinion(self, opinion: Opinion, ref: str, place: str) -> Told:
        telling, by_government = self.telling, opinion.author is not None and opinion.author.is_government
        named = {"updated_at": opinion.updated_at, "author": "government" if by_government else None}
        data = {"ref": ref, "step": STEP, "kind": "opinion", "external_ref": str(opinion.id), "text": TEXT}
        data |= {"section": f"section-{opinion.type.id}"}
        data |= present(
            title=telling.title(opinion.title, place), body=telling.body(opinion.body, place), fields=telling.fields(named, place)
        )
        return self._by("contribution.submitted/2", data, place, opinion.author, opinion.created_at)

    def _sources(self, opinion: Opinion, about: str, place: str) -> Iterator[Told]:
        telling = self.telling
        for source in opinion.sources:
            ref = f"source-{source.id}"
            if self._is_new(f"contribution/{ref}", place):
                data = {"ref": ref, "step": STEP, "kind": "source", "external_ref": str(source.id), "target": about}
                named = {"link": source.link, "category": source.category}
                data |= present(
                    title=telling.title(source.title, place), body=telling.body(source.body, place), fields=telling.fields(named, place)
                )
                yield self._by("contribution.submitted/2", data, place, source.author, source.created_at)

    def _arguments(self, opinion: Opinion, about: str, place: str) -> Iterator[Told]:
        for argument in opinion.arguments:
            ref, body = f"argument-{argument.id}", self.telling.body(argument.body, place)
            if not argument.is_enabled:
                self.telling.report.lose("not-published", place, f"argument {argument.id} was not published by the platform")
            elif body is None:
                self.telling.report.lose("argument-without-words", place, f"argument {argument.id} is empty")
            elif self._is_new(f"argument/{ref}", place):
                side = "for" if argument.type else "against"
                data = {"ref": ref, "step": STEP, "contribution": about, "side": side, "external_ref": str(argument.id), "body": body}
                yield self._by("argument.submitted/1", data, place, argument.author, argument.created_at)

    def _counts(self) -> Iterator[Told]:
        """Counts of votes, which nobody can verify, and counts of what is in the file, which are compared."""
        for place, opinion in self._opinions:
            votes = {"votes": opinion.votes_total, "agree": opinion.votes_ok, "mixed": opinion.votes_mitige, "disagree": opinion.votes_nok}
            acts = {
                "arguments": opinion.arguments_count,
                "arguments_for": opinion.arguments_yes_count,
                "arguments_against": opinion.arguments_no_count,
                "sources": opinion.sources_count,
            }
            target = f"contribution/opinion-{opinion.id}"
            yield from self._counted(target, "counts_only", votes | {"versions": opinion.versions_count}, place)
            yield from self._counted(target, "published", acts, place)
            for source in opinion.sources:
                yield from self._counted(f"contribution/source-{source.id}", "counts_only", {"votes": source.votes_count}, place)
            for argument in opinion.arguments:
                yield from self._counted(f"argument/argument-{argument.id}", "counts_only", {"votes": argument.votes_count}, place)

    def _counted(self, target: str, basis: str, counts: Mapping[str, int], place: str) -> Iterator[Told]:
        if self._told.get(target) == place:
            yield self.telling.counted(target, basis, counts, place)

    def _decisions(self) -> Iterator[Told]:
        """A decision for each content in the trash. The file does not say why, or whether it could be read there."""
        for place, opinion in self._opinions:
            trashed = [f"contribution/opinion-{opinion.id}"] if opinion.is_trashed else []
            trashed += [f"argument/argument-{argument.id}" for argument in opinion.arguments if argument.is_trashed]
            for target in trashed:
                if self._told.get(target) == place:
                    yield self.telling.organizer("content.hidden/1", {"target": target, "motive": TRASHED}, place)

    def _is_new(self, target: str, place: str) -> bool:
        if target in self._told:
            self.telling.report.lose("id-repeated", place, f"{target} stands in {self._told[target]} already")
            return False
        self._told[target] = place
        return True

    def _by(self, kind: str, data: Mapping[str, Any], place: str, author: Author | None, created_at: str) -> Told:
        who = None if author is None else author.pseudonym
        return self.telling.person(kind, data, place, who, instant(moment_of(created_at)))

    def _note_what_is_left_out(self) -> None:
        """Notes voters without a vote, versions without a text, and once each further field of the file."""
        report, left_out = self.telling.report, dict[str, None]()
        for place, opinion in self._opinions:
            if opinion.votes:
                report.lose("vote-unread", place, f"{len(opinion.votes)} voters are named without what they voted", len(opinion.votes))
            if opinion.versions_count:
                words = f"{opinion.versions_count} versions are counted, and none of them is in the file"
                report.lose("version-missing", place, words, opinion.versions_count)
            left_out |= _further("", opinion) | _further("type.", opinion.type)
            for name, inner in (("arguments.", opinion.arguments), ("sources.", opinion.sources)):
                for one in inner:
                    left_out |= _further(name, one)
                    left_out |= {} if one.author is None else _further("author.", one.author)
        for field in left_out:
            report.note("field-left-out", report.file, f"{field} is not recorded")


def _further(prefix: str, of: Foreign) -> dict[str, None]:
    return dict.fromkeys(f"{prefix}{name}" for name in of.model_extra or {})
