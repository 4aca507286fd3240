"""A moderator hides, the author appeals, another moderator reverses: over HTTP, and what readers see of it from one stage to the next.

The register keeps every decision with its motive, who made it in which role, and how long it stood; the text itself goes and comes back
everywhere at once, also in what is read of the past.
"""

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.audit import Report, Trust, verify
from ledger.submit import WRITE
from tests.importers.searching import Sought, members_of
from tests.posting import Document, opening, organizer
from tests.serving import Service, serving

PROJECT = "quays"
PLACE = f"/v1/projects/{PROJECT}"
TARGET = "contribution/quiet-quays"
TEXT = "Let the quays be closed to cars, whatever those scoundrels in the town hall may say about it"
REVISED = "Let the quays be closed to cars every single day, whatever the scoundrels up there may answer"
REASON = {"en": "It insults the people who work in the town hall"}
SONG = {"en": "It quotes a song"}
STAGES = ("open", "hidden", "appealed", "restored")
READ = (
    "contributions",
    "contributions/quiet-quays",
    "contributions/quiet-quays/difference?from=1&to=2",
    "contributions/quiet-quays/arguments",
    "proposals",
    "arguments",
    "steps/talk/ranking",
    "timeline",
    "moderation",
    "texts",
    "events?disclosures=true&limit=1000",
)
"""Everything in which a text might be shown."""


@dataclass(frozen=True)
class Stage:
    """What readers saw at one stage of the story. `at_first` are the same pages, as of before anything was decided."""

    seq: int
    pages: dict[str, str]
    at_first: dict[str, str]
    feed: str
    register: list[dict[str, Any]]
    package: Path
    report: Report

    @property
    def table(self) -> list[dict[str, str]]:
        """The rows of the exported register."""
        members = dict(members_of(self.package))
        return list(csv.DictReader(io.StringIO(members["tables/moderation.csv"].decode())))


@dataclass
class Story:
    """A service, the keys of its three clients, and the seq of the last entry before anything was decided."""

    service: Service
    keys: dict[str, str]
    folder: Path
    first: int = 0
    older: Path | None = None

    def post(self, client: str, *documents: Document) -> Any:
        """The answer to submissions of a client, posted together."""
        lines = b"\n".join(map(orjson.dumps, documents))
        return self.service.post(PROJECT, lines, self.keys[client], Content_Type="application/x-ndjson")

    def recorded(self, client: str, *documents: Document) -> None:
        """The submissions are recorded."""
        answer = self.post(client, *documents)
        assert answer.status_code == 201, answer.text

    def stage(self, name: str) -> Stage:
        """What readers see now."""
        self.service.settle(PROJECT)
        pages = {path: self.service.get(f"{PLACE}/{path}").text for path in READ}
        at_first = {path: self.service.get(f"{PLACE}/{path}{'&' if '?' in path else '?'}at={self.first}").text for path in READ}
        package = self.folder / f"{name}.zip"
        package.write_bytes(self.service.get(f"{PLACE}/export").content)
        report = verify(package, trust=Trust((self.service.keeper.keys.signer(PROJECT).vkey,)), older=self.older)
        self.older = package
        size = self.service.size(PROJECT)
        register = orjson.loads(pages["moderation"])["moderation"]
        return Stage(size - 1, pages, at_first, self.followed(size), register, package, report)

    def followed(self, size: int) -> str:
        """The feed from its beginning."""
        with self.service.http.stream("GET", f"{PLACE}/events?after=-1", headers={"Accept": "text/event-stream"}) as answer:
            return "\n".join(islice((line for line in answer.iter_lines() if line.startswith("data: ")), size))


def acted(name: str, role: str, who: str | None = None, /, **data: Any) -> Document:
    schema = 2 if name == "contribution.submitted" else 1
    document: Document = {"type": f"{name}/{schema}", "role": role, "channel": "web", "data": data}
    return document if who is None else {**document, "participant": who}


