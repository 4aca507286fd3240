"""One bit of the zip itself is turned: it is refused, a file in it reads otherwise, or the bit is one of those that nothing reads.

Two layers. Headers and directory are read by `read_directory` alone, so what comes of a bit there is asked of the whole verification. The
packed data of a file are read by nothing but that file's reader: a bit there either breaks it, or gives other content, of which
`test_every_bit_of_the_files` asks what comes of it, or packs the same content otherwise. How many bits are taken is said in
`tests.tamper.mutating`.
"""

import io
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from ledger.audit import verify
from ledger.errors import FileDamaged, PackageUnreadable, PackageUnsafe
from ledger.package.zip_directory import DEFLATED, read_directory
from ledger.package.zip_reader import PackageReader
from ledger.package.zip_writer import PackageWriter
from tests.tamper.mutating import bits_of, flipped
from tests.tamper.small_log import small_log, small_package
from tests.tamper.tampering import packed, unpacked

SMALL: Final = small_package(small_log())
CONTENT: Final = unpacked(SMALL)
Counted = Callable[[str, object], None]


def zip_of_each_kind() -> bytes:
    """A zip of three files, one of each way in which packages hold them: packed, stored after a stream, stored at once."""
    out = io.BytesIO()
    writer = PackageWriter(out)
    writer.add("a.txt", [b"A lamp for two benches, 1 tree\n"])  # in which nothing is said twice, so that nothing is packed as a copy
    writer.add("b/parquet", [bytes(range(40))], packed=False)
    writer.add_dense("tile/0", bytes(range(64)))
    writer.finish()
    return out.getvalue()


def unread(data: bytes) -> Iterator[range]:
    """The bits of a zip that no reader of packages reads, by their fields (APPNOTE 4.3 and 4.4), found from its end.

    What makes the zip, what is needed to open it, dates, attributes but for the type of the file: they say nothing of the content. Of a
    streamed file, what its own header and the record behind its data say of checksum and sizes: the directory says it again, and only it is
    believed. What the last record says where that of large sizes says it, too.
    """
    end = data.rindex(b"PK\x05\x06")
    large = data[end - 20 : end - 16] == b"PK\x06\x07"
    count, _, first = struct.unpack_from("<HLL", data, end + 10)
    if large:
        start = end - 76
        yield from fields(start, (4, 8), (12, 2), (14, 2))  # its own length, made by, needed
        yield from fields(end - 20, (4, 4), (16, 4))  # the number of the disk with that record, and how many there are
        yield from fields(end, (12, 4), (16, 4))  # size and place of the directory
    at = first
    for _ in range(count):
        flags, _, packed_size, name, extra, comment, header = struct.unpack_from("<2H8xL4x3H8xL", data, at + 8)
        yield from fields(at, (4, 2), (6, 2), (12, 4), (36, 2), (38, 2))  # made by, needed, time, date, attributes inside and outside
        yield from bits(at + 40, (0x0FFF, 0x8000))  # permissions; and whether it is called a plain file or nothing
        yield from fields(at + 46 + name, *((place, 1) for place in range(extra)))
        at += 46 + name + extra + comment
        name, extra = struct.unpack_from("<2H", data, header + 26)
        yield from fields(header, (4, 2), (10, 4))  # needed, time, date
        yield from fields(header + 30 + name, *((place, 1) for place in range(extra)))
        data_start = header + 30 + name + extra
        if flags & 8:
            yield from fields(header, (14, 12))
            yield from fields(data_start + packed_size, (0, 24))


def fields(record: int, *places: tuple[int, int]) -> Iterator[range]:
    """The bits of these fields of a record, each given by its place in it and its length."""
    for place, length in places:
        yield range(8 * (record + place), 8 * (record + place + length))


def bits(place: int, masks: tuple[int, ...]) -> Iterator[range]:
    """The bits of a field of two bytes that are in one of the masks."""
    for bit in range(16):
        if any(mask >> bit & 1 for mask in masks):
            yield range(8 * place + bit, 8 * place + bit + 1)


def headers_of(data: bytes) -> set[int]:
    """The bytes of a zip that are not the data of a file."""
    members = read_directory(io.BytesIO(data), "zip")
    return set(range(len(data))) - {place for member in members for place in range(member.start, member.start + member.packed_size)}


