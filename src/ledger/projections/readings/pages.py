"""Pages of a register: its lines by the event that last changed them, so that whoever reads on sees every change, and none twice."""

from collections.abc import Iterable
from typing import cast

from ledger.canonical import JsonValue

Json = dict[str, JsonValue]


def page(lines: Iterable[Json], after: int = -1, limit: int | None = None) -> list[Json]:
    """The lines with a `changed_seq` after this one, by it, then by `seq`; at most `limit`, and those changed with the last one."""
    due = sorted((line for line in lines if _changed(line) > after), key=lambda line: (_changed(line), cast("int", line["seq"])))
    if limit is None or len(due) <= limit:
        return due
    last = _changed(due[limit - 1]) if limit > 0 else after
    return [line for line in due if _changed(line) <= last]


def _changed(line: Json) -> int:
    return cast("int", line["changed_seq"])
