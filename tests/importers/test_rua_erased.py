"""Everybody who took part in a consultation is erased: nothing is left of them on disk, in the export, in the logs; every count stays.

The consultation has a PostgreSQL of its own, so that its data folder holds nothing else.
"""

import logging
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as but
from pathlib import Path
from typing import Any, BinaryIO, cast

import psycopg
import pytest

from ledger.audit import Report, Trust, verify
from ledger.canonical import JsonValue
from ledger.cli.in_process import IMPORTER, IntakePosting
from ledger.importers.cap_collectif.reading import read_export
from ledger.importers.cap_collectif.submissions import CapCollectif
from ledger.importers.consultation import import_consultation
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from ledger.projections import PROJECTIONS
from ledger.projections.readings.participation_days import participation_of
from ledger.projections.readings.ranking import ranking_document
from ledger.sealing import read_disclosure
from ledger.settings import Settings
from ledger.submit import ERASE, ErasureOrder, Intake
from ledger.wiring import Ledger, open_ledger, sign_what_grew, write_package
from ledger.wiring.erasures import Erasures
from tests.importers.consultation_export import Cells, argument, opinion, published, report, source, vote
from tests.importers.searching import Sought, files_in, members_of, strings_in, tables_of

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "rua" / "rua-fonctionnement_sections2-3.csv"
PROJECT = "rua"
AT_ONCE = 1000
"""People in one order, at most."""
OF_ERASURES = {"erasures", "timeline"}
ABOUT_ERASURES = {"erased", "erased_seqs", "changed_seq"}


@dataclass
class Held:
    """A consultation that was imported, and all that a person wrote in it."""

    ledger: Ledger
    intake: Intake
    folder: Path
    people: list[str]
    texts: list[str]

    def counts(self) -> dict[str, Any]:
        """Everything that is counted and told, but for texts and for what was erased."""
        self.ledger.runner.catch_up(PROJECT)
        publisher = self.ledger.publisher(self.ledger.project(PROJECT))
        found = publisher.source(publisher.size())
        rows = {
            projection.name: [
                (key, {name: value for name, value in row.items() if name not in ABOUT_ERASURES})
                for key, row in found.unresolved(projection.name)
            ]
            for projection in PROJECTIONS
            if projection.name not in OF_ERASURES
        }
        rankings = [ranking_document(found, "consultation", method) for method in ("net", "ratio", "wilson", "controversy")]
        return {**rows, "ranking": [{**(ranking or {}), "seq": None} for ranking in rankings], "participation": [*participation_of(found)]}

    def shown(self) -> set[str]:
        """Every text that anybody may read now."""
        log = self.ledger.log(self.ledger.project(PROJECT))
        return {text for _, _, shown in log.disclosures(0, log.size()) for text in strings_in(read_disclosure(shown).value)}

    def exported(self, path: Path, older: Path | None = None) -> Report:
        """What the audit says of a package that is made now."""
        sign_what_grew(self.ledger, PROJECT)
        with path.open("wb") as file:
            write_package(self.ledger, PROJECT, cast("BinaryIO", file))
        return verify(path, trust=Trust((self.ledger.keys.signer(PROJECT).vkey,)), older=older)

    def erase_everybody(self) -> int:
        """All people of the file are erased; returned is from how many entries."""
        client = but(IMPORTER, scopes=IMPORTER.scopes | {ERASE})
        erasures, entries = Erasures(self.ledger, self.intake), 0
        for start in range(0, len(self.people), AT_ONCE):
            order = ErasureOrder(participants=tuple(self.people[start : start + AT_ONCE]), ground="consent_withdrawn", authority="order-1")
            entries += len(erasures.erase(PROJECT, client, order).entries)
        return entries

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """All that the machine keeps: every file of the database, of the keys and of the server's log, and the tables unpacked."""
        with psycopg.connect(self.ledger.conninfo, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        yield from files_in(self.folder)
        yield from tables_of(self.ledger.conninfo)


def consultation(content: bytes) -> CapCollectif:
    export = read_export(content, "town.csv", realign=True)
    return CapCollectif(export, content, Telling("cap-collectif", Setting(), ImportReport("town.csv", PROJECT)))


def written_by_people(content: bytes) -> list[str]:
    """Every text that the import of this file commits to for a person."""
    written: dict[str, None] = {}
    for acts in consultation(content).acts():
        for told in acts:
            data: dict[str, JsonValue] = told.document["data"]
            fields = (data.get(name) for name in ("title", "body", "fields", "details")) if "participant" in told.document else ()
            written |= dict.fromkeys(text for field in fields for text in strings_in(field))
    return list(written)


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Any]:
    """Imports a file into a ledger with a PostgreSQL of its own."""
    folder = tmp_path / "ledger"
    with open_ledger(Settings(data_dir=folder, origin="ledger.test")) as ledger, ledger.writing() as intake:

        def held(content: bytes, people: Sequence[str]) -> Held:
            import_consultation(consultation(content), IntakePosting(ledger, intake, PROJECT), run_name(content, ()), lambda answered: None)
            return Held(ledger, intake, folder, sorted(people), written_by_people(content))

        yield held


