"""A `.pb` file comes in through the intake: whole, once, with what it says in words given as options."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.cli.in_process import IntakePosting
from ledger.errors import ImportConflict, ImportOptionInvalid
from ledger.importers.pabulib.importing import import_election
from ledger.importers.pabulib.options import (
    Exclusive,
    Missing,
    Options,
    read_amount,
    read_envelope,
    read_exclusive,
    read_missing,
    read_rules,
)
from ledger.importers.pabulib.reading import PbFile, PbProject, PbVote, read_pb
from ledger.importers.pabulib.submissions import Election
from ledger.importers.report import ImportReport
from ledger.submit import Intake
from ledger.wiring import Ledger

STREET = Path(__file__).parent / "street.pb"
Town = tuple[Ledger, Intake]


def imported(town: Town, project: str, options: Options | None = None, file: PbFile | None = None) -> ImportReport:
    report = ImportReport(STREET.name, project)
    election = Election(file or read_pb(STREET), options or Options(), report)
    content = STREET.read_bytes() if file is None else repr(file).encode()
    return import_election(election, IntakePosting(*town, project), content, lambda answered: None)


def entries(town: Town, project: str) -> list[dict[str, Any]]:
    ledger = town[0]
    log = ledger.log(ledger.project(project))
    return [json.loads(entry) for _, entry in log.entries(0, log.size())]


def result(town: Town, project: str) -> dict[str, Any]:
    ledger = town[0]
    ledger.runner.catch_up(project)
    publisher = ledger.publisher(ledger.project(project))
    [step] = json.loads(orjson.dumps(publisher.results(publisher.size())))["steps"]
    assert isinstance(step, dict)
    return step


def test_a_street_votes_and_nothing_of_the_file_is_lost(town: Town) -> None:
    report = imported(town, "street")
    assert report.recorded["ballot.cast/1"] == 9
    assert report.already_there == 0
    assert report.prose is not None
    assert [(notice.code, notice.place) for notice in report.notices] == [
        ("column-left-out", "street.pb: PROJECTS"),
        ("column-left-out", "street.pb: PROJECTS"),
        ("unknown-project", "street.pb:33"),
    ]
    assert result(town, "street") == {
        "step": "vote",
        "rule": "greedy/1",
        "winners": ["b", "o"],
        "published": ["b", "o"],
        "agrees": True,
        "explained": {"t/1": "funded_outside_rule"},
        "counted": 9,
        "not_counted": {},
    }


def test_no_time_is_claimed_and_no_voter_is_named(town: Town) -> None:
    imported(town, "street")
    told = entries(town, "street")
    assert not any("claimed_at" in entry for entry in told)
    ballots = [entry for entry in told if entry["type"] == "ballot.cast/1"]
    assert {entry["channel"] for entry in ballots} == {"web", "paper"}
    assert [entry["data"]["unknown_entries"] for entry in ballots if "unknown_entries" in entry["data"]] == [1]
    assert all(len(entry["actor"]) == 22 for entry in ballots)


def test_the_same_file_again_records_nothing(town: Town) -> None:
    imported(town, "twice")
    before = entries(town, "twice")
    again = imported(town, "twice")
    assert entries(town, "twice") == before
    assert again.already_there == len(before)


def test_another_file_does_not_go_into_the_same_project(town: Town) -> None:
    imported(town, "taken")
    with pytest.raises(ImportConflict, match="taken"):
        imported(town, "taken", Options(withdrawn=("f",)))


def test_an_import_that_was_cut_off_goes_on_where_it_stood(town: Town) -> None:
    class Cut(Exception):
        pass

    def cut(answered: int) -> None:
        raise Cut

    election = Election(read_pb(STREET), Options(), ImportReport(STREET.name, "cut"))
    with pytest.raises(Cut):
        import_election(election, IntakePosting(*town, "cut"), STREET.read_bytes(), cut)
    assert [entry["type"] for entry in entries(town, "cut")] == ["project.opened/1"]
    report = imported(town, "cut")
    assert report.already_there == 1
    assert result(town, "cut")["winners"] == ["b", "o"]


def test_what_the_file_says_in_words_becomes_events(town: Town) -> None:
    options = Options(
        announced_budget=Decimal(6000),
        withdrawn=("f",),
        missing=(Missing("phone", 2),),
        exclusive=(Exclusive(("o", "t/1"), "o"),),
    )
    imported(town, "words", options)
    told = {entry["type"]: entry["data"] for entry in entries(town, "words")}
    assert told["step.rules_set/2"]["rules"]["budget_minor"] == 600_000
    assert told["step.rules_set/2"]["rules"]["exclusive_sets"] == [{"members": ["o", "t~2F1"], "retained": "o"}]
    assert told["step.rules_amended/2"]["rules"]["budget_minor"] == 1_000_000
    assert told["contribution.withdrawn/1"] == {
        "ref": "f",
        "step": "vote",
        "code": "withdrawn_after_the_vote",
        "_sd": told["contribution.withdrawn/1"]["_sd"],
    }
    assert told["outcome.published/1"]["ballots_missing"] == [{"channel": "phone", "count": 2}]
    counted = result(town, "words")
    assert counted["winners"] == ["b"]
    assert counted["explained"]["o"] == "budget_amended"
    assert counted["agrees"] is True


def test_a_swapped_winner_is_unexplained(town: Town) -> None:
    file = read_pb(STREET)
    swapped = [replace(project, columns={**project.columns, "selected": "1" if project.id in "bf" else "0"}) for project in file.projects]
    imported(town, "swapped", file=replace(file, projects=swapped))
    counted = result(town, "swapped")
    assert counted["agrees"] is False
    assert counted["explained"] == {"o": "unexplained", "f": "unexplained"}


def test_demographics_are_taken_in_only_when_asked_for_and_never_disclosed(town: Town) -> None:
    file = read_pb(STREET)
    votes = [replace(vote, columns={**vote.columns, "age": "42", "sex": "F"}) for vote in file.votes]
    imported(town, "people", Options(with_demographics=True), replace(file, votes=votes))
    described = [entry for entry in entries(town, "people") if entry["type"] == "participant.described/1"]
    assert len(described) == 9
    assert all(set(entry["data"]) == {"step", "_sd"} for entry in described)
    ledger = town[0]
    log = ledger.log(ledger.project("people"))
    assert not [name for _, name, _ in log.disclosures(0, log.size()) if name == "demographics"]


def test_ballots_that_the_rules_refuse_are_reported_with_their_line(town: Town) -> None:
    file = read_pb(STREET)
    file.votes.append(PbVote(35, "10", ("b", "o", "f"), (), {}))
    file.votes.append(PbVote(36, "1", ("b",), (), {}))
    report = imported(town, "refused", file=file)
    refused = [(notice.code, notice.place) for notice in report.notices[3:]]
    assert refused == [("choices-refused", "street.pb:35"), ("already-voted", "street.pb:36")]
    assert report.recorded["ballot.cast/1"] == 9


@pytest.mark.parametrize(
    ("vote_type", "votes", "form", "entries_of"),
    [
        ("choose-1", [(("b",), ())], {}, [[0]]),
        ("cumulative", [(("o", "b"), ("1", "2"))], {"max_sum_points": "3"}, [[[0, 2], [1, 1]]]),
        ("ordinal", [(("o", "b"), ())], {}, [[1, 0]]),
        ("scoring", [(("o", "b"), ("1", "-2"))], {"max_points": "5", "min_points": "-5"}, [[[0, -2], [1, 1]]]),
    ],
)
def test_every_vote_type_has_its_wire_form(
    town: Town, vote_type: str, votes: list[tuple[tuple[str, ...], tuple[str, ...]]], form: dict[str, str], entries_of: list[object]
) -> None:
    meta = {"budget": "10", "rule": "greedy", "currency": "EUR", "vote_type": vote_type, **form}
    projects = [PbProject(line, identity, Decimal(5), {"project_id": identity}) for line, identity in enumerate("bo", 3)]
    cast = [PbVote(line, f"v{line}", choices, points, {}) for line, (choices, points) in enumerate(votes, 9)]
    imported(town, f"form-{vote_type}", file=PbFile("form.pb", meta, projects, cast))
    told = entries(town, f"form-{vote_type}")
    assert [entry["data"]["entries"] for entry in told if entry["type"] == "ballot.cast/1"] == entries_of


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (read_exclusive, "a"),
        (read_exclusive, "a,a"),
        (read_exclusive, "a,b=c"),
        (read_envelope, "Green"),
        (read_envelope, "Green=much"),
        (read_missing, "paper=some"),
        (lambda text: read_amount(text, "--announced-budget"), "-1"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_its_form(option: Any, text: str) -> None:
    with pytest.raises(ImportOptionInvalid):
        option(text)


@pytest.mark.parametrize(
    "options",
    [
        Options(withdrawn=("nobody",)),
        Options(exclusive=(Exclusive(("b", "nobody"), None),)),
        Options(envelopes={"Green": Decimal(1)}),
        Options(rules={"rule": "lottery"}),
        Options(rules={"threshold": {"on": "votes", "comparison": ">="}}),
    ],
)
def test_an_option_that_fits_nothing_in_the_file_is_refused_before_anything_is_posted(town: Town, options: Options) -> None:
    with pytest.raises(ImportOptionInvalid):
        imported(town, "unfit", options)
    assert IntakePosting(*town, "unfit").size() == 0


def test_a_rules_file_is_a_json_object(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"rule": "greedy"}')
    assert read_rules(path) == {"rule": "greedy"}
    path.write_text("[1]")
    with pytest.raises(ImportOptionInvalid):
        read_rules(path)
    path.write_text('{"rule": 1.5}')
    with pytest.raises(ImportOptionInvalid):
        read_rules(path)
    with pytest.raises(ImportOptionInvalid):
        read_rules(tmp_path / "nowhere.json")
