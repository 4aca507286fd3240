"""`ledger import pabulib --url`: an election goes to a running service as any platform's events do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ledger.cli.importing import app
from ledger.importers import IMPORTERS
from tests.importers.consultation_export import argument, opinion, published, vote
from tests.importers.test_pabulib_import import STREET
from tests.importers.test_republique_numerique import lines
from tests.importers.test_republique_numerique import opinion as bill_opinion
from tests.serving import Service, serving


@pytest.fixture(scope="module")
def service(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(database, tmp_path_factory.mktemp("service")) as running:
        yield running


def test_every_format_has_a_command() -> None:
    assert tuple(command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands) == IMPORTERS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["pabulib", *arguments])


def test_an_election_is_posted_once_however_often_the_command_runs(service: Service) -> None:
    here = ("--url", f"http://127.0.0.1:{service.port}/", "--api-key", service.key("archive"))
    first = run(str(STREET), "--project", "street", *here)
    assert first.exit_code == 0, first.output
    assert "ballot.cast/1" in first.output
    assert "Project t/1 was funded by the housing company." in first.output
    size = service.size("street")
    again = run(str(STREET), "--project", "street", *here, "--json")
    assert json.loads(again.stdout)["already_there"] == service.size("street") == size


def test_what_the_service_refuses_is_told_in_its_words(service: Service) -> None:
    url = f"http://127.0.0.1:{service.port}"
    refused = run(str(STREET), "--project", "lane", "--url", url, "--api-key", service.key("reader", scopes=frozenset()))
    assert (refused.exit_code, service.size("lane")) == (1, 0)
    assert "scope-missing" in refused.output
    unknown = run(str(STREET), "--project", "lane", "--url", url, "--api-key", "ledger_nobody_x")
    assert "api-key-unknown" in unknown.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--url", "http://127.0.0.1:1"), "import-option-invalid"),
        (("--api-key", "k"), "import-option-invalid"),
        (("--url", "http://127.0.0.1:1", "--api-key", "k", "--envelope", "Green"), "import-option-invalid"),
        (("--url", "http://127.0.0.1:1", "--api-key", "k", "--envelopes-kind", "soft"), "import-option-invalid"),
    ],
)
def test_options_that_cannot_be_end_with_the_code_for_usage(arguments: tuple[str, ...], code: str) -> None:
    ended = run(str(STREET), "--project", "lane", *arguments)
    assert ended.exit_code == 2
    assert code in ended.output


def test_a_damaged_file_ends_with_its_line_and_no_traceback(tmp_path: Path) -> None:
    damaged = tmp_path / "street.pb"
    damaged.write_text(STREET.read_text().replace("o;4000", "o;dear"))
    ended = run(str(damaged), "--project", "lane", "--url", "http://127.0.0.1:1", "--api-key", "k")
    assert ended.exit_code == 2
    assert "street.pb:20: cost" in ended.output
    assert "Traceback" not in ended.output


CONSULTATIONS = {
    "cap-collectif": published([opinion("first"), vote("v", "first", "ada", "YES"), argument("a", "first")]),
    "republique-numerique": lines(bill_opinion(1)),
}


@pytest.mark.parametrize("form", CONSULTATIONS)
def test_a_consultation_is_posted_once_however_often_the_command_runs(service: Service, tmp_path: Path, form: str) -> None:
    file = tmp_path / "consultation"
    file.write_bytes(CONSULTATIONS[form])
    key = service.key(form, roles=frozenset({"organizer", "participant"}))
    command = (form, str(file), "--project", form, "--title", "A plan", "--url", f"http://127.0.0.1:{service.port}", "--api-key", key)
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    assert "argument.submitted/1" in first.output
    size = service.size(form)
    again = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert again["already_there"] == service.size(form) == size
    assert again["recorded"]["import.finished/1"] == 1


def test_a_consultation_that_is_none_ends_with_its_line_and_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "nothing.csv"
    for form, content in (("cap-collectif", b"a;b\n"), ("republique-numerique", b"{}\n")):
        file.write_bytes(content)
        ended = CliRunner().invoke(app, [form, str(file), "--project", "lane", "--url", "http://127.0.0.1:1", "--api-key", "k"])
        assert (ended.exit_code, "nothing.csv:1" in ended.output, "Traceback" in ended.output) == (2, True, False)
    missing = CliRunner().invoke(app, ["cap-collectif", str(tmp_path / "nowhere.csv"), "--project", "lane"])
    assert (missing.exit_code, "foreign-file-damaged" in missing.output) == (2, True)
