"""The counted ballots in Pabulib's format: they say what was counted, and programs that others wrote read them."""

import contextlib
import io
from pathlib import Path
from typing import Any, cast

import pytest

from ledger.canonical import JsonValue
from ledger.importers.pabulib.reading import PbFile, read_pb
from ledger.package.pabulib_file import is_budget_ballot, pabulib_file, project_ids
from ledger.projections.readings.ballot_step import Candidate
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import Reading, read
from ledger.rules.profile import Item
from tests.projections.history import RULES, History

Json = dict[str, JsonValue]
ITEMS: list[JsonValue] = [
    {"ref": "lamp", "cost_minor": 40_000, "category": "light", "district": "north"},
    {"ref": "tree", "cost_minor": 50_000, "category": "green", "district": "north"},
    {"ref": "bench", "cost_minor": 30_050, "district": "south"},
    {"ref": "fountain", "cost_minor": 90_000, "category": "green", "district": "south"},
]
PAIRS: list[JsonValue] = [[[0, 2], [1, 1]], [[0, 1], [2, 2]], [[1, 3]], [[3, 1], [2, 0]], [[1, 2], [0, 1]], [[2, 1], [3, 2]]]
SETS: list[JsonValue] = [[0, 1], [0, 2], [1], [3, 2], [1, 0], [2, 3]]
FORMS: dict[str, tuple[Json, Json, list[JsonValue]]] = {
    "choose-1": ({"form": "choose_one"}, {"by": "approvals"}, [[0], [1], [1], [3], [0], [2]]),
    "approval": ({"form": "approval", "min": 1, "max": 2}, {"by": "approvals"}, SETS),
    "approval, by cost": ({"form": "cart", "budget_minor": 200_000}, {"by": "approvals"}, SETS),
    "ordinal": ({"form": "ranked", "max_length": 2}, {"by": "borda", "variant": "max_length_to_one"}, SETS),
    "cumulative": ({"form": "cumulative", "sum": 4, "min_sum": 1}, {"by": "points"}, PAIRS),
    "scoring": ({"form": "score", "min_score": 0, "max_score": 3}, {"by": "grades"}, PAIRS),
    "scoring, yes and no": (
        {"form": "yes_no_blank"},
        {"by": "plus_minus"},
        [[[0, 1], [1, 1]], [[0, 1], [2, 1]], [[1, 1], [3, 1]], [[3, 1], [2, 0]], [[1, 1], [0, -1]], [[2, 1]]],
    ),
}
SHARES: Json = {
    "rule": "equal-shares",
    "equal_shares": {"utility": "cost", "completion": "add1", "increment_minor": 100, "start": "integral", "comparison": "none"},
}


def voted(ballots: list[JsonValue], **rules: JsonValue) -> History:
    history = History().opened()
    history.add("district.defined", {"ref": "north", "name": {"en": "The North"}})
    history.add("category.defined", {"ref": "green", "name": {"en": "Trees, and water"}})
    history.planned(rules={**RULES, **rules}, items=ITEMS).open_step()
    for number, entries in enumerate(ballots):
        history.vote(f"person {number}", cast("list[JsonValue]", entries))
    return history


def of(history: History) -> tuple[Reading, StepResult]:
    reading = read(history.source())
    result = reading.results["vote"]
    assert isinstance(result, StepResult)
    return reading, result


def file_of(history: History, path: Path) -> PbFile:
    path.write_bytes(b"".join(pabulib_file(*of(history))))
    return read_pb(path)


def judged(path: Path) -> Json:
    """What Pabulib's own checker finds wrong: kind of error → places."""
    checker = pytest.importorskip("pabulib.checker", reason="the oracles are not installed (scripts/setup oracles)")
    with contextlib.redirect_stdout(io.StringIO()):
        report = checker.Checker().process_files([str(path)])
    return cast("Json", report[path.stem]["results"].get("errors", {}))


@pytest.mark.parametrize("form", FORMS)
def test_votes_and_points_of_the_file_add_up_to_what_was_counted(form: str, tmp_path: Path) -> None:
    ballot, score, ballots = FORMS[form]
    history = voted(ballots, ballot=ballot, score=score).close_step()
    file, (_, result) = file_of(history, tmp_path / "vote.pb"), of(history)
    assert file.vote_type == form.partition(",")[0]
    votes: dict[str, int] = dict.fromkeys((project.id for project in file.projects), 0)
    points = dict(votes)
    for vote in file.votes:
        for place, choice in enumerate(vote.choices):
            votes[choice] += 1
            points[choice] += int(vote.points[place]) if vote.points else 1
    for project in file.projects:
        position = [candidate.shown for candidate in result.step.candidates].index(project.id)
        assert points[project.id] == result.count.outcome.items[position].score
        assert int(project.columns["votes"]) == votes[project.id]
        assert int(project.columns.get("score", votes[project.id])) == points[project.id]
        assert project.columns["selected"] == ("1" if position in result.winners else "0")
    assert len(file.votes) == result.count.counted.counted == int(file.meta["num_votes"])


