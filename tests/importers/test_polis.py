"""Conversations held with Polis come in whole, in both forms of their files, and their votes are counted both ways."""

from collections import Counter
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cli.in_process import IntakePosting
from ledger.errors import ForeignFileDamaged, ImportConflict
from ledger.importers.consultation import import_consultation
from ledger.importers.folder import Folder
from ledger.importers.polis.reading import FILES, read_conversations
from ledger.importers.polis.submissions import Polis
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from ledger.projections.readings.published_differences import published_differences
from tests.importers.looking import Town, disclosed, entries, of_type

SETTING = Setting(language="en", time_zone="UTC")

NOON = 1_403_092_800_000
"""2014-06-18T12:00:00.000Z."""
MINUTE = 60_000
COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n"


def comment(number: int, agrees: int = 0, disagrees: int = 0, moderated: int = 1, body: str = "More trees.", at: int = NOON) -> str:
    return f'{at},Wed Jun 18 12:00:00 UTC 2014,{number},7,{agrees},{disagrees},{moderated},"{body}"\n'


def vote(comment: int, voter: int, value: int, minutes: int) -> str:
    return f"{NOON + minutes * MINUTE},Wed Jun 18 12:00:00 UTC 2014,{comment},{voter},{value}\n"


def folder(**files: str) -> Folder:
    names = {"comments": "comments.csv", "votes": "votes.csv", "groups": "participants-votes.csv", "summary": "summary.csv"}
    return Folder("town", {names[name]: text.encode() for name, text in files.items()})


EXPORTED = folder(
    comments=COMMENTS + comment(0, 2, 2) + comment(1, 1, 0, moderated=-1, at=NOON - MINUTE) + comment(2, moderated=0),
    # Person 2 votes three times on comment 0, told backwards; person 7 takes the same view twice.
    votes=VOTES + vote(0, 2, -1, 125) + vote(0, 2, 0, 61) + vote(0, 2, -1, 5) + vote(0, 7, 1, 0) + vote(1, 2, 1, 6) + vote(0, 7, 1, 70),
    groups="participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2\n2,1,0,2,1,1,-1,1,\n7,0,3,1,1,0,1,,\n9,,0,0,0,0,,,\n",
    summary='topic,"Trees, and more"\nurl,https://pol.example/2demo\nvoters,2\nconversation-description,"What about\nthe trees?"\n',
)
DUMPED_COMMENTS = "tid,zid,pid,uid,created,modified,txt,velocity,mod,lang,active,is_meta,is_seed\n"
DUMPED = folder(
    comments=DUMPED_COMMENTS
    + f"0,9,0,72,{NOON},{NOON},More trees.,1,1,,t,f,t\n"
    + f"0,10,0,72,{NOON},{NOON},Fewer cars.,1,0,,t,f,f\n"
    + f"1,10,0,72,{NOON},{NOON},Buses.,1,-1,,f,f,f\n",
    votes="zid,pid,tid,vote,weight_x_32767,created\n"
    + f"10,3,0,1,0,{NOON + 30 * MINUTE}\n"
    + f"9,3,0,-1,0,{NOON + 10 * MINUTE}\n"
    + f"9,3,0,0,0,{NOON + 80 * MINUTE}\n"
    + f"10,3,1,-1,0,{NOON + 20 * MINUTE}\n",
)


def conversations(files: Folder, project: str = "town") -> Polis:
    report = ImportReport(files.name, project)
    return Polis(read_conversations(files, report), files, Telling("polis", SETTING, report))


def imported(town: Town, project: str, files: Folder) -> ImportReport:
    told = conversations(files, project)
    return import_consultation(told, IntakePosting(*town, project), run_name(files.listing, SETTING), lambda answered: None)


def told(files: Folder) -> tuple[list[dict[str, Any]], ImportReport]:
    """Every submission and the report, without a ledger."""
    source = conversations(files)
    documents = [source.first(), *source.opening(), *(one for acts in source.acts() for one in acts), *source.closing()]
    return [one.document for one in documents], source.telling.report


def noticed(report: ImportReport) -> list[tuple[str, str]]:
    return [(notice.code, notice.place) for notice in report.notices if not notice.code.endswith("left-out")]


