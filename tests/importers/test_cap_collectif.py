"""A consultation in Cap Collectif's export comes in through the intake: whole, once, with what cannot be told reported by its line."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ledger.cli.in_process import IntakePosting
from ledger.errors import ImportConflict, ImportOptionInvalid
from ledger.importers.cap_collectif.reading import read_export
from ledger.importers.cap_collectif.submissions import CapCollectif
from ledger.importers.consultation import import_consultation
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from tests.importers.consultation_export import (
    COLUMNS,
    Cells,
    argument,
    cells_of,
    of_platform,
    opinion,
    published,
    report,
    source,
    version,
    vote,
)
from tests.importers.looking import Town, disclosed, entries, of_type

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "rua" / "rua-fonctionnement_sections2-3.csv"

CONSULTATION = [
    opinion("first", votes_count="3", votes_count_ok="1", votes_count_mitige="1", votes_count_nok="1", updated_at="08/10/2019 16:21"),
    version("second-wording"),
    vote("v3", "first", "cy", "NO", "20/11/2019 09:59"),
    vote("v2", "first", "bo", "MITIGE", "20/11/2019 09:53"),
    vote("v1", "first", "ada", "YES", "07/07/2019 23:10"),
    vote("v4", "second-wording", "ada", "YES"),
    argument("a1", "first"),
    argument("a2", "second-wording", "AGAINST"),
    source("s1", "first"),
    report("1", "first", "dee", "OFF"),
    opinion("third", section_title="Parks"),
]


def consultation(content: bytes, project: str, setting: Setting | None = None, *, realign: bool = False) -> CapCollectif:
    telling = Telling("cap-collectif", setting or Setting(), ImportReport("town.csv", project))
    return CapCollectif(read_export(content, "town.csv", realign=realign), content, telling)


def imported(town: Town, project: str, content: bytes, setting: Setting | None = None, *, realign: bool = False) -> ImportReport:
    told = consultation(content, project, setting, realign=realign)
    return import_consultation(told, IntakePosting(*town, project), run_name(content, (setting, realign)), lambda answered: None)


def told(content: bytes, *, realign: bool = False) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Every submission of a file, and every notice with its place, without a ledger."""
    source_of = consultation(content, "town", realign=realign)
    documents = [source_of.first(), *source_of.opening(), *(one for acts in source_of.acts() for one in acts), *source_of.closing()]
    return [one.document for one in documents], [(notice.code, notice.place) for notice in source_of.telling.report.notices]


def test_a_consultation_comes_in_whole(town: Town) -> None:
    done = imported(town, "whole", published(CONSULTATION))
    assert [notice.code for notice in done.notices] == ["column-left-out", "column-left-out"]
    recorded = entries(town, "whole")
    assert Counter(entry["type"] for entry in recorded) == {
        "project.opened/1": 1,
        "import.started/1": 1,
        "motive.defined/1": 1,
        "step.planned/1": 1,
        "step.stances_set/1": 1,
        "text.published/1": 1,
        "section.added/1": 2,
        "step.opened/1": 1,
        "contribution.submitted/2": 4,
        "argument.submitted/1": 2,
        "stance.cast/1": 4,
        "report.made/1": 1,
        # Of three with published counts and three with counts that nothing stands behind; the version states no counts.
        "aggregate.recorded/1": 5,
        "step.closed/1": 1,
        "import.finished/1": 1,
    }
    kinds = {entry["data"]["ref"]: entry["data"]["kind"] for entry in recorded if entry["type"] == "contribution.submitted/2"}
    assert kinds == {"first": "opinion", "second-wording": "amendment", "third": "opinion", "s1": "source"}
    assert recorded[-1]["data"] == {"ref": "cap-collectif", "unmapped": {}}
    assert {entry["channel"] for entry in recorded} == {"import"}
    assert ("title", {"fr": "Title of first"}) in disclosed(town, "whole")


def test_votes_are_told_in_the_order_of_their_times_to_the_hour(town: Town) -> None:
    imported(town, "hours", published(CONSULTATION))
    cast = [entry for entry in entries(town, "hours") if entry["type"] == "stance.cast/1"]
    assert [(entry["data"]["value"], entry["claimed_at"]) for entry in cast] == [
        ("agree", "2019-07-07T21:00:00.000Z"),
        ("mixed", "2019-11-20T08:00:00.000Z"),
        ("agree", "2019-11-20T08:00:00.000Z"),
        ("disagree", "2019-11-20T08:00:00.000Z"),
    ]
    [submitted] = [entry for entry in entries(town, "hours") if entry["data"].get("ref") == "first"]
    assert submitted["claimed_at"] == "2019-10-07T13:47:00.000Z"


