"""The open data of a Decidim comes in through the intake: whole, once, with what cannot be told reported by its line."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.in_process import IntakePosting
from ledger.errors import ForeignFileDamaged, ImportConflict, ImportOptionInvalid
from ledger.importers.consultation import import_consultation
from ledger.importers.decidim.sheets import read_sheets
from ledger.importers.decidim.submissions import Decidim
from ledger.importers.folder import Folder
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from tests.importers.decidim_export import ALL, SITE, address, moderation, project, proposal, proposals, result, written
from tests.importers.looking import Town, disclosed, entries, of_type

SETTING = Setting(language="und", time_zone="UTC")


def decidim(files: Mapping[str, bytes], project_ref: str, setting: Setting = SETTING, currency: str = "XXX") -> Decidim:
    folder, report = Folder("proposals.csv", files), ImportReport(", ".join(files), project_ref)
    return Decidim(read_sheets(folder, report), folder, Telling("decidim", setting, report), currency)


def imported(town: Town, ref: str, files: Mapping[str, bytes], setting: Setting = SETTING, currency: str = "XXX") -> ImportReport:
    told = decidim(files, ref, setting, currency)
    name = run_name(Folder("", files).listing, (setting, currency))
    return import_consultation(told, IntakePosting(*town, ref), name, lambda answered: None)


def told(
    files: Mapping[str, bytes], setting: Setting = SETTING, currency: str = "XXX"
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Every submission, and every notice but those of columns with its place, without a ledger."""
    of = decidim(files, "town", setting, currency)
    documents = [of.first(), *of.opening(), *(one for acts in of.acts() for one in acts), *of.closing()]
    notices = [(notice.code, notice.place) for notice in of.telling.report.notices if notice.code != "column-left-out"]
    return [one.document for one in documents], notices


def test_all_files_come_in_together(town: Town) -> None:
    done = imported(town, "all", ALL, currency="EUR")
    recorded = entries(town, "all")
    assert Counter(entry["type"] for entry in recorded) == {
        "project.opened/1": 1, "import.started/1": 1, "motive.defined/1": 1, "category.defined/1": 2, "step.planned/1": 1,
        "step.opened/1": 1, "contribution.submitted/2": 7, "aggregate.recorded/1": 6, "contribution.answered/1": 3,
        "contribution.withdrawn/1": 1, "content.hidden/1": 1, "step.closed/1": 1, "import.finished/1": 1,
    }  # fmt: skip
    assert done.unmapped == {
        "votes-hidden": 2, "target-not-imported": 2, "reports-counted": 4, "block-without-end": 1,
    }  # fmt: skip
    assert recorded[-1]["data"] == {"ref": "decidim", "unmapped": dict(sorted(done.unmapped.items()))}
    assert {entry["channel"] for entry in recorded} == {"import"}
    kinds = {entry["data"]["ref"]: (entry["data"]["kind"], entry["role"]) for entry in of_type(recorded, "contribution.submitted/2")}
    assert kinds == {
        "proposal-1": ("proposal", "participant"), "proposal-2": ("proposal", "participant"), "proposal-3": ("proposal", "participant"),
        "proposal-4": ("amendment", "participant"), "project-5": ("proposal", "organizer"), "project-6": ("proposal", "organizer"),
        "result-8": ("answer", "organizer"),
    }  # fmt: skip


def test_the_same_files_again_record_nothing(town: Town) -> None:
    imported(town, "twice", ALL)
    before = entries(town, "twice")
    again = imported(town, "twice", ALL)
    assert (entries(town, "twice"), again.already_there) == (before, len(before))
    with pytest.raises(ImportConflict):
        imported(town, "twice", proposals(proposal(1)))


def test_nothing_about_people_reaches_the_log_or_the_report(town: Town) -> None:
    done = imported(town, "people", ALL)
    ledger = town[0]
    log = ledger.log(ledger.project("people"))
    told_of = (
        b"".join(entry for _, entry in log.entries(0, log.size())) + repr(disclosed(town, "people")).encode() + repr(done.notices).encode()
    )
    for name in (b"Name of", b"Smith", b"Jones", b"profiles", b"A bad text"):
        assert name not in told_of


