"""Changes to a good package, made by somebody without the ledger's key: verification fails and names the place."""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit import verify
from tests.recorded import RecordedLog, town
from tests.tamper.tampering import Change, changed, faults, judged, line_changed, packed, unpacked
from tests.tlog.keys import KnownSigner


@cache
def log(sealed: bool = False) -> RecordedLog:
    return town(sealed, voters=12)


@cache
def package(sealed: bool = False) -> bytes:
    return log(sealed).package()


def second_line_first(content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines[0], lines[1] = lines[1], lines[0]
    return b"\n".join(lines)


def without_last_line(content: bytes) -> bytes:
    return content[: content.rstrip(b"\n").rindex(b"\n") + 1]


CHANGES: list[tuple[str, Change, str, str]] = [
    ("events.ndjson", line_changed(3, b'"client":"guarantor"', b'"client":"guarantos"'), "tile", "(entry 2)"),
    ("events.ndjson", line_changed(3, b'"seq":2', b'"seq":3'), "entry-misplaced", "line 3"),
    ("events.ndjson", line_changed(5, b'"at":', b'"at": '), "entry-not-canonical", "line 5"),
    ("events.ndjson", line_changed(5, b"town-2026", b"town-2027"), "entry-of-another-log", "line 5"),
    ("events.ndjson", line_changed(6, b"step.opened/1", b"step.opensd/1"), "entry-malformed", "line 6"),
    ("events.ndjson", second_line_first, "entry-misplaced", "line 1"),
    ("events.ndjson", without_last_line, "size", "events.ndjson"),
    ("events.ndjson", lambda content: content + content.split(b"\n")[0] + b"\n", "size", "events.ndjson"),
    ("events.ndjson", lambda content: content.rstrip(b"\n"), "file-damaged", "events.ndjson line"),
    ("events.ndjson", lambda content: b"x" * 20_000 + content, "file-damaged", "events.ndjson line 1"),
    ("events.ndjson", b"", "size", "events.ndjson"),
    ("disclosures.jsonl", line_changed(1, b'"disclosure":"Wy', b'"disclosure":"Wz'), "disclosure-malformed", "entry 6, field body"),
    ("disclosures.jsonl", line_changed(1, b'"seq":6', b'"seq":5'), "disclosure-unmatched", "entry 5"),
    ("disclosures.jsonl", line_changed(1, b'"name":"body"', b'"name":"bodx"'), "disclosure-misnamed", "entry 6, field bodx"),
    ("disclosures.jsonl", line_changed(1, b'"seq"', b'"sec"'), "disclosure-malformed", "disclosures.jsonl line 1"),
    ("disclosures.jsonl", second_line_first, "disclosure-order", "disclosures.jsonl line 2"),
    ("disclosures.jsonl", without_last_line, "commitment-unexplained", "field statement"),
    ("disclosures.jsonl", lambda content: content + content.split(b"\n")[0].replace(b'"seq":6', b'"seq":900') + b"\n",
     "disclosure-misplaced", "disclosures.jsonl line"),
    ("log/checkpoint", lambda content: content.replace(b"\n", b"0\n", 2), "signature", "log/checkpoint"),
    ("log/checkpoint", b"nothing", "malformed-note", "log/checkpoint"),
    ("log/checkpoint", lambda content: content.replace(b"\n\n", b"\nmore\n\n"), "checkpoint-extended", "line 4"),
    ("log/vkey", lambda content: content[:-1], "malformed-vkey", "log/vkey"),
    ("log/vkey", f"{KnownSigner(log().origin, 9).vkey}\n".encode(), "ledger-keys", "log/vkey"),
    ("log/vkey", None, "file-damaged", "log/vkey"),
    ("tables/turnout.csv", line_changed(2, b"vote,paper,", b"vote,paper,9"), "file-differs", "tables/turnout.csv line 2"),
    ("tables/ballots.csv", second_line_first, "file-differs", "tables/ballots.csv line 1"),
    ("tables/ballots.csv", without_last_line, "file-differs", "tables/ballots.csv line"),
    ("tables/ballots.csv", lambda content: content + b"more\n", "file-differs", "tables/ballots.csv line"),
    ("tables/ballots.csv", None, "file-missing", "tables/ballots.csv"),
    ("results/vote.json", lambda content: content.replace(b"No. lamp", b"No. pool", 1), "file-differs", "results/vote.json line"),
    ("pabulib/vote.pb", lambda content: content.replace(b";", b"; ", 1), "file-differs", "pabulib/vote.pb line 2"),
    ("README.en.txt", lambda content: content.replace(b"--key KEY", b"", 1), "file-differs", "README.en.txt line"),
    ("README.fr.txt", None, "file-missing", "README.fr.txt"),
    ("tables/extra.csv", b"a,b\n", "file-unknown", "tables/extra.csv"),
    ("verify.exe", b"MZ", "file-unknown", "verify.exe"),
    ("datapackage.json", lambda content: content.replace(b"the ballot", b"a ballot", 1), "file-differs", "datapackage.json line"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "check", "place"), CHANGES)
def test_a_changed_file_is_named(tmp_path: Path, name: str, change: Change, check: str, place: str) -> None:
    files = unpacked(package())
    content = change(files[name]) if callable(change) else change
    assert content != files.get(name), "nothing was changed"
    report = judged(tmp_path, changed(package(), {name: content}, restated=not name.startswith("datapackage.")))
    assert report.verdict == "failed"
    assert check in faults(report), report.findings
    assert place in faults(report)[check].place


def test_a_parquet_file_with_another_value_is_named_by_its_cell(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    name = "tables/turnout.parquet"
    table = parquet.read_table(io.BytesIO(unpacked(package())[name]))
    rows = table.to_pylist()
    rows[0]["counted"] = 777
    out = io.BytesIO()
    parquet.write_table(table.from_pylist(rows, schema=table.schema), out, compression="zstd")
    found = faults(judged(tmp_path, changed(package(), {name: out.getvalue()})))["parquet-differs"]
    assert (found.place, found.found) == (f"{name}, row 1, column counted", "777")
    fewer = io.BytesIO()
    parquet.write_table(table.slice(1), fewer)
    assert "parquet-differs" in faults(judged(tmp_path, changed(package(), {name: fewer.getvalue()})))
    renamed = io.BytesIO()
    parquet.write_table(table.rename_columns([f"x{name}" for name in table.column_names]), renamed)
    assert "parquet-differs" in faults(judged(tmp_path, changed(package(), {name: renamed.getvalue()})))
    assert "file-damaged" in faults(judged(tmp_path, changed(package(), {name: b"PAR1" + bytes(50) + b"PAR1"})))


@pytest.mark.parametrize("missing", ["events.ndjson", "log/checkpoint"])
def test_without_entries_or_checkpoint_there_is_nothing_to_judge(tmp_path: Path, missing: str) -> None:
    report = judged(tmp_path, changed(package(), {missing: None}))
    assert report.verdict == "unreadable"
    assert faults(report)["package-unreadable"].place == missing


@pytest.mark.parametrize(
    "write",
    [
        lambda archive: archive.writestr("../../outside", b"x"),
        lambda archive: archive.writestr("/etc/cron.d/x", b"x"),
        lambda archive: archive.writestr("events.ndjson", bytes(60_000_000)),
    ],
    ids=["leads out", "absolute", "bomb"],
)
def test_a_hostile_zip_is_not_opened(tmp_path: Path, write: Callable[[zipfile.ZipFile], None]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        write(archive)
    report = judged(tmp_path, out.getvalue())
    assert report.verdict == "unreadable"
    assert list(faults(report)) == ["package-unsafe"]
    assert set(report.stages.values()) == {"failed", "not_checked"}


def test_another_key_does_not_verify(tmp_path: Path) -> None:
    report = judged(tmp_path, package(), KnownSigner(log().origin, 7).vkey)
    assert report.verdict == "failed"
    assert faults(report)["signature"].place == "log/checkpoint"
    assert report.stages["lawfulness"] == "passed"


def test_the_key_of_another_log_does_not_verify(tmp_path: Path) -> None:
    assert "signature" in faults(judged(tmp_path, package(), KnownSigner("ledger.example/p/other").vkey))


NAMES = sorted(unpacked(package(True)))


@settings(max_examples=60)
@given(
    name=st.sampled_from(NAMES), place=st.integers(0, 10_000), byte=st.integers(0, 255), how=st.sampled_from(["set", "cut", "put", "drop"])
)
def test_no_change_of_any_file_is_verified_or_raises(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, byte: int, how: str
) -> None:
    """The forger states the new digests; what remains of a change is then only what the entries, the signature and the code say."""
    content = unpacked(package(True))[name]
    at = place % len(content)
    new = {
        "set": content[:at] + bytes([byte]) + content[at + 1 :],
        "cut": content[:at],
        "put": content[:at] + bytes([byte]) + content[at:],
        "drop": content[:at] + content[at + 1 :],
    }[how]
    report = judged(tmp_path_factory.getbasetemp(), changed(package(True), {name: new}, restated=not name.startswith("datapackage.")))
    if not name.endswith(".parquet"):  # values are compared there, not bytes: the next test says what that finds
        assert (report.verdict == "verified") == (new == content), report.json()


@settings(max_examples=30)
@given(data=st.binary(max_size=400), zipped=st.booleans())
def test_any_bytes_are_answered_with_a_report(tmp_path_factory: pytest.TempPathFactory, data: bytes, zipped: bool) -> None:
    content = packed({"events.ndjson": data, "log/checkpoint": data}) if zipped else data
    report = judged(tmp_path_factory.getbasetemp(), content)
    assert report.verdict != "verified"
    assert report.findings


def test_a_package_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    assert verify(tmp_path / "absent.zip").verdict == "unreadable"
    assert verify(tmp_path).verdict == "unreadable"
