"""An election in a `.pb` file, as the submissions that tell it: the plan, the proposals, the ballots, the closing.

The file has no time for any vote, so none is claimed; the ledger's own clock dates every event. Nothing is said of an author, as the
file's `proposer` is a person's name; a voter is a pseudonym of their `voter_id` in this project.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ledger.canonical import canonical
from ledger.errors import ImportOptionInvalid
from ledger.importers.labels import Labels
from ledger.importers.money import NO_CURRENCY, minor
from ledger.importers.pabulib.options import Options
from ledger.importers.pabulib.reading import PbFile, PbProject, PbVote
from ledger.importers.pabulib.refs import project_refs
from ledger.importers.pabulib.rules import rules_of, with_budget
from ledger.importers.report import ImportReport
from ledger.importers.told import Told
from ledger.rules.spec import RuleSpec

PROPOSALS = "proposals"
VOTE = "vote"
_LIST_BYTES = 6000
"""Bytes of candidates in one `candidates.listed`, so that its entry stays below the limit."""
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,18})?")
_CHANNELS = {"internet": "web", "paper": "paper"}
_LEFT_OUT = {"proposer": "names people", "votes": "is counted again", "score": "is counted again", "selected": "becomes outcome.published"}
_META_READ = frozenset(
    (
        "description",
        "country",
        "unit",
        "instance",
        "num_projects",
        "num_votes",
        "budget",
        "vote_type",
        "rule",
        "min_length",
        "max_length",
        "min_sum_points",
        "max_sum_points",
        "min_points",
        "max_points",
        "max_sum_cost",
        "min_project_score_threshold",
        "neighborhoods",
        "budget_per_neighborhood",
        "language",
        "currency",
        "comment",
    )
)
_DEMOGRAPHICS = ("age", "sex", "neighborhood", "district")


class Election:
    """The submissions of one file under one set of options. What cannot be mapped is noted in `report`.

    `rules` are those with META's budget, `announced_rules` those of before the vote. Raises `ImportOptionInvalid` where an option fits
    nothing in the file, before anything is posted.
    """

    def __init__(self, file: PbFile, options: Options, report: ImportReport) -> None:
        self.file, self.options, self.report = file, options, report
        self.currency = file.meta.get("currency") or NO_CURRENCY
        self.language = file.meta.get("language") or "und"
        self.districts, self.categories = Labels("district"), Labels("category")
        self.refs = project_refs([project.id for project in file.projects], file.name)
        self.positions = {project.id: position for position, project in enumerate(file.projects)}
        for identity in options.withdrawn:
            if identity not in self.refs:
                raise ImportOptionInvalid("--withdrawn", f"the file has no project {identity!r}")
        report.prose = file.meta.get("comment")
        self._note_what_is_left_out()
        self.candidates = [self._candidate(project) for project in file.projects]
        self.contributions = [self._contribution(project) for project in file.projects]
        self.rules = self._rules()
        self.announced_rules = self.rules
        if options.announced_budget is not None:
            self.announced_rules = with_budget(self.rules, options.announced_budget, self.currency)

    @cached_property
    def takes_paper(self) -> bool:
        """Whether some vote of the file was cast on paper."""
        return any(vote.columns.get("voting_method") == "paper" for vote in self.file.votes)

    def _note_what_is_left_out(self) -> None:
        """Notes each key and column of the file that becomes nothing, once."""
        name = self.file.name
        for key in self.file.meta:
            if key not in _META_READ:
                self.report.note("meta-left-out", f"{name}: META", f"{key} is not recorded")
        for column in sorted({column for project in self.file.projects for column in project.columns} & _LEFT_OUT.keys()):
            self.report.note("column-left-out", f"{name}: PROJECTS", f"{column} {_LEFT_OUT[column]}")
        taken = {"voter_id", "vote", "points", "voting_method", *(_DEMOGRAPHICS if self.options.with_demographics else ())}
        for column in sorted({column for vote in self.file.votes[:1] for column in vote.columns} - taken):
            self.report.note("column-left-out", f"{name}: VOTES", f"{column} is not needed for counting")

    def first(self) -> Told:
        """The opening of the project."""
        return self._told("project.opened/1", self._project())

    def opening(self, client: str) -> list[Told]:
        """Everything else up to the opening of the vote. `client` is who posts, and may key paper ballots where the file has some."""
        told = [self._told("district.defined/1", {"ref": ref, "name": self._words(name)}) for name, ref in self.districts.refs.items()]
        told += [self._told("category.defined/1", {"ref": ref, "name": self._words(name)}) for name, ref in self.categories.refs.items()]
        if self.takes_paper:
            told.append(self._told("role.granted/1", {"granted": "agent", "client": client}))
        title = self._words("Proposals")
        told.append(self._told("step.planned/1", {"step": PROPOSALS, "kind": "collection", "title": title, "accepts": ["proposal"]}))
        told.append(self._told("step.opened/1", {"step": PROPOSALS}))
        told += self.contributions
        told.append(self._told("step.closed/1", {"step": PROPOSALS}))
        planned = {"step": VOTE, "kind": "ballot", "title": self._words("Vote"), "takes_paper": self.takes_paper}
        told.append(self._told("step.planned/1", planned))
        announced = self._dumped(self.announced_rules)
        told.append(self._told("step.rules_set/2", {"step": VOTE, "rules": announced, "secrecy": "open"}))
        told += [self._told("candidates.listed/1", {"step": VOTE, "items": part}) for part in _parts(self.candidates)]
        told += [self._told("candidates.sealed/1", {"step": VOTE}), self._told("step.opened/1", {"step": VOTE})]
        return told

    def ballots(self, candidates_digest: str, rules_digest: str) -> Iterator[Told]:
        """One ballot per line of VOTES, in the order of the file."""
        for vote in self.file.votes:
            place = f"{self.file.name}:{vote.line}"
            known = [index for index, choice in enumerate(vote.choices) if choice in self.positions]
            data: dict[str, Any] = {"step": VOTE, "candidates": candidates_digest, "rules": rules_digest}
            entries = self._entries(vote, known, place)
            if entries is None:
                continue
            data["entries"] = entries
            if len(known) != len(vote.choices):
                unknown = [choice for choice in vote.choices if choice not in self.positions]
                data["unknown_entries"] = len(unknown)
                self.report.note("unknown-project", place, f"the vote names {', '.join(unknown)[:200]}, which is no project of the file")
            yield Told(place, self._ballot(vote, data))

    def demographics(self) -> Iterator[Told]:
        """What the file says of each voter, as committed personal data that is never disclosed."""
        for vote in self.file.votes:
            said = {name: vote.columns[name] for name in _DEMOGRAPHICS if vote.columns.get(name)}
            if said:
                document = {"type": "participant.described/1", "channel": "import", "participant": vote.voter}
                yield Told(f"{self.file.name}:{vote.line}", {**document, "data": {"step": VOTE, "demographics": said}})

    def closing(self) -> list[Told]:
        """The end of the vote, which a result is counted after."""
        told = [self._told("step.closed/1", {"step": VOTE})]
        if self.takes_paper:
            told.append(self._told("paper.closed/1", {"step": VOTE}))
        return told

    def outcome(self) -> list[Told]:
        """What happened after the vote, the computed result and the published one."""
        told: list[Told] = []
        reason = {"reason": self._words(self.report.prose[:4000])} if self.report.prose else {}
        if self.options.announced_budget is not None:
            amended = {"step": VOTE, "rules": self._dumped(self.rules), "code": "budget_amended", **reason}
            told.append(self._told("step.rules_amended/2", amended))
        for identity in self.options.withdrawn:
            gone = {"ref": self.refs[identity], "step": VOTE, "code": "withdrawn_after_the_vote", **reason}
            told.append(self._told("contribution.withdrawn/1", gone))
        told.append(self._told("result.computed/1", {"step": VOTE}))
        if any(project.columns.get("selected") for project in self.file.projects):
            told.append(self._told("outcome.published/1", self._published(reason)))
        return told

    def _rules(self) -> RuleSpec:
        """The rules with the budget of META, once districts and categories have their references."""
        by_district = self.options.envelopes_by == "district" or not self.options.envelopes
        labels = self.districts if by_district else self.categories
        return rules_of(self.file, self.currency, self.options, self.refs, labels.refs)

    def _told(self, kind: str, data: dict[str, Any]) -> Told:
        return Told(self.file.name, {"type": kind, "role": "organizer", "channel": "import", "data": data})

    def _words(self, text: str) -> dict[str, str]:
        return {self.language: text}

    def _dumped(self, rules: RuleSpec) -> dict[str, Any]:
        return rules.model_dump(mode="json", exclude_none=True)

    def _project(self) -> dict[str, Any]:
        meta = self.file.meta
        owner = ", ".join(meta[key] for key in ("unit", "country") if meta.get(key)) or "?"
        title = ", ".join(meta[key] for key in ("description", "instance") if meta.get(key)) or self.file.name
        return {
            "title": self._words(title),
            "owner": self._words(owner),
            "languages": [self.language],
            "currency": self.currency,
            "time_zone": self.options.time_zone,
            "keys_destroyed_at": self.options.keys_destroyed_at,
        }

    @cached_property
    def _district_column(self) -> str | None:
        columns = self.file.projects[0].columns
        order = ("neighborhood", "district", "subunit")
        return next((name for name in order if name in columns), None)

    def _candidate(self, project: PbProject) -> dict[str, Any]:
        place = f"{self.file.name}:{project.line}"
        candidate: dict[str, Any] = {"ref": self.refs[project.id], "cost_minor": minor(project.cost, self.currency, place)}
        district = project.columns.get(self._district_column or "", "").strip()
        category = project.columns.get("category", "").strip()
        if district:
            candidate["district"] = self.districts.ref(district)
        if category:
            candidate["category"] = self.categories.ref(category)
        return candidate

    def _contribution(self, project: PbProject) -> Told:
        candidate = self._candidate(project)
        columns = {name: text.strip() for name, text in project.columns.items() if text.strip()}
        data: dict[str, Any] = {**candidate, "step": PROPOSALS, "kind": "proposal"}
        data["title"] = self._words(columns.get("name", project.id)[:4000])
        if data["ref"] != project.id:
            data["external_ref"] = project.id
        if "description" in columns:
            data["body"] = self._words(columns["description"][:4000])
        place = f"{self.file.name}:{project.line}"
        location = {name: columns[name] for name in ("latitude", "longitude") if name in columns}
        if location and all(_DEGREES.fullmatch(degrees) for degrees in location.values()):
            data["location"] = location
        elif location:
            self.report.note("location-unread", place, f"{location} is no pair of decimal degrees and was left out")
        mapped = {"project_id", "cost", "name", "description", "latitude", "longitude", "category", self._district_column, *_LEFT_OUT}
        fields = {name: text[:4000] for name, text in columns.items() if name not in mapped}
        if fields:
            data["fields"] = fields
        return Told(place, {"type": "contribution.submitted/1", "role": "organizer", "channel": "import", "data": data})

    def _entries(self, vote: PbVote, known: list[int], place: str) -> list[Any] | None:
        """The choices in their wire form, or None where points and projects do not pair up."""
        chosen = [self.positions[vote.choices[index]] for index in known]
        if self.file.vote_type == "ordinal":
            return chosen
        if self.file.vote_type not in ("cumulative", "scoring"):
            return sorted(chosen)
        if len(vote.points) != len(vote.choices) or not all(re.fullmatch(r"-?[0-9]{1,15}", points) for points in vote.points):
            self.report.note(
                "ballot-unread", place, f"{len(vote.choices)} projects and points {','.join(vote.points)[:80]!r} do not pair up"
            )
            return None
        return sorted([position, int(vote.points[index])] for position, index in zip(chosen, known, strict=True))

    def _ballot(self, vote: PbVote, data: dict[str, Any]) -> dict[str, Any]:
        channel = _CHANNELS.get(vote.columns.get("voting_method", ""), "import")
        if channel == "paper":
            return {"type": "ballot.cast/1", "role": "agent", "channel": "paper", "on_behalf_of": vote.voter, "data": data}
        return {"type": "ballot.cast/1", "channel": channel, "participant": vote.voter, "data": data}

    def _published(self, reason: dict[str, Any]) -> dict[str, Any]:
        marks = [project.columns.get("selected", "").strip() for project in self.file.projects]
        published: dict[str, Any] = {
            "step": VOTE,
            "selected": [position for position, mark in enumerate(marks) if mark == "1"],
            "outside_rule": [position for position, mark in enumerate(marks) if mark in ("2", "3")],
        }
        for position, mark in enumerate(marks):
            if mark not in ("", "0", "1", "2", "3"):
                place = f"{self.file.name}:{self.file.projects[position].line}"
                self.report.note("selected-unread", place, f"selected is {mark[:20]!r}, which the format does not define")
        missing = [{"channel": gone.channel} | ({} if gone.count is None else {"count": gone.count}) for gone in self.options.missing]
        if missing:
            published["ballots_missing"] = missing
        if reason:
            published["statement"] = reason["reason"]
        return published


def _parts(candidates: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The candidates in lists that fit an entry, in order."""
    part: list[dict[str, Any]] = []
    size = 0
    for candidate in candidates:
        length = len(canonical(candidate)) + 1
        if part and (size + length > _LIST_BYTES or len(part) == 200):
            yield part
            part, size = [], 0
        part.append(candidate)
        size += length
    yield part
