"""The erasure register: erasures, redactions, requests, legal holds and destroyed keys, each in a line of the same form."""

from collections.abc import Iterable, Iterator
from typing import Final

from ledger.canonical import JsonValue
from ledger.projections.moderation import seconds_between
from ledger.projections.projection import Row

Json = dict[str, JsonValue]

WHAT: Final = {"erased": "erasure", "request": "request", "hold": "legal_hold", "key": "key_destroyed", "redacted": "redaction"}
"""First part of a row's key → what its line tells of."""


def erasure_register(rows: Iterable[tuple[str, Row]], now: str, what: str | None = None) -> Iterator[Json]:
    """The lines of these rows of the projection `erasures`, in their order; `what`: of these only. `now` is the time of the last entry.

    `seconds`: how long a request waited for its first erasure, or has waited so far; how long a hold lasted, or has lasted so far.
    """
    for key, row in rows:
        told = WHAT[key.partition("/")[0]]
        if what in (None, told):
            yield {**_BLANK, **_told(told, row, now), "what": told}


_BLANK: Final[Json] = dict.fromkeys(
    ("what", "seq", "changed_seq", "at", "ref", "entry", "stream", "fields", "extent", "target", "scope", "ground", "request", "authority"),
    None,
) | dict.fromkeys(("role", "via", "state", "entries", "ended_at", "end_code", "seconds"), None)


def _told(what: str, row: Row, now: str) -> Json:
    said: Json = {name: row[name] for name in _BLANK if name in row}
    match what:
        case "request":
            ended = row["first_erased_at"]
            waited = seconds_between(row["at"], ended or now)
            return {**said, "state": "waiting" if ended is None else "answered", "ended_at": ended, "seconds": waited}
        case "legal_hold":
            lifted = row["lifted"] if isinstance(row["lifted"], dict) else {}
            ended = lifted.get("at")
            over: Json = {"state": "lifted" if lifted else "standing", "ended_at": ended, "end_code": lifted.get("code")}
            return {**said, **over, "ground": row["code"], "seconds": seconds_between(row["at"], ended or now)}
        case "key_destroyed" | "redaction":
            return {**said, "ground": row["code"]}
    return said
