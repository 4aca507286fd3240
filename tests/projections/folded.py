"""Single projections folded from a history, with texts as their readers are shown them."""

from collections.abc import Mapping

import orjson

from ledger.canonical import JsonValue
from ledger.projections.projection import Projection, Row
from ledger.projections.references import references, resolved_row
from tests.projections.history import History


def folded(projection: Projection, history: History, size: int | None = None) -> dict[str, Row]:
    """Key → row, by key, through JSON as the views keep them; texts are those disclosed in the whole history."""
    rows: dict[str, Row] = {}
    shown: dict[tuple[int, str], JsonValue] = {}
    for event, disclosed in history.events:
        shown |= {(event.seq, name): value for name, value in disclosed.items()}
    for event, _ in history.events[:size]:
        for key in projection.keys(event) if event.type in projection.handles else ():
            row = projection.apply(key, rows.get(key), event, references(event))
            assert row is not None
            stored: Mapping[str, JsonValue] = orjson.loads(orjson.dumps(dict(row)))
            rows[key] = stored
    return {key: resolved_row(rows[key], shown) for key in sorted(rows)}
