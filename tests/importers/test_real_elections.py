"""Every real election of the folder goes the whole way: imported, counted, exported, verified by what shares nothing with the service."""

import csv
import io
import json
import zipfile
from collections import Counter
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import orjson
import pytest

from ledger.audit import Trust, verify
from ledger.cli.in_process import IntakePosting
from ledger.importers.pabulib.importing import import_election
from ledger.importers.pabulib.reading import PbFile, PbVote, read_pb
from ledger.importers.pabulib.submissions import VOTE, Election
from ledger.importers.report import ImportReport
from ledger.submit import Intake
from ledger.wiring import Ledger, sign_what_grew, write_package
from tests.importers.real_elections import CASES, Case
from tests.package.test_pabulib_file import judged

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
FILES = sorted((SHARED / "pabulib").glob("*.pb"))

pytestmark = pytest.mark.skipif(not FILES, reason="the real elections are not on this machine (../shared/data/pabulib)")


def test_no_file_of_the_folder_is_left_out() -> None:
    expected = json.loads((SHARED / "expected.json").read_text())
    assert {f"pabulib/{path.name}" for path in FILES} == set(expected)
    assert set(CASES) <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem)[:40])
def test_an_election_is_imported_counted_exported_and_verified(path: Path, town: tuple[Ledger, Intake], tmp_path: Path) -> None:
    ledger, intake = town
    file, case = read_pb(path), CASES.get(path.stem, Case())
    project = f"e{FILES.index(path)}"
    report = ImportReport(path.name, project)
    import_election(Election(file, case.options, report), IntakePosting(ledger, intake, project), path.read_bytes(), lambda answered: None)
    assert report.recorded["ballot.cast/1"] == len(file.votes)
    assert {notice.code for notice in report.notices} <= {"meta-left-out", "column-left-out"}

    sign_what_grew(ledger, project)
    package = tmp_path / "election.zip"
    with package.open("wb") as out:
        write_package(ledger, project, out)
    audit = verify(package, trust=Trust((ledger.keys.signer(project).vkey,)))
    assert audit.verdict == "verified", orjson.dumps(audit.json())

    publisher = ledger.publisher(ledger.project(project))
    short = json.loads(orjson.dumps(publisher.results(publisher.size())))
    _check_result(file, case, short)
    _check_columns(file, package)
    _check_pabulib_file(file, package, tmp_path)


def _check_result(file: PbFile, case: Case, short: dict[str, object]) -> None:
    """The published outcome is the computed one, or each difference has the reason that stands in CASES."""
    steps = short["steps"]
    assert isinstance(steps, list)
    [step] = [step for step in steps if step["step"] == VOTE]
    official = {project.id for project in file.projects if project.columns.get("selected") == "1"}
    assert step["counted"] + sum(step["not_counted"].values()) == len(file.votes)
    assert step["explained"] == case.explained
    if not any(project.columns.get("selected") for project in file.projects):
        assert (step["published"], step["agrees"]) == (None, None)
        return
    assert set(step["published"]) == official
    assert step["agrees"] is ("unexplained" not in case.explained.values())
    for project in official ^ set(step["winners"]):
        assert project in case.explained


def _check_columns(file: PbFile, package: Path) -> None:
    """The file's own columns of votes and scores come out of the count."""
    with zipfile.ZipFile(package) as archive:
        table = csv.DictReader(io.TextIOWrapper(archive.open("tables/budget_result.csv"), encoding="utf-8", newline=""))
        rows = {row["external_ref"] or row["ref"]: row for row in table}
    assert set(rows) == {project.id for project in file.projects}
    for project in file.projects:
        assert int(rows[project.id]["votes"]) == int(project.columns["votes"])
        if project.columns.get("score"):
            assert Decimal(rows[project.id]["score"]) == Decimal(project.columns["score"])


def _check_pabulib_file(file: PbFile, package: Path, folder: Path) -> None:
    """The `.pb` of the package reads as the ballots that came in; Pabulib's checker and pabutools, where installed, accept it."""
    with zipfile.ZipFile(package) as archive:
        written = Path(archive.extract(f"pabulib/{VOTE}.pb", folder))
    again = read_pb(written)
    assert (len(again.projects), again.vote_type) == (len(file.projects), file.vote_type)
    came_in = Counter(_choices(file.vote_type, vote) for vote in file.votes if vote.choices)
    assert Counter(_choices(file.vote_type, vote) for vote in again.votes) == came_in
    if find_spec("pabulib") is not None and find_spec("pabutools") is not None:
        assert judged(written) == {}
        instance, profile = import_module("pabutools.election").parse_pabulib(str(written))
        assert (len(instance), profile.num_ballots()) == (len(file.projects), len(again.votes))


def _choices(vote_type: str, vote: PbVote) -> tuple[object, ...]:
    """What a vote says, whatever the order in which a file lists what has none."""
    if vote_type == "ordinal":
        return vote.choices
    return tuple(sorted(zip(vote.choices, vote.points or vote.choices, strict=True)))
