"""`ledger import decidim` and `ledger import consul` with `--url`: several files go to a running service as any platform's events do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.cli.importing import app
from tests.importers.decidim_export import ALL
from tests.importers.test_consul import BUDGET
from tests.serving import Service, serving

FILES = {"decidim": ALL, "consul": BUDGET}


@pytest.fixture(scope="module")
def service(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(database, tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.mark.parametrize("form", FILES)
def test_files_are_posted_once_however_often_and_in_whichever_order_they_are_named(service: Service, tmp_path: Path, form: str) -> None:
    for name, content in FILES[form].items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in FILES[form]]
    key = service.key(form, roles=frozenset({"organizer", "participant"}))
    options = ("--project", form, "--title", "A town", "--url", f"http://127.0.0.1:{service.port}", "--api-key", key)
    first = CliRunner().invoke(app, [form, *paths, *options])
    assert first.exit_code == 0, first.output
    assert "contribution.answered/1" in first.output
    size = service.size(form)
    again = json.loads(CliRunner().invoke(app, [form, *reversed(paths), *options, "--json"]).stdout)
    assert again["already_there"] == service.size(form) == size
    assert again["recorded"]["import.finished/1"] == 1


@pytest.mark.parametrize("form", FILES)
def test_files_that_are_none_end_with_their_place_and_no_traceback(tmp_path: Path, form: str) -> None:
    (tmp_path / "nothing.csv").write_bytes(b"a;b\n1;2\n")
    here = ("--project", "lane", "--url", "http://127.0.0.1:1", "--api-key", "k")
    ended = CliRunner().invoke(app, [form, str(tmp_path / "nothing.csv"), *here])
    assert (ended.exit_code, "nothing.csv:1" in ended.output, "Traceback" in ended.output) == (2, True, False)
    twice = CliRunner().invoke(app, [form, str(tmp_path / "nothing.csv"), str(tmp_path / "other" / "nothing.csv"), *here])
    assert (twice.exit_code, "import-option-invalid" in twice.output) == (2, True)
