"""Conversations in the files of Polis' open data: its columns, its counts, and no link between who wrote and who voted."""

import csv
from io import StringIO

import pytest

from ledger.package import polis_file
from ledger.package.delimited import folder_of, hour_of
from ledger.package.publication import derived_files
from tests.package.shapes import TALK, again, names, opened, rows, shaped, stance
from tests.recorded import RecordedLog


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return shaped()


def test_a_step_has_the_files_where_it_has_the_scale(log: RecordedLog) -> None:
    assert [name for name in names(log) if name.startswith("polis/")] == [
        f"{TALK}{name}.csv" for name in ("comments", "participants-votes", "summary", "votes")
    ]


def test_comments_have_the_counts_of_all_rows_and_the_state_of_moderation(log: RecordedLog) -> None:
    comments = {row["comment-body"]: row for row in rows(log, f"{TALK}comments.csv")}
    assert list(comments["'@Yes, please"]) == [
        *("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
    ]
    # Bob's first vote and his second are two; Cy's vote on the second comment was taken back, and stays counted.
    assert [(row["comment-id"], row["agrees"], row["disagrees"], row["moderated"]) for row in comments.values()] == [
        ("1", "2", "0", "1"),
        ("3", "1", "0", "-1"),
        ("2", "0", "0", "0"),
        ("0", "2", "1", "0"),
    ]
    assert set(comments) == {"No\nNever", "", "Perhaps", "'@Yes, please"}


def test_votes_are_the_last_of_each_voter_by_the_hour(log: RecordedLog) -> None:
    votes = rows(log, f"{TALK}votes.csv")
    assert sorted((row["comment-id"], row["vote"]) for row in votes) == [("0", "0"), ("0", "1"), ("0", "1"), ("1", "1"), ("3", "1")]
    assert {int(row["timestamp"]) % 3_600_000 for row in votes} == {0}
    assert {row["datetime"] for row in votes} == {"Sun Mar 01 08:00:00 UTC 2026", "Sun Mar 01 10:00:00 UTC 2026"}
    assert {row["timestamp"] for row in votes} == {"1772352000000", "1772359200000"}


def test_voters_are_numbered_by_pseudonym_and_authors_after_them(log: RecordedLog) -> None:
    voters = {row["voter-id"] for row in rows(log, f"{TALK}votes.csv")}
    authors = [row["author-id"] for row in rows(log, f"{TALK}comments.csv")]
    assert voters == {"0", "1", "2"}
    assert sorted(authors) == ["3", "3", "4", "5"] or sorted(authors) == ["3", "4", "4", "5"]
    seed = next(row for row in rows(log, f"{TALK}comments.csv") if row["comment-body"] == "Perhaps")
    assert seed["author-id"] == "5"


def test_the_matrix_says_what_the_votes_say_whatever_fits_in_memory(log: RecordedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    votes = {(row["voter-id"], row["comment-id"]): row["vote"] for row in rows(log, f"{TALK}votes.csv")}
    matrix = rows(log, f"{TALK}participants-votes.csv")
    for most in (1, 5, polis_file.MOST_CELLS):
        monkeypatch.setattr(polis_file, "MOST_CELLS", most)
        assert rows(log, f"{TALK}participants-votes.csv") == matrix
        assert [*matrix[0]] == ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "0", "1", "2", "3"]
        cells = {(row["participant"], number): row[number] for row in matrix for number in "0123" if row[number]}
        assert cells == votes
    assert [row["group-id"] for row in matrix] == ["0", "0", "1"]
    assert {row["n-comments"] for row in matrix} == {""}
    assert sum(int(row["n-votes"]) for row in matrix) == 5
    assert all(int(row["n-agree"]) == sum(row[number] == "1" for number in "0123") for row in matrix)


def test_the_summary_counts_the_conversation(log: RecordedLog) -> None:
    [content] = [b"".join(pieces) for name, pieces in derived_files(log.source) if name == f"{TALK}summary.csv"]
    assert dict(csv.reader(StringIO(content.decode()))) == {
        "topic": "'=Talk", "url": log.origin, "views": "", "voters": "3", "voters-in-conv": "3", "commenters": "2", "comments": "4",
        "groups": "2", "conversation-description": "'=What do you think?",
    }  # fmt: skip


def test_comments_that_go_by_numbers_keep_them() -> None:
    log = opened()
    log.post("step.planned", step="talk", kind="consultation", title={"en": "Talk"}, accepts=["opinion"])
    log.post("step.stances_set", step="talk", scales={"opinion": "agree_pass_disagree"})
    log.post("step.opened", step="talk")
    for number in ("12", "3"):
        log.post(
            "contribution.submitted", "participant", who="ana", ref=f"comment-{number}", external_ref=number, step="talk", kind="opinion"
        )
    assert [row["comment-id"] for row in rows(log, f"{TALK}comments.csv")] == ["12", "3"]
    assert next(csv.reader(StringIO(_text(log, "participants-votes.csv"))))[6:] == ["3", "12"]
    log.post("contribution.submitted", "participant", who="ana", ref="comment-x", external_ref="03", step="talk", kind="opinion")
    assert [row["comment-id"] for row in rows(log, f"{TALK}comments.csv")] == ["0", "1", "2"]


def test_a_conversation_that_has_hardly_begun_has_files_without_rows() -> None:
    log = opened()
    log.post("step.planned", step="talk", kind="consultation", title={"en": "Talk"}, accepts=["opinion"])
    log.post("step.stances_set", step="talk", scales={"opinion": "agree_pass_disagree"})
    assert all(not rows(log, f"{TALK}{name}.csv") for name in ("comments", "votes", "participants-votes"))


def test_numbers_of_voters_do_not_depend_on_who_came_first() -> None:
    log = opened()
    log.post("step.planned", step="talk", kind="consultation", title={"en": "Talk"}, accepts=["opinion"])
    log.post("step.stances_set", step="talk", scales={"opinion": "agree_pass_disagree"})
    log.post("step.opened", step="talk")
    log.post("contribution.submitted", ref="seed", step="talk", kind="opinion", body={"en": "Perhaps"})
    for who in ("cy", "bob", "ana"):
        stance(log, "talk", who, "seed", "pass")
    again(log, "talk", "ana", "seed", "agree")
    numbers = {stance.actor: number for number, stance in enumerate(sorted(log.source.stances("talk"), key=lambda found: found.actor))}
    votes = {row["voter-id"]: row["vote"] for row in rows(log, f"{TALK}votes.csv")}
    assert votes == {str(numbers[found.actor]): "1" if found.value == "agree" else "0" for found in log.source.stances("talk")}


@pytest.mark.parametrize(("step", "folder"), [("talk", "talk"), (".", "~2E"), ("..", "~2E~2E"), ("~2E", "~7E2E"), ("a.b", "a.b")])
def test_the_folder_of_a_step_leads_nowhere_else(step: str, folder: str) -> None:
    assert folder_of(step) == folder


def test_a_time_that_does_not_exist_is_no_hour() -> None:
    assert hour_of("2026-10-39T10:00:00.000Z") is None


def _text(log: RecordedLog, name: str) -> str:
    return b"".join(next(pieces for found, pieces in derived_files(log.source) if found == TALK + name)).decode()
