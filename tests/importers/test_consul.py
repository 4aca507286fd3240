"""A participatory budget of Consul comes in through the intake: investments, and votes of which nobody knows whose they are."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.in_process import IntakePosting
from ledger.errors import ForeignFileDamaged, ImportConflict
from ledger.importers.consul.sheets import read_sheets
from ledger.importers.consul.submissions import Consul
from ledger.importers.consultation import import_consultation
from ledger.importers.folder import Folder
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from tests.importers.looking import Town, disclosed, entries, of_type

PLAIN = (
    *("id", "title", "supports", "admin", "valuator", "valuation_group", "geozone", "feasibility", "valuation_finished", "selected"),
    *("visible_to_valuators", "author_username"),
)
ENGLISH = (
    *("ID", "Title", "Supports", "Administrator", "Valuator", "Valuation Group", "Scope of operation", "Feasibility", "Val. Fin."),
    *("Selected", "Show to valuators", "Author username"),
)
SPANISH = (
    *("ID", "Título", "Apoyos", "Administrador", "Evaluador", "Grupos evaluadores", "Ámbito de actuación", "Viabilidad", "Ev. Fin."),
    *("Seleccionado", "Mostrar a evaluadores", "Usuario autor"),
)
IN_SPANISH = {"Feasible (€10,000)": "Viable (10.000 €)", "Unfeasible": "Inviable", "Undecided": "Sin decidir", "Yes": "Sí"}
VOTES = ("id", "public_created_at", "votable_id", "votable_type", "vote_flag")
SETTING = Setting(language="es", time_zone="UTC")


def investment(number: int, feasibility: str = "Undecided", finished: str = "No", selected: str = "No", **cells: str) -> list[str]:
    """A row of an investment."""
    told = dict(zip(PLAIN, [
        str(number), f"Investment {number}", "12", "Ms Jones", "Mr Smith", "-", "North", feasibility, finished, selected, "Yes", "ana",
    ], strict=True))  # fmt: skip
    return [*(told | cells).values()]


def vote(number: int, on: int, flag: str = "true", kind: str = "Budget::Investment") -> list[str]:
    """A row of a vote."""
    return [str(number), "2024-03-01 10:00:00", str(on), kind, flag]


def written(columns: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue().encode()


def consul(files: Mapping[str, bytes], ref: str) -> Consul:
    folder, report = Folder("investments.csv", files), ImportReport(", ".join(files), ref)
    return Consul(read_sheets(folder, report), folder, Telling("consul", SETTING, report))


def imported(town: Town, ref: str, files: Mapping[str, bytes]) -> ImportReport:
    name = run_name(Folder("", files).listing, SETTING)
    return import_consultation(consul(files, ref), IntakePosting(*town, ref), name, lambda answered: None)


def told(files: Mapping[str, bytes]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Every submission, and every notice but those of columns with its place, without a ledger."""
    of = consul(files, "town")
    documents = [of.first(), *of.opening(), *(one for acts in of.acts() for one in acts), *of.closing()]
    notices = [(notice.code, notice.place) for notice in of.telling.report.notices if notice.code != "column-left-out"]
    return [one.document for one in documents], notices


BUDGET = {
    "investments.csv": written(ENGLISH, [
        investment(1, "Feasible (€10,000)", "Yes", "Yes"), investment(2, "Unfeasible", "Yes"), investment(3, geozone="South"),
    ]),
    "votes.csv": written(VOTES, [vote(1, 1), vote(2, 1), vote(3, 1, "false"), vote(4, 9), vote(5, 7, kind="Proposal")]),
}  # fmt: skip


def test_a_budget_comes_in_whole(town: Town) -> None:
    done = imported(town, "whole", BUDGET)
    recorded = entries(town, "whole")
    assert Counter(entry["type"] for entry in recorded) == {
        "project.opened/1": 1, "import.started/1": 1, "district.defined/1": 2, "step.planned/1": 1, "step.opened/1": 1,
        "contribution.submitted/2": 5, "aggregate.recorded/1": 5, "contribution.answered/1": 2, "step.closed/1": 1, "import.finished/1": 1,
    }  # fmt: skip
    assert not done.unmapped
    stated = {entry["data"]["target"]: entry["data"]["counts"] for entry in of_type(recorded, "aggregate.recorded/1")}
    assert stated == {
        "contribution/investment-1": {"support": 12, "votes": 3, "up": 2, "down": 1},
        "contribution/investment-2": {"support": 12},
        "contribution/investment-3": {"support": 12},
        "contribution/investment-9": {"votes": 1, "up": 1, "down": 0},
        "contribution/proposal-7": {"votes": 1, "up": 1, "down": 0},
    }
    assert {entry["data"]["basis"] for entry in of_type(recorded, "aggregate.recorded/1")} == {"counts_only"}
    assert ("title", {"es": "Investment 1"}) in disclosed(town, "whole")


def test_the_same_files_again_record_nothing(town: Town) -> None:
    imported(town, "twice", BUDGET)
    before = entries(town, "twice")
    again = imported(town, "twice", BUDGET)
    assert (entries(town, "twice"), again.already_there) == (before, len(before))
    with pytest.raises(ImportConflict):
        imported(town, "twice", {"investments.csv": BUDGET["investments.csv"]})


def test_nobody_of_the_office_and_no_author_is_named(town: Town) -> None:
    done = imported(town, "office", BUDGET)
    log = town[0].log(town[0].project("office"))
    said = b"".join(entry for _, entry in log.entries(0, log.size())) + repr((disclosed(town, "office"), done.notices)).encode()
    assert not any(name in said for name in (b"Jones", b"Smith", b'"ana"', b"'ana'"))
    authors = {entry["actor"] for entry in of_type(entries(town, "office"), "contribution.submitted/2") if "actor" in entry}
    assert len(authors) == 1


