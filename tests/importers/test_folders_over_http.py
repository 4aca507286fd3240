"""Formats that are folders go to a running service as any platform's events do, and one that is none ends with its place."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.cli.importing import app
from ledger.importers.folder import Folder
from tests.importers.test_decide_madrid import CONSULTED
from tests.importers.test_polis import DUMPED, EXPORTED
from tests.serving import Service, serving

FOLDERS: dict[str, tuple[str, Folder]] = {
    "exported": ("polis", EXPORTED),
    "dumped": ("polis", DUMPED),
    "madrid": ("decide-madrid", CONSULTED),
}


@pytest.fixture(scope="module")
def service(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(database, tmp_path_factory.mktemp("service")) as running:
        yield running


def written(files: Folder, at: Path) -> Path:
    for name, content in files.files.items():
        (at / name).write_bytes(content)
    return at


@pytest.mark.parametrize("project", FOLDERS)
def test_a_folder_is_posted_once_however_often_the_command_runs(service: Service, tmp_path: Path, project: str) -> None:
    form, files = FOLDERS[project]
    key = service.key(project, roles=frozenset({"organizer", "participant"}))
    here = ("--url", f"http://127.0.0.1:{service.port}", "--api-key", key)
    command = [form, str(written(files, tmp_path)), "--project", project, "--title", "A plan", *here]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    assert "contribution.submitted/2" in first.output
    size = service.size(project)
    again = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert again["already_there"] == service.size(project) == size
    assert again["recorded"]["import.finished/1"] == 1


def test_votes_counted_both_ways_are_printed_and_told_as_json(service: Service, tmp_path: Path) -> None:
    key = service.key("counts", roles=frozenset({"organizer", "participant"}))
    here = ("--url", f"http://127.0.0.1:{service.port}", "--api-key", key)
    command = ["polis", str(written(EXPORTED, tmp_path)), "--project", "counts", *here]
    printed = CliRunner().invoke(app, command)
    assert "consultation: last votes" in printed.output
    assert "3 of 3 comments" in printed.output
    [counts] = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)["vote_counts"]
    assert (counts["rows"]["agree"], counts["last"]["agree"]) == (3, 2)


@pytest.mark.parametrize("form", ["polis", "decide-madrid"])
def test_a_folder_that_is_none_ends_with_its_place_and_no_traceback(tmp_path: Path, form: str) -> None:
    file = tmp_path / "comments.csv"
    file.write_bytes(b"a,b\n")
    for path in (tmp_path / "nowhere", file, tmp_path):
        ended = CliRunner().invoke(app, [form, str(path), "--project", "lane", "--url", "http://127.0.0.1:1", "--api-key", "k"])
        assert (ended.exit_code, "foreign-file-damaged" in ended.output, "Traceback" in ended.output) == (2, True, False)