def test_a_conversation_comes_in_whole(town: Town) -> None:
    done = imported(town, "whole", EXPORTED)
    assert noticed(done) == []
    recorded = entries(town, "whole")
    assert Counter(entry["type"] for entry in recorded) == {
        "project.opened/1": 1,
        "import.started/1": 1,
        "project.described/1": 1,
        "motive.defined/1": 1,
        "step.planned/1": 1,
        "step.stances_set/1": 1,
        "step.opened/1": 1,
        "contribution.submitted/2": 3,
        "stance.cast/1": 3,
        "stance.changed/1": 3,
        "aggregate.recorded/1": 3,
        "content.hidden/1": 1,
        "clusters.listed/1": 2,
        "clusters.sealed/1": 1,
        "step.closed/1": 1,
        "import.finished/1": 1,
    }
    assert recorded[0]["data"]["title"] == {"en": "Trees, and more"}
    assert recorded[2]["data"]["description"] == {"en": "What about\nthe trees?"}
    assert recorded[-1]["data"] == {"ref": "polis", "unmapped": {}}
    assert {entry["channel"] for entry in recorded} == {"import"}
    assert ("body", {"en": "More trees."}) in disclosed(town, "whole")
    assert ("fields", {"moderated": "0"}) in disclosed(town, "whole")


def test_votes_are_told_in_the_order_of_their_times_to_the_hour(town: Town) -> None:
    imported(town, "hours", EXPORTED)
    stances = [entry for entry in entries(town, "hours") if entry["type"].startswith("stance.")]
    assert [(one["type"], one["data"]["value"], one["data"].get("old_value"), one["claimed_at"][11:]) for one in stances] == [
        ("stance.cast/1", "agree", None, "12:00:00.000Z"),
        ("stance.cast/1", "disagree", None, "12:00:00.000Z"),
        ("stance.cast/1", "agree", None, "12:00:00.000Z"),
        ("stance.changed/1", "pass", "disagree", "13:00:00.000Z"),
        ("stance.changed/1", "agree", "agree", "13:00:00.000Z"),
        ("stance.changed/1", "disagree", "pass", "14:00:00.000Z"),
    ]


def test_comments_are_told_in_the_order_of_their_times_with_the_time_itself(town: Town) -> None:
    imported(town, "comments", EXPORTED)
    submitted = of_type(entries(town, "comments"), "contribution.submitted/2")
    assert [(one["data"]["ref"], one["claimed_at"]) for one in submitted] == [
        ("comment-1", "2014-06-18T11:59:00.000Z"),
        ("comment-0", "2014-06-18T12:00:00.000Z"),
        ("comment-2", "2014-06-18T12:00:00.000Z"),
    ]


def test_votes_on_what_was_moderated_out_come_in_and_the_comment_is_hidden_after_them(town: Town) -> None:
    done = imported(town, "moderated", EXPORTED)
    recorded = entries(town, "moderated")
    [hidden] = of_type(recorded, "content.hidden/1")
    assert hidden["data"] == {"target": "contribution/comment-1", "motive": "polis_moderated_out", "stances": "counted"} | {
        "_sd": hidden["data"]["_sd"]
    }
    on_it = [entry["seq"] for entry in of_type(recorded, "stance.cast/1") if entry["data"]["target"] == "contribution/comment-1"]
    assert len(on_it) == 1
    assert on_it[0] < hidden["seq"]
    assert done.unmapped == {}


def test_votes_are_counted_both_ways_and_held_against_what_is_published() -> None:
    _, report = told(EXPORTED)
    [counts] = report.vote_counts
    assert counts.rows == {"agree": 3, "pass": 1, "disagree": 2}
    assert counts.last == {"agree": 2, "pass": 0, "disagree": 1}
    # Comment 0 publishes two and two, which are its rows; the others are the same either way.
    assert (counts.published, counts.rows_as_published, counts.last_as_published) == (3, 3, 2)


def test_the_ledger_shows_where_the_published_counts_are_not_one_vote_a_person(town: Town) -> None:
    imported(town, "differing", EXPORTED)
    ledger = town[0]
    ledger.runner.catch_up("differing")
    project = ledger.project("differing")
    found = published_differences(ledger.publisher(project).source(ledger.log(project).size()))
    assert [(one.ref, one.count, one.published, one.replayed, one.replayed_all_rows) for one in found] == [
        ("comment-0", "agree", 2, 1, 2),
        ("comment-0", "disagree", 2, 1, 2),
    ]