def find_nothing_left(held: Held, folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Report:
    """Everybody is erased, and then looked for everywhere. What is looked for was there to be found before."""
    sought = Sought(held.texts, held.people)
    before, counts = held.exported(folder / "before.zip"), held.counts()
    assert before.verdict == "verified"
    there = {text for _, content in members_of(folder / "before.zip") for text in sought.texts_in(content)}
    assert there >= sought.texts & held.shown()
    assert len(there) > len(held.people) / 2
    held.erase_everybody()
    after = held.exported(folder / "after.zip", older=folder / "before.zip")
    assert (after.verdict, after.findings) == ("verified", before.findings)
    assert held.counts() == counts
    logged = [record.getMessage() for record in caplog.records] + [record.exc_text or "" for record in caplog.records]
    places = [
        *held.kept(),
        *members_of(folder / "after.zip"),
        ("log", "\n".join(logged).encode()),
        ("streams", "".join(capfd.readouterr()).encode()),
    ]
    assert any(b"contribution.submitted/2" in content for name, content in places if name.startswith("postgres/")), (
        "files are read as they are"
    )
    assert len(held.ledger.keys.epochs(PROJECT)) == 1, "what wrapped the keys of erased texts is destroyed"
    found = {name: (sought.texts_in(content), sought.people_in(content)) for name, content in places}
    assert {name: what for name, what in found.items() if any(what)} == {}
    return after


def test_nothing_is_left_of_the_people_of_a_real_consultation(
    hold: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    if not REAL.exists():
        pytest.skip("the file of the real consultation is not here")
    caplog.set_level(logging.DEBUG)
    content = REAL.read_bytes()
    people = set(re.findall(r"VXNlcj[A-Za-z0-9+/=]+", content.decode("utf-8-sig")))
    assert len(people) > 1000
    after = find_nothing_left(hold(content, people), tmp_path, caplog, capfd)
    assert after.commitments["erased"] > 1000


def small() -> list[Cells]:
    """Thirty people who write, vote and report."""
    told: list[Cells] = []
    for number in range(30):
        ref, who = f"opinion-{number}", f"resident-{number:02}-of-mill-lane"
        body = f"I, who live at {number} Mill Lane, want the street closed to cars on Sundays, number {number} above all."
        told.append(opinion(ref, author_id=who, title=f"What resident {number} of the lane has to say here today", body_text=body))
        told.append(vote(f"v{number}", f"opinion-{number // 2}", who, ("YES", "MITIGE", "NO")[number % 3]))
        told.append(argument(f"a{number}", f"opinion-{number // 2}", arguments_author_id=who, arguments_body=f"Because {body}"))
        told.append(source(f"s{number}", ref, sources_author_id=who, sources_body=f"Seen by {body}"))
        told.append(report(str(number), f"opinion-{number // 2}", who) | {"reportings_body": f"Rude, says the one who said: {body}"})
    trashed = {"trashed": "1", "trashed_status": "NOT_VISIBLE", "trashed_at": "09/10/2019 12:00"}
    told[0] = {**told[0], **trashed, "trashed_reason": "The resident of number 0 wrote this about the neighbours of the lane"}
    return sorted(told, key=lambda row: row["type"] != "opinion")


def test_nothing_is_left_of_the_people_of_a_small_one(
    hold: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    people = {f"resident-{number:02}-of-mill-lane" for number in range(30)}
    held = hold(published(small()), people)
    held.texts.append("The resident of number 0 wrote this about the neighbours of the lane")
    after = find_nothing_left(held, tmp_path, caplog, capfd)
    assert after.commitments["erased"] > 100


def test_the_search_finds_texts_and_people_in_every_form() -> None:
    text = "Nine words that stand in a row, and a 'quoted' one"
    sought = Sought([text, "too short"], ["VXNlcjo0NWYzZjQ2Ny1lYjJmLTExZTktYmI5ZA=="])
    salted = b'["c2FsdA","body",{"en":"%s"}]' % text.encode()
    for content in (text.encode(), b"\x00\x01" + salted + b"\x00", b'{"disclosure":"%s"}' % urlsafe_b64encode(salted).rstrip(b"=")):
        assert sought.texts_in(content) == {text}
    assert sought.texts_in(b"words that stand in a hurry, and a quoted one, too short") == set()
    for name in (b"VXNlcjo0NWYzZjQ2Ny1lYjJmLTExZTktYmI5ZA==", b"User:45f3f467-eb2f-11e9-bb9d", b"45f3f467-eb2f-11e9-bb9d"):
        assert sought.people_in(b'\x00"subject/%s"' % name)
    assert sought.people_in(b"User:45f3f467-eb2f-11e9-bb9e") == set()