def test_published_counts_stand_beside_counts_that_nothing_stands_behind() -> None:
    documents, _ = told(published(CONSULTATION))
    stated = {(one["data"]["target"], one["data"]["basis"]): one["data"]["counts"] for one in of_type(documents, "aggregate.recorded/1")}
    assert stated["contribution/first", "published"]["mixed"] == 1
    assert stated["argument/a1", "counts_only"] == {"votes": 3}
    assert stated["contribution/s1", "counts_only"] == {"votes": 2}


def test_the_same_file_again_records_nothing(town: Town) -> None:
    imported(town, "twice", published(CONSULTATION))
    before = entries(town, "twice")
    again = imported(town, "twice", published(CONSULTATION))
    assert entries(town, "twice") == before
    assert again.already_there == len(before)
    with pytest.raises(ImportConflict):
        imported(town, "twice", published(CONSULTATION[:1]))


def test_both_forms_of_the_columns_tell_the_same() -> None:
    rows = [
        *CONSULTATION,
        opinion("trashed", trashed="1", trashed_status="VISIBLE", trashed_at="09/10/2019 12:00", trashed_reason="Off topic"),
    ]
    one, other = (told(content)[0] for content in (published(rows), of_platform(rows)))
    for documents in (one, other):
        for document in documents:
            # The digest of the file, and the platform's own writing of a time that is kept as a text.
            document["data"].pop("file_digest", None)
            document["data"].get("fields", {}).pop("updated_at", None)
    assert one == other


def test_a_vote_again_changes_the_stance_whatever_the_order_of_the_file(town: Town) -> None:
    votes = [vote("late", "first", "ada", "NO", "21/11/2019 10:00"), vote("early", "first", "ada", "YES", "20/11/2019 10:00")]
    assert not imported(town, "again", published([opinion("first"), *votes])).unmapped
    taken = [entry for entry in entries(town, "again") if entry["stream"].startswith("stance/")]
    assert [(entry["type"], entry["data"]["value"]) for entry in taken] == [("stance.cast/1", "agree"), ("stance.changed/1", "disagree")]
    assert taken[1]["data"]["old_value"] == "agree"


def test_two_votes_of_one_minute_are_told_in_the_order_of_the_file_and_reported() -> None:
    documents, notices = told(published([opinion("first"), vote("v1", "first", "ada", "NO"), vote("v2", "first", "ada", "YES")]))
    taken = [(document["type"], document["data"]["value"]) for document in documents if document["type"].startswith("stance.")]
    assert taken == [("stance.cast/1", "disagree"), ("stance.changed/1", "agree")]
    assert notices == [("vote-order-unknown", "town.csv:4")]


def test_a_vote_that_stands_twice_counts_once_and_one_that_contradicts_itself_not_at_all() -> None:
    rows = [
        opinion("first"),
        vote("v1", "first", "ada", "YES"),
        vote("v1", "first", "ada", "YES"),
        vote("v2", "first", "bo", "YES"),
        vote("v2", "first", "bo", "NO"),
    ]
    documents, notices = told(published(rows))
    assert [one["participant"] for one in of_type(documents, "stance.cast/1")] == ["ada"]
    assert notices == [("vote-repeated", "town.csv:4"), ("vote-contradicted", "town.csv:5"), ("vote-contradicted", "town.csv:6")]


def shifted(row: dict[str, str], column: str) -> list[str]:
    cells = cells_of(row)
    del cells[COLUMNS.index(column)]
    return [*cells, ""]


def test_a_row_out_of_place_gives_what_is_certain_and_is_reported(town: Town) -> None:
    rows: list[Cells | list[str]] = [
        shifted(opinion("first", votes_count="1", votes_count_ok="1"), "updated_at"),
        vote("v", "first", "ada", "YES"),
    ]
    done = imported(town, "shifted", published(rows))
    assert [(notice.code, notice.place) for notice in done.notices] == [("row-shifted", "town.csv:2")]
    assert done.unmapped == {"row-shifted": 1}
    [submitted] = [entry for entry in entries(town, "shifted") if entry["type"] == "contribution.submitted/2"]
    assert "claimed_at" not in submitted
    assert ("title", {"fr": "Title of first"}) in disclosed(town, "shifted")
    assert not any(entry["type"] == "aggregate.recorded/1" for entry in entries(town, "shifted"))
    assert any(entry["type"] == "stance.cast/1" for entry in entries(town, "shifted"))
    documents, notices = told(published(rows), realign=True)
    assert notices == [("row-realigned", "town.csv:2")]
    assert of_type(documents, "aggregate.recorded/1")[0]["data"]["counts"]["agree"] == 1


