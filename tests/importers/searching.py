"""Searching bytes of any kind for what people wrote, and for who they were: as whoever gets hold of a disk, an export or a log would.

Texts are looked for by eight words in a row, so that quotes, escapes and the ends of lines around them do not matter; words in base64 are
looked at as well. People are looked for by the platform's references to them, as written and decoded.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import orjson
import psycopg

from ledger.canonical import JsonValue

IN_A_ROW: Final = 8
_RUNS: Final = re.compile(rb"[^\x00-\x1f]{24,}")
"""What may hold words: encrypted or packed bytes go on so long only by chance."""
_WORDS: Final = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
_BASE64: Final = re.compile(rb"[0-9A-Za-z_-]{48,}")
_NAMES: Final = re.compile(rb"[0-9A-Za-z+/=:_-]{16,}")
_BETWEEN: Final = re.compile(rb"[/:]")

Row = tuple[bytes, ...]


class Sought:
    """Texts, and references to people, that are looked for."""

    def __init__(self, texts: Collection[str], people: Collection[str]) -> None:
        """Texts of fewer than eight words are looked for by all their words, of fewer than four not at all."""
        self._rows: dict[Row, set[str]] = {}
        for text in texts:
            for form in (text.encode(), orjson.dumps(text)):
                words = _WORDS.findall(form)
                for row in _rows_of(words, min(IN_A_ROW, len(words))) if len(words) > 3 else ():
                    self._rows.setdefault(row, set()).add(text)
        self._lengths = sorted({len(row) for row in self._rows})
        forms = {form for name in people for form in (name.encode(), _decoded(name))}
        self._people = (forms | {form.rpartition(b":")[2] for form in forms}) - {b""}

    @property
    def texts(self) -> set[str]:
        """The texts that are looked for."""
        return {text for texts in self._rows.values() for text in texts}

    def texts_in(self, content: bytes) -> set[str]:
        """The texts of which there is something in these bytes, plainly or in base64."""
        found: set[str] = set()
        for run in _RUNS.findall(content):
            found |= self._texts_in_words(run)
            for piece in _BASE64.findall(run):
                with suppress(Error):
                    found |= self._texts_in_words(urlsafe_b64decode(piece + b"=" * (-len(piece) % 4)))
        return found

    def people_in(self, content: bytes) -> set[bytes]:
        """The references that stand in these bytes, or what they decode to; of sixteen bytes at least."""
        names = (part for name in _NAMES.findall(content) for part in {name, *_BETWEEN.split(name)})
        return {name for name in names if name in self._people}

    def _texts_in_words(self, content: bytes) -> set[str]:
        words = _WORDS.findall(content)
        rows = (row for length in self._lengths for row in _rows_of(words, length))
        return {text for row in rows for text in self._rows.get(row, ())}


def _rows_of(words: list[bytes], length: int) -> Iterator[Row]:
    return zip(*(islice(words, start, None) for start in range(length)), strict=False)


def _decoded(name: str) -> bytes:
    try:
        return b64decode(name, validate=True)
    except Error:
        return b""


def strings_in(value: JsonValue) -> Iterator[str]:
    """Every string in a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            for member in value.values():
                yield from strings_in(member)
        case list():
            for member in value:
                yield from strings_in(member)


def members_of(package: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a package, unpacked; of a Parquet file the values of its columns."""
    with ZipFile(package) as file:
        for name in file.namelist():
            content = file.read(name)
            yield name, _values_of(content) if name.endswith(".parquet") else content


def _values_of(parquet: bytes) -> bytes:
    from pyarrow import BufferReader  # where a package has Parquet files, there is the library
    from pyarrow.parquet import read_table

    return repr(read_table(BufferReader(parquet)).to_pydict()).encode()


def files_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file in a folder and in those below it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def tables_of(conninfo: str) -> Iterator[tuple[str, bytes]]:
    """The tables of a database as a copy of them is: values one after another, none of them packed."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        names = connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (name,) in names.fetchall():
            with connection.cursor().copy(f"COPY {name} TO STDOUT (FORMAT BINARY)".encode()) as copy:
                yield name, b"".join(map(bytes, copy))
