"""The list of contents of a zip from an untrusted source (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4).

Nothing is ever unpacked to disk; what is refused here is a zip that two programs could read differently, or that swells without bound.
Every byte of the file belongs to a file inside, to its headers, or to the directory: there is no room for bytes that nobody looks at.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from ledger.errors import PackageUnreadable, PackageUnsafe

STORED: Final = 0
DEFLATED: Final = 8

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64: Final = struct.Struct("<4sLQL")
_LONGEST_COMMENT: Final = 0xFFFF
_UNKNOWN_HERE: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_SIZES_FOLLOW: Final = 0x0008
_DESCRIPTORS: Final = (12, 16, 20, 24)
"""Lengths of the record that may follow a file's data: with or without signature, sizes of 4 or of 8 bytes."""

MOST_FILES: Final = 200_000
"""Files in a package, at most: the hash tiles of fifty million entries."""
LONGEST_NAME: Final = 200
LARGEST_RATIO: Final = 200
"""How many bytes one byte may unpack to, above the first `FREE_SIZE` of a file. What a ledger writes stays below 60."""
FREE_SIZE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside the zip: where its data starts, and what the directory says of it."""

    name: str
    method: int
    start: int
    packed_size: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class _Listed:
    """A line of the central directory, before its local header was compared with it."""

    name: str
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int
    mode: int


def read_directory(file: BinaryIO, place: str) -> tuple[Member, ...]:
    """The files in the zip, as they stand in it; entries for folders are passed over.

    Raises `PackageUnreadable` where there is no complete directory, `PackageUnsafe` where the zip is not one to be opened.
    """
    length = file.seek(0, 2)
    first, size, count, end = _end_record(file, length, place)
    if count > MOST_FILES or size > count * (_CENTRAL.size + LONGEST_NAME + 256):
        raise PackageUnsafe(place, f"its directory of {count} files takes {size} bytes")
    if first < 0 or first + size != end:
        raise PackageUnreadable(place, "the directory at its end is not where the last record says")
    file.seek(first)
    directory = file.read(size)
    listed = sorted(_listed(directory, count, place), key=lambda found: found.offset)
    members: dict[str, Member] = {}
    position = 0
    descriptor = False
    for found in listed:
        _check_gap(found.offset - position, descriptor, found.name)
        start = _data_start(file, found)
        position = start + found.packed_size
        descriptor = bool(found.flags & _SIZES_FOLLOW)
        if position > first:
            raise PackageUnsafe(found.name, "its data runs into the directory")
        if found.name in members:
            raise PackageUnsafe(found.name, "the name stands twice")
        members[found.name] = Member(found.name, found.method, start, found.packed_size, found.size, found.crc)
    _check_gap(first - position, descriptor, place)
    return tuple(member for member in members.values() if not member.name.endswith("/"))


def _end_record(file: BinaryIO, length: int, place: str) -> tuple[int, int, int, int]:
    """Where the directory starts, its size, how many files it lists, and where the records that close it begin."""
    tail_start = max(0, length - _END.size - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise PackageUnreadable(place, "it does not end as a zip does; it is another kind of file, or was cut short")
    _, disk, start_disk, here, count, size, first, comment = _END.unpack_from(tail, at)
    if len(tail) - at != _END.size or comment:
        raise PackageUnsafe(place, "bytes follow the end of the zip")
    end = tail_start + at
    if disk or start_disk or here != count:
        raise PackageUnreadable(place, "it is one part of a zip in several parts")
    if end >= _LOCATOR64.size:
        file.seek(end - _LOCATOR64.size)
        signature, _, end64, _ = _LOCATOR64.unpack(file.read(_LOCATOR64.size))
        if signature == b"PK\x06\x07":
            return _end_record64(file, end64, end - _LOCATOR64.size, place)
    return first, size, count, end


def _end_record64(file: BinaryIO, start: int, stop: int, place: str) -> tuple[int, int, int, int]:
    if start + _END64.size != stop:
        raise PackageUnreadable(place, "the record of large sizes is not where it should be")
    file.seek(start)
    signature, _, _, _, disk, start_disk, here, count, size, first = _END64.unpack(file.read(_END64.size))
    if signature != b"PK\x06\x06" or disk or start_disk or here != count:
        raise PackageUnreadable(place, "the record of large sizes is damaged")
    return first, size, count, start


def _listed(directory: bytes, count: int, place: str) -> list[_Listed]:
    found: list[_Listed] = []
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise PackageUnreadable(place, "its directory ends too early")
        fields = _CENTRAL.unpack_from(directory, at)
        signature, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment, disk, _, attributes, offset = fields
        if signature != b"PK\x01\x02" or disk:
            raise PackageUnreadable(place, "its directory is damaged")
        name_end = at + _CENTRAL.size + name_length
        name = _name(directory[at + _CENTRAL.size : name_end], place)
        extra = directory[name_end : name_end + extra_length]
        size, packed, offset = _large(extra, [size, packed, offset], name)
        one = _Listed(name, flags, method, crc, packed, size, offset, attributes >> 16)
        _check_listed(one)
        found.append(one)
        at = name_end + extra_length + comment
    if at != len(directory):
        raise PackageUnreadable(place, "its directory holds more than it lists")
    return found


def _name(raw: bytes, place: str) -> str:
    """The name, which is a plain relative path in ASCII."""
    name = raw.decode("ascii", "replace")
    parts = name.removesuffix("/").split("/")
    if not raw.isascii() or not name.isprintable() or "\\" in name or ":" in name:
        raise PackageUnsafe(place, f"it holds a file named {name[:LONGEST_NAME]!r}")
    if len(name) > LONGEST_NAME or any(part in {"", ".", ".."} for part in parts):
        raise PackageUnsafe(place, f"it holds the path {name[:LONGEST_NAME]!r}, which is not a plain path inside it")
    return name


def _large(extra: bytes, values: list[int], name: str) -> list[int]:
    """The size, packed size and offset, taken from the zip64 extra field where the directory's own fields are too small for them."""
    missing = [place for place, value in enumerate(values) if value == _UNKNOWN_HERE]
    at = 0
    while missing and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1 and length >= 8 * len(missing) and at + 4 + length <= len(extra):
            for order, place in enumerate(missing):
                (values[place],) = struct.unpack_from("<Q", extra, at + 4 + 8 * order)
            return values
        at += 4 + length
    if missing:
        raise PackageUnreadable(name, "the zip does not say how large the file is")
    return values


