"""Proposals and comments of Decide Madrid come in with their threads; what a thread lacks is reported by its line."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cli.in_process import IntakePosting
from ledger.errors import ForeignFileDamaged, ImportOptionInvalid
from ledger.importers.consultation import import_consultation
from ledger.importers.decide_madrid.reading import FILES, read_consulted
from ledger.importers.decide_madrid.submissions import DecideMadrid
from ledger.importers.folder import Folder
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from tests.importers.looking import Town, disclosed, entries, of_type

SETTING = Setting(language="es", time_zone="Europe/Madrid")

PROPOSALS = ",id,url,code,title,userId,date,summary,text,numComments,status,numSupports,isAssociation\n"
COMMENTS = ",id,parentId,proposalId,page,userId,userType,date,time,text,numVotes,numPositiveVotes,numNegativeVotes\n"
HIERARCHY = "proposalId,commendId,parentId\n"


def proposal(number: int, user: int = 5, *, text: str = "Long.", comments: int = 0, association: int = 0, day: str = "2015-09-15") -> str:
    said = f"/proposals/{number}-x,MAD-2015-09-{number},Limpiar las calles,{user},{day},Algo básico.,{text}"
    return f"0,{number},{said},{comments},archived,{6000 + number},{association}\n"


def comment(
    number: int, parent: int = -1, on: int = 7, user: int = 6, kind: str = "", text: str = "Sí.", at: str = "2015-09-15,0 days 10:50:19"
) -> str:
    return f"0,{number},{parent},{on},1,{user},{kind},{at},{text},3,2,1\n"


def folder(proposals: str, comments: str, hierarchy: str | None = None) -> Folder:
    files = {"proposals.csv": PROPOSALS + proposals, "comments.csv": COMMENTS + comments}
    files |= {} if hierarchy is None else {"comment_hierarchy.csv": HIERARCHY + hierarchy}
    return Folder("madrid", {name: text.encode() for name, text in files.items()})


CONSULTED = folder(
    proposal(7, comments=3) + proposal(8, user=6, text="", association=1),
    comment(100) + comment(101, 100, user=5, kind="Autor") + comment(102, 101) + comment(103, on=8, user=9, kind="Colectivo"),
    "7,7,0\n7,100,-1\n7,101,100\n7,102,101\n8,8,0\n8,103,-1\n",
)


def consultation(files: Folder, project: str = "madrid", setting: Setting = SETTING) -> DecideMadrid:
    report = ImportReport(files.name, project)
    return DecideMadrid(read_consulted(files, report), files, Telling("decide-madrid", setting, report))


def imported(town: Town, project: str, files: Folder) -> ImportReport:
    told = consultation(files, project)
    return import_consultation(told, IntakePosting(*town, project), run_name(files.listing, SETTING), lambda answered: None)


def told(files: Folder) -> tuple[list[dict[str, Any]], ImportReport]:
    """Every submission and the report, without a ledger."""
    source = consultation(files)
    documents = [source.first(), *source.opening(), *(one for acts in source.acts() for one in acts), *source.closing()]
    return [one.document for one in documents], source.telling.report


def threads(documents: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Each comment and what it answers, in the order in which they are told."""
    submitted = (one["data"] for one in of_type(documents, "contribution.submitted/2"))
    return [(one["ref"], one.get("reply_to")) for one in submitted if one["kind"] == "comment"]


def noticed(report: ImportReport) -> list[tuple[str, str]]:
    return [(notice.code, notice.place) for notice in report.notices if notice.code != "column-left-out"]


def test_proposals_and_threads_come_in_whole(town: Town) -> None:
    done = imported(town, "whole", CONSULTED)
    assert noticed(done) == []
    recorded = entries(town, "whole")
    assert Counter(entry["type"] for entry in recorded) == {
        "project.opened/1": 1,
        "import.started/1": 1,
        "step.planned/1": 1,
        "step.stances_set/1": 1,
        "step.opened/1": 1,
        "contribution.submitted/2": 6,
        # Of each proposal its comments, which are there, and its supports, which are not; of each comment its votes.
        "aggregate.recorded/1": 8,
        "step.closed/1": 1,
        "import.finished/1": 1,
    }
    assert threads(recorded) == [
        ("comment-100", None),
        ("comment-101", "comment-100"),
        ("comment-102", "comment-101"),
        ("comment-103", None),
    ]
    submitted = {entry["data"]["ref"]: entry for entry in of_type(recorded, "contribution.submitted/2")}
    assert submitted["comment-102"]["data"]["target"] == "proposal-7"
    assert submitted["proposal-7"]["data"]["external_ref"] == "MAD-2015-09-7"
    collective = {ref: entry["data"].get("collective") for ref, entry in submitted.items()}
    assert {ref for ref, kind in collective.items() if kind == "association"} == {"proposal-8", "comment-103"}
    # Who is said to be the author of the proposal is the same person in both.
    assert submitted["proposal-7"]["actor"] == submitted["comment-101"]["actor"]
    assert recorded[-1]["data"] == {"ref": "decide-madrid", "unmapped": {}}


