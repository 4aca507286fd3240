"""Every file that follows from the entries is made anew in the page, as it stands in packages that Python wrote; a false one is found."""

from pathlib import Path

import pytest

from ledger.audit import verify
from tests.browser.browsing import Verifier
from tests.browser.stories import STORIES, story
from tests.tamper.tampering import changed, unpacked

CONTENTS = ("contributions", "arguments", "sections", "versions", "answers")
STANCES = ("aggregates", "tallies", "consensus")
MADE_ANEW = ("timeline", "changes", "moderation", "erasures", "participation", "proposals", *CONTENTS, *STANCES)
"""Tables that no longer stand among those that are only hashed."""
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
    assert not not_made_anew(found) & {f"tables/{table}.csv" for table in MADE_ANEW}


def falsified(table: bytes) -> list[bytes]:
    """The table with its last line told otherwise, without it, and with it twice."""
    lines = table.splitlines(keepends=True)
    last = lines[-1]
    other = last[:-2] + (b"8" if last[-2:-1] != b"8" else b"9") + b"\n"
    return [b"".join([*lines[:-1], other]), b"".join(lines[:-1]), b"".join([*lines, last])]


@pytest.mark.parametrize("table", FALSIFIED)
def test_a_false_line_is_found_where_the_command_line_finds_it(verifier: Verifier, tmp_path: Path, table: str) -> None:
    path = tmp_path / "false.zip"
    name = f"tables/{table}.csv"
    for package in map(story, FALSIFIED[table]):
        content = unpacked(package)[name]
        assert content.count(b"\n") > 1
        for false in falsified(content):
            forged = changed(package, {name: false})
            path.write_bytes(forged)
            report, found = verify(path), verifier.report(forged)
            assert (found["verdict"], report.verdict) == ("failed", "failed")
            assert found["stages"]["results"] == report.stages["results"] == "failed"
            places = [finding.place for finding in report.findings if finding.check == "file-differs"]
            assert [finding["place"] for finding in found["findings"] if finding["check"] == "file-differs"] == places
            assert len(places) == 1
