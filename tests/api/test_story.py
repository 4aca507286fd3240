"""The story of the examples happens: every submission that the OpenAPI document shows is posted, in order, to a running service."""

import io
import zipfile
from pathlib import Path

import orjson
import pytest

from ledger.api.examples import CLIENT, PROJECT, STORY, example
from ledger.audit import Trust, verify
from ledger.events import EVENTS
from ledger.events.redacted import leaves_of
from ledger.package.disclosure_lines import read_disclosure_line
from ledger.sealing import read_disclosure
from ledger.tlog.note import parse_note
from ledger.tlog.receipt import signed_receipt
from ledger.tlog.tree import tree_root
from ledger.tlog.vkey import parse_vkey
from tests.serving import Service


@pytest.fixture(scope="module")
def told(service: Service) -> list[dict[str, object]]:
    """The answers to the submissions of the story, each posted by itself."""
    key = service.key(CLIENT)
    answers = []
    for submitted in STORY:
        answer = service.post(PROJECT, orjson.dumps(submitted), key, Content_Type="application/json")
        assert answer.status_code == 201, f"{submitted['type']}: {answer.text}"
        answers.append(answer.json())
    service.settle(PROJECT)
    return answers


def test_every_event_type_has_an_example() -> None:
    assert {submitted["type"] for submitted in STORY} == {event.wire_type() for event in EVENTS}
    assert all(example(event.wire_type())["type"] == event.wire_type() for event in EVENTS)


def test_the_whole_story_is_lawful(told: list[dict[str, object]], service: Service) -> None:
    assert len(told) == len(STORY) == service.size(PROJECT)


def test_every_receipt_is_the_logs_promise_for_what_was_recorded(told: list[dict[str, object]], service: Service) -> None:
    vkey = service.keeper.keys.signer(PROJECT).vkey
    lines = service.get(f"/v1/projects/{PROJECT}/events?format=ndjson").content.splitlines()
    for seq, (answer, entry) in enumerate(zip(told, lines, strict=True)):
        receipt = signed_receipt(parse_note(str(answer["receipt"]).encode()), [vkey])
        assert receipt is not None
        assert (receipt.first, receipt.last, receipt.root) == (seq, seq, tree_root(leaves_of([entry])))


def test_the_result_is_what_was_published(told: list[dict[str, object]], service: Service) -> None:
    results = service.get(f"/v1/projects/{PROJECT}/results").json()
    assert results["seq"] == len(STORY) - 1
    first, vote = results["steps"]
    assert (first["step"], len(first["winners"]), first["counted"]) == ("first", 1, 2)
    assert (vote["step"], vote["winners"], vote["agrees"]) == ("vote", ["Idea No. 1", "street-library"], True)


def test_the_package_that_is_downloaded_verifies(told: list[dict[str, object]], service: Service, tmp_path: Path) -> None:
    answer = service.get(f"/v1/projects/{PROJECT}/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    package = tmp_path / "package.zip"
    package.write_bytes(answer.content)
    report = verify(package, trust=Trust((parse_vkey(str(service.keeper.keys.signer(PROJECT).vkey)),)))
    assert [finding for finding in report.findings if finding.severity == "fault"] == []
    assert (report.verdict, report.size) == ("verified", len(STORY))


def test_what_was_erased_is_in_no_file_of_the_package_and_what_was_restored_is(
    told: list[dict[str, object]], service: Service, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(service.get(f"/v1/projects/{PROJECT}/export").content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".parquet")}
    for erased in ("A helipad", "Un héliport", "Earplugs"):
        assert not [name for name, content in files.items() if erased.encode() in content]
    lines = map(read_disclosure_line, files["disclosures.jsonl"].splitlines())
    disclosed = str([read_disclosure(line.disclosure).value for line in lines])
    assert "Go and live in a library." in disclosed
    assert "A helipad" not in disclosed
    assert "Earplugs" not in disclosed


def test_the_timeline_tells_the_story_page_by_page(told: list[dict[str, object]], service: Service) -> None:
    path, seqs = f"/v1/projects/{PROJECT}/timeline?limit=10", []
    while path:
        page = service.get(path).json()
        assert page["seq"] == len(STORY) - 1
        seqs += [row["seq"] for row in page["timeline"]]
        path = page["next"]
    of_one_person = ("ballot.", "attendance.", "participant.described", "stance.", "report.made")
    kept = [seq for seq, submitted in enumerate(STORY) if not str(submitted["type"]).startswith(of_one_person)]
    assert seqs == kept
