"""A package holds what it should, streams, and is never made from a log that its own signature contradicts."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from ledger.canonical import JsonValue
from ledger.errors import LogDiffers
from ledger.exports import export_package
from ledger.package.layout import READMES, fixed_names, possible_names
from ledger.package.zip_reader import PackageReader
from tests.recorded import RecordedLog, town
from tests.tamper.tampering import unpacked


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return town(voters=12)


def test_entries_are_the_stored_bytes_one_per_line(log: RecordedLog) -> None:
    assert unpacked(log.package())["events.ndjson"].split(b"\n") == [*log.stored, b""]


def test_names_are_those_of_the_layout_and_what_signs_them_is_last(log: RecordedLog, tmp_path: Path) -> None:
    with PackageReader(log.export(tmp_path / "export.zip")) as reader:
        names = list(reader.members)
    fixed = [*fixed_names(log.size())]
    proofs = [f"ledger/proofs/{index}" for index in range(3)]
    derived = [name for name in names if name not in {*fixed, *proofs}]
    assert names == [*fixed[:-2], *proofs, *sorted(derived), "datapackage.json", "datapackage.sig"]
    assert names[:3] == ["README.en.txt", "README.fr.txt", "verify.html"]
    assert all(name.startswith(("decidim/", "pabulib/", "results/", "tables/")) for name in derived)
    assert {*names} <= possible_names(log.size(), derived, proven=range(3))


def test_the_manifest_states_every_other_file_and_the_meaning_of_every_column(log: RecordedLog) -> None:
    files = unpacked(log.package())
    manifest = json.loads(files["datapackage.json"])
    assert set(manifest["files"]) == set(files) - {"datapackage.json", "datapackage.sig"}
    assert (manifest["ledger"]["origin"], manifest["ledger"]["size"]) == (log.origin, log.size())
    for resource in manifest["resources"]:
        header = files[resource["path"]].split(b"\n")[0].decode()
        assert [field["name"] for field in resource["schema"]["fields"]] == header.split(",")
        assert all(field["title_fr"] and field["description"] and field["description_fr"] for field in resource["schema"]["fields"])


def test_the_pages_for_people_name_the_log(log: RecordedLog) -> None:
    files = unpacked(log.package())
    for name in READMES.values():
        page = files[name].decode()
        assert log.origin in page
        assert "ledger verify" in page
        assert max(map(len, page.splitlines())) <= 140


def test_a_log_that_its_checkpoint_contradicts_is_not_exported(log: RecordedLog) -> None:
    class Altered:
        def size(self) -> int:
            return log.size()

        def redaction_size(self) -> int:
            return log.redaction_size()

        def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
            return ((seq, entry.replace(b"lamp", b"lump")) for seq, entry in log.entries(start, stop))

        def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
            return log.disclosures(start, stop)

        def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
            return log.texts(seqs)

        def visibility_size(self) -> int:
            return log.visibility_size()

    out = io.BytesIO()
    with pytest.raises(LogDiffers):
        export_package(Altered(), log.source, log.vouchers(), out)
    assert b"PK\x05\x06" not in out.getvalue()


def test_a_stream_that_cannot_seek_is_enough(log: RecordedLog) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written: list[bytes] = []

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            assert isinstance(data, bytes)
            self.written.append(data)
            return len(data)

    pipe = Pipe()
    export_package(log, log.source, log.vouchers(), pipe)  # type: ignore[arg-type]  # a raw stream is enough
    assert b"".join(pipe.written) == log.package()


def test_frictionless_finds_the_tables_valid(log: RecordedLog, tmp_path: Path) -> None:
    program = shutil.which("frictionless", path=str(Path(sys.executable).parent)) or shutil.which("frictionless")
    if program is None:
        pytest.skip("frictionless is not installed (requirements/oracles.txt)")
    done = subprocess.run(
        [program, "validate", str(log.export(tmp_path / "export.zip")), "--json"], capture_output=True, text=True, check=False
    )
    assert json.loads(done.stdout)["valid"], done.stdout
