"""What the writer writes, other programs read, also where sizes no longer fit into 4 bytes."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from ledger.package.zip_reader import PackageReader
from ledger.package.zip_writer import PackageWriter, WrittenFile


class Zeros:
    """A stream that remembers what is not zero, so that a zip of 5 GB is tested in a moment and in no memory."""

    def __init__(self) -> None:
        self.position = 0
        self.pieces: dict[int, bytes] = {}

    def write(self, data: bytes) -> int:
        if data.count(0) != len(data):
            self.pieces[self.position] = data
        self.position += len(data)
        return len(data)


def test_a_file_of_more_than_4_gigabytes_is_stated_in_8_bytes(tmp_path: Path) -> None:
    out = Zeros()
    writer = PackageWriter(out)  # type: ignore[arg-type]  # it only writes
    piece = bytes(1 << 20)
    large = writer.add("large", (piece for _ in range(4200)), packed=False)
    writer.add_dense("after", b"behind it")
    writer.finish()
    assert large.size == 4200 << 20
    path = tmp_path / "large.zip"
    with path.open("wb") as file:  # a file with a hole, which takes no room on disk
        for position, data in out.pieces.items():
            file.seek(position)
            file.write(data)
        file.truncate(out.position)
    with zipfile.ZipFile(path) as archive:
        assert [(info.filename, info.file_size) for info in archive.infolist()] == [("large", 4200 << 20), ("after", 9)]
        assert archive.read("after") == b"behind it"
    with PackageReader(path) as reader:
        assert reader.members["large"].size == 4200 << 20
        assert reader.whole("after", 100) == b"behind it"


def test_files_are_told_with_their_length_and_digest() -> None:
    writer = PackageWriter(io.BytesIO())
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert writer.add("empty", []) == WrittenFile("empty", 0, empty)
    assert writer.add_dense("also empty", b"") == WrittenFile("also empty", 0, empty)
    assert [file.name for file in writer.written] == ["empty", "also empty"]


@pytest.mark.parametrize("count", [0, 1, 70_000])
def test_any_number_of_files_is_listed(tmp_path: Path, count: int) -> None:
    out = io.BytesIO()
    writer = PackageWriter(out)
    for number in range(count):
        writer.add_dense(f"{number:06d}", struct.pack("<L", number))
    writer.finish()
    path = tmp_path / "many.zip"
    path.write_bytes(out.getvalue())
    with PackageReader(path) as reader:
        assert len(reader.members) == count
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == count