def test_people_without_a_group_are_in_none(town: Town) -> None:
    imported(town, "groups", EXPORTED)
    recorded = entries(town, "groups")
    assert [(one["data"]["group"], len(one["data"]["members"])) for one in of_type(recorded, "clusters.listed/1")] == [(0, 1), (1, 1)]
    [sealed] = of_type(recorded, "clusters.sealed/1")
    assert (sealed["data"]["method"], sealed["data"]["groups"], sealed["data"]["count"]) == ("polis_export", 2, 2)
    voters = {one["actor"] for one in recorded if one["type"].startswith("stance.")}
    assert {member for one in of_type(recorded, "clusters.listed/1") for member in one["data"]["members"]} == voters


def test_a_group_larger_than_one_event_is_listed_in_several() -> None:
    people = "".join(f"{number},0,0,0,0,0\n" for number in range(251))
    files = folder(
        comments=COMMENTS + comment(0), votes=VOTES, groups="participant,group-id,n-comments,n-votes,n-agree,n-disagree\n" + people
    )
    documents, _ = told(files)
    assert [len(one["data"]["participants"]) for one in of_type(documents, "clusters.listed/1")] == [250, 1]


def test_each_conversation_of_a_dump_is_a_step_and_its_people_are_nobody_elses(town: Town) -> None:
    done = imported(town, "dumped", DUMPED)
    recorded = entries(town, "dumped")
    assert [one["data"]["step"] for one in of_type(recorded, "step.closed/1")] == ["conversation-9", "conversation-10"]
    taken = [one for one in recorded if one["type"].startswith("stance.")]
    # -1 is agree in the platform's own tables.
    assert [(one["data"]["target"], one["data"]["value"]) for one in taken] == [
        ("contribution/comment-9-0", "agree"),
        ("contribution/comment-10-1", "agree"),
        ("contribution/comment-10-0", "disagree"),
        ("contribution/comment-9-0", "pass"),
    ]
    assert len({one["actor"] for one in taken}) == 2
    fields = [value for name, value in disclosed(town, "dumped") if name == "fields"]
    assert fields == [{"is_seed": "t"}, {"moderated": "0"}], "those of the hidden one are shown to nobody"
    assert not of_type(recorded, "aggregate.recorded/1")
    assert [(one.conversation, one.last["agree"], one.published) for one in done.vote_counts] == [
        ("conversation-9", 0, 0),
        ("conversation-10", 1, 0),
    ]


def test_the_same_folder_again_records_nothing(town: Town) -> None:
    imported(town, "twice", EXPORTED)
    before = entries(town, "twice")
    again = imported(town, "twice", EXPORTED)
    assert entries(town, "twice") == before
    assert again.already_there == len(before)
    with pytest.raises(ImportConflict):
        imported(town, "twice", folder(comments=COMMENTS + comment(5), votes=VOTES))


def test_the_digest_of_a_folder_is_that_of_the_list_of_its_files(town: Town) -> None:
    files = folder(comments=COMMENTS + comment(0), votes=VOTES)
    by_hand = "".join(f"{sha256(files.files[name]).hexdigest()}  {name}\n" for name in ("comments.csv", "votes.csv"))
    assert files.listing.decode() == by_hand


def test_what_cannot_be_mapped_is_reported_with_its_line_and_counted(town: Town) -> None:
    good = vote(0, 2, 1, 0)
    files = folder(
        comments=COMMENTS
        + comment(0)
        + comment(0, body="Again.")
        + comment(3, moderated=2)
        + "x" + comment(4)
        + comment(5, body=" ")
        + "1,2,3\n",
        votes=VOTES + good + vote(8, 2, 1, 0) + vote(0, 2, 3, 0) + "soon" + good + good.rstrip() + ",more\n" + vote(0, 2, -1, 0),
        groups="participant,group-id\n2,0\n2,1\n3,x\n4,100\n",
    )  # fmt: skip
    done = imported(town, "unmapped", files)
    assert noticed(done) == [
        ("id-repeated", "comments.csv:3"),
        ("comment-unread", "comments.csv:4"),
        ("comment-unread", "comments.csv:5"),
        ("comment-unread", "comments.csv:7"),
        ("vote-unread", "votes.csv:4"),
        ("vote-unread", "votes.csv:5"),
        ("vote-unread", "votes.csv:6"),
        ("participant-repeated", "participants-votes.csv:3"),
        ("group-unread", "participants-votes.csv:4"),
        ("group-unread", "participants-votes.csv:5"),
        ("target-not-imported", "votes.csv:3"),
        ("comment-without-words", "comments.csv:6"),
        ("vote-order-unknown", "votes.csv:7"),
    ]
    assert entries(town, "unmapped")[-1]["data"]["unmapped"] == {
        "comment-unread": 3,
        "group-unread": 2,
        "id-repeated": 1,
        "participant-repeated": 1,
        "target-not-imported": 1,
        "vote-unread": 3,
    }