def test_texts_have_the_languages_of_their_columns() -> None:
    documents, _ = told(proposals(proposal(1, title__ca="Títol", body__en="'=quoted"), proposal(2)))
    [opened] = of_type(documents, "project.opened/1")
    assert (opened["data"]["languages"], opened["data"]["currency"]) == (["en", "ca"], "XXX")
    first, second = (document["data"] for document in of_type(documents, "contribution.submitted/2"))
    assert (first["title"], second["title"]) == ({"en": "Title 1", "ca": "Títol"}, {"en": "Title 2"})
    assert "Cos" not in repr(documents)
    [category] = of_type(documents, "category.defined/1")
    assert category["data"] == {"ref": "3", "name": {"en": "Green", "ca": "Verd"}}


def test_a_text_without_a_language_is_in_that_of_the_setting() -> None:
    row = {"id": "1", "title": "Títol", "body": "Cos", "state": "accepted", "answer": "Sí", "supports": "4", "url": address(1)}
    documents, notices = told(proposals(row), Setting(language="ca"))
    [submitted] = of_type(documents, "contribution.submitted/2")
    assert (submitted["data"]["title"], submitted["data"]["body"]) == ({"ca": "Títol"}, {"ca": "Cos"})
    assert of_type(documents, "contribution.answered/1")[0]["data"]["body"] == {"ca": "Sí"}
    assert of_type(documents, "aggregate.recorded/1")[0]["data"]["counts"] == {"votes": 4}
    assert notices == []


def test_both_delimiters_and_guarded_cells_are_read() -> None:
    row = proposal(1, title__en="=1+1; one, two", address="@home")
    one, other = ({"proposals.csv": written([row], delimiter)} for delimiter in (";", ","))
    documents = [document for document in told(one)[0] if document["type"] != "import.started/1"]
    assert documents == [document for document in told(other)[0] if document["type"] != "import.started/1"]
    [submitted] = of_type(documents, "contribution.submitted/2")
    assert submitted["data"]["title"] == {"en": "=1+1; one, two"}
    assert submitted["data"]["location"] == {"address": "@home"}


def test_states_become_answers() -> None:
    rows = [
        proposal(1, state="accepted", answer__en="Yes", answered_at="2024-06-01 08:00:00 +0200"),
        proposal(2, state="rejected"),
        proposal(3, state="evaluating", answer__en="Wait"),
        proposal(4, state="", answered_at=""),
        proposal(5, state="partly_done", state_published_at="2024-06-02T08:00:00.000+02:00"),
    ]
    documents, notices = told(proposals(*rows))
    answers = of_type(documents, "contribution.answered/1")
    assert [(answer["data"]["ref"], answer["data"]["code"], answer.get("claimed_at")) for answer in answers] == [
        ("proposal-1", "retained", "2024-06-01T06:00:00.000Z"),
        ("proposal-2", "rejected", None),
        ("proposal-5", "noted", "2024-06-02T06:00:00.000Z"),
    ]
    assert answers[0]["data"]["body"] == {"en": "Yes"}
    assert notices == [("answer-not-final", "proposals.csv:4"), ("state-noted", "proposals.csv:6")]


def test_votes_are_counts_that_nobody_can_verify_unless_they_are_hidden() -> None:
    documents, notices = told({**proposals(proposal(1), proposal(2, votes="")), "projects.csv": written([project(5)])})
    stated = {one["data"]["target"]: one["data"] for one in of_type(documents, "aggregate.recorded/1")}
    assert {target: data["counts"] for target, data in stated.items()} == {
        "contribution/proposal-1": {"votes": 7, "comments": 3},
        "contribution/proposal-2": {"comments": 3},
        "contribution/project-5": {"votes": 40, "comments": 1},
    }
    assert {data["basis"] for data in stated.values()} == {"counts_only"}
    assert notices == [("votes-hidden", "proposals.csv:3")]


def test_an_amendment_waits_for_what_it_amends() -> None:
    rows = [
        proposal(3, is_amend="true", original_proposal__url=address(2)),
        proposal(2, is_amend="true", original_proposal__url=address(1)),
        proposal(4, is_amend="true", original_proposal__url=address(44)),
        proposal(1),
    ]
    documents, notices = told(proposals(*rows))
    submitted = [document["data"] for document in of_type(documents, "contribution.submitted/2")]
    assert [(data["ref"], data["kind"], data.get("target")) for data in submitted] == [
        ("proposal-1", "proposal", None),
        ("proposal-2", "amendment", "proposal-1"),
        ("proposal-3", "amendment", "proposal-2"),
    ]
    assert notices == [("target-not-imported", "proposals.csv:4")]