def beginning() -> list[Document]:
    """A consultation with an opinion that its author revised, an argument about it and two stances."""
    scales, texts = {"opinion": "agree_mixed_disagree"}, {"ref": "quiet-quays", "step": "talk", "title": {"en": "Quays"}}
    noise = {"ref": "noise", "step": "talk", "contribution": "quiet-quays", "side": "for", "body": {"en": "Less noise."}}
    return [
        opening(),
        *(organizer("role.granted", granted="moderator", client=client) for client in ("ann", "judge")),
        organizer("motive.defined", ref="insult", name={"en": "Insult"}),
        organizer("step.planned", step="talk", kind="consultation", title={"en": "Talk"}, accepts=["opinion"]),
        organizer("step.stances_set", step="talk", scales=scales, arguments_on=["opinion"]),
        organizer("step.opened", step="talk"),
        acted("contribution.submitted", "participant", "ada", kind="opinion", body={"en": TEXT}, **texts),
        acted("contribution.revised", "participant", "ada", body={"en": REVISED}, **texts),
        acted("argument.submitted", "participant", "bo", **noise),
        *(
            acted("stance.cast", "participant", who, step="talk", target=TARGET, value=value, target_version=2)
            for who, value in (("bo", "agree"), ("cy", "disagree"))
        ),
    ]


def hiding() -> Document:
    return acted("content.hidden", "moderator", target=TARGET, motive="insult", rule_ref="charter-4", reason=REASON)


def judging(outcome: str = "reversed") -> Document:
    return acted("appeal.decided", "moderator", target=TARGET, outcome=outcome, code="quotation", reason=SONG)


