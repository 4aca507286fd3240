"""What a zip must be before anything in it is believed."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FileDamaged, LedgerError, Malformed, PackageUnreadable, PackageUnsafe
from ledger.package.zip_directory import LARGEST_RATIO
from ledger.package.zip_reader import PackageReader
from ledger.package.zip_writer import PackageWriter

TEXT = b"one line after the other\n" * 4000
DENSE = bytes(range(256)) * 32


def package() -> bytes:
    out = io.BytesIO()
    writer = PackageWriter(out)
    writer.add("events.ndjson", [TEXT])
    writer.add("tables/rows.parquet", [DENSE], packed=False)
    writer.add_dense("log/tile/0/000", DENSE)
    writer.finish()
    return out.getvalue()


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "export.zip"
    path.write_bytes(data)
    return path


def made_by_others(write: Callable[[zipfile.ZipFile], None]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            write(archive)
    return out.getvalue()


def contents(path: Path) -> dict[str, bytes]:
    with PackageReader(path) as reader:
        return {name: b"".join(reader.chunks(name)) for name in reader.members}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    read = contents(saved(tmp_path, package()))
    assert read == {"events.ndjson": TEXT, "tables/rows.parquet": DENSE, "log/tile/0/000": DENSE}


def test_the_same_content_gives_the_same_bytes() -> None:
    assert package() == package()


def test_other_programs_read_what_was_written(tmp_path: Path) -> None:
    with zipfile.ZipFile(saved(tmp_path, package())) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents(tmp_path / "export.zip")


def test_a_zip_that_was_packed_again_is_read_and_its_folders_are_passed_over(tmp_path: Path) -> None:
    def write(archive: zipfile.ZipFile) -> None:
        archive.mkdir("log")
        archive.writestr("log/checkpoint", b"note")
        archive.writestr("events.ndjson", TEXT)

    assert contents(saved(tmp_path, made_by_others(write))) == {"log/checkpoint": b"note", "events.ndjson": TEXT}


def test_an_unfinished_package_is_no_package(tmp_path: Path) -> None:
    out = io.BytesIO()
    PackageWriter(out).add("events.ndjson", [TEXT])
    with pytest.raises(PackageUnreadable):
        PackageReader(saved(tmp_path, out.getvalue()))


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all" * 100, b"PK\x05\x06" + bytes(17)])
def test_another_kind_of_file_is_unreadable(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PackageUnreadable):
        PackageReader(saved(tmp_path, data))


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(PackageUnreadable):
        PackageReader(tmp_path / "absent.zip")


def test_a_package_cut_short_is_unreadable_wherever_it_is_cut(tmp_path: Path) -> None:
    data = package()
    for length in range(0, len(data), 37):
        with pytest.raises(PackageUnreadable):
            PackageReader(saved(tmp_path, data[:length]))


@pytest.mark.parametrize("around", [(b"", b"x"), (b"", package()[:50]), (b"x", b""), (b"#!/bin/sh\n", b"")])
def test_bytes_before_or_after_the_zip_are_refused(tmp_path: Path, around: tuple[bytes, bytes]) -> None:
    before, after = around
    with pytest.raises((PackageUnsafe, PackageUnreadable)):
        PackageReader(saved(tmp_path, before + package() + after))


@pytest.mark.parametrize(
    "name", ["../events.ndjson", "/etc/passwd", "tables/../../x", "tables//x", "./x", "C:/x", "a\\b", "événement", "x" * 201, "a/./b"]
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageUnsafe):
        PackageReader(saved(tmp_path, made_by_others(lambda archive: archive.writestr(zipfile.ZipInfo(name), TEXT))))


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    def write(archive: zipfile.ZipFile) -> None:
        archive.writestr("events.ndjson", TEXT)
        archive.writestr("events.ndjson", b"another")

    with pytest.raises(PackageUnsafe, match="twice"):
        PackageReader(saved(tmp_path, made_by_others(write)))


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("events.ndjson")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    with pytest.raises(PackageUnsafe, match="link"):
        PackageReader(saved(tmp_path, made_by_others(lambda archive: archive.writestr(link, b"/etc/passwd"))))


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(made_by_others(lambda archive: archive.writestr("events.ndjson", TEXT)))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PackageUnsafe, match="encrypted"):
        PackageReader(saved(tmp_path, bytes(data)))


def test_a_method_that_is_not_deflate_is_refused(tmp_path: Path) -> None:
    def write(archive: zipfile.ZipFile) -> None:
        archive.writestr("events.ndjson", TEXT, zipfile.ZIP_BZIP2)

    with pytest.raises(PackageUnsafe, match="method 12"):
        PackageReader(saved(tmp_path, made_by_others(write)))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(PackageUnsafe, match="would unpack"):
        PackageReader(saved(tmp_path, made_by_others(lambda archive: archive.writestr("events.ndjson", bytes(50_000_000)))))


def test_a_bomb_that_states_a_small_size_is_stopped_at_that_size(tmp_path: Path) -> None:
    data = bytearray(made_by_others(lambda archive: archive.writestr("events.ndjson", bytes(50_000_000))))
    stated = 1000
    struct.pack_into("<L", data, 22, stated)
    struct.pack_into("<L", data, data.rfind(b"PK\x01\x02") + 24, stated)
    with PackageReader(saved(tmp_path, bytes(data))) as reader:
        unpacked = 0
        with pytest.raises(FileDamaged, match="longer"):
            for chunk in reader.chunks("events.ndjson"):
                unpacked += len(chunk)
    assert unpacked <= stated * LARGEST_RATIO


def test_two_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = made_by_others(lambda archive: archive.writestr("events.ndjson", TEXT))
    start = data.rfind(b"PK\x01\x02")
    end = data.rfind(b"PK\x05\x06")
    twice = bytearray(data[:end] + data[start:end] + data[end:])
    struct.pack_into("<2HL", twice, len(twice) - 14, 2, 2, 2 * (end - start))
    with pytest.raises(PackageUnsafe):
        PackageReader(saved(tmp_path, bytes(twice)))


def test_a_header_that_names_another_file_than_the_directory_is_refused(tmp_path: Path) -> None:
    data = package().replace(b"events.ndjson", b"events.ndjsom", 1)
    with pytest.raises(PackageUnsafe, match="different things"):
        PackageReader(saved(tmp_path, data))


def test_bytes_hidden_between_two_files_are_refused(tmp_path: Path) -> None:
    data = package()
    second = data.index(b"PK\x03\x04", 10)
    hidden = bytearray(data[:second] + b"hidden" + data[second:])
    # Every offset behind the gap is moved, as somebody who hides something would do.
    locator = hidden.rfind(b"PK\x06\x07")
    end64 = struct.unpack_from("<Q", hidden, locator + 8)[0] + 6
    struct.pack_into("<Q", hidden, locator + 8, end64)
    first = struct.unpack_from("<Q", hidden, end64 + 48)[0] + 6
    struct.pack_into("<Q", hidden, end64 + 48, first)
    at = hidden.index(b"PK\x01\x02", first + 10)
    while at >= 0:
        struct.pack_into("<L", hidden, at + 42, struct.unpack_from("<L", hidden, at + 42)[0] + 6)
        at = hidden.find(b"PK\x01\x02", at + 10)
    with pytest.raises(PackageUnsafe, match="belong to no file"):
        PackageReader(saved(tmp_path, bytes(hidden)))


def test_lines_come_without_their_ends_and_keep_their_order(tmp_path: Path) -> None:
    with PackageReader(saved(tmp_path, package())) as reader:
        lines = [line for some in reader.lines("events.ndjson", 100) for line in some]
    assert lines == TEXT.splitlines()


def test_a_line_beyond_the_limit_or_without_an_end_is_damage(tmp_path: Path) -> None:
    path = saved(tmp_path, made_by_others(lambda archive: archive.writestr("events.ndjson", b"short\n" + b"x" * 1000)))
    with PackageReader(path) as reader:
        with pytest.raises(FileDamaged, match=r"line 2.*longer than 100"):
            list(reader.lines("events.ndjson", 100))
        with pytest.raises(FileDamaged, match=r"line 2.*line feed"):
            list(reader.lines("events.ndjson", 1000))


def test_two_files_are_read_by_turns(tmp_path: Path) -> None:
    with PackageReader(saved(tmp_path, package())) as reader:
        pairs = zip(reader.chunks("tables/rows.parquet"), reader.chunks("log/tile/0/000"), strict=True)
        assert all(left == right for left, right in pairs)


@given(flips=st.lists(st.tuples(st.integers(0, len(package()) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_damage_is_named_or_leaves_the_content_as_it_was(tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]) -> None:
    data = bytearray(package())
    for place, change in flips:
        data[place] ^= change
    path = saved(tmp_path_factory.getbasetemp(), bytes(data))
    try:
        read = contents(path)
    except LedgerError as error:
        assert isinstance(error, Malformed)
        assert str(error)
    else:
        assert read == {"events.ndjson": TEXT, "tables/rows.parquet": DENSE, "log/tile/0/000": DENSE}
