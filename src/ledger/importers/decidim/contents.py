"""What was proposed, and what the authority made of it: proposals, amendments, budget projects and results, as submissions."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from ledger.importers.decidim.sheets import Line, Sheet, is_true, listed
from ledger.importers.decidim.words import Words
from ledger.importers.labels import Labels
from ledger.importers.money import NO_CURRENCY
from ledger.importers.telling import STEP, present
from ledger.importers.told import Told

PROPOSAL: Final = "proposal"
AMENDMENT: Final = "amendment"
PROJECT: Final = "project"
RESULT: Final = "result"
ANSWER: Final = "answer"
_PROFILES: Final = "/profiles/"
"""What the address of a person has in it, and that of the organisation and of a meeting have not."""


class Contents:
    """The contents of one import. What was told is in `targets`, by what the platform calls it (`proposal-12`)."""

    def __init__(self, sheets: Iterable[Sheet], words: Words) -> None:
        self.words, self.telling = words, words.telling
        lines: dict[str, list[Line]] = {}
        for sheet in sheets:
            lines.setdefault(sheet.kind, []).extend(sheet.lines())
        self.amendments = [line for line in lines.get("proposals", ()) if is_true(line.cell("is_amend"))]
        self.proposals = [line for line in lines.get("proposals", ()) if not is_true(line.cell("is_amend"))]
        self.projects, self.results = lines.get("projects", []), lines.get("results", [])
        self.targets: dict[str, str] = {}
        """What the platform calls it → the target here."""
        self.told: dict[str, Line] = {}
        """Target → its row."""
        self._refs, self._categories = Labels("contribution"), Labels("category")
        self._by_address: dict[str, str] = {}
        """The address of a proposal → the contribution here."""

    @property
    def accepted(self) -> list[str]:
        """The kinds of contribution that come in."""
        kinds = {PROPOSAL: self.proposals or self.projects, AMENDMENT: self.amendments, ANSWER: self.results}
        return [kind for kind, lines in kinds.items() if lines]

    def categories(self) -> Iterator[Told]:
        """The categories, in the order in which rows name them; one without a name goes by its number."""
        for line in (*self.proposals, *self.amendments, *self.projects, *self.results):
            for identity, name in self._named_categories(line):
                if identity not in self._categories.refs:
                    data = {"ref": self._categories.ref(identity), "name": name or self.telling.words(identity)}
                    yield self.telling.organizer("category.defined/1", data, line.place)

    def told_proposals(self) -> Iterator[Told]:
        """Proposals, then the amendments of those that came in, whichever row stands first."""
        for line in self.proposals:
            yield from self._submitted(line, PROPOSAL, self._said(line, "body") | {"kind": PROPOSAL})
        waiting, ready = self.amendments, self.amendments
        while ready:
            amended = {line.place: self._by_address.get(line.cell("original_proposal/url")) for line in waiting}
            ready = [line for line in waiting if amended[line.place] is not None]
            waiting = [line for line in waiting if amended[line.place] is None]
            for line in ready:
                data = self._said(line, "body") | {"kind": AMENDMENT, "target": amended[line.place]}
                yield from self._submitted(line, PROPOSAL, data)
        for line in waiting:
            self._lose_target(line, AMENDMENT, line.cell("original_proposal/url"))

    def told_projects(self) -> Iterator[Told]:
        """Projects of budgets, as the authority's; one that grew from one proposal says so."""
        for line in self.projects:
            related = [self.targets.get(f"{PROPOSAL}-{identity}") for identity in listed(line.cell("related_proposals"))]
            origin = related[0] if len(related) == 1 else None
            data = self._said(line, "description") | {"kind": PROPOSAL} | self.words.cost(line, "budget_amount")
            data |= present(derived_from=None if origin is None else origin.removeprefix("contribution/"))
            yield from self._submitted(line, PROJECT, data)

    def told_results(self) -> Iterator[Told]:
        """Results, as the authority's answers to the first of their proposals that came in."""
        for line in self.results:
            addresses = listed(line.cell("proposal_urls"))
            target = next((self._by_address[address] for address in addresses if address in self._by_address), None)
            if target is None:
                self._lose_target(line, RESULT, ", ".join(addresses))
            else:
                yield from self._submitted(line, RESULT, self._said(line, "description") | {"kind": ANSWER, "target": target})

    def author(self, line: Line) -> str | None:
        """The person who wrote a proposal, None where it was the organisation, a meeting, or several people."""
        people, addresses = listed(line.cell("author/id")), listed(line.cell("author/url"))
        is_person = all(_PROFILES in address for address in addresses) and not is_true(line.cell("created_in_meeting"))
        return people[0] if len(people) == 1 and is_person else None

    def _submitted(self, line: Line, kind: str, data: dict[str, Any]) -> Iterator[Told]:
        identity = line.cell("id")
        name = f"{kind}-{identity}"
        if not identity:
            self.telling.report.lose("row-unread", line.place, "the row has no id")
        elif name in self.targets:
            self.telling.report.lose("id-repeated", line.place, f"{name} stands further up already")
        else:
            ref = self._refs.ref(name)
            self.targets[name], self.told[f"contribution/{ref}"] = f"contribution/{ref}", line
            if kind == PROPOSAL and line.cell("url"):
                self._by_address.setdefault(line.cell("url"), ref)
            shown = (line.cell("reference") or identity)[:128]
            claimed = self.words.moment(line, "published_at", "created_at")
            document = {"ref": ref, "step": STEP, "external_ref": shown} | data
            author = self.author(line) if kind == PROPOSAL else None
            if author is None and len(listed(line.cell("author/id"))) > 1:
                document["collective"] = "other"
            yield self.telling.person("contribution.submitted/2", document, line.place, author, claimed)

    def _said(self, line: Line, body: str) -> dict[str, Any]:
        words = self.words
        categories = [self._categories.ref(identity) for identity, _ in self._named_categories(line)]
        fields = {name.replace("/", "_"): words.plain(line, name) for name in FIELDS}
        if words.currency == NO_CURRENCY:
            fields |= {name: line.cell(name) for name in AMOUNTS}
        if len(categories) > 1:
            fields["categories"] = ", ".join(categories)
        said = present(
            title=words.title(line, "title"),
            body=words.body(line, body),
            location=words.location(line),
            fields=self.telling.fields(fields, line.place),
        )
        return said | present(category=categories[0] if categories else None) | words.cost(line, "cost")

    def _named_categories(self, line: Line) -> list[tuple[str, dict[str, str] | None]]:
        """(number, name) of the row's categories: one in earlier versions of the platform, several as taxonomies in later ones."""
        name = "category/name" if "category/id" in line.cells else "category"
        old = line.cell("category/id") or self.words.plain(line, name)
        if old:
            return [(old, self.words.title(line, name))]
        numbers = listed(line.cell("taxonomies/ids", "taxonomies/id"))
        return [(number, self.words.title(line, f"taxonomies/{number}")) for number in numbers]

    def _lose_target(self, line: Line, kind: str, related: str) -> None:
        about = related[:200] or "what its row does not say"
        self.telling.report.lose("target-not-imported", line.place, f"{kind} {line.cell('id')} is about {about}, which was not imported")


FIELDS: Final = (
    *("url", "updated_at", "participatory_space/url", "component/id", "scope/name", "related_proposals", "cost_report", "execution_period"),
    *(
        "budget/id",
        "related_proposal_urls",
        "parent/id",
        "start_date",
        "end_date",
        "status/key",
        "status/name",
        "progress",
        "proposal_urls",
    ),
)
"""Columns that become fields of the same name, with `_` in place of `/`."""
AMOUNTS: Final = ("cost", "budget_amount")
"""Columns that become fields where no currency is given."""