def content_of(data: bytes, folder: Path) -> dict[str, bytes] | str:
    """Name → content of all files of the zip; or where it says that something is wrong."""
    path = folder / "any.zip"
    try:
        read_directory(io.BytesIO(data), "zip")  # as the reader does, sooner than from a disk
        path.write_bytes(data)
        with PackageReader(path) as reader:
            return {name: b"".join(reader.chunks(name)) for name in reader.members}
    except (PackageUnreadable, PackageUnsafe, FileDamaged) as error:
        assert error.place
        return error.place


@pytest.mark.parametrize("data", [zip_of_each_kind(), packed(unpacked(zip_of_each_kind()))], ids=["of a ledger", "of another program"])
def test_every_bit_of_a_zip_is_refused_reads_otherwise_or_is_listed(data: bytes, tmp_path: Path) -> None:
    silent = {bit for some in unread(data) for bit in some}
    content = content_of(data, tmp_path)
    headers = headers_of(data)
    survived = {bit for bit in range(8 * len(data)) if content_of(flipped(data, bit), tmp_path) == content}
    assert {bit for bit in survived if bit // 8 in headers} == silent
    ends = {member.start + member.packed_size - 1 for member in read_directory(io.BytesIO(data), "zip") if member.method == DEFLATED}
    assert {bit // 8 for bit in survived} - headers <= ends, "the bits that fill up the last byte of packed data"


def test_every_bit_of_the_headers_of_a_package_is_refused_fails_or_is_listed(tmp_path: Path, record_property: Counted) -> None:
    """Headers and directory are read by `read_directory` alone: where that finds the same files at the same places, nothing differs."""
    silent = {bit for some in unread(SMALL) for bit in some}
    places = sorted(headers_of(SMALL))
    chosen = [8 * places[bit // 8] + bit % 8 for bit in bits_of(bytes(len(places)), 2000)]
    record_property("flips", len(chosen))
    members = read_directory(io.BytesIO(SMALL), "zip")
    for bit in chosen:
        data = flipped(SMALL, bit)
        try:
            found = read_directory(io.BytesIO(data), "zip")
        except (PackageUnreadable, PackageUnsafe) as error:
            assert error.place
            assert bit not in silent
            continue
        assert (found == members) == (bit in silent), bit
        if found != members or bit % 101 == 0:
            (tmp_path / "export.zip").write_bytes(data)
            report = verify(tmp_path / "export.zip")
            assert (report.verdict == "verified") == (found == members), bit
            assert all(finding.place for finding in report.findings)


@pytest.mark.parametrize("name", sorted(CONTENT))
def test_every_bit_of_packed_data_breaks_its_file_changes_its_content_or_packs_the_same_otherwise(
    name: str, tmp_path: Path, record_property: Counted
) -> None:
    """The file is alone in its zip: no other is read where its data are."""
    data = alone(name)
    [member] = read_directory(io.BytesIO(data), "zip")
    packed_data = data[member.start : member.start + member.packed_size]
    assert packed_data in SMALL
    same = 0
    chosen = list(bits_of(packed_data, 200 if member.size < 10_000 else 80, lines=False))
    chosen = chosen[:: 71 if len(chosen) > 500_000 else 1]  # of the page for browsers, even where every bit is asked for
    for bit in chosen:
        content = content_of(flipped(data, 8 * member.start + bit), tmp_path)
        assert isinstance(content, dict) or content == name
        same += content == {name: CONTENT[name]}
    record_property("flips", len(chosen))
    record_property("the same packed otherwise", same)
    assert not same or member.method == DEFLATED


def alone(name: str) -> bytes:
    """A zip of this file of the package, packed as there."""
    out = io.BytesIO()
    writer = PackageWriter(out)
    if name.startswith("log/tile/"):
        writer.add_dense(name, CONTENT[name])
    else:
        writer.add(name, [CONTENT[name]])
    writer.finish()
    return out.getvalue()


def test_a_bit_of_packed_data_that_changes_its_content_fails_the_package_and_names_the_file(tmp_path: Path) -> None:
    """Of every file, so that what the test above finds of a file alone is known to fail the package that holds it."""
    path = tmp_path / "export.zip"
    for member in read_directory(io.BytesIO(SMALL), "zip"):
        for place in (0, member.packed_size // 3, member.packed_size // 2):
            data = flipped(SMALL, 8 * (member.start + place) + place % 8)
            path.write_bytes(data)
            report = verify(path)
            found = content_of(data, tmp_path)
            assert list(found) == list(CONTENT) if isinstance(found, dict) else found == member.name
            assert (report.verdict == "verified") == (found == CONTENT), (member.name, report.findings)
            assert report.verdict == "verified" or any(member.name in finding.place for finding in report.findings)
