"""Every file that follows from the entries is made anew in the page, as it stands in packages that Python wrote; a false one is found."""

import re
from pathlib import Path

import pytest

from ledger.audit import verify
from tests.browser.browsing import Verifier
from tests.browser.stories import STORIES, story
from tests.tamper.tampering import changed, unpacked

CONTENTS = ("contributions", "arguments", "sections", "versions", "answers")
STANCES = ("aggregates", "tallies", "consensus")
SHAPES = (
    *(f"polis/talk/{name}.csv" for name in ("comments", "participants-votes", "summary", "votes")),
    "cap-collectif/debate.csv",
    "decidim/box.csv",
)
FALSIFIED = {
    "timeline": ("town", "hidden"),
    "changes": ("changing", "moderated"),
    "moderation": ("hidden", "moderated"),
    "erasures": ("hidden", "bill"),
    "participation": ("town", "voiced"),
    "proposals": ("package",),
    "contributions": ("bill", "hidden"),
    "arguments": ("bill", "moderated"),
    "sections": ("bill", "package-2"),
    "versions": ("bill", "package-2"),
    "answers": ("bill", "hidden"),
    "aggregates": ("voiced", "package-2"),
    "tallies": ("voiced", "package-2"),
    "consensus": ("package-2",),
}
"""Table → packages in which it is not empty."""
FALSE_RESULTS = (
    (rb'"spare": (\d+)', b'"spare": 1\\1'),
    (rb'"short": (\d+)', b'"short": 1\\1'),
    (rb'"agrees": false', b'"agrees": true'),
    (rb'"unexplained"', b'"tie"'),
    (rb'"ties_reversed": \[\s+', b'"ties_reversed": [\n      "No. pool",\n      '),
    (rb'"assumes": "\w+"', b'"assumes": "nothing"'),
)
"""What somebody may write of a vote who likes another result better."""


def not_made_anew(report: dict[str, object]) -> set[str]:
    """The files that the report says were only hashed."""
    told = report["not_checked"]
    assert isinstance(told, list)
    return {name for left in told if left["code"] == "tables" for name in left["what"].split(", ")}


@pytest.mark.parametrize("name", STORIES)
def test_what_python_wrote_is_what_the_page_makes(verifier: Verifier, name: str) -> None:
    found = verifier.report(story(name))
    assert [finding for finding in found["findings"] if finding["severity"] == "fault"] == []
    assert found["verdict"] == "verified"
    assert all(name.endswith(".parquet") for name in not_made_anew(found))


def falsified(table: bytes) -> list[bytes]:
    """The table with its last line told otherwise, without it, and with it twice."""
    lines = table.splitlines(keepends=True)
    last = lines[-1]
    other = last[:-2] + (b"8" if last[-2:-1] != b"8" else b"9") + b"\n"
    return [b"".join([*lines[:-1], other]), b"".join(lines[:-1]), b"".join([*lines, last])]


@pytest.mark.parametrize(("written", "instead"), FALSE_RESULTS)
def test_a_false_word_about_a_result_is_found_where_the_command_line_finds_it(
    verifier: Verifier, tmp_path: Path, written: bytes, instead: bytes
) -> None:
    name = "results/vote.json"
    content = unpacked(story("disputed"))[name]
    false, count = re.subn(written, instead, content, count=1)
    assert count == 1
    assert_found_alike(verifier, tmp_path, name, changed(story("disputed"), {name: false}))


@pytest.mark.parametrize("table", FALSIFIED)
def test_a_false_line_is_found_where_the_command_line_finds_it(verifier: Verifier, tmp_path: Path, table: str) -> None:
    name = f"tables/{table}.csv"
    for package in map(story, FALSIFIED[table]):
        content = unpacked(package)[name]
        assert content.count(b"\n") > 1
        for false in falsified(content):
            assert_found_alike(verifier, tmp_path, name, changed(package, {name: false}))


@pytest.mark.parametrize("name", SHAPES)
def test_a_false_line_in_the_shape_of_another_platform_is_found(verifier: Verifier, tmp_path: Path, name: str) -> None:
    package = story("shaped")
    for false in falsified(unpacked(package)[name]):
        assert_found_alike(verifier, tmp_path, name, changed(package, {name: false}))


@pytest.mark.parametrize("page", ["README.en.txt", "README.fr.txt"])
def test_a_page_for_people_that_says_something_else_is_found(verifier: Verifier, tmp_path: Path, page: str) -> None:
    forged = changed(story("town"), {page: lambda content: content.replace(b"--older", b"--trust", 1)})
    path = tmp_path / "false.zip"
    path.write_bytes(forged)
    report, found = verify(path), verifier.report(forged)
    assert (found["verdict"], report.verdict) == ("failed", "failed")
    assert found["stages"] == {str(stage): str(status) for stage, status in report.stages.items()}
    told = [(finding.check, finding.place) for finding in report.findings if finding.severity == "fault"]
    assert [(finding["check"], finding["place"]) for finding in found["findings"] if finding["severity"] == "fault"] == told


def assert_found_alike(verifier: Verifier, folder: Path, name: str, forged: bytes) -> None:
    """Page and command line name the same place, in the file of this name."""
    path = folder / "false.zip"
    path.write_bytes(forged)
    report, found = verify(path), verifier.report(forged)
    assert (found["verdict"], report.verdict) == ("failed", "failed")
    assert found["stages"]["results"] == report.stages["results"] == "failed"
    places = [finding.place for finding in report.findings if finding.check == "file-differs"]
    assert [finding["place"] for finding in found["findings"] if finding["check"] == "file-differs"] == places
    assert [place.partition(" ")[0] for place in places] == [name]