def test_what_a_proposal_says_is_its_text_or_else_its_summary(town: Town) -> None:
    imported(town, "words", CONSULTED)
    shown = disclosed(town, "words")
    assert [value for name, value in shown if name == "body"][:2] == [{"es": "Long."}, {"es": "Algo básico."}]
    fields = [value for name, value in shown if name == "fields" and value is not None]
    assert fields == [
        {"url": "/proposals/7-x", "status": "archived", "date": "2015-09-15", "summary": "Algo básico."},
        {"url": "/proposals/8-x", "status": "archived", "date": "2015-09-15"},
    ]


def test_counts_are_published_where_the_acts_are_in_the_log_and_unverifiable_elsewhere() -> None:
    documents, _ = told(CONSULTED)
    stated = {(one["data"]["target"], one["data"]["basis"]): one["data"]["counts"] for one in of_type(documents, "aggregate.recorded/1")}
    assert stated["contribution/proposal-7", "published"] == {"comments": 3}
    assert stated["contribution/proposal-7", "counts_only"] == {"support": 6007}
    assert stated["contribution/comment-100", "counts_only"] == {"votes": 3, "up": 2, "down": 1}


def test_times_are_those_of_madrid_and_a_day_is_that_day_in_utc_too() -> None:
    documents, report = told(
        folder(
            proposal(7) + proposal(8, day="2015-12-24"),
            comment(100) + comment(101, at="2015-12-24,0 days 00:10:00") + comment(102, at="2015-10-25,0 days 02:30:00"),
        )
    )
    submitted = {one["data"]["ref"]: one.get("claimed_at") for one in of_type(documents, "contribution.submitted/2")}
    assert submitted == {
        "proposal-7": "2015-09-15T00:00:00.000Z",
        "proposal-8": "2015-12-24T00:00:00.000Z",
        "comment-100": "2015-09-15T08:50:19.000Z",
        "comment-101": "2015-12-23T23:10:00.000Z",
        # Clocks showed this twice.
        "comment-102": None,
    }
    assert noticed(report) == [("time-ambiguous", "comments.csv:4")]


def test_a_day_west_of_greenwich_begins_there() -> None:
    files = folder(proposal(7), "")
    source = consultation(files, setting=Setting(language="es", time_zone="America/Bogota"))
    [proposed] = next(iter(source.acts()))
    assert proposed.document["claimed_at"] == "2015-09-15T05:00:00.000Z"
    with pytest.raises(ImportOptionInvalid):
        consultation(files, setting=Setting(time_zone="Europe/Nowhere"))


def test_missing_parents_are_reported_and_the_comment_comes_in_without_them(town: Town) -> None:
    files = folder(
        proposal(7) + proposal(8),
        comment(100, 99) + comment(101, 100) + comment(102, 103, on=8) + comment(103) + comment(104, on=70) + comment(105, 104),
    )
    done = imported(town, "parents", files)
    assert noticed(done) == [
        ("target-not-imported", "comments.csv:6"),
        ("parent-missing", "comments.csv:2"),
        ("parent-of-other-proposal", "comments.csv:4"),
        ("parent-missing", "comments.csv:7"),
    ]
    recorded = entries(town, "parents")
    assert threads(recorded) == [
        ("comment-100", None),
        ("comment-101", "comment-100"),
        ("comment-102", None),
        ("comment-103", None),
        ("comment-105", None),
    ]
    assert ("fields", {"missing_parent": "99"}) in disclosed(town, "parents")
    assert recorded[-1]["data"]["unmapped"] == {"parent-missing": 2, "parent-of-other-proposal": 1, "target-not-imported": 1}


