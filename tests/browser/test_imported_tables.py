"""Consultations that came in from other platforms: the page makes every table of their packages anew."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ledger.aggregates import evolve
from ledger.audit import verify
from ledger.cli.in_process import IntakePosting
from ledger.events import read_event
from ledger.importers.consultation import Consultation, import_consultation
from ledger.importers.running import run_name
from ledger.sealing import read_disclosure
from tests.browser.browsing import Verifier
from tests.importers.conftest import town
from tests.importers.consultation_export import published
from tests.importers.decidim_export import ALL
from tests.importers.looking import Town
from tests.importers.test_round_trips import COMMENTS, CONSULTATION, GROUPS, SETTING, VOTES, cap_collectif, decidim, polis
from tests.recorded import RecordedLog
from tests.tamper.tampering import changed, unpacked

__all__ = ["town"]


def package_of(town: Town, consultation: Consultation, content: bytes) -> bytes:
    """The package of a consultation after its import."""
    project = consultation.telling.report.project
    import_consultation(consultation, IntakePosting(*town, project), run_name(content, SETTING), lambda answered: None)
    imported = town[0].log(town[0].project(project))
    disclosed: dict[int, dict[str, Any]] = {}
    log: RecordedLog | None = None
    shown = {(seq, name): text for seq, name, text in imported.disclosures(0, imported.size())}
    for (seq, name), text in shown.items():
        disclosed.setdefault(seq, {})[name] = read_disclosure(text).value
    for seq, entry in imported.entries(0, imported.size()):
        event = read_event(entry)
        log = log or RecordedLog(event.log)
        fields: Mapping[str, Any] = disclosed.get(seq, {})
        evolve(log.aggregates, event)
        log.stored.append(entry)
        log._folded.append((event, fields))
        log.source.feed(event, fields)
    assert log is not None
    log.shown = shown
    return log.package()


@pytest.fixture(scope="module")
def packages(town: Town) -> Iterator[dict[str, bytes]]:
    """One package for each platform."""
    content = published(CONSULTATION)
    conversation = {"comments.csv": COMMENTS.encode(), "votes.csv": VOTES.encode(), "participants-votes.csv": GROUPS.encode()}
    yield {
        "cap-collectif": package_of(town, cap_collectif(content, "cap-1"), content),
        "polis": package_of(town, polis(conversation, "polis-1"), COMMENTS.encode()),
        "decidim": package_of(town, decidim(ALL, "decidim-1"), b"".join(ALL.values())),
    }


def test_every_table_of_an_imported_consultation_is_made_anew(verifier: Verifier, tmp_path: Path, packages: Mapping[str, bytes]) -> None:
    path = tmp_path / "export.zip"
    for package in packages.values():
        path.write_bytes(package)
        found = verifier.report(package)
        assert [finding for finding in found["findings"] if finding["severity"] == "fault"] == []
        assert (found["verdict"], verify(path).verdict) == ("verified", "verified")
        told = [name for left in found["not_checked"] if left["code"] == "tables" for name in left["what"].split(", ")]
        assert [name for name in told if name.startswith("tables/") and name.endswith(".csv")] == []


FALSE = {
    "cap-collectif": ("contributions", "arguments", "sections", "versions", "aggregates", "tallies"),
    "polis": ("contributions", "versions", "tallies", "consensus"),
    "decidim": ("contributions", "answers"),
}


@pytest.mark.parametrize("platform", FALSE)
def test_a_false_line_in_an_imported_consultation_is_found(
    verifier: Verifier, tmp_path: Path, packages: Mapping[str, bytes], platform: str
) -> None:
    path = tmp_path / "false.zip"
    for table in FALSE[platform]:
        name = f"tables/{table}.csv"
        lines = unpacked(packages[platform])[name].splitlines(keepends=True)
        assert len(lines) > 1, table
        false = changed(packages[platform], {name: b"".join([*lines[:1], b"x" + lines[1], *lines[2:]])})
        path.write_bytes(false)
        [place] = [finding.place for finding in verify(path).findings if finding.check == "file-differs"]
        found = verifier.report(false)
        assert found["verdict"] == "failed"
        assert [finding["place"] for finding in found["findings"] if finding["check"] == "file-differs"] == [place]