def test_the_columns_are_read_in_every_language_that_is_known() -> None:
    rows = [investment(1, "Feasible (€10,000)", "Yes", "Yes"), investment(2, "Unfeasible", "Yes"), investment(3)]
    spanish = [[IN_SPANISH.get(cell, cell) for cell in row] for row in rows]
    found = [
        told({"a.csv": written(columns, lines, delimiter)})[0]
        for columns, lines, delimiter in ((PLAIN, rows, ","), (ENGLISH, rows, ";"), (SPANISH, spanish, ","))
    ]
    for documents in found:
        for document in documents:
            document["data"].pop("file_digest", None)
            document["data"].pop("fields", None)
    assert found[0] == found[1] == found[2]
    assert [one["data"]["code"] for one in of_type(found[0], "contribution.answered/1")] == ["retained", "rejected"]


def test_what_the_valuation_came_to_is_answered_once_it_is_finished() -> None:
    rows = [
        investment(1, "Feasible (€10,000)", "Yes", "No"),
        investment(2, "Feasible (€10,000)", "No", "No"),
        investment(3, "Unfeasible", "No", "No"),
        investment(4, "Undecided", "No", "Yes"),
        investment(5, "Maybe", "Yes", "No"),
    ]
    documents, notices = told({"a.csv": written(PLAIN, rows)})
    answers = {one["data"]["ref"]: one["data"]["code"] for one in of_type(documents, "contribution.answered/1")}
    assert answers == {"investment-1": "noted", "investment-4": "retained", "investment-5": "noted"}
    assert notices == [("feasibility-unread", "a.csv:6")]
    [first, *_] = of_type(documents, "contribution.submitted/2")
    assert first["data"]["fields"] == {"feasibility": "Feasible (€10,000)"}


def test_the_explanation_of_the_unfeasible_is_the_answer() -> None:
    columns = (*PLAIN, "description", "Unfeasibility explanation")
    rows = [[*investment(1, "Unfeasible", "Yes"), "A pool", "No water"], [*investment(2, "Unfeasible", "Yes"), "", "-"]]
    documents, _ = told({"a.csv": written(columns, rows)})
    assert [one["data"].get("body") for one in of_type(documents, "contribution.answered/1")] == [{"es": "No water"}, None]
    assert [one["data"].get("body") for one in of_type(documents, "contribution.submitted/2")] == [{"es": "A pool"}, None]


def test_votes_alone_tell_what_was_voted_on_by_number() -> None:
    documents, notices = told({"votes.csv": written(VOTES, [vote(1, 7, kind="Proposal"), vote(2, 7, "f", "Proposal")])})
    [submitted] = of_type(documents, "contribution.submitted/2")
    assert (submitted["role"], submitted["data"]["external_ref"], "title" in submitted["data"]) == ("organizer", "7", False)
    [stated] = of_type(documents, "aggregate.recorded/1")
    assert (stated["data"]["target"], stated["data"]["counts"]) == ("contribution/proposal-7", {"votes": 2, "up": 1, "down": 1})
    assert notices == [("votable-without-words", "votes.csv:2")]


def test_what_cannot_be_told_is_reported_by_its_line() -> None:
    files = {
        "a.csv": written(PLAIN, [investment(1), investment(1), investment(2, id=""), investment(3, supports="many")]) + b"4,x\n",
        "votes.csv": written(VOTES, [
            vote(1, 1), vote(1, 1), vote(2, 1, "perhaps"), vote(3, 8, kind="Debate"), vote(4, 8, kind="Debate"), vote(5, 9, kind="Comment"),
        ]),
    }  # fmt: skip
    of = consul(files, "town")
    for acts in of.acts():
        assert all(acts)
    report = of.telling.report
    assert report.unmapped == {
        "id-repeated": 1, "row-unread": 2, "count-unread": 1, "vote-repeated": 1, "vote-unread": 1, "target-not-imported": 3,
    }  # fmt: skip
    places = {notice.code: notice.place for notice in report.notices}
    assert (places["id-repeated"], places["count-unread"], places["vote-repeated"], places["vote-unread"]) == (
        "a.csv:3", "a.csv:5", "votes.csv:3", "votes.csv:4",
    )  # fmt: skip
    assert [notice.place for notice in report.notices if notice.code == "target-not-imported"] == ["votes.csv:5", "votes.csv:7"]


def test_columns_that_become_nothing_are_reported_once() -> None:
    notices = consul(BUDGET, "town").telling.report.notices
    left_out = {(notice.place, notice.words.split(" ")[0]) for notice in notices if notice.code == "column-left-out"}
    assert left_out == {
        ("votes.csv:1", "public_created_at"), ("investments.csv:2", "admin"), ("investments.csv:2", "valuator"),
        ("investments.csv:2", "valuation_group"), ("investments.csv:2", "visible_to_valuators"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "a.csv:1"),
        (b"ID,Titel\n1,x\n", "a.csv:1"),
        (b"id,ID,title\n1,1,x\n", "a.csv:1"),
        (b"id,title\n", "town"),
        (b"\xff", "a.csv"),
        (b'id,title\n1,"x\n', "a.csv:2"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(ForeignFileDamaged) as refusal:
        read_sheets(Folder("town", {"a.csv": content}), ImportReport("town", "town"))
    assert refusal.value.place == place


@given(st.binary(max_size=200), st.integers(0, 600), st.sampled_from(sorted(BUDGET)))
def test_any_bytes_are_told_or_refused(noise: bytes, at: int, name: str) -> None:
    for content in (noise, BUDGET[name][:at] + noise + BUDGET[name][at:]):
        try:
            assert told({**BUDGET, name: content})[0]
        except ForeignFileDamaged:
            continue
