"""A package that ends before the disclosure of sealed choices does not hold them, though the log shows them by now."""

import io
from pathlib import Path

from ledger.audit import verify
from ledger.canonical import parse
from ledger.events import read_event
from ledger.exports import LogAtSize, export_package
from ledger.package.zip_reader import PackageReader
from ledger.projections.folding import FoldedSource
from tests.recorded import RecordedLog, town


def package_at(log: RecordedLog, size: int, path: Path) -> Path:
    source = FoldedSource(log.origin)
    for entry in log.stored[:size]:
        source.feed(read_event(entry), {})
    out = io.BytesIO()
    export_package(LogAtSize(log, source), source, log.vouchers(size), out)
    path.write_bytes(out.getvalue())
    return path


def test_choices_disclosed_after_the_checkpoint_are_left_out_and_texts_are_kept(tmp_path: Path) -> None:
    log = town(sealed=True, voters=6)
    disclosed = next(seq for seq, entry in enumerate(log.stored) if read_event(entry).type == "ballots.disclosed/1")
    early = package_at(log, disclosed, tmp_path / "early.zip")
    with PackageReader(early) as reader:
        lines = [parse(line) for line in reader.whole("disclosures.jsonl", 1 << 20).splitlines()]
    names = {line["name"] for line in lines if isinstance(line, dict)}
    assert "entries" not in names
    assert "title" in names
    assert not [finding for finding in verify(early).findings if finding.check == "disclosed-early"]


def test_a_package_of_the_present_holds_them(tmp_path: Path) -> None:
    log = town(sealed=True, voters=6)
    with PackageReader(log.export(tmp_path / "now.zip")) as reader:
        assert b'"entries"' in reader.whole("disclosures.jsonl", 1 << 20)