def _check_listed(found: _Listed) -> None:
    if found.flags & _ENCRYPTED:
        raise PackageUnsafe(found.name, "it is encrypted")
    if found.mode & 0xF000 not in {0, 0x8000, 0x4000}:
        raise PackageUnsafe(found.name, "it is not a plain file (a link or a device)")
    if found.mode & 0xF000 == 0x4000 and not found.name.endswith("/"):
        raise PackageUnsafe(found.name, "it is said to be a folder, and named as a file")
    if found.method not in {STORED, DEFLATED}:
        raise PackageUnsafe(found.name, f"it is packed by method {found.method}; only stored and deflated files are read")
    if found.method == STORED and found.size != found.packed_size:
        raise PackageUnsafe(found.name, "it is stored as it is and yet states two sizes")
    if found.size > FREE_SIZE + LARGEST_RATIO * found.packed_size:
        raise PackageUnsafe(found.name, f"{found.packed_size} bytes would unpack to {found.size}")
    if found.name.endswith("/") and found.size:
        raise PackageUnsafe(found.name, "it is a folder with content")


def _data_start(file: BinaryIO, found: _Listed) -> int:
    """Where the file's data starts, after a local header that agrees with the directory."""
    file.seek(found.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise PackageUnreadable(found.name, "its header is missing")
    signature, _, flags, method, _, _, crc, packed_size, size, name_length, extra_length = _LOCAL.unpack(header)
    if signature != b"PK\x03\x04":
        raise PackageUnreadable(found.name, "its header is damaged")
    agrees = file.read(name_length) == found.name.encode() and flags == found.flags and method == found.method
    if not flags & _SIZES_FOLLOW:  # which a reader of streams believes, who cannot see the directory yet
        agrees = agrees and crc == found.crc and packed_size in {found.packed_size, _UNKNOWN_HERE} and size in {found.size, _UNKNOWN_HERE}
    if not agrees:
        raise PackageUnsafe(found.name, "its header and the directory say different things of it")
    after = found.offset + _LOCAL.size
    return after + int(name_length) + int(extra_length)


def _check_gap(gap: int, descriptor: bool, name: str) -> None:
    """The bytes between two files are none, or the one record that states the sizes of the file before."""
    if gap < 0:
        raise PackageUnsafe(name, "its data overlaps that of another file")
    if gap and not (descriptor and gap in _DESCRIPTORS):
        raise PackageUnsafe(name, "bytes lie before it that belong to no file")