# The checker counts equal shares of approvals only.
APPROVALS = ("choose-1", "approval", "approval, by cost")
CHECKED = [(form, rule) for form in FORMS for rule in ("greedy", "stop", "threshold", "shares") if rule != "shares" or form in APPROVALS]


@pytest.mark.parametrize(("form", "rule"), CHECKED)
def test_pabulibs_own_checker_finds_no_fault(form: str, rule: str, tmp_path: Path) -> None:
    ballot, score, ballots = FORMS[form]
    rules: Json = {"ballot": ballot, "score": score}
    if rule == "stop":
        rules["unaffordable"] = {"then": "stop"}
    elif rule == "threshold":
        rules["threshold"] = {"on": "score", "comparison": ">", "number": 1}
    elif rule == "shares":
        rules |= SHARES
    file_of(voted(ballots, **rules).close_step(), tmp_path / "vote.pb")
    assert judged(tmp_path / "vote.pb") == {}


@pytest.mark.parametrize("form", FORMS)
def test_pabutools_reads_the_file(form: str, tmp_path: Path) -> None:
    election = pytest.importorskip("pabutools.election", reason="the oracles are not installed (scripts/setup oracles)")
    ballot, score, ballots = FORMS[form]
    file_of(voted(ballots, ballot=ballot, score=score).close_step(), tmp_path / "vote.pb")
    instance, profile = election.parse_pabulib(str(tmp_path / "vote.pb"))
    assert (len(instance), profile.num_ballots(), instance.budget_limit) == (4, 6, 1000)


def test_only_counted_ballots_are_in_the_file_and_blank_ones_in_a_remark(tmp_path: Path) -> None:
    history = voted([*SETS, [], [9], []])
    history.vote("person 0", [3], again=True)
    history.vote("gone", [0])
    history.unvote("gone")
    file = file_of(history.close_step(), tmp_path / "vote.pb")
    assert [vote.voter for vote in file.votes] == [history.person(f"person {number}") for number in (1, 2, 3, 4, 5, 0)]
    assert file.votes[-1].choices == ("fountain",)
    assert "#2: 2 blank ballots" in file.meta["comment"]
    assert judged(tmp_path / "vote.pb") == {}


def test_a_candidate_withdrawn_before_the_count_has_the_cost_that_the_format_asks_for(tmp_path: Path) -> None:
    history = voted(SETS)
    history.add("contribution.withdrawn", {"ref": "lamp", "step": "vote", "code": "too_dear"}, who="ann")
    file = file_of(history.close_step(), tmp_path / "vote.pb")
    [lamp] = [project for project in file.projects if project.id == "lamp"]
    assert (str(lamp.cost), lamp.columns["selected"]) == ("999999999", "0")
    assert "Withdrawn before the count, marked by the cost 999999999: lamp." in file.meta["comment"]
    assert judged(tmp_path / "vote.pb") == {}


def test_money_outside_the_budget_is_marked_as_such(tmp_path: Path) -> None:
    ballots: list[JsonValue] = [[2], [2], [2], [2], [0], [0], [0], [1], [1], [3]]
    history = voted(ballots, budget_minor=90_000, unaffordable={"then": "fund_if_left", "ratio": "1/3"}).close_step()
    history.add("outcome.published", {"step": "vote", "selected": [0, 1, 2], "outside_rule": [3], "ballots_missing": []})
    file = file_of(history, tmp_path / "vote.pb")
    assert {project.id: project.columns["selected"] for project in file.projects} == {
        "bench": "1",
        "lamp": "1",
        "tree": "2",
        "fountain": "2",
    }
    assert file.meta["rule"] == "greedy-custom"
    assert judged(tmp_path / "vote.pb") == {}


def test_projects_stand_in_the_order_in_which_the_rule_breaks_ties(tmp_path: Path) -> None:
    history = voted([[0], [1], [2], [3]], budget_minor=100_000).close_step()
    file = file_of(history, tmp_path / "vote.pb")
    assert [project.id for project in file.projects] == ["bench", "lamp", "tree", "fountain"]
    assert judged(tmp_path / "vote.pb") == {}


