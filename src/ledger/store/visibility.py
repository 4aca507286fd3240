"""Which stored texts moderation withholds now, found from the cases' own streams. Where there are none, one look into an index says so."""

from collections.abc import Iterable
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates import Aggregates
from ledger.aggregates.withholding import WITHHELD_TYPES, case_of, is_withheld
from ledger.store.folded import fold, own_states
from ledger.store.streams import load_shared_streams

_CASES: Final = "case"
SEQS: Final = """
SELECT found.seq
FROM unnest(%s::text[]) AS wanted (stream)
CROSS JOIN LATERAL (
    SELECT seq FROM events WHERE project_id = %s AND stream = wanted.stream COLLATE "C" AND type = ANY(%s) OFFSET 0
) AS found"""


def withheld_seqs(connection: Connection[Any], project_id: int) -> frozenset[int]:
    """The entries of a project whose texts are withheld: some for each content that a decision stands against, not for each case."""
    states = Aggregates()
    for _, recorded in load_shared_streams(connection, project_id, [_CASES]):
        fold(states, recorded)
    contents = (stream.removeprefix(f"{_CASES}/") for stream in states.states)
    withheld = [content for content in contents if is_withheld(content, states)]
    if not withheld:
        return frozenset()
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        found = cursor.execute(SEQS, (withheld, project_id, sorted(WITHHELD_TYPES)), prepare=False)
        return frozenset(seq for (seq,) in found)


def withheld_among(connection: Connection[Any], project_id: int, contents: Iterable[str]) -> frozenset[str]:
    """Those of these contents, given by their streams, whose texts are withheld."""
    wanted = set(contents)
    states = Aggregates(own_states(connection, project_id, {case_of(content) for content in wanted}))
    return frozenset(content for content in wanted if is_withheld(content, states))