@pytest.fixture(scope="module")
def story(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("moderation")
    with serving(database, folder) as service:
        keys = {"platform": service.key("platform", namespace="town")}
        for name in ("ann", "judge"):
            keys[name] = service.key(name, frozenset({WRITE}), frozenset({"moderator"}), namespace="town")
        yield Story(service, keys, folder)


@pytest.fixture(scope="module")
def stages(story: Story) -> dict[str, Stage]:
    """The story happens."""
    story.recorded("platform", *beginning())
    story.first = story.service.size(PROJECT) - 1
    told = {"open": story.stage("open")}
    story.recorded("ann", hiding(), acted("decision.notified", "moderator", target=TARGET))
    told["hidden"] = story.stage("hidden")
    story.recorded("platform", acted("appeal.lodged", "participant", "ada", target=TARGET, details={"en": "I quoted a song"}))
    told["appealed"] = story.stage("appealed")
    answer = story.post("ann", judging("upheld"))
    assert (answer.status_code, answer.json()["code"]) == (409, "judge-unfit"), "who decided does not judge the appeal"
    time.sleep(1.1)  # what stood for a second and more has a duration that is not nothing
    story.recorded("judge", judging(), acted("content.restored", "moderator", target=TARGET, because="appeal"))
    told["restored"] = story.stage("restored")
    return told


@pytest.mark.parametrize(("stage", "is_shown"), [("open", True), ("hidden", False), ("appealed", False), ("restored", True)])
def test_the_text_is_shown_everywhere_or_nowhere(stages: dict[str, Stage], stage: str, is_shown: bool) -> None:
    sought, seen = Sought([TEXT, REVISED], []), stages[stage]
    pages = {path for path in READ for kept in (seen.pages, seen.at_first) if sought.texts_in(kept[path].encode())}
    members = {name for name, content in members_of(seen.package) if sought.texts_in(content)}
    if is_shown:
        assert pages >= {"contributions", "contributions/quiet-quays", "events?disclosures=true&limit=1000"}
        assert members >= {"disclosures.jsonl", "tables/contributions.csv"}
        assert TEXT in seen.at_first["contributions/quiet-quays"]
    else:
        assert (pages, members) == (set(), set())
    assert not sought.texts_in(seen.feed.encode()), "entries hold no texts"


@pytest.mark.parametrize("stage", STAGES)
def test_the_package_verifies_at_every_stage_and_goes_on_from_the_one_before(stages: dict[str, Stage], stage: str) -> None:
    report = stages[stage].report
    assert (report.verdict, report.findings, report.size) == ("verified", (), stages[stage].seq + 1)
    withheld = report.commitments.get("withheld", 0)
    assert withheld == (9 if stage in {"hidden", "appealed"} else 0), "each field of the two versions is accounted for"
    assert "unexplained" not in report.commitments


def test_what_is_hidden_keeps_its_place_and_its_counts(stages: dict[str, Stage]) -> None:
    rankings = [orjson.loads(stages[stage].pages["steps/talk/ranking"])["targets"] for stage in ("open", "hidden", "restored")]
    counts = [[(target["target"], target["positive"], target["negative"]) for target in ranking] for ranking in rankings]
    assert counts == [[(TARGET, 1, 1)]] * 3
    page = orjson.loads(stages["hidden"].pages["contributions/quiet-quays"])["contribution"]
    assert page["moderation"]["motive"] == "insult"
    assert orjson.loads(stages["hidden"].at_first["contributions/quiet-quays"])["contribution"]["moderation"] is None


def test_the_register_says_what_why_by_whom_in_which_role_and_when(stages: dict[str, Stage]) -> None:
    [line] = stages["hidden"].register
    entry = entry_of(stages, "content.hidden/1")
    expected = {
        "target": TARGET,
        "kind": "opinion",
        "decision": "hidden",
        "motive": "insult",
        "rule_ref": "charter-4",
        "reason": REASON,
        "moderator": "client:ann",
        "role": "moderator",
        "via": "ann",
        "seq": entry["seq"],
        "at": entry["at"],
    }
    assert {name: line[name] for name in expected} == expected
    assert (line["state"], line["appeal"], line["undone"], line["ended_at"]) == ("standing", None, None, None)
    assert line["notified_at"] == entry_of(stages, "decision.notified/1")["at"]


def test_the_register_keeps_both_decisions_and_how_long_the_first_stood(stages: dict[str, Stage]) -> None:
    [appealed] = stages["appealed"].register
    assert (appealed["state"], appealed["appeal"]["outcome"], appealed["appeal"]["details"]) == (
        "standing",
        None,
        {"en": "I quoted a song"},
    )
    [line] = stages["restored"].register
    hidden, restored = (entry_of(stages, f"content.{name}/1") for name in ("hidden", "restored"))
    assert (line["motive"], line["reason"], line["moderator"]) == ("insult", REASON, "client:ann")
    judged = {"outcome": "reversed", "code": "quotation", "reason": SONG, "judge": "client:judge", "role": "moderator"}
    assert {name: line["appeal"][name] for name in judged} == judged
    assert (line["undone"]["because"], line["undone"]["moderator"], line["undone"]["seq"]) == ("appeal", "client:judge", restored["seq"])
    assert (line["state"], line["ended_at"]) == ("ended", restored["at"])
    assert line["seconds"] == int((datetime.fromisoformat(restored["at"]) - datetime.fromisoformat(hidden["at"])).total_seconds()) > 0


def test_the_exported_table_says_what_the_register_says(stages: dict[str, Stage]) -> None:
    for stage in ("hidden", "appealed", "restored"):
        [row], [line] = stages[stage].table, stages[stage].register
        same = ("target", "decision", "motive", "rule_ref", "role", "via", "at", "moderator", "state", "ended_at", "seconds")
        assert {name: row[name] for name in same} == {name: "" if line[name] is None else str(line[name]) for name in same}
        appeal = line["appeal"] or {}
        judged = {"appeal_outcome": "outcome", "appeal_code": "code", "judge": "judge"}
        assert {column: row[column] for column in judged} == {column: appeal.get(name) or "" for column, name in judged.items()}
    assert "It quotes a song" in " ".join(stages["restored"].table[0].values())


def test_the_register_of_the_past_is_that_of_the_past(story: Story, stages: dict[str, Stage]) -> None:
    assert orjson.loads(stages["restored"].at_first["moderation"])["moderation"] == []
    answer = story.service.get(f"{PLACE}/moderation?at={stages['hidden'].seq}").json()
    assert [(line["state"], line["undone"]) for line in answer["moderation"]] == [("standing", None)]
    assert answer["moderation"][0]["reason"] == REASON


def entry_of(stages: dict[str, Stage], wire_type: str) -> dict[str, Any]:
    """The one entry of this type."""
    entries = (orjson.loads(line.removeprefix("data: ")) for line in stages["restored"].feed.splitlines())
    [entry] = [entry for entry in entries if entry["type"] == wire_type]
    return dict(entry)
