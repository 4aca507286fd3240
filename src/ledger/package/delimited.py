"""Lines of CSV in the shapes of other platforms, whose delimiters, times and names of folders are theirs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice

from ledger.ids import mapped_ref
from ledger.package.csv_table import LINES_AT_ONCE, quoted


def delimited(lines: Iterable[Sequence[str]], delimiter: str = ",") -> Iterator[bytes]:
    """The bytes of the lines, in pieces; quotes stand where RFC 4180 needs them, and around cells that hold the delimiter."""
    waiting = iter(lines)
    while some := list(islice(waiting, LINES_AT_ONCE)):
        yield "".join(delimiter.join(_cell(cell, delimiter) for cell in line) + "\n" for line in some).encode()


def _cell(cell: str, delimiter: str) -> str:
    if delimiter in cell and delimiter != ",":
        return '"' + cell.replace('"', '""') + '"'
    return quoted(cell)


@lru_cache(maxsize=4096)
def hour_of(at: str) -> datetime | None:
    """The hour in UTC that an instant of an entry lies in; None where it names none, as a log that nobody admitted may have it."""
    try:
        return datetime.fromisoformat(at).replace(minute=0, second=0, microsecond=0)
    except ValueError:
        return None


def wall_clock(at: str) -> str:
    """That hour as platforms write it, in UTC: `2026-03-01 10:00:00`; empty where there is none."""
    hour = hour_of(at) if at else None
    return "" if hour is None else f"{hour:%Y-%m-%d %H}:00:00"


def folder_of(step: str) -> str:
    """The name of a step's folder: its reference with `~` written `~7E`. `.` and `..`, which name no folder, are `~2E` and `~2E~2E`."""
    name = mapped_ref(step)
    return name.replace(".", "~2E") if name in {".", ".."} else name