def test_a_comment_that_stands_before_what_it_answers_follows_it(town: Town) -> None:
    done = imported(town, "order", folder(proposal(7), comment(102, 101) + comment(103, 101) + comment(101, 100) + comment(100)))
    assert noticed(done) == []
    assert threads(entries(town, "order")) == [
        ("comment-100", None),
        ("comment-101", "comment-100"),
        ("comment-102", "comment-101"),
        ("comment-103", "comment-101"),
    ]


def test_comments_that_answer_themselves_in_the_end_are_cut_once_and_reported() -> None:
    documents, report = told(folder(proposal(7), comment(100, 101) + comment(101, 100) + comment(102, 102)))
    assert noticed(report) == [("parent-circular", "comments.csv:2"), ("parent-circular", "comments.csv:4")]
    assert threads(documents) == [("comment-100", None), ("comment-101", "comment-100"), ("comment-102", None)]


def test_where_the_hierarchy_says_otherwise_is_reported() -> None:
    files = folder(proposal(7), comment(100) + comment(101, 100) + comment(102), "7,7,0\n7,100,-1\n7,101,-1\n7,900,100\n")
    documents, report = told(files)
    assert noticed(report) == [
        ("hierarchy-differs", "comment_hierarchy.csv:4"),
        ("comment-missing", "comment_hierarchy.csv:5"),
        ("hierarchy-missing", "comments.csv:4"),
    ]
    assert report.unmapped == {"comment-missing": 1}
    assert ("comment-101", "comment-100") in threads(documents)


def test_rows_that_cannot_be_read_are_reported_with_their_lines() -> None:
    files = folder(
        proposal(7) + proposal(7) + proposal(8, day="soon") + "1,2\n",
        comment(100, at="2015-09-15,half past ten") + comment(101, text="") + comment(102, kind="Autor") + comment(103, kind="Empleados"),
    )
    documents, report = told(files)
    assert noticed(report) == [
        ("id-repeated", "proposals.csv:3"),
        ("row-unread", "proposals.csv:4"),
        ("row-unread", "proposals.csv:5"),
        ("row-unread", "comments.csv:2"),
        ("comment-without-words", "comments.csv:3"),
        ("author-differs", "comments.csv:4"),
    ]
    kept = [one["data"].get("fields") for one in of_type(documents, "contribution.submitted/2") if one["data"]["kind"] == "comment"]
    assert kept == [None, {"user_type": "Autor"}, {"user_type": "Empleados"}]


def test_the_same_folder_again_records_nothing(town: Town) -> None:
    imported(town, "twice", CONSULTED)
    before = entries(town, "twice")
    again = imported(town, "twice", CONSULTED)
    assert entries(town, "twice") == before
    assert again.already_there == len(before)


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (Folder("madrid", {}), "madrid/proposals.csv"),
        (Folder("madrid", {"proposals.csv": PROPOSALS.encode()}), "madrid/comments.csv"),
        (Folder("madrid", {"proposals.csv": b"id,url\n", "comments.csv": b""}), "proposals.csv:1"),
        (folder("", ""), "proposals.csv"),
        (folder(proposal(7), '"open'), "comments.csv:2"),
        (Folder("madrid", {**CONSULTED.files, "comment_hierarchy.csv": b"a,b\n"}), "comment_hierarchy.csv:1"),
    ],
)
def test_what_is_no_such_folder_is_refused_with_its_place(files: Folder, place: str) -> None:
    with pytest.raises(ForeignFileDamaged) as refusal:
        consultation(files)
    assert refusal.value.place == place


@settings(max_examples=200)
@given(st.sampled_from(FILES), st.binary(max_size=60), st.integers(0, 500))
def test_any_bytes_are_read_or_refused(file: str, noise: bytes, at: int) -> None:
    good = CONSULTED.files[file]
    for content in (noise, good[:at] + noise + good[at:]):
        try:
            documents, _ = told(Folder("madrid", {**CONSULTED.files, file: content}))
        except ForeignFileDamaged:
            continue
        assert of_type(documents, "contribution.submitted/2")


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 11), max_size=10))
def test_every_comment_is_told_once_and_after_what_it_answers(parents: dict[int, int]) -> None:
    documents, _ = told(folder(proposal(7), "".join(comment(number, parent) for number, parent in parents.items())))
    seen: set[str] = set()
    for ref, answered in threads(documents):
        assert answered is None or answered in seen
        seen.add(ref)
    assert seen == {f"comment-{number}" for number in parents}
    assert len(threads(documents)) == len(parents)
