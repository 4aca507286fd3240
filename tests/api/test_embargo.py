"""Sealed choices under an embargo are shown by nothing before its end: two votes that differ in nothing else look the same everywhere.

What is compared is all that can be read over HTTP, of every size that the log had since the vote opened; names that keys make are left out.
After the end and the disclosure the same pages tell the votes apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson
import pytest

from ledger.audit import Trust, verify
from ledger.errors import BallotsUndisclosed, EmbargoLasts
from ledger.package.layout import MANIFEST, MANIFEST_SIGNATURE
from ledger.sealing import read_disclosure
from tests.importers.searching import members_of
from tests.posting import ballot, organizer, vote_opened
from tests.properties.watching import Town, town_on
from tests.serving import Service, serving

UNTIL = "2026-03-05T12:00:00.000Z"
CHOICES = {"north": ((0,), (0,), (0, 1), (0,), (0, 2)), "south": ((2,), (1, 2), (2,), (1,), (2,))}
VIEWS = (
    "", "/contributions", "/contributions/bench", "/proposals", "/arguments", "/texts", "/results", "/results/vote", "/timeline",
    "/moderation", "/erasures", "/changes", "/participation", "/differences", "/events?format=ndjson&limit=1000",
)  # fmt: skip
OF_RESULTS = ("/results", "/results/vote")
_MADE_BY_KEYS = re.compile(r"[A-Za-z0-9+/]{43}=|[0-9a-f]{64}|[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])")


@dataclass
class Votes:
    """Two votes by the same people at the same times, and a service that shows them."""

    town: Town
    service: Service
    folder: Path

    def page(self, ref: str, view: str, at: int | None = None) -> str:
        """A page, without what tells the two projects apart but their choices; its lines or rows in one order."""
        joint = "&" if "?" in view else "?"
        answer = self.service.get(f"/v1/projects/{ref}{view}{'' if at is None else f'{joint}at={at}'}")
        return without_names(answer.text, ref)

    def exported(self, ref: str) -> dict[str, str]:
        """The files of the package that is downloaded now, likewise; of disclosures the entries and the values.

        The manifest states digests and lengths of packed files, and the tree is made of digests, which the ledger log states.
        """
        path = self.folder / f"{ref}.zip"
        path.write_bytes(self.service.get(f"/v1/projects/{ref}/export").content)
        assert verify(path, trust=Trust((self.service.keeper.keys.signer(ref).vkey,))).verdict == "verified"
        apart = ("log/", "ledger/", MANIFEST, MANIFEST_SIGNATURE)
        members = {name: content for name, content in members_of(path) if not name.startswith(apart)}
        lines = [orjson.loads(line) for line in members.pop("disclosures.jsonl").splitlines()]
        shown = sorted((line["seq"], line["name"], repr(read_disclosure(line["disclosure"]).value)) for line in lines)
        return {name: without_names(content.decode(), ref) for name, content in members.items()} | {"disclosed": repr(shown)}

    def feed(self, ref: str) -> str:
        """Every entry, as whoever follows from the beginning receives it."""
        size, headers = self.service.size(ref), {"Accept": "text/event-stream"}
        with self.service.http.stream("GET", f"/v1/projects/{ref}/events?after=-1", headers=headers) as answer:
            return without_names("\n".join(islice((line for line in answer.iter_lines() if line.startswith("data: ")), size)), ref)

    def disclosed_choices(self, ref: str) -> list[str]:
        """The choices among the texts that are served with entries."""
        answer = self.service.get(f"/v1/projects/{ref}/events?disclosures=true&limit=1000").json()
        texts = [read_disclosure(text) for shown in answer["disclosures"].values() for text in shown.values()]
        return [repr(disclosure.value) for disclosure in texts if disclosure.name == "entries"]

    def settle(self) -> None:
        """Views and checkpoints have caught up with both logs."""
        for ref in CHOICES:
            self.service.settle(ref)


def without_names(text: str, ref: str) -> str:
    """The text without digests, pseudonyms, signatures and the name of the project; rows that such names put in order stand in another."""
    told = _MADE_BY_KEYS.sub("#", text.replace(ref, "town"))
    return "\n".join(sorted(told.splitlines()))


@pytest.fixture(scope="module")
def votes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Votes]:
    folder = tmp_path_factory.mktemp("embargo")
    with town_on(database, folder) as town, serving(database, folder) as service:
        for ref, choices in CHOICES.items():
            town.clock.time = "2026-03-01T10:15:30.250Z"
            post = town.writers[0].post
            post(ref, *vote_opened(secrecy="sealed"), organizer("results.embargoed", step="vote", until=UNTIL))
            for number, entries in enumerate(choices):
                post(ref, ballot(f"person {number}", *entries))
            post(ref, ballot("person 0", *choices[1], name="ballot.replaced"), organizer("step.closed", step="vote"))
        votes = Votes(town, service, folder)
        votes.settle()
        yield votes


def test_before_its_end_nothing_tells_two_votes_apart(votes: Votes) -> None:
    north, south = CHOICES
    size = votes.service.size(north)
    opened = size - 8
    for view in VIEWS:
        for at in (None, *range(opened, size)) if "format" not in view else (None,):
            page = votes.page(north, view, at)
            assert page == votes.page(south, view, at), f"{view} at {at}"
            assert page
    assert votes.feed(north) == votes.feed(south)
    assert votes.exported(north) == votes.exported(south)
    assert votes.disclosed_choices(north) == votes.disclosed_choices(south) == []


def test_before_its_end_nobody_discloses_or_counts(votes: Votes) -> None:
    votes.town.clock.time = UNTIL.replace("T12:00:00.000", "T11:59:59.999")
    for name, error in (("ballots.disclosed", EmbargoLasts), ("result.computed", BallotsUndisclosed)):
        with pytest.raises(error):
            votes.town.writers[0].post("north", organizer(name, step="vote"))


def test_after_its_end_the_disclosed_choices_are_shown_and_not_as_of_before(votes: Votes) -> None:
    north, south = CHOICES
    sealed = votes.service.size(north)
    votes.town.clock.time = UNTIL
    for ref in CHOICES:
        votes.town.writers[0].post(ref, organizer("ballots.disclosed", step="vote"))
        votes.town.writers[0].post(ref, organizer("result.computed", step="vote"))
    votes.settle()
    for view in OF_RESULTS:
        assert votes.page(north, view) != votes.page(south, view)
        assert votes.page(north, view, sealed - 1) == votes.page(south, view, sealed - 1), "the past is as it was shown then"
    assert votes.disclosed_choices(north) == ["[0]", "[0, 1]", "[0]", "[0, 2]", "[0]"], "the last ballot of each person, and no other"
    exported = [votes.exported(ref) for ref in CHOICES]
    differing = {name for name in exported[0] if exported[0][name] != exported[1][name]}
    assert differing >= {"disclosed", "tables/ballots.csv", "results/vote.json"}
