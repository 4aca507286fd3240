"""The register of rule and date changes: every change in the order of the log, with what held before and what holds after."""

from collections.abc import Iterable
from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row

Json = dict[str, JsonValue]


def change_register(rows: Iterable[tuple[str, Row]], step: str | None = None, what: str | None = None) -> list[Json]:
    """The lines of these rows of the projection `changes`, ascending by seq; `step`: of this one only, `what`: of this matter only.

    `step` of a line is null where the change is about the whole project; `ref` is then the holder of roles, the motive or the envelope.
    `phase` is where the step stood.
    """
    lines: list[Json] = []
    for key, row in rows:
        family, _, name = key.partition("/")
        of: Json = {"step": name, "ref": None} if family == "step" else {"step": None, "ref": name or None}
        if step in (None, of["step"]):
            lines += [
                {**change, **of, "changed_seq": change["seq"]}
                for change in cast("list[Json]", row["changes"])
                if what in (None, change["what"])
            ]
    return sorted(lines, key=lambda line: cast("int", line["seq"]))