def test_columns_and_rows_that_become_nothing_are_named() -> None:
    _, exported = told(EXPORTED)
    assert [(one.code, one.place, one.words.partition(" ")[0]) for one in exported.notices] == [
        ("column-left-out", "participants-votes.csv:1", "only"),
        ("row-left-out", "summary.csv:2", "url"),
        ("row-left-out", "summary.csv:3", "voters"),
    ]
    _, dumped = told(DUMPED)
    assert [one.words.partition(" ")[0] for one in dumped.notices] == ["uid", "modified", "velocity", "weight_x_32767"]


def test_groups_beside_several_conversations_are_nobodys() -> None:
    groups = "participant,group-id\n2,0\n3,1\n"
    documents, report = told(Folder("town", {**DUMPED.files, "participants-votes.csv": groups.encode()}))
    assert not [one for one in documents if one["type"].startswith("clusters.")]
    assert report.unmapped == {"group-of-unknown-conversation": 2}


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (folder(votes=VOTES), "town/comments.csv"),
        (folder(comments=COMMENTS + comment(0)), "town/votes.csv"),
        (folder(comments="a,b\n", votes=VOTES), "comments.csv:1"),
        (folder(comments=COMMENTS + comment(0), votes="timestamp,vote\n"), "votes.csv:1"),
        (folder(comments=COMMENTS.replace("datetime", "timestamp") + comment(0), votes=VOTES), "comments.csv:1"),
        (folder(comments=COMMENTS, votes=VOTES), "comments.csv"),
        (folder(comments=COMMENTS + comment(0), votes=VOTES + '"open'), "votes.csv:2"),
        (folder(comments=COMMENTS + comment(0, body="\0"), votes=VOTES), "comments.csv"),
        (Folder("town", {"comments.csv": b"\xff\xfe", "votes.csv": b""}), "comments.csv"),
    ],
)
def test_what_is_no_such_folder_is_refused_with_its_place(files: Folder, place: str) -> None:
    with pytest.raises(ForeignFileDamaged) as refusal:
        conversations(files)
    assert refusal.value.place == place


@settings(max_examples=200)
@given(st.sampled_from(FILES), st.binary(max_size=60), st.integers(0, 600))
def test_any_bytes_are_read_or_refused(file: str, noise: bytes, at: int) -> None:
    good = EXPORTED.files[file]
    for content in (noise, good[:at] + noise + good[at:]):
        try:
            documents, _ = told(Folder("town", {**EXPORTED.files, file: content}))
        except ForeignFileDamaged:
            continue
        assert of_type(documents, "contribution.submitted/2")


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from((-1, 0, 1)), st.integers(0, 200)), max_size=40))
def test_every_vote_is_told_once_and_a_person_casts_once(votes: list[tuple[int, int, int, int]]) -> None:
    files = folder(comments=COMMENTS + comment(0) + comment(1) + comment(2), votes=VOTES + "".join(vote(*one) for one in votes))
    documents, report = told(files)
    stances = [one for one in documents if one["type"].startswith("stance.")]
    assert len(stances) == len(votes) == sum(report.vote_counts[0].rows.values())
    assert [one["claimed_at"] for one in stances] == sorted(one["claimed_at"] for one in stances)
    cast = [(one["participant"], one["data"]["target"]) for one in of_type(documents, "stance.cast/1")]
    assert len(cast) == len(set(cast)) == len({(on, who) for on, who, _, _ in votes})
    last = Counter({(one["participant"], one["data"]["target"]): one["data"]["value"] for one in stances}.values())
    assert dict(+last) == {value: count for value, count in report.vote_counts[0].last.items() if count}
