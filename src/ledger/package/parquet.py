"""The Parquet form of a public table: written by the service, compared by the auditor.

Needs the `parquet` extra. Both sides make their batches of typed values here, so equal rows are equal batches: cells are compared as
values, not as bytes, because the bytes of a Parquet file depend on the library that wrote it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, Final

from ledger.errors import FileDamaged
from ledger.projections.readings.reading import Reading
from ledger.projections.tables import Table

ROWS_AT_ONCE: Final = 1 << 13
ROWS_IN_A_GROUP: Final = 1 << 16
LARGEST_GROUP: Final = 1 << 28
"""Bytes that a row group may unpack to; what a ledger writes stays far below."""

Arrow = Any
"""The module `pyarrow`, which ships no types."""


def arrow() -> Arrow | None:
    """The library, or None where the `parquet` extra is not installed."""
    try:
        # Loaded when a package is made or holds Parquet, not before: it takes 60 MB, and an audit without Parquet does not need it.
        import pyarrow  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        return None
    # Its own allocators keep what they once had; a stream of equal batches is as fast with the system's, in 40 MB less.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    return pyarrow


def parquet_file(table: Table, reading: Reading, library: Arrow) -> Iterator[bytes]:
    """The bytes of the table, in pieces, compressed with zstd; memory does not grow with the number of rows."""
    sink = _Sink()
    schema = _schema(table, library)
    with library.parquet.ParquetWriter(library.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        batches = _batches(table, reading, library, schema)
        while some := list(islice(batches, ROWS_IN_A_GROUP // ROWS_AT_ONCE)):
            writer.write_table(library.Table.from_batches(some), row_group_size=ROWS_IN_A_GROUP)
            yield sink.take()
    yield sink.take()


def differing_cell(table: Table, reading: Reading, file: BinaryIO, name: str, library: Arrow) -> tuple[str, str, str] | None:
    """(place, expected, found) of the first cell in which the file differs from the rows, or None.

    Raises `FileDamaged` where the file cannot be read as Parquet.
    """
    schema = _schema(table, library)
    try:
        # Not read ahead, by default it would hold whole row groups: 20 MB for nothing, as one batch is compared after the other.
        with library.parquet.ParquetFile(file, pre_buffer=False) as found:
            if not found.schema_arrow.equals(schema):
                return "its columns", _one_line(schema), _one_line(found.schema_arrow)
            return _first_difference(found, table, reading, library, schema)
    except (library.ArrowException, OSError, ValueError, OverflowError) as error:
        raise FileDamaged(name, f"it cannot be read as Parquet ({str(error).partition(chr(10))[0]})") from None


def _first_difference(found: Arrow, table: Table, reading: Reading, library: Arrow, schema: Arrow) -> tuple[str, str, str] | None:
    """How rows are grouped in the file is the writer's affair; they are compared in the order in which they stand."""
    for number in range(found.metadata.num_row_groups):
        size = found.metadata.row_group(number).total_byte_size
        if size > LARGEST_GROUP:
            return f"row group {number}", f"at most {LARGEST_GROUP} bytes", f"{size} bytes"
    given = _Rows(found.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False))
    row = 1
    for batch in _batches(table, reading, library, schema):
        start = 0
        while start < batch.num_rows:
            some = given.take(batch.num_rows - start)
            if some is None:
                return f"row {row}", f"{batch.num_rows - start} rows more", "the end of the table"
            expected = batch.slice(start, some.num_rows)
            if not expected.equals(some):
                return _cell(expected, some, row)
            start += some.num_rows
            row += some.num_rows
    return None if given.take(1) is None else (f"row {row}", "the end of the table", "rows more")


class _Rows:
    """The rows of a file, as many at a time as are asked for, or fewer."""

    def __init__(self, batches: Iterator[Arrow]) -> None:
        self._batches = batches
        self._waiting: Arrow | None = None

    def take(self, most: int) -> Arrow | None:
        """The next rows, at least one and at most `most`; None at the end."""
        while self._waiting is None or not self._waiting.num_rows:
            self._waiting = next(self._batches, None)
            if self._waiting is None:
                return None
        taken = self._waiting.slice(0, most)
        self._waiting = self._waiting.slice(most)
        return taken


def _cell(expected: Arrow, found: Arrow, first: int) -> tuple[str, str, str]:
    for row in range(expected.num_rows):
        for index, name in enumerate(expected.schema.names):
            one, other = expected.column(index)[row].as_py(), found.column(index)[row].as_py()
            if one != other:
                return f"row {first + row}, column {name}", str(one), str(other)
    raise AssertionError("rows that differ differ in a cell")


def _batches(table: Table, reading: Reading, library: Arrow, schema: Arrow) -> Iterator[Arrow]:
    rows = table.rows(reading)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        columns = [
            # Times come as text in RFC 3339, which the library reads.
            library.array(cells, library.string()).cast(field.type)
            if library.types.is_temporal(field.type)
            else library.array(cells, field.type)
            for cells, field in zip(zip(*some, strict=True), schema, strict=True)
        ]
        yield library.RecordBatch.from_arrays(columns, schema=schema)


def _schema(table: Table, library: Arrow) -> Arrow:
    types = {
        "string": library.string(),
        "integer": library.int64(),
        "boolean": library.bool_(),
        "datetime": library.timestamp("ms", tz="UTC"),
        "date": library.date32(),
    }
    return library.schema([(column.name, types[column.type]) for column in table.columns])


def _one_line(schema: Arrow) -> str:
    return ", ".join(f"{field.name}: {field.type}" for field in schema)


class _Sink:
    """A file that is written and emptied by turns."""

    closed = False

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._position = 0

    def write(self, data: Any) -> int:
        """See `io.RawIOBase.write`."""
        piece = bytes(data)
        self._waiting.append(piece)
        self._position += len(piece)
        return len(piece)

    def tell(self) -> int:
        """See `io.RawIOBase.tell`."""
        return self._position

    def take(self) -> bytes:
        """What was written since."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken

    def flush(self) -> None:
        """See `io.RawIOBase.flush`: nothing is held back."""

    def close(self) -> None:
        """See `io.RawIOBase.close`: there is nothing to close."""

    def writable(self) -> bool:
        """See `io.RawIOBase.writable`."""
        return True

    def readable(self) -> bool:
        """See `io.RawIOBase.readable`."""
        return False

    def seekable(self) -> bool:
        """See `io.RawIOBase.seekable`."""
        return False