def test_words_that_may_have_been_in_the_trash_are_left_out(town: Town) -> None:
    trashed = {"trashed": "1", "trashed_status": "INVISIBLE", "trashed_at": "12/11/2019 09:32", "trashed_reason": "Violent words"}
    rows: list[Cells | list[str]] = [shifted(opinion("first", **trashed), "updated_at"), vote("v", "first", "ada", "NO")]
    done = imported(town, "in-doubt", published(rows))
    assert [notice.code for notice in done.notices] == ["row-shifted", "words-left-out"]
    assert not any("first" in str(value) for _, value in disclosed(town, "in-doubt"))
    assert any(entry["type"] == "stance.cast/1" for entry in entries(town, "in-doubt"))


def test_the_trash_becomes_decisions_with_their_motive_reason_and_time(town: Town) -> None:
    trashed = {"trashed": "1", "trashed_at": "12/11/2019 09:32", "trashed_reason": "Violent words"}
    rows = [
        opinion("seen", trashed_status="VISIBLE", **trashed),
        opinion("unseen", trashed_status="INVISIBLE", **trashed),
        opinion("unsaid", **trashed),
        argument("a", "seen", **{f"arguments_{column}": cell for column, cell in trashed.items()}, arguments_trashed_status="INVISIBLE"),
        vote("v", "unseen", "ada", "NO"),
    ]
    assert not imported(town, "trash", published(rows)).unmapped
    cases = [entry for entry in entries(town, "trash") if entry["stream"].startswith("case/")]
    assert [(entry["type"], entry["stream"], entry["data"].get("trash")) for entry in cases] == [
        ("content.limited/1", "case/contribution/seen", "visible"),
        ("content.limited/1", "case/contribution/unseen", "invisible"),
        ("content.hidden/1", "case/contribution/unsaid", None),
        ("content.limited/1", "case/argument/a", "invisible"),
    ]
    assert {entry["data"]["motive"] for entry in cases} == {"trashed"}
    assert {entry["claimed_at"] for entry in cases} == {"2019-11-12T08:32:00.000Z"}
    assert disclosed(town, "trash").count(("reason", {"fr": "Violent words"})) == 4


def test_what_a_platform_did_not_publish_stays_out_with_all_that_is_about_it() -> None:
    rows = [
        opinion("kept"),
        opinion("first", published="0"),
        version("w"),
        vote("v", "first", "ada", "YES"),
        argument("a", "first"),
        source("s", "first"),
        report("r", "first", "bo"),
        argument("b", "kept", arguments_published="0"),
    ]
    documents, notices = told(published(rows))
    assert not any(document["type"].startswith(("stance", "argument", "report")) for document in documents)
    assert [place for code, place in notices if code == "not-published"] == ["town.csv:3", "town.csv:9"]
    assert sorted(place for code, place in notices if code == "target-not-imported") == [f"town.csv:{line}" for line in range(4, 9)]


def test_what_nobody_is_named_for_is_told_by_the_organizer_or_reported() -> None:
    rows = [opinion("first", author_id=""), vote("v", "first", "", "YES"), report("r", "first", "")]
    documents, notices = told(published(rows))
    [submitted] = of_type(documents, "contribution.submitted/2")
    assert (submitted["role"], "participant" in submitted) == ("organizer", False)
    assert notices == [("vote-without-author", "town.csv:3"), ("report-unread", "town.csv:4")]


def test_a_time_that_clocks_showed_twice_is_left_out_and_reported() -> None:
    rows = [opinion("first", created_at="27/10/2019 02:30"), vote("v", "first", "ada", "YES", "31/03/2019 02:30")]
    documents, notices = told(published(rows))
    assert not any("claimed_at" in document for document in documents)
    assert notices == [("time-ambiguous", "town.csv:2"), ("time-ambiguous", "town.csv:3")]
    elsewhere = consultation(published(rows), "town", Setting(time_zone="Etc/UTC"))
    assert all("claimed_at" in one.document for acts in list(elsewhere.acts())[:2] for one in acts)


def test_ids_that_are_no_references_are_mapped_and_kept() -> None:
    long = "x" * 80
    documents, notices = told(published([opinion("T3Bpbmlvbjox="), opinion(long), opinion(long), argument("a/1", long)]))
    named = {one["data"]["ref"]: one["data"]["external_ref"] for one in documents if "external_ref" in one["data"]}
    assert named == {"T3Bpbmlvbjox~3D": "T3Bpbmlvbjox=", "contribution~2": long, "a~2F1": "a/1"}
    assert ("id-repeated", "town.csv:4") in notices


