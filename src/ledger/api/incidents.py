"""Faults that nobody foresaw, as they stand in the operator's log: which, where, under which incident; never with what words.

The message of an exception may hold a person's reference, a text, or a row of the database. Its kind and the places it passed do not.
"""

from collections.abc import Iterator
from secrets import token_hex
from traceback import extract_tb

import structlog

from ledger.errors import Unforeseen

_log = structlog.get_logger("ledger.api")
_MOST_PLACES = 12


def recorded(error: BaseException, doing: str) -> Unforeseen:
    """The error to answer with, after its cause was written to the log. `doing` says what was asked, without a query: `GET /livez`."""
    unforeseen = Unforeseen(token_hex(6))
    _log.error("unforeseen", incident=unforeseen.incident, doing=doing, causes=list(_causes(error)))
    return unforeseen


def _causes(error: BaseException | None) -> Iterator[dict[str, object]]:
    """The error and what led to it, newest first, each with the last places it passed, innermost last."""
    while error is not None:
        kind = type(error)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)[-_MOST_PLACES:]]
        cause: dict[str, object] = {"kind": f"{kind.__module__}.{kind.__qualname__}", "places": places}
        sqlstate = getattr(error, "sqlstate", None)
        if isinstance(sqlstate, str):
            cause["sqlstate"] = sqlstate
        yield cause
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