def test_only_one_person_is_an_author() -> None:
    rows = [
        proposal(1),
        proposal(2, author__id="5, 6", author__url=f"{SITE}/profiles/a, {SITE}/profiles/b"),
        proposal(3, author__id="1", author__url=f"{SITE}/"),
        proposal(4, author__id="8", author__url=f"{SITE}/meetings/8", created_in_meeting="true", meeting_urls=f"{SITE}/meetings/8"),
    ]
    documents, notices = told(proposals(*rows))
    submitted = of_type(documents, "contribution.submitted/2")
    assert [(one.get("participant"), one.get("role"), one["data"].get("collective")) for one in submitted] == [
        ("101", None, None),
        (None, "organizer", "other"),
        (None, "organizer", None),
        (None, "organizer", None),
    ]
    assert notices == [("coauthors-left-out", "proposals.csv:3"), ("meeting-left-out", "proposals.csv:5")]


def test_amounts_are_money_where_a_currency_is_given() -> None:
    files = {
        **proposals(proposal(1, cost="99.5"), proposal(2, cost="1.999"), proposal(3, cost="many")),
        "projects.csv": written([project(5)]),
    }
    with_currency, notices = told(files, currency="EUR")
    costs = {one["data"]["ref"]: one["data"].get("cost_minor") for one in of_type(with_currency, "contribution.submitted/2")}
    assert costs == {"proposal-1": 9950, "proposal-2": None, "proposal-3": None, "project-5": 1_200_000}
    assert notices == [("amount-unread", "proposals.csv:3"), ("amount-unread", "proposals.csv:4")]
    without, _ = told(files)
    fields = {one["data"]["ref"]: one["data"]["fields"] for one in of_type(without, "contribution.submitted/2")}
    assert (fields["proposal-2"]["cost"], fields["project-5"]["budget_amount"]) == ("1.999", "12000")
    for currency in ("euro", "", "EURO"):
        with pytest.raises(ImportOptionInvalid):
            decidim(files, "town", currency=currency)


def test_a_project_grew_from_the_one_proposal_it_names() -> None:
    files = {
        **proposals(proposal(1), proposal(2)),
        "projects.csv": written([project(5), project(6, related_proposals="1, 2"), project(7, related_proposals="70")]),
    }
    documents, notices = told(files)
    origins = {one["data"]["ref"]: one["data"].get("derived_from") for one in of_type(documents, "contribution.submitted/2")[2:]}
    assert origins == {"project-5": "proposal-1", "project-6": None, "project-7": None}
    assert notices == []


def test_a_result_answers_the_first_of_its_proposals_that_came_in() -> None:
    files = {**proposals(proposal(1), proposal(2)), "results.csv": written([result(8, 70, 2, 1), result(9)])}
    documents, notices = told(files)
    [answer] = [one["data"] for one in of_type(documents, "contribution.submitted/2") if one["data"]["kind"] == "answer"]
    assert (answer["ref"], answer["target"]) == ("result-8", "proposal-2")
    assert {name: answer["fields"][name] for name in ("status_key", "status_name", "progress", "start_date")} == {
        "status_key": "finished", "status_name": "Finished", "progress": "100.0", "start_date": "2024-06-01",
    }  # fmt: skip
    assert notices == [("target-not-imported", "results.csv:3")]


