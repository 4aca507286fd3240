"""A tie that a round of a beacon breaks, over HTTP: announced, drawn, exported, and verified by somebody who has the export alone."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from ledger.aggregates import candidates_digest, rules_digest
from ledger.audit import Report, Trust, verify
from ledger.audit.beacon import drand_library
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec
from ledger.tlog.vkey import parse_vkey
from tests.drawing_town import BY_ROUND, CLOSES, REFS, rules
from tests.drawn import BEACON, OTHER_SIGNATURE, OUT_AT, ROUND
from tests.posting import Document, HandClock, opening, organizer, proposal
from tests.serving import Service, serving
from tests.tamper.tampering import faults, unpacked

RULES = rules(BEACON)
ITEMS = [Item(place, ref, 100) for place, ref in enumerate(REFS)]
FORGED: dict[str, Any] = {"beacon": {"round": ROUND, "signature": OTHER_SIGNATURE}}

needs_library = pytest.mark.skipif(drand_library() is None, reason="the lottery extra is not installed")


@dataclass
class Town:
    """A service whose clock goes by hand, and a client of it."""

    service: Service
    clock: HandClock
    key: str
    project: str

    def post(self, *documents: Document) -> httpx2.Response:
        lines = b"\n".join(orjson.dumps(document) for document in documents)
        return self.service.post(self.project, lines, self.key, Content_Type="application/x-ndjson")

    def posted(self, *documents: Document) -> None:
        answer = self.post(*documents)
        assert answer.status_code == 201, answer.text

    def refused(self, document: Document) -> tuple[int, str]:
        """Status and code of the refusal."""
        answer = self.post(document)
        return answer.status_code, answer.json()["code"]

    def result(self) -> dict[str, Any]:
        """As of the newest entry: who asks for no moment may be shown a count that is a little older."""
        self.service.settle(self.project)
        at = self.service.size(self.project) - 1
        told: dict[str, Any] = self.service.get(f"/v1/projects/{self.project}/results/vote?at={at}").json()
        return told

    def audited(self, path: Path) -> Report:
        """What an audit of the export finds, offline."""
        self.service.settle(self.project)
        path.write_bytes(self.service.get(f"/v1/projects/{self.project}/export").content)
        return verify(path, trust=Trust((parse_vkey(str(self.service.keeper.keys.signer(self.project).vkey)),)))


@pytest.fixture(scope="module")
def running(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    clock = HandClock()
    with serving(database, tmp_path_factory.mktemp("ledger"), clock=clock) as service:
        yield Town(service, clock, service.key("town-hall"), "")


@pytest.fixture
def town(running: Town, request: pytest.FixtureRequest) -> Town:
    """A project of its own in which each of three candidates has one vote, at the moment at which the vote closes."""
    running.clock.time = "2023-09-10T08:00:00.000Z"
    made = replace(running, project=request.node.name[-40:])
    made.posted(
        opening(),
        organizer("step.planned", step="ideas", kind="collection", title={"fr": "Idées"}, accepts=["proposal"]),
        organizer("step.opened", step="ideas"),
        *(proposal(ref, f"author of {ref}") for ref in REFS),
        organizer("step.closed", step="ideas"),
        organizer("step.planned", step="vote", kind="ballot", title={"fr": "Vote"}, closes_at=CLOSES),
        {**organizer("step.rules_set", step="vote", rules=RULES, secrecy="open"), "type": "step.rules_set/2"},
        organizer("candidates.listed", step="vote", items=[{"ref": item.ref, "cost_minor": item.cost_minor} for item in ITEMS]),
        organizer("candidates.sealed", step="vote"),
        organizer("step.opened", step="vote"),
        *(ballot(f"voter {place}", place) for place, _ in enumerate(REFS)),
    )
    made.clock.time = CLOSES
    return made


def ballot(participant: str, position: int) -> Document:
    digest = rules_digest(RuleSpec.model_validate_json(orjson.dumps(RULES)))
    data = {"step": "vote", "candidates": candidates_digest(ITEMS), "rules": digest, "entries": [position]}
    return {"type": "ballot.cast/1", "participant": participant, "data": data}


def reveal(part: dict[str, Any]) -> Document:
    return organizer("lottery.revealed", step="vote", **part)


@needs_library
def test_a_beacon_breaks_a_tie_and_anybody_can_repeat_it(town: Town, tmp_path: Path) -> None:
    compute = organizer("result.computed", step="vote")
    assert town.refused(reveal(dict(BY_ROUND))) == (409, "lottery-not-due")
    assert town.result()["why"] == "not_drawn"
    assert town.refused(compute) == (409, "lottery-not-drawn")
    town.clock.time = OUT_AT
    assert town.refused(reveal(FORGED)) == (409, "beacon-signature")
    answer = town.post(reveal(dict(BY_ROUND)), compute)
    assert (answer.status_code, answer.json()["code"]) == (409, "counted-together")
    town.posted(reveal(dict(BY_ROUND)))
    town.posted(compute)
    result = town.result()
    assert (result["state"], len(result["winners"]), result["lottery"]["drawn_from"]) == ("final", 1, "beacon")
    report = town.audited(tmp_path / "export.zip")
    assert (report.verdict, faults(report)) == ("verified", {})
    exported = json.loads(unpacked((tmp_path / "export.zip").read_bytes())["results/vote.json"])
    assert exported["lottery"] == result["lottery"]


@needs_library
def test_line_by_line_only_the_forged_round_is_refused(town: Town) -> None:
    town.clock.time = OUT_AT
    lines = b"\n".join(orjson.dumps(document) for document in (reveal(FORGED), organizer("project.described", description={"fr": "Suite"})))
    path = f"/v1/projects/{town.project}/events?atomic=false"
    headers = {"Authorization": f"Bearer {town.key}", "Content-Type": "application/x-ndjson"}
    answer = town.service.http.post(path, content=lines, headers=headers)
    assert answer.status_code in {201, 207}, answer.text
    assert "beacon-signature" in answer.text
    assert town.service.get(f"/v1/projects/{town.project}/events?format=ndjson").content.count(b"lottery.revealed") == 0


def test_where_nobody_can_verify_the_beacon_nothing_is_recorded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "drand_verify", None)
    town.clock.time = OUT_AT
    before = town.service.size(town.project)
    answer = town.post(reveal(dict(BY_ROUND)))
    assert (answer.status_code, answer.json()["code"]) == (503, "beacon-unverifiable")
    assert "participation-ledger[lottery]" in answer.json()["detail"]
    assert town.service.size(town.project) - before in {0, 1}  # the closing that was due, nothing else
