"""Reading a package from a file, piece by piece: what is held in memory does not grow with what the package holds."""

import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

from ledger.errors import FileDamaged, PackageUnreadable
from ledger.package.zip_directory import STORED, Member, read_directory

PIECE: Final = 1 << 18
"""Bytes that are read, or unpacked, at a time."""


class PackageReader:
    """The files of one package. Close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises `PackageUnreadable` and `PackageUnsafe` as `read_directory` does."""
        self.place = path.name
        self.digests: dict[str, str] = {}
        """SHA-256 in hex of every file that was read to its end."""
        self.damaged: set[str] = set()
        """Files that could not be read to their end."""
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise PackageUnreadable(self.place, error.strerror or "it cannot be opened") from None
        try:
            self.members = {member.name: member for member in read_directory(self._file, self.place)}
        except OSError as error:
            self._file.close()
            raise PackageUnreadable(self.place, error.strerror or "it cannot be read") from None
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "PackageReader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """The file is released; nothing can be read any more."""
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self.members

    @property
    def most_lines(self) -> int:
        """More lines than any file of the package can hold."""
        return max((member.size for member in self.members.values()), default=0)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of the file, in pieces. Several files can be read by turns.

        Raises `FileDamaged` at the first piece that cannot be had, and at the end when length or checksum are not as stated.
        """
        member = self.members.get(name)
        if member is None:
            raise FileDamaged(name, "the package holds no such file")
        try:
            yield from self._checked(member)
        except FileDamaged:
            self.damaged.add(name)
            raise

    def _checked(self, member: Member) -> Iterator[bytes]:
        name = member.name
        digest = sha256()
        crc = 0
        left = member.size
        for piece in self._raw(member) if member.method == STORED else self._inflated(member):
            left -= len(piece)
            if left < 0:
                raise FileDamaged(name, f"it is longer than the {member.size} bytes that are stated")
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            yield piece
        if left:
            raise FileDamaged(name, f"it ends {left} bytes before the {member.size} that are stated")
        if crc != member.crc:
            raise FileDamaged(name, "its checksum is not the one stated")
        self.digests[name] = digest.hexdigest()

    def whole(self, name: str, limit: int) -> bytes:
        """The content of a file that is at most `limit` bytes long; raises `FileDamaged` where it is longer."""
        member = self.members.get(name)
        if member is not None and member.size > limit:
            raise FileDamaged(name, f"it is {member.size} bytes long; at most {limit} make sense")
        return b"".join(self.chunks(name))

    def lines(self, name: str, limit: int) -> Iterator[list[bytes]]:
        """The lines of the file without their line feeds, in lists; raises `FileDamaged` at a line of more than `limit` bytes.

        The last line, too, ends with a line feed, or `FileDamaged` is raised.
        """
        rest = b""
        count = 0
        for piece in self.chunks(name):
            lines = (rest + piece).split(b"\n")
            rest = lines.pop()
            if len(rest) > limit or (lines and max(map(len, lines)) > limit):
                place = next((place for place, line in enumerate(lines) if len(line) > limit), len(lines))
                raise FileDamaged(f"{name} line {count + place + 1}", f"it is longer than {limit} bytes")
            count += len(lines)
            if lines:
                yield lines
        if rest:
            raise FileDamaged(f"{name} line {count + 1}", "the last line does not end with a line feed")

    def seekable(self, name: str, limit: int) -> BinaryIO:
        """The file, to be read at any place: a window on the package where it is stored as it is, else a copy of at most `limit` bytes."""
        member = self.members.get(name)
        if member is None or member.method != STORED:
            return BytesIO(self.whole(name, limit))
        return BufferedReader(_Window(self._file, member))

    def _raw(self, member: Member) -> Iterator[bytes]:
        position = member.start
        end = member.start + member.packed_size
        while position < end:
            try:
                self._file.seek(position)
                piece = self._file.read(min(PIECE, end - position))
            except OSError as error:
                raise FileDamaged(member.name, error.strerror or "the disk cannot be read") from None
            if not piece:
                raise FileDamaged(member.name, "the package ends within it")
            position += len(piece)
            yield piece

    def _inflated(self, member: Member) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for packed in self._raw(member):
            if unpacker.eof:
                raise FileDamaged(member.name, "bytes follow the end of its data")
            pending = packed
            while pending:
                try:
                    piece = unpacker.decompress(pending, PIECE)
                except zlib.error:
                    raise FileDamaged(member.name, "its packed data is broken") from None
                pending = unpacker.unconsumed_tail
                if piece:
                    yield piece
        if not unpacker.eof or unpacker.unused_data:
            raise FileDamaged(member.name, "its packed data does not end where it should")


class _Window(RawIOBase):
    """A part of a file as a file of its own. Closing it leaves the other open."""

    def __init__(self, file: BinaryIO, member: Member) -> None:
        self._file = file
        self._member = member
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._member.size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        length = max(0, min(len(view), self._member.size - self._position))
        self._file.seek(self._member.start + self._position)
        piece = self._file.read(length)
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)
