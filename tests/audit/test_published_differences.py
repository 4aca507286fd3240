"""Counts that a source published and that its acts do not come to are told, and are no fault of the package."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from ledger.audit.published_wording import difference_lines
from ledger.projections.readings.published_differences import PublishedDifference
from tests.moderated import debate
from tests.tamper.tampering import judged
from tests.voiced import DIFFERENCES, OPINION, voiced

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "report.md").read_text(encoding="utf-8")


def test_the_report_lists_them_and_the_package_is_verified(tmp_path: Path) -> None:
    report = judged(tmp_path, voiced().package())
    assert (report.verdict, report.findings) == ("verified", ())
    assert report.json()["published_differences"] == DIFFERENCES
    schema = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])
    Draft202012Validator(schema).validate(report.json())


def test_where_nothing_was_published_or_nothing_could_be_judged_there_is_none(tmp_path: Path) -> None:
    assert judged(tmp_path, debate().package()).json()["published_differences"] == []
    assert judged(tmp_path, b"no zip").json()["published_differences"] == []


def difference(target: str, count: str = "votes", all_rows: int | None = 8) -> PublishedDifference:
    return PublishedDifference(target, target.partition("/")[2], "old", count, 8, 6, all_rows)


def test_they_are_told_in_a_line_for_each_target_in_both_languages() -> None:
    both = [difference(OPINION), difference(OPINION, "sources", None), difference("contribution/z", all_rows=6)]
    assert difference_lines(both, "en") == [
        "contribution/open-data (old) – votes: published 8, here 6, 8 if every change counts as one more; sources: published 8, here 6",
        "contribution/z (old) – votes: published 8, here 6",
    ]
    assert difference_lines(both[2:], "fr") == ["contribution/z (old) – votes : publié 8, ici 6"]


def test_of_many_the_first_twenty_are_told_and_how_many_more_there_are() -> None:
    lines = difference_lines([difference(f"contribution/{number:02}") for number in range(23)], "en")
    assert len(lines) == 21
    assert lines[-1] == "… and 3 more; --json lists all of them"