def test_names_and_amounts_are_written_as_people_read_them(tmp_path: Path) -> None:
    file = file_of(voted(SETS).close_step(), tmp_path / "vote.pb")
    columns = {project.id: project.columns for project in file.projects}
    assert (columns["bench"]["cost"], columns["lamp"]["cost"]) == ("300.50", "400")
    assert (columns["tree"]["category"], columns["lamp"]["category"], columns["bench"]["category"]) == ("Trees and water", "light", "")
    assert (columns["lamp"]["district"], columns["bench"]["district"]) == ("The North", "south")
    assert columns["lamp"]["name"] == "A lamp"
    assert (file.meta["unit"], file.meta["budget"], file.meta["date_begin"]) == ("Town", "1000", "01.03.2026")


@pytest.mark.parametrize(
    ("rules", "name"),
    [
        ({}, "greedy"),
        ({"unaffordable": {"then": "stop"}}, "greedy-no-skip"),
        ({"threshold": {"on": "votes", "comparison": ">", "number": 1}}, "greedy-threshold"),
        ({"exclusive_sets": [{"members": ["lamp", "tree"]}]}, "greedy-exclusive"),
        ({"max_winners": 1}, "greedy-custom"),
        ({"quorum": {"count": "cast", "comparison": ">=", "number": 1}}, "greedy-custom"),
        ({"envelopes": {"by": "district", "kind": "own", "envelopes": [{"key": "north", "amount_minor": 50_000}]}}, "greedy-custom"),
        (SHARES, "equalshares/add1"),
        ({**SHARES, "equal_shares": {**cast("Json", SHARES["equal_shares"]), "comparison": "satisfaction"}}, "equalshares/add1-comparison"),
        ({**SHARES, "equal_shares": {**cast("Json", SHARES["equal_shares"]), "utility": "cardinality"}}, "unknown"),
        ({**SHARES, "equal_shares": {**cast("Json", SHARES["equal_shares"]), "increment_minor": 1}}, "unknown"),
        (
            {"rule": "equal-shares", "equal_shares": {"utility": "cost", "completion": "none", "start": "fraction", "comparison": "none"}},
            "equalshares",
        ),
    ],
)
def test_a_rule_that_the_format_has_a_name_for_is_named_and_another_is_not(rules: Any, name: str, tmp_path: Path) -> None:
    assert file_of(voted(SETS, **rules).close_step(), tmp_path / "vote.pb").meta["rule"] == name


def test_an_undeclared_rule_selects_nobody(tmp_path: Path) -> None:
    undeclared: Json = {"rule": "undeclared", "ballot": {"form": "approval"}, "score": {"by": "approvals"}, "budget_minor": 100_000}
    history = History().opened().planned(rules=undeclared, items=ITEMS).open_step()
    for number, entries in enumerate(SETS):
        history.vote(f"person {number}", cast("list[JsonValue]", entries))
    file = file_of(history.close_step(), tmp_path / "vote.pb")
    assert file.meta["rule"] == "unknown"
    assert all("selected" not in project.columns for project in file.projects)
    assert judged(tmp_path / "vote.pb") == {}


def test_a_step_that_goes_on_or_spends_nothing_has_no_file() -> None:
    assert not is_budget_ballot(of(voted(SETS))[1])
    assert is_budget_ballot(of(voted(SETS).close_step())[1])


@pytest.mark.parametrize("external", ["A,1", "A;1", "A 1", 'A"1', "META", "tree"])
def test_references_that_would_break_the_format_give_way_to_those_of_the_ledger(external: str) -> None:
    def candidate(position: int, ref: str, shown: str) -> Candidate:
        return Candidate(Item(position, ref, 1), shown, None, None, None, None)

    assert project_ids([candidate(0, "lamp", external), candidate(1, "tree", "tree")]) == ["lamp", "tree"]
    assert project_ids([candidate(0, "lamp", "L/1"), candidate(1, "tree", "tree")]) == ["L/1", "tree"]


def test_voting_methods_are_told_where_the_format_knows_them_and_none_is_held_back(tmp_path: Path) -> None:
    history = voted(SETS)
    for number in range(5):
        history.vote(f"on paper {number}", [0], channel="paper")
    assert {vote.columns["voting_method"] for vote in file_of(history.close_step(), tmp_path / "vote.pb").votes} == {"internet", "paper"}
    few = voted(SETS)
    few.vote("on paper", [0], channel="paper")
    assert all("voting_method" not in vote.columns for vote in file_of(few.close_step(), tmp_path / "few.pb").votes)