def test_a_text_that_is_too_long_is_cut_and_reported(town: Town) -> None:
    done = imported(town, "long", published([opinion("first", body_text="x" * 60_001, title="y" * 4001)]))
    assert [(notice.code, notice.place) for notice in done.notices] == [("text-cut", "town.csv:2")] * 2
    assert ("body", {"fr": "x" * 60_000}) in disclosed(town, "long")


def test_what_the_ledger_refuses_is_reported_with_its_line_and_counted(town: Town) -> None:
    rows = [opinion("first"), report("1", "first", "ada"), report("2", "first", "ada", "OFF")]
    done = imported(town, "refused", published(rows))
    assert [(notice.code, notice.place) for notice in done.notices] == [("already-reported", "town.csv:4")]
    assert entries(town, "refused")[-1]["data"]["unmapped"] == {"refused": 1}


def test_a_time_zone_that_is_none_is_refused_before_anything_is_posted() -> None:
    with pytest.raises(ImportOptionInvalid):
        consultation(published(CONSULTATION), "town", Setting(time_zone="Paris/Texas"))


def test_a_consultation_in_several_parts_has_a_text_for_each() -> None:
    rows = [opinion("a"), opinion("b", consultation_title="A park"), opinion("c", consultation_title="", section_title="")]
    documents, _ = told(published(rows))
    assert [one["data"]["title"]["fr"] for one in of_type(documents, "text.published/1")] == ["A town plan", "A park"]
    framed = [(one["data"].get("text"), one["data"].get("section")) for one in of_type(documents, "contribution.submitted/2")]
    assert framed == [("text-1", "section-1"), ("text-2", "section-2"), (None, None)]


@pytest.mark.parametrize("realign", [False, True])
def test_a_real_consultation_comes_in_but_for_what_is_reported(town: Town, realign: bool) -> None:
    if not REAL.exists():
        pytest.skip("the file of the real consultation is not here")
    content = REAL.read_bytes()
    project = f"rua-{realign}".lower()
    done = imported(town, project, content, realign=realign)
    assert Counter(notice.code for notice in done.notices) == {
        "row-cut": 21,
        "column-left-out": 3,
        **({"row-realigned": 5} if realign else {"row-shifted": 5, "words-left-out": 1}),
    }
    recorded = entries(town, project)
    counted = Counter(entry["type"] for entry in recorded)
    kinds = Counter(entry["data"]["kind"] for entry in recorded if entry["type"] == "contribution.submitted/2")
    assert kinds == {"opinion": 145, "source": 2}
    assert (counted["argument.submitted/1"], counted["stance.cast/1"], counted["stance.changed/1"]) == (640, 3611, 0)
    assert (counted["report.made/1"], counted["content.limited/1"]) == (7, 1 if realign else 0)
    values = Counter(entry["data"]["value"] for entry in recorded if entry["type"] == "stance.cast/1")
    assert values == {"agree": 2421, "mixed": 398, "disagree": 792}
    assert follows(recorded) == ((141, 141) if realign else (139, 139))
    differences = differences_of(town, project)
    assert {(each["count"], each["published"]) for each in differences} == {("votes", None)}
    assert len(differences) == (4 if realign else 6)


def differences_of(town: Town, project: str) -> list[dict[str, Any]]:
    """What an audit would list of the published counts."""
    ledger, _ = town
    ledger.runner.catch_up(project)
    publisher = ledger.publisher(ledger.project(project))
    return [{**difference} for difference in publisher.differences(publisher.size())]


def follows(recorded: list[dict[str, Any]]) -> tuple[int, int]:
    """How many opinions state counts, and for how many of them what is in the log counts up to just that."""
    acts: dict[str, Counter[str]] = {}
    for entry in recorded:
        data = entry["data"]
        if entry["type"] == "stance.cast/1":
            acts.setdefault(data["target"], Counter()).update(["votes", data["value"]])
        elif entry["type"] == "argument.submitted/1":
            acts.setdefault(f"contribution/{data['contribution']}", Counter()).update(["arguments", f"arguments_{data['side']}"])
        elif entry["type"] == "contribution.submitted/2" and data["kind"] == "source":
            acts.setdefault(f"contribution/{data['target']}", Counter()).update(["sources"])
    stated = [entry["data"] for entry in recorded if entry["type"] == "aggregate.recorded/1" and entry["data"]["basis"] == "published"]
    same = [one for one in stated if all(acts.get(one["target"], Counter())[name] == count for name, count in one["counts"].items())]
    return len(stated), len(same)