def test_what_moderators_hid_is_hidden_for_the_reasons_of_its_reports() -> None:
    files = {
        **proposals(*map(proposal, range(1, 5))),
        "moderations.csv": written([
            moderation(1, 1, "spam, spam"),
            moderation(2, 2, "spam, offensive"),
            moderation(3, 3, ""),
            moderation(4, 4, hidden_at="", report_count="0"),
            moderation(5, 5, reportable_type="Decidim::Comments::Comment"),
        ]),
    }  # fmt: skip
    documents, notices = told(files)
    assert [one["data"]["ref"] for one in of_type(documents, "motive.defined/1")] == ["spam", "offensive--spam", "trashed"]
    hidden = [(one["data"]["target"], one["data"]["motive"], one["claimed_at"]) for one in of_type(documents, "content.hidden/1")]
    assert hidden == [
        ("contribution/proposal-1", "spam", "2024-04-01T09:00:00.000Z"),
        ("contribution/proposal-2", "offensive--spam", "2024-04-01T09:00:00.000Z"),
        ("contribution/proposal-3", "trashed", "2024-04-01T09:00:00.000Z"),
    ]
    places = [f"moderations.csv:{line}" for line in (2, 3, 4, 6)]
    assert notices == [*(("reports-counted", place) for place in places), ("target-not-imported", "moderations.csv:6")]


def test_times_places_and_rows_that_say_nothing_are_reported_and_left_out() -> None:
    rows = [
        proposal(1, published_at="yesterday", latitude="NaN", longitude="2.1"),
        proposal(2, published_at="2024-03-01", latitude="41.4", longitude="-2.1"),
        proposal(3, published_at="2024-03-31 02:30:00"),
        proposal(3),
        proposal(4, id=""),
        proposal(5, votes="many"),
    ]
    documents, notices = told(proposals(*rows), Setting(time_zone="Europe/Madrid"))
    submitted = of_type(documents, "contribution.submitted/2")
    assert [one.get("claimed_at") for one in submitted] == [None, None, None, "2024-03-06T10:20:30.000Z"]
    assert [one["data"].get("location") for one in submitted[:2]] == [None, {"latitude": "41.4", "longitude": "-2.1"}]
    lines = {code: [place.rpartition(":")[2] for found, place in notices if found == code] for code, _ in notices}
    assert lines == {
        "place-unread": ["2"], "time-unread": ["2", "3"], "time-ambiguous": ["4"], "id-repeated": ["5"], "row-unread": ["6"],
        "count-unread": ["7"],
    }  # fmt: skip


def test_columns_that_become_nothing_are_reported_once() -> None:
    of = decidim(ALL, "town")
    left_out = {(notice.place, notice.words.split(" ")[0]) for notice in of.telling.report.notices if notice.code == "column-left-out"}
    assert {
        ("proposals.csv:1", "author/name"),
        ("proposals.csv:1", "likes/total_count"),
        ("moderations.csv:1", "reports/details"),
    } <= left_out
    assert ("proposals.csv:1", "body/machine_translations/ca") in left_out
    assert not {column for _, column in left_out} & {"title/en", "taxonomies/3/en", "votes", "url", "status/name/en"}


def test_the_whole_is_known_by_the_digests_of_its_files() -> None:
    (one, _), (other, _) = told(ALL), told(dict(reversed(ALL.items())))
    assert one == other


def test_empty_files_are_passed_over_and_rows_out_of_shape_reported() -> None:
    _, notices = told({**proposals(proposal(1)), "moderations.csv": b"\n"})
    assert notices == [("file-empty", "moderations.csv")]
    _, notices = told({"proposals.csv": written([proposal(1)]) + b"2;3\n"})
    assert notices == [("row-unread", "proposals.csv:3")]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"a.csv": b"id;body\n1;x\n"}, "a.csv:1"),
        ({"a.csv": b"id;state;state\n1;x;y\n"}, "a.csv:1"),
        ({"a.csv": b"\xff"}, "a.csv"),
        ({"a.csv": b'id;state\n1;"x\n'}, "a.csv:2"),
        ({"a.csv": b"id;state\n"}, "town"),
        ({"a.csv": b""}, "town"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(files: dict[str, bytes], place: str) -> None:
    with pytest.raises(ForeignFileDamaged) as refusal:
        read_sheets(Folder("town", files), ImportReport("town", "town"))
    assert refusal.value.place == place


@given(st.binary(max_size=200), st.integers(0, 1500))
def test_any_bytes_are_told_or_refused(noise: bytes, at: int) -> None:
    good = written([proposal(1, state="accepted", answer__en="Yes"), proposal(2, is_amend="true", original_proposal__url=address(1))])
    for content in (noise, good[:at] + noise + good[at:]):
        try:
            assert told({"proposals.csv": content})[0]
        except ForeignFileDamaged:
            continue
